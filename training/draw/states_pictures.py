"""Simple pictures that plates carry: animals, plants, hills, buildings. All are our own few-cornered shapes."""
import cv2
import numpy as np

from . import parts
from .parts import mix, pick

# corners in a box of -1..1, y down
OUTLINES = {
    "heart": ((0, -0.4), (0.4, -0.9), (0.95, -0.6), (0.8, 0.1), (0, 1), (-0.8, 0.1), (-0.95, -0.6), (-0.4, -0.9)),
    "bear": ((-1, 0.1), (-0.8, -0.3), (-0.4, -0.5), (0.3, -0.6), (0.7, -0.5), (1, -0.1), (0.9, 0.1), (0.7, 0.1), (0.6, 0.9), (0.4, 0.9), (0.3, 0.3), (-0.4, 0.3), (-0.5, 0.9), (-0.75, 0.9), (-0.8, 0.2)),
    "pelican": ((-0.9, -0.2), (-0.3, -0.3), (0, -0.9), (0.4, -0.9), (0.45, -0.6), (1, 0.1), (0.5, -0.2), (0.35, 0.3), (0.2, 0.9), (-0.1, 0.9), (-0.5, 0.5), (-1, 0.2)),
    "bird": ((-1, 0.5), (-0.5, 0), (-0.3, -0.5), (0.2, -0.8), (0.6, -0.7), (1, -0.5), (0.6, -0.4), (0.4, 0.2), (0, 0.6), (-0.1, 0.9), (-0.3, 0.6)),
    "bison": ((-1, 0), (-0.9, -0.3), (-0.2, -0.4), (0.3, -0.9), (0.7, -0.7), (1, -0.2), (0.95, 0.4), (0.7, 0.5), (0.5, 0.9), (0.4, 0.3), (-0.5, 0.2), (-0.6, 0.9), (-0.8, 0.9), (-0.85, 0.1)),
    "horse": ((-1, -0.8), (-0.5, -0.3), (0.2, -0.4), (0.5, -1), (0.95, -0.7), (0.7, -0.5), (0.6, 0), (1, 0.4), (0.8, 0.5), (0.3, 0.2), (-0.2, 0.3), (-0.5, 1), (-0.65, 0.9), (-0.6, 0.2)),
    "goat": ((-0.5, 1), (-0.6, 0), (-1, -0.4), (-0.6, -0.9), (0, -0.8), (0.5, -1), (1, -0.5), (0.7, -0.1), (0.5, 0.2), (0.3, 1)),
    "skull": ((-1, -1), (-0.7, -0.4), (0.7, -0.4), (1, -1), (0.9, -0.2), (0.4, 0), (0.3, 0.9), (-0.3, 0.9), (-0.4, 0), (-0.9, -0.2)),
    "fish": ((-1, -0.5), (-0.6, -0.1), (0, -0.5), (0.7, -0.3), (1, 0.05), (0.6, 0.4), (0, 0.5), (-0.6, 0.15), (-1, 0.6)),
    "lobster": ((-0.2, 1), (-0.3, 0), (-0.9, -0.3), (-0.8, -1), (-0.5, -0.5), (-0.2, -0.3), (0.2, -0.3), (0.5, -0.5), (0.8, -1), (0.9, -0.3), (0.3, 0), (0.2, 1)),
    "tree": ((-0.1, 1), (-0.1, 0.5), (-0.8, 0.4), (-0.9, -0.2), (-0.4, -0.8), (0.3, -1), (0.9, -0.4), (0.8, 0.3), (0.1, 0.5), (0.1, 1)),
    "pine": ((-0.1, 1), (-0.1, 0.75), (-0.7, 0.75), (-0.3, 0.2), (-0.5, 0.2), (-0.2, -0.35), (-0.32, -0.35), (0, -1), (0.32, -0.35), (0.2, -0.35), (0.5, 0.2), (0.3, 0.2), (0.7, 0.75), (0.1, 0.75), (0.1, 1)),
    "palm": ((-0.1, 1), (0, -0.3), (-0.5, 0.1), (-0.9, 0), (-0.5, -0.3), (-0.9, -0.5), (-0.3, -0.6), (0, -1), (0.3, -0.6), (0.9, -0.5), (0.5, -0.3), (0.9, 0), (0.5, 0.1), (0.1, -0.3), (0.15, 1)),
    "lighthouse": ((-0.4, 1), (-0.22, -0.5), (-0.35, -0.5), (-0.35, -0.65), (-0.2, -0.65), (0, -1), (0.2, -0.65), (0.35, -0.65), (0.35, -0.5), (0.22, -0.5), (0.4, 1)),
    "statue": ((-0.3, 1), (-0.25, 0), (-0.5, -0.2), (-0.45, -0.9), (-0.3, -1), (-0.25, -0.4), (0, -0.7), (0.2, -0.5), (0.3, 0), (0.35, 1)),
    "torch": ((-0.1, 1), (-0.25, -0.1), (-0.4, -0.2), (-0.2, -0.6), (0, -1), (0.2, -0.6), (0.4, -0.2), (0.25, -0.1), (0.1, 1)),
    "plane": ((-1, -0.3), (1, -0.5), (1, -0.35), (0.1, -0.2), (0.15, 0.15), (1, 0.1), (1, 0.25), (-1, 0.4), (-1, 0.25), (-0.2, 0.15), (-0.2, -0.15), (-1, -0.15)),
    "quill": ((-0.9, 1), (-0.6, 0.2), (0, -0.5), (0.9, -1), (0.5, -0.2), (0, 0.4), (-0.7, 0.7)),
    "ship": ((-0.9, 0.5), (-0.5, 0.45), (-0.5, -0.6), (0, -1), (0.1, 0.4), (0.3, -0.6), (0.7, 0.3), (1, 0.3), (0.7, 0.9), (-0.6, 0.9)),
    "anchor": ((-0.08, -1), (0.08, -1), (0.08, 0.7), (0.7, 0.3), (0.85, 0.6), (0, 1), (-0.85, 0.6), (-0.7, 0.3), (-0.08, 0.7)),
    "keystone": ((-0.9, -0.8), (-0.3, -1), (0.3, -1), (0.9, -0.8), (0.8, -0.4), (0.55, 1), (-0.55, 1), (-0.8, -0.4)),
    "diamond": ((0, -1), (1, 0), (0, 1), (-1, 0)), "triangle": ((-0.9, -0.9), (0.9, 0), (-0.9, 0.9)),
    "teepee": ((-0.8, 1), (-0.05, -0.8), (-0.15, -1), (0, -0.9), (0.15, -1), (0.05, -0.8), (0.8, 1)),
    "wagon": ((-0.9, 0.4), (-1, -0.5), (-0.5, -0.7), (0, -0.6), (0.5, -0.7), (1, -0.5), (0.9, 0.4), (0.6, 0.9), (0.3, 0.5), (-0.3, 0.5), (-0.6, 0.9)),
    "guitar": ((-0.2, 1), (-0.6, 0.6), (-0.3, 0.2), (-0.4, -0.1), (-0.08, -0.2), (-0.08, -1), (0.08, -1), (0.08, -0.2), (0.4, -0.1), (0.3, 0.2), (0.6, 0.6), (0.2, 1)),
    "skier": ((-0.9, 0.8), (-0.2, 0.3), (-0.4, -0.2), (-0.1, -0.9), (0.2, -0.8), (0.1, -0.3), (0.5, -0.2), (0.2, 0.4), (0.9, 0.9), (0.8, 1)),
    "archer": ((-0.3, 1), (-0.2, 0), (-0.5, -0.5), (-0.2, -0.6), (0.4, -1), (0.5, -0.9), (0, -0.4), (0.1, 0.1), (0.4, 1), (0.2, 1), (0, 0.4)),
    "miner": ((-0.6, 1), (-0.5, 0.2), (-0.9, 0), (-0.3, -0.4), (-0.3, -0.8), (0.1, -1), (0.3, -0.6), (0.6, -0.1), (1, 0.2), (0.9, 0.4), (0.4, 0.3), (0.5, 1)),
    "barn": ((-0.9, 1), (-0.9, -0.2), (-0.5, -0.8), (0, -1), (0.5, -0.8), (0.9, -0.2), (0.9, 1)), "balloon": ((-0.2, 1), (-0.8, 0), (-0.7, -0.7), (0, -1), (0.7, -0.7), (0.8, 0), (0.2, 1)),
    "portrait": ((-0.8, 1), (-0.6, 0.5), (-0.3, 0.4), (-0.5, -0.1), (-0.5, -0.7), (0, -1), (0.5, -0.7), (0.5, -0.1), (0.3, 0.4), (0.6, 0.5), (0.8, 1)),
    "cliff": ((-1, 1), (-1, -0.9), (0.1, -1), (0.3, -0.6), (0.7, -0.3), (0.4, 0), (0.5, 0.4), (0.1, 0.7), (0, 1)), "fleur": ((0, -1), (0.3, -0.3), (0.8, -0.5), (0.9, 0.1), (0.3, 0.3), (0.4, 1), (-0.4, 1), (-0.3, 0.3), (-0.9, 0.1), (-0.8, -0.5), (-0.3, -0.3)),
    "crown": ((-0.9, 0.8), (-1, -0.5), (-0.5, 0), (0, -0.9), (0.5, 0), (1, -0.5), (0.9, 0.8)), "pyramid": ((-1, 1), (-0.7, 0.5), (-0.5, 0.5), (-0.4, 0), (-0.2, 0), (-0.1, -0.5), (0.1, -0.5), (0.2, 0), (0.4, 0), (0.5, 0.5), (0.7, 0.5), (1, 1)),
    "peach": ((0, -0.7), (0.3, -1), (0.5, -0.7), (0.95, -0.2), (0.8, 0.5), (0.1, 1), (-0.6, 0.8), (-0.95, 0.1), (-0.7, -0.5)),
    "arch": ((-1, 1), (-0.9, -0.3), (-0.4, -0.9), (0.3, -1), (0.9, -0.4), (1, 1), (0.6, 1), (0.5, -0.1), (0, -0.5), (-0.4, -0.2), (-0.5, 1)),
}
ROUND = {"orange", "disc", "sun", "osage", "tristar", "rose", "flower"}
PLACES = {"left": (0.13, 0.52, 0.26), "right": (0.87, 0.52, 0.26), "tl": (0.1, 0.14, 0.11), "tr": (0.9, 0.14, 0.11), "bl": (0.1, 0.86, 0.11), "br": (0.9, 0.86, 0.11),
          "top": (0.5, 0.22, 0.14), "bottom": (0.5, 0.82, 0.14), "centre": (0.5, 0.52, 0.2)}
