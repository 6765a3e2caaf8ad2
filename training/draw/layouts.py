"""Brazilian and European plates, and things that are no plate at all."""
import cv2
import numpy as np

from . import parts
from .glyphs import random_face
from .parts import blend, colour, pick
from .plates import Plate, ink_characters, lay_text, target
from .texts import EU, fill, random_text

BLUE = ((0, 51, 153), (10, 60, 140), (20, 40, 120), (0, 70, 170))


def draw_brazilian(rng):
    """400 x 130 mm: the grey series with a city band, or the Mercosur series."""
    h, w = 130, 400
    mercosur = rng.random() < 0.35
    families = ("mercosur", "mercosur", "european", "stamped") if mercosur else ("mandatory", "mandatory", "mandatory", "stamped", "wide", "round")
    face = random_face(rng, pick(rng, families), system_share=0.15)
    mask = np.zeros((h, w), np.uint8)
    if mercosur:
        img = np.full((h, w, 3), int(rng.uniform(225, 255)), np.uint8)
        ink = pick(rng, ((15, 15, 20), (15, 15, 20), (190, 20, 30), (0, 90, 50), (20, 60, 160)))
        text = fill(rng, pick(rng, ("AAA9A99", "AAA9A99", "AAA9999", "AA999AA", "*******")))
        band = int(h * rng.uniform(0.2, 0.28))
        cv2.rectangle(img, (0, 0), (w, band), pick(rng, BLUE), -1)
        parts.word(rng, img, pick(rng, ("BRASIL", "ARGENTINA", "URUGUAY", parts.random_word(rng))), w / 2, band / 2, band * 0.6, (250, 250, 250))
        parts.emblem(rng, img, w * 0.94, band / 2, band * 0.45, band * 0.33, (20, 60, 160), (250, 220, 40))
        if rng.random() < 0.6:
            s = int(h * 0.14)
            code = cv2.resize(rng.integers(0, 2, (9, 9), dtype=np.uint8) * 255, (s, s), interpolation=cv2.INTER_NEAREST)
            img[band + 6:band + 6 + s, 8:8 + s] = code[..., None]
            parts.word(rng, img, "BR", 8 + s / 2, h * 0.86, h * 0.1, ink)
        box = (w * 0.07, band + 5, w * 0.97, h - 5)
        lay_text(rng, mask, face, text, box, (h - band) * rng.uniform(0.68, 0.86), fill=rng.uniform(0.85, 1))
    else:
        shade = rng.uniform(120, 225)
        img = np.empty((h, w, 3), np.uint8)
        img[:] = np.clip(np.array([shade] * 3) + rng.normal(0, 5, 3), 0, 255).astype(np.uint8)
        ink = (20, 20, 22)
        if rng.random() < 0.12:
            img[:] = pick(rng, ((170, 25, 30), (235, 235, 235)))
            ink = (240, 240, 240) if img[0, 0, 1] < 90 else (180, 20, 30)
        text = fill(rng, pick(rng, ("AAA.9999", "AAA.9999", "AAA.9999", "AAA-9999", "AAA 9999", "AA.9999", "*** ****")))
        city = "".join(pick(rng, "ABCDEFGIJLMNOPRSTUV") for _ in range(int(rng.integers(4, 12))))
        tag = "".join(pick(rng, "ABCEGMPRST") for _ in range(2)) + " " + pick(rng, (city, parts.random_word(rng)))
        parts.word(rng, img, tag, w / 2, h * rng.uniform(0.11, 0.18), h * rng.uniform(0.11, 0.17), ink, w * 0.7)
        if rng.random() < 0.5:
            cv2.rectangle(img, (int(w * 0.14), 3), (int(w * 0.86), int(h * 0.25)), ink, 1)
        lay_text(rng, mask, face, text, (w * 0.035, h * 0.24, w * 0.965, h * 0.97), h * rng.uniform(0.44, 0.66),
                 fill=rng.uniform(0.65, 1))
    img = ink_characters(rng, img, mask, ink)
    if rng.random() < 0.5:
        cv2.rectangle(img, (2, 2), (w - 3, h - 3), ink, int(rng.integers(1, 4)))
    for fx in (0.2, 0.38, 0.62, 0.8):  # wire seals and screws
        if rng.random() < 0.3:
            c = (int(w * (fx + rng.normal(0, 0.02))), int(h * pick(rng, (0.08, 0.12, 0.92, 0.96))))
            cv2.circle(img, c, int(rng.integers(3, 7)), pick(rng, ((30, 30, 30), (150, 150, 155), (200, 200, 60))), -1, cv2.LINE_AA)
    if rng.random() < 0.35:
        parts.dirt(rng, img)
    if rng.random() < 0.25:
        t = int(rng.integers(3, 9))
        cv2.rectangle(img, (0, 0), (w, h), (20, 20, 20), t)
    if rng.random() < 0.5:
        parts.round_off(rng, img)
    return Plate(img, target(text, face), "BR")


