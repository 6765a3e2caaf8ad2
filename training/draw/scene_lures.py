"""Things that detectors take for plates: stickers, badges, rings, time stamps, lettered panels, dealer inserts; and shadows over plates."""
import cv2
import numpy as np

from draw.scene_vehicle import FONTS, colour, lettering, rect, words

DIGITS = "0123456789"


def number(rng, low, high):
    return "".join(rng.choice(list(DIGITS), rng.integers(low, high)))


def overlay(canvas, rng):
    """A camera's time stamp or name, at an edge of the picture."""
    height, width = canvas.shape[:2]
    size = rng.uniform(6, 20)
    text = {0: f"20{number(rng, 2, 3)}-{number(rng, 2, 3)}-{number(rng, 2, 3)} {number(rng, 2, 3)}:{number(rng, 2, 3)}:{number(rng, 2, 3)}",
            1: f"CAM {number(rng, 1, 3)}", 2: f"{words(rng, 3, 8)} {number(rng, 1, 4)}"}[int(rng.integers(3))]
    x = rng.uniform(0, 0.6) * width
    y = size * rng.uniform(1.1, 2) if rng.random() < 0.5 else height - size * rng.uniform(0.3, 1.5)
    if rng.random() < 0.35:
        rect(canvas, x - 3, y - size * 1.2, x + size * len(text) * 0.75, y + size * 0.3, (0, 0, 0) if rng.random() < 0.6 else (235, 235, 235))
    tone = (250, 250, 250) if rng.random() < 0.7 else (250, 220, 40)
    lettering(canvas, rng, x + 1, y + 1, size, text, (10, 10, 10))
    lettering(canvas, rng, x, y, size, text, tone)


