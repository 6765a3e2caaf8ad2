"""Trains the plate detector on scenes that background processes keep drawing.

    python3 training/detector/train.py --scenes DIR --minutes 60 [--resume] [--workers 1]
Checkpoints go to --out; a run that stopped goes on with --resume. A GPU is used when there is one.
"""
import argparse
import copy
import ctypes
import math
import mmap
import multiprocessing
import os
import sys
import time

import cv2
import numpy as np
import torch
import torch.nn.functional as F

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from detector import evaluate, model as net  # noqa: E402
from draw import scenes as drawing  # noqa: E402

CROP_WIDTH, CROP_HEIGHT = 320, 192
MOST_PLATES, MOST_IGNORED = 6, 8
ROW = 4 * 2 + 1  # corners and the weak mark


class Pool:
    """Scenes in memory shared with the drawing processes, which replace them in turn."""

    def __init__(self, size, reuse):
        self.size, self.reuse = size, reuse
        self.images = self._shared((size, drawing.SCENE_HEIGHT, drawing.SCENE_WIDTH, 3), np.uint8)
        self.plates = self._shared((size, MOST_PLATES, ROW), np.float32)
        self.ignored = self._shared((size, MOST_IGNORED, 4), np.float32)
        self.counts = self._shared((size, 3), np.int32)  # plates, ignored areas, usable
        self.drawn = multiprocessing.Value(ctypes.c_long, 0)
        self.taken = multiprocessing.Value(ctypes.c_long, 0)

    @staticmethod
    def _shared(shape, kind):
        memory = mmap.mmap(-1, int(np.prod(shape)) * np.dtype(kind).itemsize)
        return np.frombuffer(memory, kind).reshape(shape)

    def put(self, slot, scene):
        self.counts[slot] = 0
        self.images[slot] = scene.image
        plates, areas = scene.corners[:MOST_PLATES], scene.ignore[:MOST_IGNORED]
        for i, quad in enumerate(plates):
            self.plates[slot, i, :8], self.plates[slot, i, 8] = quad.reshape(8), scene.weak[i]
        for i, area in enumerate(areas):
            self.ignored[slot, i] = area
        self.counts[slot] = (len(plates), len(areas), 1)

    def wanted(self):
        return self.drawn.value < self.size or self.drawn.value * self.reuse < self.taken.value + self.size * self.reuse


def keep_drawing(pool, folder, ignore_file, seed, worker, workers):
    os.nice(5)
    cv2.setNumThreads(1)
    rng = np.random.default_rng(seed + worker)
    frames, bank = drawing.load_frames(folder, ignore_file=ignore_file), drawing.PlateBank(rng)
    parent, slot = os.getppid(), worker
    while os.getppid() == parent:
        if not pool.wanted():
            time.sleep(0.05)
            continue
        pool.put(slot, drawing.draw_scene(rng, frames, bank))
        slot = slot + workers if slot + workers < pool.size else worker
        with pool.drawn.get_lock():
            pool.drawn.value += 1


def crop(pool, rng, slot):
    """A random piece of a scene, with its own light, and the plates in it."""
    plates, areas, _ = pool.counts[slot]
    corners, ignored = pool.plates[slot, :plates].copy(), pool.ignored[slot, :areas].copy()
    x = rng.integers(0, drawing.SCENE_WIDTH - CROP_WIDTH + 1)
    y = rng.integers(0, drawing.SCENE_HEIGHT - CROP_HEIGHT + 1)
    image = pool.images[slot, y:y + CROP_HEIGHT, x:x + CROP_WIDTH].astype(np.float32)
    if rng.random() < 0.5:
        image = (image - 114) * rng.uniform(0.75, 1.25) + 114 + rng.uniform(-20, 20)
        image = np.clip(image * rng.uniform(0.93, 1.07, 3).astype(np.float32), 0, 255)
    corners[:, 0:8:2] -= x
    corners[:, 1:8:2] -= y
    return image / 255, corners, ignored - (x, y, x, y)


def targets(corners, ignored):
    """Heat map, mask of cells whose emptiness counts, corner targets and their weights."""
    height, width = CROP_HEIGHT // net.STRIDE, CROP_WIDTH // net.STRIDE
    heat, counted = np.zeros((height, width), np.float32), np.ones((height, width), np.float32)
    where, weight = np.zeros((8, height, width), np.float32), np.zeros((height, width), np.float32)
    ys, xs = np.mgrid[:height, :width].astype(np.float32) + 0.5
    for x0, y0, x1, y1 in ignored / net.STRIDE:
        counted[(xs > x0 - 0.5) & (xs < x1 + 0.5) & (ys > y0 - 0.5) & (ys < y1 + 0.5)] = 0
    for row in corners:
        points = row[:8].reshape(4, 2)
        (cx, cy), (wide, high) = points.mean(0) / net.STRIDE, np.ptp(points, axis=0) / net.STRIDE
        if not (0 <= cx < width and 0 <= cy < height):
            continue
        bell = np.exp(-((xs - cx) / max(0.55, 0.11 * wide)) ** 2 / 2 - ((ys - cy) / max(0.5, 0.14 * high)) ** 2 / 2)
        if points.min() < -4 or points[:, 0].max() > CROP_WIDTH + 4 or points[:, 1].max() > CROP_HEIGHT + 4:
            counted[bell > 0.1] = 0  # cut off by the crop's edge
            continue
        bell[int(cy), int(cx)] = 1
        stronger = bell > heat
        heat[stronger] = bell[stronger]
        cells = stronger & (bell > 0.35)
        where[:, cells] = row[:8, None]
        weight[cells] = bell[cells] * (0.1 if row[8] else 1.0)  # the frames' boxes are loose
    return heat, counted, where, weight


