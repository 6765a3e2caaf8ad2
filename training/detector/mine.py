"""Lists places of the training frames that look like plates but that nobody labelled, so that training leaves them out.

    python3 training/detector/mine.py --weights training/out/detector/latest.pt --scenes DIR --out training/out/detector/ignore.json
The street frames label only the nearer plates. Counting the others as empty would teach the net to overlook small plates.
"""
import argparse
import json
import os
import sys

import cv2
import numpy as np
import torch

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from detector import evaluate, model as net  # noqa: E402
from draw import scenes as drawing  # noqa: E402


def pieces(image):
    """The whole frame, and overlapping parts of its middle at full size, each with its offset and scale."""
    whole, scale = evaluate.letterbox(image)
    yield whole, 0, 0, scale
    height, width = image.shape[:2]
    for y in {max(0, (height - net.INPUT_HEIGHT) * 2 // 3)}:  # above it is mostly sky, below it the road just ahead
        for x in sorted({0, max(0, (width - net.INPUT_WIDTH) // 2), max(0, width - net.INPUT_WIDTH)}):
            part, part_scale = evaluate.letterbox(image[y:y + net.INPUT_HEIGHT, x:x + net.INPUT_WIDTH])
            yield part, x, y, part_scale


def suspects(run, frame, cut):
    areas = []
    for image, x, y, scale in pieces(frame.image):
        score, corners = run(image[None])
        for _, quad in evaluate.pick(score[0], corners[0], cut):
            box = evaluate.box_of(quad) / scale + (x, y, x, y)
            labelled = [np.array((a, b, a + w, b + h)) for a, b, w, h in frame.boxes]
            if all(evaluate.overlap(box, other) < 0.1 for other in labelled + areas):
                areas.append(box)
    return [[round(float(v), 1) for v in (a, b, c - a, d - b)] for a, b, c, d in areas]


def main():
    options = argparse.ArgumentParser(description="Lists unlabelled plates of the training frames.")
    options.add_argument("--weights", required=True)
    options.add_argument("--scenes", required=True)
    options.add_argument("--out", required=True)
    options.add_argument("--cut", type=float, default=0.35)
    options.add_argument("--sheet", help="png of the found places, to look at")
    chosen = options.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    run, found, tiles = evaluate.load(chosen.weights), {}, []
    for frame in drawing.load_frames(chosen.scenes):
        areas = suspects(run, frame, chosen.cut)
        if areas:
            found[frame.name] = areas
        for x, y, w, h in areas:
            tile = frame.image[max(0, int(y - h)):int(y + 2 * h) + 1, max(0, int(x - w / 2)):int(x + 1.5 * w) + 1]
            if tile.size and len(tiles) < 80:
                tiles.append(cv2.resize(tile, (160, 90)))
    with open(chosen.out, "w") as handle:
        json.dump(found, handle)
    print(f"{sum(map(len, found.values()))} places in {len(found)} frames")
    if chosen.sheet and tiles:
        tiles += [np.zeros_like(tiles[0])] * (-len(tiles) % 8)
        sheet = np.vstack([np.hstack(tiles[i:i + 8]) for i in range(0, len(tiles), 8)])
        cv2.imwrite(chosen.sheet, cv2.cvtColor(sheet, cv2.COLOR_RGB2BGR))


if __name__ == "__main__":
    main()