def rings(canvas, rng, x, y, size):
    tone = colour((200, 202, 205), rng, 20)
    radius = max(3, int(size * 0.16))
    for i in range(4):
        cv2.circle(canvas, (int(x + i * radius * 1.5), int(y)), radius, tone, max(1, radius // 5), cv2.LINE_AA)


def sticker(canvas, rng, x, y, size):
    """A bumper sticker: a slogan in one or two lines, often of two colours, on a panel wider than a plate."""
    w, h = size, size * rng.uniform(0.2, 0.45)
    ground, ink = colour(rng.integers(0, 256, 3), rng, 5), colour(rng.integers(0, 256, 3), rng, 5)
    rect(canvas, x, y, x + w, y + h, ground)
    if rng.random() < 0.4:
        rect(canvas, x, y, x + w, y + h * rng.uniform(0.3, 0.6), ink)
        ink = ground if rng.random() < 0.5 else (240, 240, 240)
    lines = int(rng.integers(1, 4))
    for line in range(lines):
        text = " ".join(words(rng, 2, 7) for _ in range(rng.integers(2, 4)))
        lettering(canvas, rng, x + w * 0.05, y + h * (line + 0.75) / lines, min(h / lines * 0.5, w / len(text) * 1.1), text, ink)


def oval(canvas, rng, x, y, size):
    half = (max(3, int(size * 0.3)), max(2, int(size * 0.2)))
    tones = (colour((225, 225, 225), rng, 15), colour((25, 25, 30), rng, 15))
    cv2.ellipse(canvas, (int(x), int(y)), half, 0, 0, 360, tones[0], -1, cv2.LINE_AA)
    cv2.ellipse(canvas, (int(x), int(y)), half, 0, 0, 360, tones[1], max(1, int(size / 40)), cv2.LINE_AA)
    text = words(rng, 1, 4)
    lettering(canvas, rng, x - half[0] * 0.25 * len(text), y + half[1] * 0.4, half[1] * 0.9, text, tones[1])


def badge(canvas, rng, x, y, size):
    """A maker's name or a model's number in chrome letters, in raised capitals set wide, with no panel behind."""
    tone = colour((205, 207, 210), rng, 30) if rng.random() < 0.7 else colour((30, 30, 32), rng, 15)
    text = words(rng, 4, 9) if rng.random() < 0.5 else f"{words(rng, 1, 3)}{number(rng, 1, 4)} {words(rng, 1, 4)}"
    high, step = size * rng.uniform(0.08, 0.22), rng.uniform(0.85, 1.8)
    for i, letter in enumerate(text):
        lettering(canvas, rng, x + 1 + i * high * step, y + 1, high, letter, (15, 15, 16))
        lettering(canvas, rng, x + i * high * step, y, high, letter, tone)


def dealer(canvas, rng, x, y, size):
    """A plate holder with a dealer's name, a web address and no plate; the middle may be empty or an emblem."""
    w, h = size, size * rng.uniform(0.25, 0.55)
    tones = [colour(rng.integers(0, 256, 3), rng, 5), colour(rng.integers(0, 256, 3), rng, 5)]
    rect(canvas, x, y, x + w, y + h, tones[0])
    cv2.rectangle(canvas, (int(x), int(y)), (int(x + w), int(y + h)), tones[1], max(1, int(size / 25)), cv2.LINE_AA)
    lettering(canvas, rng, x + w * 0.1, y + h * 0.94, h * 0.13, f"WWW {words(rng, 5, 12)} COM", (240, 240, 240))
    if rng.random() < 0.7:
        font = FONTS[rng.integers(len(FONTS))]
        text = words(rng, 4, 9).title()
        scale = h * 0.35 / 22
        cv2.putText(canvas, text, (int(x + w * 0.12), int(y + h * 0.6)), font, scale, tones[1], max(1, int(2 * scale)), cv2.LINE_AA)


def advert(canvas, rng, x, y, size):
    """Lettering on a van or a shop: a name, below it a telephone number with dashes or a line of small print."""
    ink = colour((225, 225, 220), rng, 25) if rng.random() < 0.5 else colour((30, 30, 60), rng, 30)
    lettering(canvas, rng, x, y, size * 0.22, words(rng, 4, 11), ink)
    lettering(canvas, rng, x, y + size * 0.28, size * 0.16, f"{number(rng, 3, 4)}-{number(rng, 3, 4)}-{number(rng, 4, 5)}", ink)


def lure(canvas, rng):
    """One thing that is easily taken for a plate."""
    height, width = canvas.shape[:2]
    size = float(np.exp(rng.uniform(np.log(20), np.log(170))))
    x, y = rng.uniform(-0.05, 0.9) * width, rng.uniform(0.02, 0.95) * height
    kind = rng.random()
    if kind < 0.12:
        overlay(canvas, rng)
    else:
        (rings, sticker, oval, badge, dealer, advert, sticker)[int(rng.integers(7))](canvas, rng, x, y, size)


def shade(canvas, rng, quad):
    """An edge of shadow or of sun across a plate and what is around it."""
    middle, span = quad.mean(0), float(np.ptp(quad[:, 0]))
    angle = rng.uniform(0, 2 * np.pi)
    across = np.array((np.cos(angle), np.sin(angle)))
    at = middle + across * rng.uniform(-0.35, 0.35) * span * (abs(across) + 0.3)
    ys, xs = np.mgrid[:canvas.shape[0], :canvas.shape[1]].astype(np.float32)
    side = ((xs - at[0]) * across[0] + (ys - at[1]) * across[1]) / max(0.6, span * rng.uniform(0.005, 0.12))
    dark = (rng.uniform(0.25, 0.75) + (1 - rng.uniform(0.25, 0.75)) / (1 + np.exp(-np.clip(side, -30, 30))))[..., None]
    reach = np.exp(-(((xs - middle[0]) / (span * 2.5)) ** 4 + ((ys - middle[1]) / (span * 1.8)) ** 4))[..., None]
    canvas[:] = np.clip(canvas * (1 + (np.minimum(dark, 1.0) - 1) * reach), 0, 255).astype(np.uint8)
