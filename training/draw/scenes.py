"""Draws the plate detector's training scenes: real street frames and procedural vehicles, real and drawn plates.

A scene is a piece of a picture at the scale of the network's input, with the four corners of every plate in it.
Preview: `python3 training/draw/scenes.py --scenes DIR --sheet sheet.png`
"""
import argparse
import json
import os
import sys
from dataclasses import dataclass, field

import cv2
import numpy as np

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from draw import scene_vehicle as parts  # noqa: E402
from draw.scene_degrade import degrade, dim  # noqa: E402
from draw.scene_lures import lure, shade  # noqa: E402
from draw.scene_paste import PlateBank, grown, paste, quad_at, tones_of, wipe  # noqa: E402

SCENE_WIDTH, SCENE_HEIGHT = 416, 256
HOLD_OUT_BLOCK = 16  # frames are consecutive, so neighbours must fall on the same side of the split


@dataclass
class Frame:
    image: np.ndarray
    boxes: np.ndarray  # [n, 4] x, y, width, height of real plates
    name: str = ""
    ignore: np.ndarray = field(default_factory=lambda: np.zeros((0, 4)))  # likely plates that nobody labelled


@dataclass
class Scene:
    image: np.ndarray
    corners: list  # [4, 2] arrays TL TR BR BL
    weak: list  # True where the corners are only those of an axis-aligned box
    ignore: list  # x0, y0, x1, y1 areas which teach nothing
    filled: tuple = (SCENE_WIDTH, SCENE_HEIGHT)  # the rest is the grey of a letterboxed input


def held_out(index):
    return index // HOLD_OUT_BLOCK % 8 == 7


def load_frames(folder, validation=False, ignore_file=None):
    ignored = json.load(open(ignore_file)) if ignore_file and os.path.exists(ignore_file) else {}
    frames = []
    for index, row in enumerate(json.load(open(os.path.join(folder, "plates.json")))):
        if held_out(index) == validation:
            image = cv2.cvtColor(cv2.imread(os.path.join(folder, row["file"])), cv2.COLOR_BGR2RGB)
            areas = np.asarray(ignored.get(row["file"], []), float).reshape(-1, 4)
            frames.append(Frame(image, np.asarray(row["plates"], float).reshape(-1, 4), row["file"], areas))
    return frames


def balance(image, rng):
    """Takes the colour cast of the source camera away (to a random degree), then adds one of our own and a random exposure."""
    work = image.astype(np.float32)
    means = work.reshape(-1, 3).mean(0) + 4
    work *= (means.mean() / means) ** rng.uniform(0.3, 1.05)
    if rng.random() < 0.75:
        work *= min(6.0, rng.uniform(70, 150) / means.mean())
    grey = work.mean(2, keepdims=True)
    work = grey + (work - grey) * rng.choice((0.0, 0.35, 0.6, 0.8, 1.0, 1.0, 1.4)) * rng.uniform(0.7, 1.1)
    work *= rng.uniform(0.88, 1.12, 3).astype(np.float32)
    work = 255 * np.clip(work / 255, 0, 1.2) ** rng.uniform(0.7, 1.25)
    return np.clip(work, 0, 255).astype(np.uint8)


def window(frame, rng, target):
    """Cuts a scene out of a street frame; scale such that one of its real plates would be `target` pixels wide."""
    height, width = frame.image.shape[:2]
    anchor = frame.boxes[rng.integers(len(frame.boxes))] if len(frame.boxes) else np.array((width / 2, height / 2, 80, 20))
    scale = float(np.clip(target / anchor[2], 0.34, 2.2))
    span = np.array((SCENE_WIDTH, SCENE_HEIGHT)) / scale
    middle = anchor[:2] + anchor[2:] / 2
    corner = middle - span * rng.uniform(0.15, 0.85, 2)
    corner = np.maximum(np.minimum(corner, np.array((width, height)) - span), 0).astype(int)
    piece = frame.image[corner[1]:corner[1] + int(span[1]), corner[0]:corner[0] + int(span[0])]
    size = (min(SCENE_WIDTH, round(piece.shape[1] * scale)), min(SCENE_HEIGHT, round(piece.shape[0] * scale)))
    piece = balance(cv2.resize(piece, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR), rng)
    canvas = np.full((SCENE_HEIGHT, SCENE_WIDTH, 3), 114, np.uint8)
    canvas[:size[1], :size[0]] = piece
    move = np.concatenate((corner, (0, 0)))
    boxes, areas = (frame.boxes - move) * scale, (frame.ignore - move) * scale
    if rng.random() < 0.5:  # mirrored before any lettering of ours goes in
        canvas[:, :size[0]] = canvas[:, :size[0]][:, ::-1].copy()
        boxes[:, 0] = size[0] - boxes[:, 0] - boxes[:, 2]
        areas[:, 0] = size[0] - areas[:, 0] - areas[:, 2]
    return canvas, boxes, areas, scale, size


