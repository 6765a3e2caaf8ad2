"""Flat number plates: `draw_plate(rng)` gives the picture and what it reads.

About 70 % are North American 2:1 plates of invented designs, 15 % Brazilian,
15 % European; a few carry no registration at all and read ''.
"""
from typing import NamedTuple

import cv2
import numpy as np

from . import parts
from .glyphs import ALPHABET, Face, random_face
from .parts import blend, colour, pick
from .texts import CA, MX, US, random_text


class Plate(NamedTuple):
    image: np.ndarray  # H x W x 3, uint8, RGB, the flat plate edge to edge
    text: str          # '' where there is nothing to read
    jurisdiction: str  # US, CA, MX, BR, EU or other


def lay_text(rng, mask, face, text, box, height, gap=None, fill=None, separator=None):
    """Draw `text` into `mask` inside box (x0, y0, x1, y1).

    Returns the gaps' boxes [(x0, x1)], for emblems to be put into.  Text too
    long for the box is narrowed, as narrow dies are used in reality.
    """
    x0, y0, x1, y1 = box
    height = int(min(height, y1 - y0))
    gap = (gap if gap is not None else rng.uniform(0.06, 0.2)) * height
    space = (separator if separator is not None else rng.uniform(0.2, 0.75)) * height
    dots = face if isinstance(face, Face) else Face(rng)
    cells, x = [], 0.0
    for ch in text:
        if ch == " ":
            cells.append((None, x, x + space - gap))
            x += space
        else:
            g = (dots if ch in "-." else face).glyph(ch, height)
            cells.append((g, x, x + g.shape[1]))
            x += g.shape[1] + gap
    total = max(1.0, x - gap)
    room = x1 - x0
    scale = min(1.0, room / total)
    if scale == 1.0 and total < room and fill is not None:
        spread = (room * fill - total) / max(1, len(cells) - 1)  # even spacing, never tighter than drawn
        spread = float(np.clip(spread, 0, 0.3 * height))
    else:
        spread = 0.0
    total = total * scale + spread * (len(cells) - 1)
    slack = max(0.0, room - total)
    left = x0 + slack * (0.5 if rng.random() < 0.8 else rng.uniform(0, 1))
    top = int(y0 + max(0, (y1 - y0 - height)) / 2)
    gaps = []
    for i, (g, a, b) in enumerate(cells):
        a, b = left + a * scale + spread * i, left + b * scale + spread * i
        if g is None:
            gaps.append((a, b))
            continue
        w = max(1, int(round(b - a)))
        if g.shape[1] != w:
            g = cv2.resize(g, (w, g.shape[0]), interpolation=cv2.INTER_AREA)
        xa, gh = int(round(a)), min(g.shape[0], mask.shape[0] - top)
        xa = max(0, min(xa, mask.shape[1] - w))
        part = mask[top:top + gh, xa:xa + w]
        np.maximum(part, g[:gh, :part.shape[1]], out=part)
    return gaps, (left, left + total)


def target(text, face):
    """What the reader is asked for: O becomes 0 where the dies do not distinguish them."""
    kept = "".join(c for c in text if c in ALPHABET)
    return kept.replace("O", "0") if face.o_is_zero else kept


def ink_characters(rng, img, mask, ink):
    """Paint the characters, with a rim, worn paint or pressed edges."""
    if rng.random() < 0.1:
        rim = cv2.dilate(mask, np.ones((5, 5), np.uint8))
        blend(img, rim, colour(rng, pick(rng, ("light", "vivid", "dark"))) if rng.random() < 0.5 else (235, 235, 235))
    if rng.random() < 0.1:
        worn = parts.noise_map(rng, *mask.shape, int(rng.integers(8, 50)))
        worn = cv2.multiply(cv2.subtract(worn, int(rng.uniform(20, 130))), 4.0)
        painted = cv2.max(cv2.min(mask, worn), cv2.multiply(mask, rng.uniform(0.3, 0.8)))
    else:
        painted = mask
    blend(img, painted, ink)
    if rng.random() < 0.6:
        img = parts.emboss(rng, img, mask)
    return img