def _blue_band(rng, img, x0, x1, country):
    h = img.shape[0]
    cv2.rectangle(img, (int(x0), 0), (int(x1), h), pick(rng, BLUE), -1)
    cx, r = (x0 + x1) / 2, (x1 - x0) * 0.33
    if rng.random() < 0.85:
        for t in np.arange(12) * np.pi / 6:
            cv2.circle(img, (int(cx + r * np.cos(t)), int(h * 0.3 + r * np.sin(t))), 1, (250, 210, 40), -1, cv2.LINE_AA)
    else:
        parts.emblem(rng, img, cx, h * 0.3, r, r * 0.8, (0, 50, 150), (250, 210, 40))
    if country:
        parts.word(rng, img, country, cx, h * 0.76, h * rng.uniform(0.18, 0.26), (250, 250, 250), (x1 - x0) * 0.9)


def draw_european(rng):
    """520 x 110 mm with a country band, seals between groups, or British/Dutch yellow."""
    h, w = 110, 500
    base = (245, 245, 245) if rng.random() < 0.75 else pick(rng, ((250, 205, 30), (255, 190, 0), (235, 225, 120)))
    img = np.empty((h, w, 3), np.uint8)
    img[:] = base
    ink = (15, 15, 20) if rng.random() < 0.85 else pick(rng, ((0, 60, 40), (150, 20, 30), (20, 40, 130)))
    face = random_face(rng, pick(rng, ("european", "european", "die", "square", "wide", "round")), system_share=0.3)
    text = random_text(rng, EU, 0.25)
    x0, x1 = 8.0, w - 8.0
    if rng.random() < 0.8:
        x0 = w * rng.uniform(0.08, 0.11)
        _blue_band(rng, img, 0, x0, pick(rng, ("D", "F", "I", "E", "NL", "PL", "GB", "SK", "CZ", "RO", "A", "B", "H", "S", "")))
        x0 += 6
    if rng.random() < 0.2:
        x1 = w * 0.91
        _blue_band(rng, img, x1, w, "%02d" % rng.integers(1, 96))
        x1 -= 6
    mask = np.zeros((h, w), np.uint8)
    gaps, _ = lay_text(rng, mask, face, text, (x0, 6, x1, h - 6), h * rng.uniform(0.62, 0.8),
                       fill=rng.uniform(0.75, 1), separator=rng.uniform(0.25, 0.6))
    if gaps and rng.random() < 0.5:
        a, b = gaps[0]
        for fy in (0.3, 0.7):
            if rng.random() < 0.7:
                parts.emblem(rng, img, (a + b) / 2, h * fy, max(3, (b - a) * 0.42), h * 0.15, base, ink)
    img = ink_characters(rng, img, mask, ink)
    if rng.random() < 0.7:
        cv2.rectangle(img, (2, 2), (w - 3, h - 3), ink, int(rng.integers(1, 4)))
    if rng.random() < 0.3:
        parts.dirt(rng, img)
    if rng.random() < 0.25:
        d = int(h * rng.uniform(0.04, 0.12))
        cv2.rectangle(img, (0, h - d), (w, h), (20, 20, 22), -1)
        parts.word(rng, img, parts.random_word(rng), w / 2, h - d / 2, d * 0.7, (220, 220, 220), w * 0.6)
    return Plate(img, target(text, face), "EU")


def draw_nothing(rng):
    """What a detector may offer by mistake: grilles, lettering, blank or covered plates."""
    h, w = pick(rng, ((168, 336), (130, 400), (110, 500)))
    img = parts.gradient(rng, h, w, [colour(rng, pick(rng, ("dark", "light", "vivid"))) for _ in range(int(rng.integers(1, 5)))])
    kind = rng.random()
    if kind < 0.35:  # grille or louvres
        step, thick = int(rng.integers(8, 40)), int(rng.integers(2, 12))
        col = pick(rng, ((15, 15, 15), (200, 200, 205), colour(rng, "dark")))
        vertical = rng.random() < 0.6
        for p in range(int(rng.integers(step)), w if vertical else h, step):
            cv2.line(img, (p, 0) if vertical else (0, p), (p, h) if vertical else (w, p), col, thick, cv2.LINE_AA)
    elif kind < 0.6:  # a badge on paint
        parts.emblem(rng, img, w / 2, h / 2, w * rng.uniform(0.1, 0.4), h * rng.uniform(0.2, 0.45), (90, 90, 90), (200, 200, 200))
    elif kind < 0.8:
        img = parts.scenery(rng, img, rng.uniform(0.4, 1))
    else:  # a plate holder with a dealer's small lettering only
        parts.dealer_frame(rng, img)
        parts.bolts(rng, img)
        blend(img, parts.noise_map(rng, h, w, 5) // 3, (128, 128, 128))
    if rng.random() < 0.4:
        parts.dirt(rng, img)
    return Plate(img, "", "other")
