"""Plate characters drawn from coordinates.

A `Face` fixes all choices (radius, pen, variants) for one plate, because a real
plate is stamped with one set of dies.  The strokes themselves are in dies.py.
"""
import functools
import glob
import os

import cv2
import numpy as np

from .dies import DIES

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

try:  # system fonts are extra variety only; the strokes below suffice
    from PIL import Image, ImageDraw, ImageFont
except ImportError:  # pragma: no cover
    ImageFont = None

# name: (width/height, stroke/height, corner radius/height, share of square pens)
FAMILIES = {
    "die": ((0.36, 0.52), (0.085, 0.135), (0.15, 0.26), 0.06),
    "wide": ((0.50, 0.68), (0.11, 0.18), (0.2, 0.4), 0.2),
    "european": ((0.46, 0.60), (0.11, 0.15), (0.10, 0.3), 0.2),
    "mercosur": ((0.48, 0.60), (0.12, 0.16), (0.12, 0.3), 0.3),
    "round": ((0.42, 0.6), (0.09, 0.16), (0.3, 0.5), 0.1),
    "square": ((0.42, 0.58), (0.09, 0.14), (0.07, 0.14), 0.3),
    "stamped": ((0.48, 0.68), (0.12, 0.18), (0.06, 0.17), 0.1),
    # Brazil's grey series: 63 mm high, some 45 mm wide, strokes of 10 mm (Contran resolution 231, annex)
    "mandatory": ((0.62, 0.78), (0.13, 0.18), (0.14, 0.30), 0.15),
}
FULL_BOWLS = "023689OQCGS"
WIDE_SHARE = {"M": 1.16, "W": 1.2, "Q": 1.02, "J": 0.9, "L": 0.92, "1": 0.9}


def _round_corners(points, radius, closed):
    """Polyline with its marked corners replaced by short curves."""
    n, out = len(points), []
    for i, q in enumerate(points):
        x, y, k = q[0], q[1], q[2]
        if k <= 0 or (not closed and i in (0, n - 1)):
            out.append((x, y))
            continue
        a, b = points[i - 1], points[(i + 1) % n]
        da, db = np.hypot(a[0] - x, a[1] - y), np.hypot(b[0] - x, b[1] - y)
        ra = min(radius * k, da * (0.5 if a[2] > 0 else 0.98))
        rb = min(radius * k, db * (0.5 if b[2] > 0 else 0.98))
        ax, ay = x + (a[0] - x) * ra / max(da, 1e-6), y + (a[1] - y) * ra / max(da, 1e-6)
        bx, by = x + (b[0] - x) * rb / max(db, 1e-6), y + (b[1] - y) * rb / max(db, 1e-6)
        for t in (0.0, 0.17, 0.36, 0.5, 0.64, 0.83, 1.0):
            # a cubic whose handles reach 55 % of the way is close to a circle arc
            u, h = 1 - t, 0.55
            c1x, c1y, c2x, c2y = ax + (x - ax) * h, ay + (y - ay) * h, bx + (x - bx) * h, by + (y - by) * h
            out.append((u**3 * ax + 3 * u * u * t * c1x + 3 * u * t * t * c2x + t**3 * bx,
                        u**3 * ay + 3 * u * u * t * c1y + 3 * u * t * t * c2y + t**3 * by))
    return out


def _upright_corners(points, closed):
    """Sharp corners and ends of upright or level strokes: where a square-cut die differs from a round pen."""
    n, out = len(points), []
    for i, q in enumerate(points):
        near = [points[j % n] for j in (i - 1, i + 1) if closed or 0 <= j < n]
        if q[2] <= 0 and all(min(abs(q[0] - r[0]), abs(q[1] - r[1])) < 0.015 for r in near):
            out.append(q[:2])
    return out


