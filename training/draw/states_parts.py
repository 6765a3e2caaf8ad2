"""Pieces of state plates: paint, lettering, stacked letters, words for the kind of vehicle, frames."""
import unicodedata
from typing import NamedTuple

import cv2
import numpy as np

from . import parts, states_fonts
from .glyphs import ALPHABET
from .parts import colour, mix, pick
from .states_table import COLOURS, TYPE_WORDS, TYPES

PRIVATE = TYPES.index("private")


class Line(NamedTuple):
    """Where a line of lettering stands, in shares of the plate, and its letters as (letter, from x, to x)."""
    x0: float
    y0: float
    x1: float
    y1: float
    letters: tuple


FRAME_WORDS = ("AUTO GROUP", "MOTORS", "www.dealer.com", "SUPERSTORE", "TOYOTA", "HONDA", "CHEVROLET", "SMITH FORD", "KIA OF THE VALLEY", "ALUMNI", "JEEP", "SUBARU", "Mercedes-Benz",
               "PROUD GRANDMA", "BMW", "UNIVERSITY", "DODGE RAM", "US VETERAN", "LEXUS", "NISSAN", "FAMILY OWNED SINCE 1954", "We Treat You Right")


def shade(rng, name):
    """A named colour as paint, sun and cameras give it."""
    c = np.array(COLOURS[name], np.float32) + rng.normal(0, 14) + rng.normal(0, 9, 3)
    return tuple(int(v) for v in np.clip(c, 0, 255))


def capitals(text):
    flat = unicodedata.normalize("NFKD", text).upper()
    return "".join(c for c in flat if "A" <= c <= "Z")


def lettered(rng, img, text, letters, col, cx, cy, height, width):
    """Draws a line of lettering; gives where it stands."""
    h, w = img.shape[:2]
    mask, ends = states_fonts.lettering(rng, text, letters)
    mask = states_fonts.fit(mask, max(4, height), width)
    there = img[max(0, int(cy - height / 2)):int(cy + height / 2) + 1, max(0, int(cx - width / 4)):int(cx + width / 4) + 1].reshape(-1, 3).mean(0)
    if abs(parts.luminance(col) - parts.luminance(there)) < 45 and rng.random() < 0.9:  # lettering is meant to be seen
        col = (245, 245, 240) if parts.luminance(there) < 128 else pick(rng, ((20, 25, 60), (20, 20, 24), (110, 20, 30), (10, 60, 40)))
    cx = float(np.clip(cx, mask.shape[1] / 2, max(mask.shape[1] / 2, w - mask.shape[1] / 2)))
    if rng.random() < 0.07:  # a shadow or rim
        rim = cv2.dilate(mask, np.ones((3, 3), np.uint8))
        parts.stamp(img, rim, cx + rng.integers(0, 3), cy + rng.integers(0, 3), pick(rng, ((250, 250, 250), (20, 20, 30), mix(col, (255, 255, 255), 0.6))))
    parts.stamp(img, mask, cx, cy, col)
    bw, bh = mask.shape[1], mask.shape[0]
    x0 = (cx - bw / 2) / w
    marks = tuple((capitals(c)[:1], x0 + a * bw / w, x0 + b * bw / w) for c, a, b in zip(text, ends, ends[1:]))
    return Line(x0, (cy - bh / 2) / h, (cx + bw / 2) / w, (cy + bh / 2) / h, marks)


def spot(rng, place, h, w):
    """Middle of a line of lettering at a place, in pixels."""
    x = {"tl": 0.24, "tr": 0.76, "bl": 0.24, "br": 0.76}.get(place, 0.5)
    y = rng.uniform(0.075, 0.15) if place[0] == "t" else rng.uniform(0.86, 0.93)
    if place == "t2":
        y = rng.uniform(0.2, 0.25)
    return w * (x + rng.normal(0, 0.025)), h * y