KINDS = tuple(OUTLINES) + ("orange", "sun", "flower", "star", "map", "shield", "cactus", "tower")


def _fill(img, points, col, cx, cy, rx, ry):
    pts = np.asarray(points, np.float32) * (rx, ry) + (cx, cy)
    cv2.fillPoly(img, [np.round(pts * 8).astype(np.int32)], col, cv2.LINE_AA, 3)


def figure(rng, img, kind, cx, cy, r, col):
    """One picture of half-height r (pixels) centred on cx, cy."""
    rx, ry = r * rng.uniform(0.8, 1.3), r * rng.uniform(0.85, 1.1)
    dark, light = mix(col, (10, 10, 20), 0.5), mix(col, (255, 255, 255), 0.5)
    if kind in ROUND:
        for i, k in enumerate((1, 0.6) if kind not in ("orange",) else (1,)):
            cv2.circle(img, (int(cx), int(cy)), max(1, int(r * k)), col if i == 0 else pick(rng, (light, dark)), -1, cv2.LINE_AA)
        if kind in ("flower", "rose"):
            for t in np.arange(5) * 1.2566:
                cv2.circle(img, (int(cx + r * 0.65 * np.cos(t)), int(cy + r * 0.65 * np.sin(t))), max(1, int(r * 0.42)), mix(col, light, rng.uniform(0, 0.6)), -1, cv2.LINE_AA)
        if kind == "orange":
            cv2.circle(img, (int(cx - r * 0.6), int(cy + r * 0.3)), max(1, int(r * 0.8)), mix(col, dark, 0.15), -1, cv2.LINE_AA)
            cv2.ellipse(img, (int(cx), int(cy - r * 0.9)), (max(1, int(r)), max(1, int(r * 0.35))), rng.uniform(-30, 30), 0, 360, (40, 130, 50), -1, cv2.LINE_AA)
    elif kind == "zia":
        cv2.circle(img, (int(cx), int(cy)), max(1, int(r * 0.4)), col, max(1, int(r * 0.12)), cv2.LINE_AA)
        for o in (-0.3, -0.1, 0.1, 0.3):
            for a, b in (((o, -1), (o, -0.45)), ((o, 0.45), (o, 1)), ((-1, o), (-0.45, o)), ((0.45, o), (1, o))):
                cv2.line(img, (int(cx + a[0] * r), int(cy + a[1] * r)), (int(cx + b[0] * r), int(cy + b[1] * r)), col, max(1, int(r * 0.1)), cv2.LINE_AA)
    elif kind in ("flag", "mdflag", "dcflag"):
        n = {"flag": 7, "mdflag": 4, "dcflag": 5}[kind]
        for i in range(n):
            y = cy - ry + 2 * ry * i / n
            c = ((235, 235, 235) if i % 2 else col) if kind != "mdflag" else pick(rng, ((20, 20, 20), (235, 190, 40), (190, 30, 40), (240, 240, 240)))
            cv2.rectangle(img, (int(cx - rx * 1.4), int(y)), (int(cx + rx * 1.4), int(y + 2 * ry / n)), c, -1)
        if kind == "flag":
            cv2.rectangle(img, (int(cx - rx * 1.4), int(cy - ry)), (int(cx - rx * 0.2), int(cy + ry * 0.1)), (25, 40, 110), -1)
    elif kind == "wheat":
        for i in range(int(rng.integers(1, 4))):
            x = cx + (i - 1) * r * 0.4
            cv2.line(img, (int(x), int(cy + r)), (int(x + rng.normal(0, r * 0.2)), int(cy - r)), dark, max(1, int(r * 0.08)), cv2.LINE_AA)
            for y in np.linspace(-0.9, 0.1, 6):
                cv2.ellipse(img, (int(x), int(cy + y * r)), (max(1, int(r * 0.22)), max(1, int(r * 0.1))), pick(rng, (35, -35)), 0, 360, col, -1, cv2.LINE_AA)
    elif kind in OUTLINES:
        mirror = -1 if rng.random() < 0.3 else 1
        pts = np.array(OUTLINES[kind]) + rng.normal(0, 0.04, (len(OUTLINES[kind]), 2))
        _fill(img, pts * (mirror, 1), col, cx, cy, rx, ry)
        if rng.random() < 0.4:
            _fill(img, pts * (mirror * 0.55, 0.55), pick(rng, (light, dark)), cx, cy, rx, ry)
    else:  # star, shield, cactus, tower, the outline of a state
        shape = {"map": "blob", "rushmore": "blob"}.get(kind, kind)
        shape = shape if shape in parts.SHAPES else "blob"
        cv2.fillPoly(img, [parts.outline(rng, shape, cx, cy, rx, ry)], col, cv2.LINE_AA)


