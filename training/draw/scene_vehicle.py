"""Procedural backgrounds, vehicle rears and fronts, and things that are not plates, for the detector's scenes.

Everything is drawn with plain OpenCV shapes. It need not look real to a person: it has to surround a plate with the edges a
detector meets there (bumpers, recesses, lamps, grilles, badges), and to show the same things without any plate.
"""
import cv2
import numpy as np

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
BODY_COLOURS = ((235, 235, 235), (200, 202, 205), (150, 152, 155), (90, 92, 95), (30, 31, 33), (15, 15, 17), (120, 20, 22),
                (170, 30, 30), (25, 45, 110), (50, 80, 130), (60, 75, 60), (140, 120, 90), (190, 175, 140), (200, 150, 40))
FONTS = (cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_DUPLEX, cv2.FONT_HERSHEY_TRIPLEX, cv2.FONT_HERSHEY_COMPLEX)


def colour(rgb, rng, spread=25):
    return tuple(int(np.clip(c + rng.normal(0, spread * 0.4) + rng.normal(0, spread), 0, 255)) for c in rgb)


def smooth_noise(rng, height, width, cells, amount):
    small = rng.normal(0, amount, (max(2, cells * height // width + 1), max(2, cells), 1)).astype(np.float32)
    return cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)[..., None]


def words(rng, low=3, high=9):
    return "".join(rng.choice(list(LETTERS), rng.integers(low, high)))


def rect(canvas, x0, y0, x1, y1, rgb):
    cv2.rectangle(canvas, (int(x0), int(y0)), (int(x1), int(y1)), rgb, -1, cv2.LINE_AA)


def poly(canvas, points, rgb):
    cv2.fillPoly(canvas, [np.round(np.asarray(points, np.float64) * 16).astype(np.int32)], rgb, cv2.LINE_AA, 4)


def lettering(canvas, rng, x, y, height, text, rgb):
    font = FONTS[rng.integers(len(FONTS))]
    scale = max(height, 3) / 22.0
    cv2.putText(canvas, text, (int(x), int(y)), font, scale, rgb, max(1, int(round(scale * rng.uniform(1, 3)))), cv2.LINE_AA)


def background(rng, width, height):
    """A street-like blur: a bright upper part, asphalt below, slabs and speckle in between."""
    horizon = rng.uniform(0.1, 0.7)
    top, low = rng.uniform(60, 250), rng.uniform(25, 150)
    rows = np.linspace(0, 1, height)[:, None, None]
    canvas = np.where(rows < horizon, top + (rows - horizon) * rng.uniform(-80, 80), low + rows * rng.uniform(-20, 40))
    canvas = canvas * rng.uniform(0.85, 1.1, 3)[None, None, :] * np.ones((1, width, 1))
    canvas = np.ascontiguousarray(np.clip(canvas, 0, 255).astype(np.uint8))
    for _ in range(rng.integers(0, 14)):
        x, y = rng.uniform(-0.2, 1) * width, rng.uniform(-0.2, 1) * height
        w, h = rng.uniform(0.02, 0.5) * width, rng.uniform(0.02, 0.5) * height
        base = int(rng.integers(0, 256))
        rect(canvas, x, y, x + w, y + h, colour((base, base, base), rng, 20))
    if rng.random() < 0.6:
        canvas = cv2.GaussianBlur(canvas, (0, 0), rng.uniform(0.5, 4))
    noise = smooth_noise(rng, height, width, 12, 10) + rng.normal(0, rng.uniform(0, 12), (height, width, 1))
    return np.clip(canvas + noise, 0, 255).astype(np.uint8)


def lamp(canvas, rng, x, y, w, h, front):
    shade = (int(rng.integers(150, 255)),) * 3 if front else (int(rng.integers(90, 256)), int(rng.integers(0, 60)), int(rng.integers(0, 50)))
    if rng.random() < 0.4:
        cv2.ellipse(canvas, (int(x + w / 2), int(y + h / 2)), (max(1, int(w / 2)), max(1, int(h / 2))), 0, 0, 360, shade, -1, cv2.LINE_AA)
    else:
        slant = rng.uniform(-0.3, 0.3) * w
        poly(canvas, ((x + slant, y), (x + w, y + rng.uniform(0, 0.3) * h), (x + w - slant, y + h), (x, y + h)), shade)
    if rng.random() < 0.6:  # reverse light or turn signal inside the lamp
        rect(canvas, x + w * 0.2, y + h * rng.uniform(0.2, 0.6), x + w * 0.8, y + h * 0.8, colour((230, 200, 170), rng, 40))


def slats(canvas, rng, x0, y0, x1, y1, dark, light):
    """A grille or vent: horizontal bars, vertical bars or a mesh."""
    rect(canvas, x0, y0, x1, y1, dark)
    kind = rng.integers(3)
    step = max(2.0, (y1 - y0) / rng.uniform(2.5, 7))
    if kind in (0, 2):
        for y in np.arange(y0, y1, step):
            rect(canvas, x0, y, x1, y + step * 0.35, light)
    if kind in (1, 2):
        for x in np.arange(x0, x1, step * rng.uniform(0.7, 1.6)):
            rect(canvas, x, y0, x + step * 0.3, y1, light)


def vehicle(canvas, rng, cx, cy, plate_w, plate_h):
    """Draws a rear or front around the place of a plate centred at (cx, cy); returns the body colour."""
    car = plate_w * rng.uniform(4.3, 7.5)
    body = colour(BODY_COLOURS[rng.integers(len(BODY_COLOURS))], rng, 12)
    dark = tuple(int(c * rng.uniform(0.25, 0.7)) for c in body)
    front = rng.random() < 0.35
    on_bumper = rng.random() < (0.8 if front else 0.4)
    left, right = cx - car * rng.uniform(0.42, 0.58), cx + car * rng.uniform(0.42, 0.58)
    bumper_top = cy - plate_h * rng.uniform(0.6, 1.2) if on_bumper else cy + plate_h * rng.uniform(0.6, 1.6)
    bottom = bumper_top + car * rng.uniform(0.12, 0.25) + (plate_h if on_bumper else 0)
    belt = min(bumper_top, cy - plate_h) - car * rng.uniform(0.1, 0.28)
    roof = belt - car * rng.uniform(0.15, 0.45)
    rect(canvas, left - car * 0.03, bottom - car * 0.02, right + car * 0.03, bottom + car * rng.uniform(0.03, 0.09), (14, 14, 15))
    for side in (left + car * 0.02, right - car * 0.17):
        rect(canvas, side, bottom - car * 0.05, side + car * 0.15, bottom + car * 0.1, (18, 18, 19))
    inset = car * rng.uniform(0.0, 0.14)
    poly(canvas, ((left + inset, roof), (right - inset, roof), (right, belt), (right, bottom), (left, bottom), (left, belt)), body)
    glass = colour((55, 60, 68), rng, 22)
    poly(canvas, ((left + inset + car * 0.05, roof + car * 0.03), (right - inset - car * 0.05, roof + car * 0.03),
                  (right - car * 0.05, belt - car * 0.01), (left + car * 0.05, belt - car * 0.01)), glass)
    if rng.random() < 0.4:
        poly(canvas, ((cx, roof + car * 0.03), (cx + car * 0.15, roof + car * 0.03), (cx - car * 0.1, belt), (cx - car * 0.3, belt)),
             colour(glass, rng, 30))
    if rng.random() < 0.7:
        rect(canvas, left, bumper_top, right, bottom, dark if rng.random() < 0.5 else colour(body, rng, 14))
    cv2.line(canvas, (int(left), int(bumper_top)), (int(right), int(bumper_top)), dark, max(1, int(car / 150)), cv2.LINE_AA)
    lamp_w, lamp_h = car * rng.uniform(0.08, 0.22), car * rng.uniform(0.05, 0.2)
    lamp_y = belt + (bumper_top - belt) * rng.uniform(0.0, 0.6)
    lamp(canvas, rng, left + car * 0.01, lamp_y, lamp_w, lamp_h, front)
    lamp(canvas, rng, right - car * 0.01 - lamp_w, lamp_y, lamp_w, lamp_h, front)
    if front or rng.random() < 0.12:
        half = car * rng.uniform(0.12, 0.32)
        y0 = lamp_y if rng.random() < 0.6 else bumper_top + car * 0.03
        slats(canvas, rng, cx - half, y0, cx + half, y0 + car * rng.uniform(0.06, 0.18), colour((25, 25, 27), rng, 8),
              colour((120, 120, 122), rng, 60))
    if rng.random() < 0.75:  # recess of the plate
        gx, gy = plate_w * rng.uniform(0.55, 0.95), plate_h * rng.uniform(0.55, 1.1)
        shade = dark if rng.random() < 0.6 else tuple(min(255, int(c * rng.uniform(0.8, 1.15))) for c in body)
        slant = plate_w * rng.uniform(-0.1, 0.2)
        poly(canvas, ((cx - gx, cy - gy), (cx + gx, cy - gy), (cx + gx - slant, cy + gy), (cx - gx + slant, cy + gy)), shade)
    if rng.random() < 0.5:  # chrome strip or handle above the plate
        tone = int(rng.integers(20, 255))
        y = cy - plate_h * rng.uniform(0.65, 1.0)
        rect(canvas, cx - plate_w * rng.uniform(0.5, 1.3), y - plate_h * rng.uniform(0.08, 0.2), cx + plate_w * rng.uniform(0.5, 1.3), y, (tone,) * 3)
    for _ in range(rng.integers(0, 4)):  # badges, dealer names, bumper stickers
        side = rng.choice((-1, 1))
        x = cx + side * plate_w * rng.uniform(0.8, 2.0) - plate_w * 0.25
        tone = int(rng.integers(0, 256))
        lettering(canvas, rng, x, cy + plate_h * rng.uniform(-1.4, 1.3), plate_h * rng.uniform(0.12, 0.35), words(rng), (tone,) * 3)
        if rng.random() < 0.3:
            y = cy + plate_h * rng.uniform(-1.2, 1.5)
            rect(canvas, x, y, x + plate_w * rng.uniform(0.15, 0.5), y + plate_h * rng.uniform(0.15, 0.4), colour((200, 200, 200), rng, 60))
    if rng.random() < 0.6:
        radius = max(1, int(plate_h * rng.uniform(0.12, 0.35)))
        cv2.circle(canvas, (int(cx), int(cy - plate_h * rng.uniform(1.0, 1.9))), radius, colour((190, 190, 190), rng, 30), -1, cv2.LINE_AA)
    gradient = 1 + np.linspace(rng.uniform(-0.25, 0.35), rng.uniform(-0.4, 0.1), canvas.shape[0], dtype=np.float32)[:, None, None]
    canvas[:] = np.clip(canvas * gradient + smooth_noise(rng, *canvas.shape[:2], 8, 7), 0, 255).astype(np.uint8)
    return body


def distractor(canvas, rng):
    """One thing that is not a plate: sign, lettering, phone number, sticker, vent, lamp, blank panel, window rows, stripes."""
    height, width = canvas.shape[:2]
    size = float(np.exp(rng.uniform(np.log(14), np.log(150))))
    x, y = rng.uniform(-0.05, 0.95) * width, rng.uniform(0, 0.95) * height
    light, dark = colour((215, 215, 210), rng, 30), colour((35, 35, 38), rng, 30)
    if rng.random() < 0.4:
        light, dark = dark, light
    kind = rng.integers(10)
    if kind == 0:  # lettering straight on whatever is there, or a phone number
        text = words(rng, 3, 12) if rng.random() < 0.6 else "".join(str(d) for d in rng.integers(0, 10, rng.integers(7, 11)))
        lettering(canvas, rng, x, y, size * rng.uniform(0.15, 0.45), text, light)
    elif kind == 1:  # sign with several lines
        w, h = size, size * rng.uniform(0.5, 1.5)
        rect(canvas, x, y, x + w, y + h, light)
        lines = int(rng.integers(2, 6))
        for line in range(lines):
            lettering(canvas, rng, x + w * 0.06, y + h * (line + 0.8) / lines, h / lines * 0.5, words(rng, 3, 11)[: int(9 * w / h) + 2], dark)
    elif kind == 2:  # round sign
        radius = max(3, int(size * 0.4))
        cv2.circle(canvas, (int(x), int(y)), radius, colour((200, 30, 30), rng, 15), -1, cv2.LINE_AA)
        cv2.circle(canvas, (int(x), int(y)), int(radius * 0.78), (235, 235, 235), -1, cv2.LINE_AA)
        lettering(canvas, rng, x - radius * 0.5, y + radius * 0.3, radius * 0.7, str(rng.integers(2, 13) * 10), (20, 20, 20))
    elif kind == 3:
        slats(canvas, rng, x, y, x + size, y + size * rng.uniform(0.2, 0.8), dark, light)
    elif kind == 4:
        lamp(canvas, rng, x, y, size * rng.uniform(0.3, 0.9), size * rng.uniform(0.15, 0.6), rng.random() < 0.4)
    elif kind == 5:  # blank panel shaped like a plate, perhaps with a rim
        h = size * rng.uniform(0.2, 0.7)
        rect(canvas, x, y, x + size, y + h, light)
        if rng.random() < 0.5:
            cv2.rectangle(canvas, (int(x), int(y)), (int(x + size), int(y + h)), dark, max(1, int(size / 30)), cv2.LINE_AA)
    elif kind == 6:  # tall or very long lettered panel
        w, h = (size * 0.35, size) if rng.random() < 0.4 else (size * 2, size * rng.uniform(0.12, 0.22))
        rect(canvas, x, y, x + w, y + h, light)
        lettering(canvas, rng, x + w * 0.04, y + h * 0.8, min(h * 0.6, w / 6), words(rng, 5, 14), dark)
    elif kind == 7:  # row of windows
        for i in range(rng.integers(2, 7)):
            rect(canvas, x + i * size * 0.5, y, x + (i + 0.8) * size * 0.5, y + size * 0.5, light)
    elif kind == 8:  # hazard stripes
        for i in range(rng.integers(3, 9)):
            x0 = x + i * size * 0.2
            poly(canvas, ((x0, y), (x0 + size * 0.1, y), (x0 + size * 0.2, y + size * 0.2), (x0 + size * 0.1, y + size * 0.2)), light)
    else:  # badge text beside an emblem
        cv2.ellipse(canvas, (int(x), int(y)), (max(2, int(size * 0.2)), max(2, int(size * 0.12))), 0, 0, 360, light, -1, cv2.LINE_AA)
        lettering(canvas, rng, x + size * 0.3, y, size * 0.15, words(rng, 2, 8), light)