class Face:
    """One set of dies: `glyph(character, height)` gives a grey mask of that height."""

    def __init__(self, rng, family=None):
        names = list(FAMILIES)
        self.family = family or names[rng.choice(len(names), p=(0.37, 0.13, 0.11, 0.10, 0.15, 0.07, 0.04, 0.03))]
        widths, strokes, radii, square = FAMILIES[self.family]
        self.width, self.stroke = rng.uniform(*widths), rng.uniform(*strokes)
        self.radius, self.square = rng.uniform(*radii), rng.random() < square
        u = lambda a, b: rng.uniform(a, b)
        keys = ("a_top", "g_spur", "i_serif", "j_serif", "k_kind", "q_kind", "r_leg", "y_kind", "zero", "one",
                "one_base", "two", "three", "four", "six", "seven", "seven_lip")
        self.p = {k: rng.random() for k in keys}
        self.p.update(bar=u(0.58, 0.78), a_flat=u(0.3, 0.46), waist=u(0.43, 0.52), g_bar=u(0.45, 0.75),
                      serif=u(0.25, 0.5), j_hook=u(0.6, 0.82), k_join=u(0.5, 0.72), m_dip=u(0.35, 1.0),
                      r_waist=u(0.48, 0.58), s_tilt=u(-0.02, 0.06), open=u(0.18, 0.32), w_lean=u(0.0, 0.28),
                      m_lean=max(0, u(-0.15, 0.14)), four_stem=u(0.64, 0.92),
                      y_join=u(0.42, 0.58), flag=u(0.2, 0.4), three_bar=u(0.25, 0.55), four_bar=u(0.62, 0.8),
                      five=u(0.38, 0.46), nine=u(0.52, 0.62), seven_foot=u(0.15, 0.46), two_knee=u(0.24, 0.5), two_open=u(0.1, 0.34), eight=u(0.0, 0.1),
                      e_arm=u(0.7, 0.98))
        # many dies stamp O and 0 alike; the target then cannot tell them apart
        self.o_is_zero = rng.random() < 0.45
        self.zero_narrow = u(0.8, 0.92) if not self.o_is_zero else 1.0
        if self.o_is_zero:
            self.p["zero"] = 1.0
        if self.p["i_serif"] >= 0.5:  # a bare bar may be I or 1, not both
            self.p["one"] = 0.3 + 0.7 * self.p["one"]
        self.o_round = u(1.3, 2.2)
        self.sharp = self.family in ("square", "stamped") or rng.random() < 0.6
        # 0, 2, S and the like are rounder than B, D and P in most dies, and must be where D has soft corners
        self.full_bowl = u(0.9, 1.5) if self.sharp or self.square else u(1.25, 1.9)
        self.i_width = u(0.45, 0.95)
        self.wobble = rng.normal(0, 0.018, (2, 4)) if rng.random() < 0.33 else None
        self.slant = rng.normal(0, 0.06) if rng.random() < 0.06 else 0.0
        self.cache = {}

    def relative_width(self, ch):
        w = self.width * WIDE_SHARE.get(ch, 1.0)
        if ch == "I":
            w *= self.i_width if self.p["i_serif"] < 0.5 else 0.25
        elif ch == "1":
            w *= 0.25 if self.p["one"] < 0.3 and self.p["one_base"] >= 0.45 else 0.75
        elif ch == "0":
            w *= self.zero_narrow
        elif ch in "-.":
            w *= 0.55
        return w

    def glyph(self, ch, height):
        key = (ch, height)
        if key not in self.cache:
            self.cache[key] = self._draw(ch, height)
        return self.cache[key]

    def _place(self, line, scale, offset, height):
        """Unit coordinates to pixels, through this face's warp and slant."""
        if self.wobble is not None:
            a, b = self.wobble
            gx, gy = line[:, 0] * 3, line[:, 1] * 3
            line = line + np.stack([a[0] * np.sin(gy + a[1] * 99) + a[2] * np.sin(2 * gy + a[3] * 99),
                                    b[0] * np.sin(gx + b[1] * 99) + b[2] * np.sin(gy + b[3] * 99)], 1)
        line = line * scale + offset
        line[:, 0] += self.slant * (height / 2 - line[:, 1])
        return line

    def _draw(self, ch, height):
        pen = max(1.0, self.stroke * height)
        box_w = max(pen + 1, self.relative_width(ch) * height)
        inner_w, inner_h = max(0.5, box_w - pen), height - pen
        w = inner_w / inner_h
        radius = self.radius * (self.full_bowl if ch in FULL_BOWLS else 1.0)
        radius *= self.o_round if ch == "O" and not self.o_is_zero else 1.0
        margin = 2
        img = np.zeros((int(height * 1.1) + 2 * margin, int(np.ceil(box_w)) + 2 * margin), np.uint8)
        place = lambda line: self._place(np.array(line, np.float32), inner_h, pen / 2 + margin, height)
        for path in DIES[ch](self.p):
            closed = path[-1] == "close"
            pts = [(q[0] * w, q[1], q[2] if len(q) > 2 else 0.0) for q in (path[:-1] if closed else path)]
            fixed = np.round(place(_round_corners(pts, radius, closed)) * 16).astype(np.int32).reshape(-1, 1, 2)
            if self.square:
                cv2.polylines(img, [fixed], closed, 255, 1, cv2.LINE_8, 4)
                continue
            cv2.polylines(img, [fixed], closed, 255, max(1, int(round(pen))), cv2.LINE_AA, 4)
            corners = _upright_corners(pts, closed) if self.sharp else ()
            for x, y in place(corners) if len(corners) else ():
                a, b = np.round((x - pen / 2, y - pen / 2)).astype(int), np.round((x + pen / 2, y + pen / 2)).astype(int) - 1
                cv2.rectangle(img, tuple(int(v) for v in a), tuple(int(v) for v in b), 255, -1)
        if self.square:
            k = max(1, int(round(pen)))
            img = cv2.dilate(img, np.ones((k, k), np.uint8))
        return img


