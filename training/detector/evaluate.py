"""Peak picking and the detector's figures.

On held-out drawn scenes and street frames (these may choose the score cut):
    python3 training/detector/evaluate.py --weights W --scenes DIR
On photographs with a truth.csv of file,x,y,width,height,plate (for measuring only):
    python3 training/detector/evaluate.py --weights W --plates DIR --cut 0.4
Weights are a training checkpoint (.pt) or an exported model (.onnx).
"""
import argparse
import csv
import os
import sys
import time

import cv2
import numpy as np
import torch

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from detector import model as net  # noqa: E402

FOUND_OVERLAP = 0.3


def letterbox(image, width=net.INPUT_WIDTH, height=net.INPUT_HEIGHT):
    """Fits an RGB picture into the top left of the input; returns it with the scale that was used."""
    scale = min(width / image.shape[1], height / image.shape[0])
    size = (round(image.shape[1] * scale), round(image.shape[0] * scale))
    canvas = np.full((height, width, 3), net.PAD_GREY, np.uint8)
    canvas[:size[1], :size[0]] = cv2.resize(image, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    return canvas, scale


def box_of(corners):
    points = corners.reshape(4, 2)
    return np.concatenate((points.min(0), points.max(0)))


def overlap(a, b):
    """Intersection over union of two x0, y0, x1, y1 boxes."""
    wide, high = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    if wide <= 0 or high <= 0:
        return 0.0
    both = wide * high
    return both / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - both)


def pick(score, corners, cut, most=20):
    """Peaks of a [h, w] score map above the cut, best first, without overlaps: list of (score, corners[8])."""
    highest = cv2.dilate(score, np.ones((3, 3), np.uint8))
    rows, columns = np.nonzero((score >= highest) & (score >= cut))
    kept = []
    for i in np.argsort(-score[rows, columns])[:most * 3]:
        candidate = corners[:, rows[i], columns[i]]
        box = box_of(candidate)
        if all(overlap(box, box_of(other)) < 0.3 for _, other in kept):
            kept.append((float(score[rows[i], columns[i]]), candidate))
    return kept[:most]


def load(path):
    """A function from a uint8 RGB batch [n, h, w, 3] to score [n, h, w] and corners [n, 8, h, w]."""
    if path.endswith(".onnx"):
        import onnxruntime
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])

        def run_onnx(batch):
            outs = [session.run(["score", "corners"], {"image": one[None].transpose(0, 3, 1, 2).astype(np.float32) / 255}) for one in batch]
            return np.concatenate([o[0][:, 0] for o in outs]), np.concatenate([o[1] for o in outs])
        return run_onnx
    detector = net.PlateDetector()
    detector.load_state_dict(torch.load(path, map_location="cpu")["ema"])
    return runner(detector)


def runner(detector):
    detector = detector.eval()
    device = next(detector.parameters()).device

    @torch.no_grad()
    def run(batch):
        raw = detector(torch.from_numpy(batch).to(device).permute(0, 3, 1, 2).float() / 255)
        return torch.sigmoid(raw[:, 0]).cpu().numpy(), net.decode_corners(raw).cpu().numpy()
    return run


def tally(found, truth, ignored=()):
    """Matches peaks with truth boxes; returns (score, is true, corner error in widths) rows and the number of truths."""
    open_truth = list(range(len(truth)))
    rows = []
    for score, corners in found:
        box = box_of(corners)
        best = max(open_truth, key=lambda i: overlap(box, box_of(truth[i])), default=None)
        if best is not None and overlap(box, box_of(truth[best])) > FOUND_OVERLAP:
            open_truth.remove(best)
            points, true = corners.reshape(4, 2), truth[best].reshape(4, 2)
            rows.append((score, 1, np.linalg.norm(points - true, axis=1).mean() / np.ptp(true[:, 0])))
        elif not any(overlap(box, area) > 0.1 for area in ignored):
            rows.append((score, 0, 0.0))
    return rows, len(truth)


def figures(rows, truths, pictures, cuts=(0.2, 0.3, 0.4, 0.5, 0.6)):
    rows = np.array(rows or [(0, 0, 0)], float)
    lines = []
    for cut in cuts:
        true = (rows[:, 0] >= cut) & (rows[:, 1] == 1)
        false = (rows[:, 0] >= cut) & (rows[:, 1] == 0)
        error = np.median(rows[true, 2]) if true.any() else float("nan")
        lines.append((cut, true.sum() / max(truths, 1), false.sum() / pictures, error))
    return lines


def show(title, lines):
    print(title)
    for cut, recall, false, error in lines:
        print(f"  cut {cut:.2f}  recall {100 * recall:5.1f} %  false per picture {false:.3f}  median corner error {100 * error:.1f} % of the width", flush=True)


def over_scenes(run, scenes):
    rows, truths = [], 0
    for start in range(0, len(scenes), 16):
        part = scenes[start:start + 16]
        score, corners = run(np.stack([s.image for s in part]))
        for i, scene in enumerate(part):
            new, count = tally(pick(score[i], corners[i], 0.15), [c for c in scene.corners], scene.ignore)
            rows, truths = rows + new, truths + count
    return figures(rows, truths, len(scenes))


def over_frames(run, frames):
    rows, truths = [], 0
    for frame in frames:
        image, scale = letterbox(frame.image)
        score, corners = run(image[None])
        boxes = [np.array(((x, y), (x + w, y), (x + w, y + h), (x, y + h))) * scale for x, y, w, h in frame.boxes]
        new, count = tally(pick(score[0], corners[0], 0.15), boxes)
        rows, truths = rows + new, truths + count
    return figures(rows, truths, len(frames))


def over_plates(run, folder):
    rows, truths, pictures, spent = [], 0, 0, 0.0
    with open(os.path.join(folder, "truth.csv")) as handle:
        table = list(csv.DictReader(handle))
    for name in sorted({row["file"] for row in table}):
        path = os.path.join(folder, name)
        if not os.path.exists(path):
            continue
        image, scale = letterbox(cv2.cvtColor(cv2.imread(path), cv2.COLOR_BGR2RGB))
        began = time.perf_counter()
        score, corners = run(image[None])
        spent += time.perf_counter() - began
        boxes = []
        for row in table:
            if row["file"] == name:
                x, y, w, h = (float(row[key]) * scale for key in ("x", "y", "width", "height"))
                boxes.append(np.array(((x, y), (x + w, y), (x + w, y + h), (x, y + h))))
        new, count = tally(pick(score[0], corners[0], 0.05), boxes)
        rows, truths, pictures = rows + new, truths + count, pictures + 1
    return rows, truths, pictures, 1000 * spent / max(pictures, 1)


def main():
    options = argparse.ArgumentParser(description="Measures the plate detector.")
    options.add_argument("--weights", required=True)
    options.add_argument("--plates")
    options.add_argument("--scenes")
    options.add_argument("--cut", type=float)
    chosen = options.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    run = load(chosen.weights)
    if chosen.plates:
        rows, truths, pictures, spent = over_plates(run, chosen.plates)
        cuts = (chosen.cut,) if chosen.cut else (0.2, 0.3, 0.4, 0.5, 0.6)
        show(f"{chosen.plates}: {pictures} pictures, {truths} plates, {spent:.1f} ms a picture", figures(rows, truths, pictures, cuts))
    if chosen.scenes:
        from draw import scenes
        frames = scenes.load_frames(chosen.scenes, validation=True)
        show("held-out drawn scenes", over_scenes(run, scenes.validation_scenes(frames, 400)))
        show("held-out street frames", over_frames(run, frames))


if __name__ == "__main__":
    main()