def backdrop(rng, img, kind, col):
    """A picture over the whole plate, mostly pale."""
    h, w = img.shape[:2]
    layer = img.copy()
    if kind in ("range", "mountain", "skyline", "wave", "bridge"):
        base = rng.uniform(0.35, 0.9) * h
        high = rng.uniform(0.12, 0.35) * h
        n = int(rng.integers(5, 14)) if kind != "mountain" else 3
        xs = np.linspace(-0.05, 1.05, n) * w
        ys = base - high * rng.uniform(0, 1, n)
        if kind == "mountain":
            ys = np.array((base, base - high * 1.6, base))
        if kind in ("wave", "bridge"):
            xs = np.linspace(0, w, 20)
            ys = base - high * 0.4 * np.sin(xs / w * rng.uniform(4, 14) + rng.uniform(0, 6))
        if kind == "skyline":
            xs, ys = np.repeat(xs, 2)[1:-1], np.repeat(ys, 2)[:-2]
        foot = h if rng.random() < 0.5 else min(h, base + high * rng.uniform(0.1, 1))
        cv2.fillPoly(layer, [np.round(np.concatenate([np.stack([xs, ys], 1), [[w, foot], [0, foot]]])).astype(np.int32)], col, cv2.LINE_AA)
    elif kind == "rainbow":
        cx, cy, r = w * rng.uniform(0.35, 0.65), h * rng.uniform(1.0, 1.5), w * rng.uniform(0.42, 0.6)
        for i, c in enumerate(((225, 40, 50), (240, 140, 40), (245, 220, 60), (70, 170, 80), (50, 110, 200), (130, 70, 160))):
            cv2.circle(layer, (int(cx), int(cy)), int(r - i * h * 0.045), c, int(h * 0.05), cv2.LINE_AA)
    elif kind == "cloud":
        for _ in range(int(rng.integers(3, 9))):
            cv2.ellipse(layer, (int(rng.uniform(0, w)), int(rng.uniform(0, h))), (int(rng.uniform(0.05, 0.2) * w), int(rng.uniform(0.04, 0.12) * h)), 0, 0, 360, col, -1, cv2.LINE_AA)
    else:
        figure(rng, layer, kind, w * rng.uniform(0.35, 0.65), h * rng.uniform(0.42, 0.6), h * rng.uniform(0.25, 0.5), col)
    if rng.random() < 0.4:
        k = int(rng.integers(1, 5)) * 2 + 1
        layer = cv2.blur(layer, (k, k))
    strong = rng.uniform(0.2, 0.6) if rng.random() < 0.7 else rng.uniform(0.6, 1)
    return cv2.addWeighted(img, 1 - strong, layer, strong, 0)