def recased(rng, text):
    """Another case now and then, or words set apart as round a picture."""
    if " " in text and rng.random() < 0.15:
        text = text.replace(" ", " " * int(rng.integers(2, 9)))
    r = rng.random()
    return text.upper() if r < 0.1 else text.title() if r < 0.17 else text


def small_stack(rng, img, box, face, ink):
    """Small stacked letters before or after the registration; narrows the room."""
    x0, y0, x1, y1 = box
    h = y1 - y0
    n = int(rng.integers(2, 4))
    size = h / n * rng.uniform(0.65, 0.9)
    left = rng.random() < 0.7
    cx = x0 + size / 2 if left else x1 - size / 2
    for i in range(n):
        parts.word(rng, img, ALPHABET[int(rng.integers(10, 36))], cx, y0 + h * (i + 0.5) / n, size, ink, face=face)
    return (x0 + size * 1.25, y0, x1, y1) if left else (x0, y0, x1 - size * 1.25, y1)


def finish(rng, img, frame=0.2):
    """Stickers, screws, dirt, corners and a frame, as on any plate."""
    h, w = img.shape[:2]
    for cx, cy in ((0.09, 0.12), (0.91, 0.12), (0.09, 0.9), (0.91, 0.9)):
        if rng.random() < 0.27:
            s = h * rng.uniform(0.1, 0.2)
            parts.sticker(rng, img, w * cx, h * cy, s * rng.uniform(1, 1.8), s)
    if rng.random() < 0.75:
        parts.bolts(rng, img)
    if rng.random() < 0.15:
        parts.dirt(rng, img)
    if rng.random() < 0.6:
        parts.round_off(rng, img)
    if rng.random() < frame:
        frame_over(rng, img)


def frame_over(rng, img):
    """A dealer's frame whose words name no state."""
    h, w = img.shape[:2]
    col = pick(rng, ((18, 18, 20), (30, 30, 32), (190, 190, 195), (225, 225, 228), colour(rng, "dark"), colour(rng, "vivid")))
    side = int(w * rng.uniform(0.0, 0.035))
    for top in (True, False):
        d = int(h * rng.uniform(0.02, 0.13))
        y = 0 if top else h - d
        cv2.rectangle(img, (0, y), (w, y + d), col, -1)
        if d > h * 0.06 and rng.random() < 0.8:
            lettered(rng, img, pick(rng, FRAME_WORDS), pick(rng, "ssbcrx"), (235, 235, 235) if parts.luminance(col) < 120 else (20, 20, 25), w / 2, y + d / 2, d * rng.uniform(0.45, 0.8), w * 0.8)
    if side:
        cv2.rectangle(img, (0, 0), (side, h), col, -1)
        cv2.rectangle(img, (w - side, 0), (w, h), col, -1)


def choose_kind(rng):
    return PRIVATE if rng.random() < 0.72 else int(rng.integers(1, len(TYPES)))


def type_word(rng, img, kind, ink, taken):
    """The word that says what the vehicle is for, at the bottom (its Line is given) or up the side."""
    text = pick(rng, TYPE_WORDS[TYPES[kind]])
    h, w = img.shape[:2]
    if not text:
        return ()
    if rng.random() < 0.25 and len(text) < 10:
        mask = states_fonts.fit(states_fonts.lettering(rng, text, pick(rng, "sbc"))[0], h * 0.09, h * 0.6)
        mask = cv2.rotate(mask, pick(rng, (cv2.ROTATE_90_CLOCKWISE, cv2.ROTATE_90_COUNTERCLOCKWISE)))
        parts.stamp(img, mask, w * pick(rng, (0.035, 0.965)), h * 0.52, ink)
        return ()
    y = 0.89 if "b" not in taken else 0.22
    return lettered(rng, img, text, pick(rng, "sbc"), ink, w * rng.uniform(0.45, 0.55), h * (y + rng.normal(0, 0.015)), h * rng.uniform(0.065, 0.12), w * 0.6)
