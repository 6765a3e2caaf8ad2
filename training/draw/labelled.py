"""Whole drawn pictures with their truth, for choosing cuts and fitting probabilities (photographs may do neither).

    python3 training/draw/labelled.py --scenes STREETS --out DIR --count 600 --seed 5

Writes 1280 x 720 JPEG pictures and `truth.csv` (file, x, y, width, height, plate) as bench/plates.ts reads it: a row for every
plate, '?' where a real plate was kept whose text nobody wrote down, and a row without a plate for a picture that has none. Only
street frames that are held out from training are used. A rerun continues behind the last finished picture.
"""
import argparse
import csv
import os
import sys

import cv2
import numpy as np

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from draw import scene_vehicle as parts  # noqa: E402
from draw.plates import draw_plate  # noqa: E402
from draw.scene_degrade import degrade  # noqa: E402
from draw.scene_paste import grown, paste, quad_at, tones_of, wipe  # noqa: E402
from draw.scenes import balance, load_frames  # noqa: E402

WIDTH, HEIGHT = 1280, 720


class Labelled:
    """One picture being drawn: pixels and what is known of its plates."""

    def __init__(self, image):
        self.image, self.rows, self.taken = image, [], []

    def enter(self, quad, text):
        x0, y0 = np.maximum(quad.min(0), 0)
        x1, y1 = np.minimum(quad.max(0), (WIDTH, HEIGHT))
        self.taken.append((x0, y0, x1, y1))
        self.rows.append((round(float(x0)), round(float(y0)), round(float(x1 - x0)), round(float(y1 - y0)), text))

    def is_free(self, quad):
        around = grown(quad, 1.4, 1.7)
        (x0, y0), (x1, y1) = around.min(0), around.max(0)
        if x0 < 4 or y0 < 4 or x1 > WIDTH - 4 or y1 > HEIGHT - 4:
            return False
        return all(x1 < a or c < x0 or y1 < b or d < y0 for a, b, c, d in self.taken)


def plate_width(rng):
    return float(np.exp(rng.uniform(np.log(48), np.log(190) if rng.random() < 0.8 else np.log(300))))


def put_plate(scene, rng, cx, cy, width, softness, tones=None):
    plate = draw_plate(rng)
    image = plate.image
    if image.shape[1] > 2 * width:
        scale = 1.5 * width / image.shape[1]
        image = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    quad = quad_at(rng, cx, cy, width, image.shape[1] / image.shape[0] * rng.uniform(0.95, 1.05), rng.random() < 0.25)
    if not scene.is_free(quad):
        return
    x0, y0, x1, y1 = (int(max(0, v)) for v in (*quad.min(0), *quad.max(0)))
    low, high = tones or tones_of(scene.image[y0:y1, x0:x1], rng, False)
    if paste(scene.image, rng, image, quad, low, high, softness) and plate.text:
        scene.enter(quad, plate.text)


def street(rng, frames):
    frame = frames[rng.integers(len(frames))]
    image = balance(cv2.resize(frame.image, (WIDTH, HEIGHT)), rng)
    boxes = frame.boxes * (WIDTH / frame.image.shape[1])
    scene = Labelled(image)
    for x, y, w, h in boxes:
        patch = image[int(max(0, y)):int(y + h) + 1, int(max(0, x)):int(x + w) + 1]
        quad = np.array(((x, y), (x + w, y), (x + w, y + h), (x, y + h)), np.float32)
        if rng.random() < 0.35:
            scene.enter(quad, "?")
            continue
        tones = tones_of(patch, rng, True)
        wipe(image, rng, (x, y, w, h))
        if w >= 40 and rng.random() < 0.6:
            put_plate(scene, rng, x + w / 2, y + h / 2, w * rng.uniform(0.6, 1.0), rng.uniform(0.4, 1.2), tones)
    return scene


def draw(rng, frames):
    scene = street(rng, frames) if rng.random() < 0.6 else Labelled(parts.background(rng, WIDTH, HEIGHT))
    places = []
    for _ in range(rng.integers(0, 3)):
        width, ratio = plate_width(rng), rng.choice((2.0, 2.0, 2.0, 3.0, 4.6))
        cx, cy = rng.uniform(0.15, 0.85) * WIDTH, rng.uniform(0.3, 0.85) * HEIGHT
        if scene.taken:  # its body would hide a plate that is there
            continue
        parts.vehicle(scene.image, rng, cx, cy, width * (0.6 + 0.2 * ratio), width / ratio)
        places.append((cx, cy, width))
    for cx, cy, width in places:  # after all bodies, which would hide one another's plates
        if rng.random() < 0.85:
            light = rng.uniform(0.55, 1.0)
            tones = (np.full(3, rng.uniform(0, 40)), np.clip(255 * light * rng.uniform(0.94, 1.06, 3), 0, 255))
            put_plate(scene, rng, cx, cy, width, rng.uniform(0.4, 1.2), tones if rng.random() < 0.5 else None)
    before = scene.image.copy()
    for _ in range(rng.integers(0, 5)):
        parts.distractor(scene.image, rng)
    for x0, y0, x1, y1 in scene.taken:  # never over a plate
        mx, my = 0.3 * (x1 - x0), 0.3 * (y1 - y0)
        rows, columns = slice(int(max(0, y0 - my)), int(y1 + my)), slice(int(max(0, x0 - mx)), int(x1 + mx))
        scene.image[rows, columns] = before[rows, columns]
    scene.image = degrade(scene.image, rng)
    return scene


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--scenes", required=True)
    options.add_argument("--out", required=True)
    options.add_argument("--count", type=int, default=600)
    options.add_argument("--seed", type=int, default=5)
    chosen = options.parse_args()
    cv2.setNumThreads(1)
    os.makedirs(chosen.out, exist_ok=True)
    frames = load_frames(chosen.scenes, validation=True)
    path = os.path.join(chosen.out, "truth.csv")
    done = len({row["file"] for row in csv.DictReader(open(path, newline=""))}) if os.path.exists(path) else 0
    with open(path, "a", newline="") as handle:
        table = csv.writer(handle)
        if done == 0:
            table.writerow(("file", "x", "y", "width", "height", "plate"))
        for index in range(done, chosen.count):
            rng = np.random.default_rng((chosen.seed, index))
            scene = draw(rng, frames)
            name = f"drawn{index:05d}.jpg"
            quality = int(rng.integers(55, 96))
            cv2.imwrite(os.path.join(chosen.out, name), scene.image[..., ::-1], (cv2.IMWRITE_JPEG_QUALITY, quality))
            for row in scene.rows or [("", "", "", "", "")]:
                table.writerow((name, *row))
            handle.flush()
            if (index + 1) % 50 == 0:
                print(f"{index + 1} of {chosen.count}", flush=True)


if __name__ == "__main__":
    main()