def inside(points):
    points = np.asarray(points)
    return bool((points > 2).all() and (points[:, 0] < SCENE_WIDTH - 2).all() and (points[:, 1] < SCENE_HEIGHT - 2).all())


def box_corners(box):
    x, y, w, h = box
    return np.array(((x, y), (x + w, y), (x + w, y + h), (x, y + h)), np.float32)


def area_of(quad):
    return (*quad.min(0), *quad.max(0))


def keep(scene, quad, weak):
    """Enters a plate, or, where it is cut off or too small to be asked for, an area that teaches nothing."""
    if inside(quad) and np.ptp(quad[:, 0]) >= 17:
        scene.corners.append(quad.astype(np.float32))
        scene.weak.append(weak)
    else:
        scene.ignore.append(area_of(quad))


def clear_of(scene, quad):
    x0, y0, x1, y1 = area_of(grown(quad, 1.3, 1.5))
    others = [area_of(c) for c in scene.corners] + scene.ignore
    return all(x1 < a or c < x0 or y1 < b or d < y0 for a, b, c, d in others)


def put_drawn(scene, rng, bank, cx, cy, width, softness, tones=None, strong=False, blank=False):
    plate = bank.take_blank() if blank else bank.take()
    if plate is None:
        return
    ratio = plate.shape[1] / plate.shape[0]
    quad = quad_at(rng, cx, cy, width, ratio * rng.uniform(0.94, 1.06), strong)
    if not clear_of(scene, quad):
        return
    x0, y0, x1, y1 = (int(max(0, v)) for v in area_of(quad))
    low, high = tones or tones_of(scene.image[y0:y1, x0:x1], rng, False)
    if rng.random() < 0.12:  # worn, in the dark, or against the light: hardly any contrast left
        middle, keep_share = low + (high - low) * rng.uniform(0.1, 0.8), rng.uniform(0.25, 0.6)
        low, high = middle + (low - middle) * keep_share, middle + (high - middle) * keep_share
    if paste(scene.image, rng, plate, quad, low, high, softness) and not blank:
        keep(scene, quad, False)
        if rng.random() < 0.15:
            shade(scene.image, rng, quad)


def plate_width(rng):
    return float(np.exp(rng.uniform(*np.log((24, 60) if rng.random() < 0.5 else (45, 140) if rng.random() < 0.85 else (120, 290)))))


def street_scene(rng, frames, bank, mode):
    """`real` keeps the frame's plates, `swap` covers them with drawn ones, `none` wipes them all; `bare` too, and adds none."""
    target = plate_width(rng)
    factor = rng.uniform(0.55, 1.0)  # a 2:1 plate on the same vehicle is narrower than the long one it replaces
    frame = frames[rng.integers(len(frames))]
    canvas, boxes, areas, scale, filled = window(frame, rng, target if mode == "real" else target / factor)
    scene = Scene(canvas, [], [], [tuple((*a[:2], *(a[:2] + a[2:]))) for a in areas], filled)
    softness = 0.35 + 0.6 * scale * rng.uniform(0.5, 1.3)
    for _ in range(rng.integers(0, 3) if rng.random() < 0.4 else 0):
        before = canvas.copy()
        (lure if rng.random() < 0.5 else parts.distractor)(canvas, rng)
        for box in boxes:  # never over a plate
            x0, y0 = np.maximum(box[:2] - 0.4 * box[2:], 0).astype(int)
            x1, y1 = np.maximum(box[:2] + 1.4 * box[2:], 0).astype(int)
            canvas[y0:y1, x0:x1] = before[y0:y1, x0:x1]
    for box in boxes:
        quad = box_corners(box)
        if mode == "real":
            keep(scene, quad, True)
            continue
        if quad[:, 0].max() < 0 or quad[:, 1].max() < 0 or quad[:, 0].min() > SCENE_WIDTH or quad[:, 1].min() > SCENE_HEIGHT:
            continue
        x0, y0, x1, y1 = (int(max(0, v)) for v in area_of(quad))
        tones = tones_of(canvas[y0:y1, x0:x1], rng, True)
        wipe(canvas, rng, box)
        if mode == "swap":
            put_drawn(scene, rng, bank, *quad.mean(0), box[2] * factor, softness, tones, False, rng.random() < 0.07)
    if mode == "bare":
        return scene
    if rng.random() < 0.06:
        put_drawn(scene, rng, bank, rng.uniform(0, SCENE_WIDTH), rng.uniform(0, SCENE_HEIGHT), plate_width(rng), softness, None, True, True)
    if mode != "real" and rng.random() < 0.25:
        put_drawn(scene, rng, bank, rng.uniform(0, SCENE_WIDTH), rng.uniform(0, SCENE_HEIGHT), plate_width(rng), softness, None, True)
    return scene