def losses(raw, heat, counted, where, weight):
    logit = raw[:, 0]
    score = torch.sigmoid(logit)
    peak = (heat >= 0.9999).float() * counted
    empty = (1 - peak) * counted * (1 - heat) ** 4
    focal = peak * (1 - score) ** 2 * F.softplus(-logit) + empty * score ** 2 * F.softplus(logit)
    number = peak.sum().clamp(min=1)
    size = torch.sqrt((where[:, 2] - where[:, 0]) ** 2 + (where[:, 3] - where[:, 1]) ** 2).clamp(min=10)
    gap = (net.decode_corners(raw) - where).abs().mean(1) / size
    return focal.sum() / number, (gap * weight).sum() / weight.sum().clamp(min=1)


def batch_of(pool, rng, count, device):
    usable = np.nonzero(pool.counts[:, 2])[0]
    parts = []
    for slot in rng.choice(usable, count, replace=len(usable) < count):
        image, corners, ignored = crop(pool, rng, slot)
        parts.append((image.transpose(2, 0, 1), *targets(corners, ignored)))
    with pool.taken.get_lock():
        pool.taken.value += count
    return [torch.from_numpy(np.stack(column)).to(device) for column in zip(*parts)]


def main():
    options = argparse.ArgumentParser(description="Trains the plate detector.")
    options.add_argument("--scenes", required=True, help="folder of street frames with plates.json")
    options.add_argument("--out", default="training/out/detector")
    options.add_argument("--ignore", help="json of file name to x,y,width,height areas that teach nothing (see mine.py)")
    options.add_argument("--minutes", type=float, default=60, help="whole training time, over all resumed runs")
    options.add_argument("--batch", type=int, default=24)
    options.add_argument("--rate", type=float, default=2e-3)
    options.add_argument("--corner-weight", type=float, default=8)
    options.add_argument("--pool", type=int, default=2400)
    options.add_argument("--reuse", type=float, default=3)
    options.add_argument("--workers", type=int, default=1)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--resume", action="store_true")
    options.add_argument("--start-from", help="checkpoint whose weights are taken over; counts and rates begin anew")
    chosen = options.parse_args()
    os.makedirs(chosen.out, exist_ok=True)
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    latest = os.path.join(chosen.out, "latest.pt")
    state = torch.load(latest, map_location="cpu") if chosen.resume else None
    done = state["samples"] if state else 0
    pool, rng = Pool(chosen.pool, chosen.reuse), np.random.default_rng(chosen.seed + done)
    for worker in range(chosen.workers):
        multiprocessing.Process(target=keep_drawing, daemon=True, args=(
            pool, chosen.scenes, chosen.ignore, chosen.seed * 1000 + done, worker, chosen.workers)).start()
    held_frames = drawing.load_frames(chosen.scenes, validation=True)
    held_scenes = drawing.validation_scenes(held_frames, 160)
    torch.manual_seed(chosen.seed)
    detector = net.PlateDetector().to(device)
    if chosen.start_from:
        detector.load_state_dict(torch.load(chosen.start_from, map_location=device)["ema"])
    average = copy.deepcopy(detector)
    best = torch.optim.AdamW(detector.parameters(), lr=chosen.rate, weight_decay=1e-3)
    before, samples, step = 0.0, 0, 0
    if state:
        detector.load_state_dict(state["model"])
        average.load_state_dict(state["ema"])
        best.load_state_dict(state["optimizer"])
        before, samples, step = state["seconds"], state["samples"], state["step"]
    while pool.drawn.value < min(500, chosen.pool):
        time.sleep(0.2)
    began, saved, sums = time.time(), time.time(), np.zeros(3)
    while True:
        seconds = before + time.time() - began
        progress = min(1.0, seconds / (chosen.minutes * 60))
        rate = chosen.rate * min(1, (step + 1) / 100) * (0.01 + 0.99 * (1 + math.cos(math.pi * progress)) / 2)
        for group in best.param_groups:
            group["lr"] = rate
        image, *truth = batch_of(pool, rng, chosen.batch, device)
        detector.train()
        centre, corner = losses(detector(image), *truth)
        best.zero_grad()
        (centre + chosen.corner_weight * corner).backward()
        torch.nn.utils.clip_grad_norm_(detector.parameters(), 5.0)
        best.step()
        step, samples = step + 1, samples + chosen.batch
        decay = min(0.997, (step + 1) / (step + 20))
        with torch.no_grad():
            for kept, new in zip(average.state_dict().values(), detector.state_dict().values()):
                kept.copy_(kept * decay + new * (1 - decay) if kept.is_floating_point() else new)
        sums += (centre.item(), corner.item(), 1)
        if step % 50 == 0:
            print(f"{seconds / 60:6.1f} min  step {step}  samples {samples}  drawn {pool.drawn.value}  centre {sums[0] / sums[2]:.3f}  "
                  f"corner {sums[1] / sums[2]:.4f}  rate {rate:.5f}", flush=True)
            sums[:] = 0
        if time.time() - saved > 240 or progress >= 1:
            content = {"model": detector.state_dict(), "ema": average.state_dict(), "optimizer": best.state_dict(),
                       "seconds": seconds, "samples": samples, "step": step}
            torch.save(content, latest + ".part")
            os.replace(latest + ".part", latest)
            run = evaluate.runner(average)
            evaluate.show("held-out drawn scenes", evaluate.over_scenes(run, held_scenes)[1:4])
            evaluate.show("held-out street frames", evaluate.over_frames(run, held_frames)[1:4])
            saved = time.time()
        if progress >= 1:
            break


if __name__ == "__main__":
    main()