def base_paint(rng, h, w):
    """Background and an ink that stands out from it."""
    r = rng.random()
    dark = r > 0.88
    if r < 0.55 or dark:
        base = colour(rng, "dark" if dark else "light")
        img = np.empty((h, w, 3), np.uint8)
        img[:] = base
    else:
        base = colour(rng, "light")
        stops = [parts.mix(colour(rng, "vivid"), base, rng.uniform(0.1, 1.0)), base, base, base,
                 parts.mix(colour(rng, "vivid"), base, rng.uniform(0.3, 1.0))]
        img = parts.gradient(rng, h, w, stops)
    if rng.random() < 0.4:
        img = parts.scenery(rng, img, rng.uniform(0.1, 0.55))
    if dark:
        ink = colour(rng, "light")
        if rng.random() < 0.3:
            ink = pick(rng, ((240, 200, 60), (250, 170, 50), (240, 240, 240)))
    else:
        ink = colour(rng, "dark")
        if rng.random() < 0.12:
            ink = pick(rng, ((200, 25, 35), (20, 110, 190), (0, 120, 70), (190, 70, 20), (0, 140, 190)))
    return img, base, ink


def side_marks(rng, img, box, ink, base, face):
    """Pictures or stacked letters at an end of the character band; they narrow the room for text."""
    x0, y0, x1, y1 = box
    h = y1 - y0
    for left in (True, False):
        if rng.random() > (0.22 if left else 0.15):
            continue
        wide = h * rng.uniform(0.3, 0.85)
        cx = x0 + wide / 2 if left else x1 - wide / 2
        kind = rng.random()
        if kind < 0.12:  # lettering that runs up the side
            wide = h * rng.uniform(0.12, 0.22)
            strip = np.zeros((int(wide * 1.6), int(h * rng.uniform(0.8, 1.4)), 3), np.uint8)
            parts.word(rng, strip, parts.random_word(rng)[:10], strip.shape[1] / 2, strip.shape[0] / 2, wide, (255,) * 3, strip.shape[1])
            strip = cv2.rotate(strip[..., 0], pick(rng, (cv2.ROTATE_90_CLOCKWISE, cv2.ROTATE_90_COUNTERCLOCKWISE)))
            parts.stamp(img, strip, x0 + wide / 2 if left else x1 - wide / 2, (y0 + y1) / 2, ink)
        elif kind < 0.25:  # stickers at the end of the band
            parts.sticker(rng, img, cx, y0 + h * rng.uniform(0.2, 0.8), wide * 0.9, h * rng.uniform(0.25, 0.6))
        elif kind < 0.5:
            n = int(rng.integers(2, 4))
            small = int(h / n * rng.uniform(0.6, 0.85))
            wide = small
            cx = x0 + wide / 2 if left else x1 - wide / 2
            for i in range(n):
                parts.word(rng, img, ALPHABET[int(rng.integers(10, 36))], cx, y0 + h * (i + 0.5) / n, small, ink, face=face)
        else:
            parts.emblem(rng, img, cx, (y0 + y1) / 2, wide * 0.5, h * rng.uniform(0.3, 0.6), base, ink)
        if left:
            x0 += wide + 0.06 * h
        else:
            x1 -= wide + 0.06 * h
    return x0, y0, x1, y1