def vehicle_scene(rng, frames, bank):
    """A drawn rear or front, on a drawn background or over a street frame without its plates."""
    if rng.random() < 0.5:
        scene = street_scene(rng, frames, bank, "bare")
    else:
        scene = Scene(parts.background(rng, SCENE_WIDTH, SCENE_HEIGHT), [], [], [])
    width = plate_width(rng)
    ratio = rng.choice((2.0, 2.0, 2.0, 3.0, 4.6))
    cx, cy = rng.uniform(0.15, 0.85) * SCENE_WIDTH, rng.uniform(0.25, 0.85) * SCENE_HEIGHT
    parts.vehicle(scene.image, rng, cx, cy, width * (0.6 + 0.2 * ratio), width / ratio)
    for _ in range(rng.integers(0, 4)):
        (lure if rng.random() < 0.5 else parts.distractor)(scene.image, rng)
    scene.filled = (SCENE_WIDTH, SCENE_HEIGHT)
    blank = rng.random() < 0.08
    if rng.random() < 0.9:
        light = rng.uniform(0.55, 1.0)
        tones = (np.full(3, rng.uniform(0, 40)), np.clip(255 * light * rng.uniform(0.94, 1.06, 3), 0, 255)) if rng.random() < 0.5 else None
        put_drawn(scene, rng, bank, cx, cy, width, rng.uniform(0.3, 0.8), tones, rng.random() < 0.4, blank)
    return scene


def draw_scene(rng, frames, bank):
    pick = rng.random()
    if pick < 0.2:
        scene = street_scene(rng, frames, bank, "real")
    elif pick < 0.6:
        scene = street_scene(rng, frames, bank, "swap")
    elif pick < 0.68:
        scene = street_scene(rng, frames, bank, "none")
    else:
        scene = vehicle_scene(rng, frames, bank)
    if rng.random() < 0.08:
        scene.image = dim(scene.image, rng)
    scene.image = degrade(scene.image, rng)
    scene.image[scene.filled[1]:], scene.image[:, scene.filled[0]:] = 114, 114
    return scene


def validation_scenes(frames, count, seed=77):
    rng = np.random.default_rng(seed)
    bank = PlateBank(rng, 120)
    return [draw_scene(rng, frames, bank) for _ in range(count)]


def main():
    options = argparse.ArgumentParser(description="Draws a contact sheet of training scenes.")
    options.add_argument("--scenes", required=True)
    options.add_argument("--sheet", default="sheet.png")
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    rng = np.random.default_rng(chosen.seed)
    frames, bank = load_frames(chosen.scenes, validation=True), PlateBank(rng, 60)
    tiles = []
    for _ in range(24):
        scene = draw_scene(rng, frames, bank)
        for quad in scene.corners:
            cv2.polylines(scene.image, [np.round(grown(quad, 1.08, 1.12) * 16).astype(np.int32)], True, (0, 255, 0), 1, cv2.LINE_AA, 4)
        tiles.append(scene.image)
    sheet = np.vstack([np.hstack(tiles[i:i + 4]) for i in range(0, 24, 4)])
    cv2.imwrite(chosen.sheet, cv2.cvtColor(sheet, cv2.COLOR_RGB2BGR))


if __name__ == "__main__":
    main()