class SystemFace:
    """The same interface over a font of the operating system."""

    def __init__(self, rng, path):
        self.path, self.family, self.o_is_zero = path, "system", False
        self.stretch = rng.uniform(0.75, 1.1)
        self.thicken = int(rng.integers(0, 3)) if rng.random() < 0.3 else 0

    def glyph(self, ch, height):
        m = system_glyph(self.path, ch)
        img = cv2.resize(m, (max(2, int(m.shape[1] * self.stretch * height / 100)), int(height * m.shape[0] / 100)),
                         interpolation=cv2.INTER_AREA)
        return cv2.dilate(img, np.ones((1 + self.thicken, 1 + self.thicken), np.uint8)) if self.thicken else img


@functools.lru_cache(maxsize=1)
def system_fonts():
    """Sans faces that look like plate lettering, if any are installed."""
    if ImageFont is None:
        return ()
    skip = ("italic", "oblique", "thin", "hairline", "light", "symbol", "math", "z003", "mono", "d050000l", "emoji",
            "noto", "script", "-it", "music", "serif", "roman", "schola", "bonum", "chorus", "c059", "p052", "bookman")
    # packages that names of states are lettered with; no registration is stamped in them
    lettering = ("adf", "arapey", "bajaderka", "breip", "bwht", "century", "comic", "dancing", "dustin", "garamond", "femke",
                 "georgewilliams", "gentium", "havana", "isabella", "kaushan", "kristi", "leckerli", "levien", "libertine", "lindenhill",
                 "lobster", "okolaks", "oldstandard", "quattrocento", "rufscript", "sortsmill", "staypuft", "texgyre", "vollkorn", "tex-gyre")
    found = []
    for ext in ("ttf", "otf"):
        found += glob.glob(f"/usr/share/fonts/**/*.{ext}", recursive=True)
    return tuple(sorted(f for f in found if not any(s in os.path.basename(f).lower() for s in skip)
                        and not any(s in os.path.dirname(f) for s in lettering)))


@functools.lru_cache(maxsize=64)
def _open_font(path):
    return ImageFont.truetype(path, 138)


@functools.lru_cache(maxsize=6000)
def system_glyph(path, ch):
    font = _open_font(path)
    top, bottom = font.getbbox("H")[1], font.getbbox("H")[3]
    img = Image.new("L", (240, 260), 0)
    ImageDraw.Draw(img).text((30, 30), ch, fill=255, font=font)
    a = np.asarray(img)
    cols = np.flatnonzero(a.max(0) > 40)
    if not len(cols):
        return np.zeros((100, 60), np.uint8)
    a = a[30 + top - 1:30 + bottom + 14, cols[0]:cols[-1] + 1]
    scale = 100 / max(1, bottom - top)
    return cv2.resize(a, (max(2, int(a.shape[1] * scale)), int(a.shape[0] * scale)), interpolation=cv2.INTER_AREA)


def random_face(rng, family=None, system_share=0.3):
    fonts = system_fonts()
    if fonts and rng.random() < system_share:
        return SystemFace(rng, fonts[rng.integers(len(fonts))])
    return Face(rng, family)