def fill_gaps(rng, img, gaps, box, base, ink):
    """What stands between the groups: nothing, a dash-like dot, an emblem or a sticker."""
    _, y0, _, y1 = box
    h = y1 - y0
    kind = rng.random()
    for a, b in gaps:
        wide, cx, cy = b - a, (a + b) / 2, (y0 + y1) / 2 + rng.normal(0, 0.04) * h
        if kind < 0.24 or wide < 4:
            continue
        if kind < 0.36:
            parts.blend(img, cv2.circle(np.zeros(img.shape[:2], np.uint8), (int(cx), int(cy)), max(1, int(0.07 * h)), 255, -1), ink)
        elif kind < 0.75:
            parts.emblem(rng, img, cx, cy, wide * rng.uniform(0.3, 0.55), h * rng.uniform(0.12, 0.42), base, ink)
        else:
            s = min(wide * 0.95, h * 0.5)
            parts.sticker(rng, img, cx, cy - h * 0.2 * (rng.random() < 0.4), s, s * rng.uniform(0.7, 1.2))
            if rng.random() < 0.3:
                parts.sticker(rng, img, cx, cy + h * 0.3, s, s * 0.6)


def draw_american(rng, jurisdiction="US"):
    """A 12 x 6 inch plate of an invented design."""
    h, w = 168, 336
    img, base, ink = base_paint(rng, h, w)
    face = random_face(rng, system_share=0.25)
    templates = {"US": US, "CA": CA, "MX": MX}[jurisdiction]
    text = random_text(rng, templates, 0.3 if jurisdiction == "US" else 0.2)
    char_h = h * rng.uniform(0.36, 0.54)
    mid = h * rng.uniform(0.47, 0.58)
    edge = rng.uniform(0.02, 0.09)
    box = (w * edge, mid - char_h / 2, w * (1 - edge), mid + char_h / 2)
    if rng.random() < 0.12:  # a coloured strip at the top or bottom
        y = 0 if rng.random() < 0.5 else int(h * 0.8)
        cv2.rectangle(img, (0, y), (w, y + int(h * rng.uniform(0.1, 0.22))), colour(rng, "vivid"), -1)
    box = side_marks(rng, img, box, ink, base, face)
    mask = np.zeros((h, w), np.uint8)
    gaps, _ = lay_text(rng, mask, face, text, box, char_h, fill=rng.uniform(0.7, 1.0) if rng.random() < 0.7 else None,
                       separator=rng.uniform(0.25, 0.9))
    if rng.random() < 0.85:  # the state's name and a slogan
        accent = pick(rng, (ink, colour(rng, "vivid"), colour(rng, "dark")))
        if rng.random() < 0.9:
            parts.word(rng, img, parts.random_word(rng), w * rng.uniform(0.42, 0.58), h * rng.uniform(0.08, 0.16),
                       h * rng.uniform(0.07, 0.17), accent, w * 0.6)
        if rng.random() < 0.75:
            parts.word(rng, img, parts.random_word(rng), w * rng.uniform(0.42, 0.58), h * rng.uniform(0.86, 0.93),
                       h * rng.uniform(0.06, 0.12), accent, w * 0.62)
    fill_gaps(rng, img, gaps, box, base, ink)
    img = ink_characters(rng, img, mask, ink)
    for cx, cy in ((0.09, 0.12), (0.91, 0.12), (0.09, 0.9), (0.91, 0.9)):
        if rng.random() < 0.35:
            s = h * rng.uniform(0.1, 0.2)
            parts.sticker(rng, img, w * cx, h * cy, s * rng.uniform(1, 1.8), s)
    if rng.random() < 0.4:
        cv2.rectangle(img, (2, 2), (w - 3, h - 3), pick(rng, (ink, colour(rng, "dark"), (230, 230, 230))), int(rng.integers(1, 4)))
    parts.bolts(rng, img)
    if rng.random() < 0.25:
        parts.dirt(rng, img)
    if rng.random() < 0.6:
        parts.round_off(rng, img)
    if rng.random() < 0.4:
        parts.dealer_frame(rng, img)
    return Plate(img, target(text, face), jurisdiction)


def draw_plate(rng):
    from . import layouts  # the other regions build on this module
    r = rng.random()
    if r < 0.04:
        return layouts.draw_nothing(rng)
    if r < 0.21:
        return layouts.draw_brazilian(rng)
    if r < 0.34:
        return layouts.draw_european(rng)
    return draw_american(rng, "US" if r < 0.84 else "CA" if r < 0.91 else "MX")
