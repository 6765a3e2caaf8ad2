"""Pieces shared by all plate designs: colours, scenery, emblems, words, wear."""
import cv2
import numpy as np

from .glyphs import ALPHABET, random_face

WORDS = ("LAKES", "NORTH", "GARDEN STATE", "LIVE FREE", "SUNSHINE", "Golden", "FIRST IN FLIGHT", "GREAT PLAINS",
         "Scenic", "HERITAGE", "WILDLIFE", "VETERAN", "UNIVERSITY", "EVERGREEN", "Frontier", "HOSPITALITY", "COUNTY",
         "Discover", "BEAUTIFUL", "centennial", "TRANSPORT", "DELANTERA", "TRASERA", "MEXICO", "ONTARIO", "Alberta",
         "QUEBEC", "Je me souviens", "California", "Missouri", "TEXAS", "OHIO", "Indiana", "FLORIDA", "NEVADA",
         "ARIZONA", "Washington", "OREGON", "Georgia", "MAINE", "UTAH", "IDAHO", "Virginia", "KANSAS", "IOWA", "ALASKA",
         "AUTO GROUP", "MOTORS", "www.dealer.com", "SUPERSTORE", "TOYOTA", "HONDA", "CHEVROLET", "RENTAL", "APPORTIONED",
         "THE LAST FRONTIER", "SINALOA", "JALISCO", "CHIHUAHUA", "MICHOACAN", "SONORA", "Manitoba", "Yukon")
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
HERSHEY = (cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_DUPLEX, cv2.FONT_HERSHEY_COMPLEX, cv2.FONT_HERSHEY_TRIPLEX,
           cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, cv2.FONT_HERSHEY_SCRIPT_COMPLEX)


def pick(rng, items):
    return items[int(rng.integers(len(items)))]


def colour(rng, kind):
    """An RGB colour: 'light' for base paint, 'dark' for ink, 'vivid' for pictures."""
    if kind == "light":
        h, s, v = rng.uniform(0, 180), rng.choice((0, 4, 12, 30, 90)) * rng.uniform(0.3, 1), rng.uniform(200, 255)
    elif kind == "dark":
        h, s, v = rng.choice((0, 60, 75, 110, 115, 118, 120, 125, 172)), rng.choice((0, 60, 140, 180, 220)), rng.uniform(8, 125)
    else:
        h, s, v = rng.uniform(0, 180), rng.uniform(90, 255), rng.uniform(80, 250)
    c = np.uint8([[[h % 180, np.clip(s, 0, 255), np.clip(v, 0, 255)]]])
    return tuple(int(x) for x in cv2.cvtColor(c, cv2.COLOR_HSV2RGB)[0, 0])


def luminance(c):
    return 0.299 * c[0] + 0.587 * c[1] + 0.114 * c[2]


def mix(a, b, t):
    return tuple(int(x * (1 - t) + y * t) for x, y in zip(a, b))


def gradient(rng, h, w, colours):
    """Smooth run through the colours, mostly downward."""
    n = len(colours)
    small = np.zeros((n, 2, 3), np.uint8)
    for i, c in enumerate(colours):
        small[i, 0] = c
        small[i, 1] = mix(c, pick(rng, colours), rng.uniform(0, 0.5) if rng.random() < 0.3 else 0)
    return cv2.resize(small, (w, h), interpolation=cv2.INTER_LINEAR)


def blend(img, mask, col):
    """Paint `col` where mask (0..255) says so, in place."""
    ys = np.flatnonzero(mask.any(1))
    if not len(ys):
        return
    xs = np.flatnonzero(mask.any(0))
    y0, y1, x0, x1 = ys[0], ys[-1] + 1, xs[0], xs[-1] + 1
    m = mask[y0:y1, x0:x1]
    part = img[y0:y1, x0:x1]
    full = np.empty_like(part)
    full[:] = col
    a = cv2.merge((m, m, m))
    inv = cv2.bitwise_not(a)
    img[y0:y1, x0:x1] = cv2.add(cv2.multiply(full, a, scale=1 / 255), cv2.multiply(part, inv, scale=1 / 255))


def outline(rng, kind, cx, cy, rx, ry):
    """A closed outline: star, disc, shield, blob (a state's shape), animal-like blob, box, tower."""
    if kind == "star":
        n = int(rng.integers(5, 9))
        t = np.arange(2 * n) * np.pi / n - np.pi / 2
        r = np.where(np.arange(2 * n) % 2 == 0, 1.0, rng.uniform(0.35, 0.7))
        x, y = np.cos(t) * r, np.sin(t) * r
    elif kind == "disc":
        t = np.linspace(0, 2 * np.pi, 24, endpoint=False)
        x, y = np.cos(t), np.sin(t)
    elif kind == "shield":
        x, y = np.array((-1, 1, 1, 0.6, 0, -0.6, -1.0)), np.array((-1, -1, 0.1, 0.6, 1, 0.6, 0.1))
    elif kind == "box":
        x, y = np.array((-1.0, 1, 1, -1)), np.array((-1.0, -1, 1, 1))
    elif kind == "tower":
        x, y = np.array((-0.3, -0.2, 0.2, 0.3, 0.5, 1, -1, -0.5)), np.array((-0.6, -1, -1, -0.6, 0.7, 1, 1, 0.7))
    elif kind == "cactus":
        x = np.array((-0.15, 0.15, 0.15, 0.6, 0.6, 0.9, 0.9, 0.15, 0.15, -0.15, -0.15, -0.8, -0.8, -0.5, -0.5, -0.15))
        y = np.array((-1, -1, -0.1, -0.1, -0.7, -0.7, 0.25, 0.25, 1, 1, 0.5, 0.5, -0.3, -0.3, 0.1, 0.1))
    else:
        n = int(rng.integers(7, 16))
        t = np.sort(rng.uniform(0, 2 * np.pi, n))
        r = rng.uniform(0.35, 1.1, n)
        x, y = np.cos(t) * r, np.sin(t) * r
    return np.stack([cx + x * rx, cy + y * ry], 1).round().astype(np.int32)


SHAPES = ("star", "disc", "shield", "blob", "blob", "blob", "box", "tower", "cactus")


def emblem(rng, img, cx, cy, rx, ry, base, ink):
    """A picture that must not be read: filled shapes, sometimes with lines or tiny lettering inside."""
    faint = rng.random() < 0.3
    for i in range(int(rng.integers(1, 4))):
        k = 1 - 0.28 * i
        col = pick(rng, (colour(rng, "vivid"), colour(rng, "dark"), colour(rng, "light"), ink))
        if faint:
            col = mix(base, col, 0.35)
        pts = outline(rng, pick(rng, SHAPES), cx, cy, rx * k, ry * k)
        if rng.random() < 0.25:
            cv2.polylines(img, [pts], True, col, int(rng.integers(1, 4)), cv2.LINE_AA)
        else:
            cv2.fillPoly(img, [pts], col, cv2.LINE_AA)
    if rng.random() < 0.3:
        for _ in range(int(rng.integers(1, 5))):
            a = rng.uniform(-1, 1, (2, 2)) * (rx * 0.8, ry * 0.8) + (cx, cy)
            cv2.line(img, tuple(int(v) for v in a[0]), tuple(int(v) for v in a[1]), colour(rng, "vivid"), 1, cv2.LINE_AA)
    if rng.random() < 0.25:
        word(rng, img, random_word(rng)[:6], cx, cy, max(5, ry * 0.35), pick(rng, (ink, (255, 255, 255))), rx * 1.7)


def scenery(rng, img, strength):
    """Hills, sun, waves or flat blobs behind the characters."""
    h, w = img.shape[:2]
    layer = img.copy()
    for _ in range(int(rng.integers(1, 5))):
        col = colour(rng, pick(rng, ("vivid", "light", "vivid")))
        kind = rng.random()
        if kind < 0.4:
            n = int(rng.integers(4, 12))
            xs = np.linspace(0, w, n)
            ys = rng.uniform(0.35, 0.95, n) * h
            pts = np.concatenate([np.stack([xs, ys], 1), [[w, h], [0, h]]])
        elif kind < 0.7:
            pts = outline(rng, pick(rng, SHAPES), rng.uniform(0, w), rng.uniform(0, h), rng.uniform(10, w / 3),
                          rng.uniform(10, h / 2))
        else:
            y, t = rng.uniform(0, h), rng.uniform(4, h / 4)
            d = rng.uniform(-h / 3, h / 3)
            pts = np.array([[0, y], [w, y + d], [w, y + d + t], [0, y + t]])
        cv2.fillPoly(layer, [np.round(pts).astype(np.int32)], col, cv2.LINE_AA)
    if rng.random() < 0.6:
        k = int(rng.integers(1, 8)) * 2 + 1
        layer = cv2.blur(layer, (k, k))
    return cv2.addWeighted(img, 1 - strength, layer, strength, 0)


def random_word(rng):
    if rng.random() < 0.7:
        return pick(rng, WORDS)
    return "".join(ALPHABET[int(i)] for i in rng.integers(0, 36, int(rng.integers(2, 12))))


def word(rng, img, text, cx, cy, height, col, max_width=None, face=None):
    """Small lettering centred on (cx, cy); never part of the target."""
    height = max(4, int(height))
    r = rng.random()
    if r < 0.35 and face is None:
        font, scale = pick(rng, HERSHEY), height / 22
        thick = max(1, int(height / rng.uniform(5, 12)))
        (w, _), _ = cv2.getTextSize(text, font, scale, thick)
        if max_width and w > max_width:
            scale *= max_width / w
            w = max_width
        cv2.putText(img, text, (int(cx - w / 2), int(cy + height / 2)), font, scale, col, thick, cv2.LINE_AA)
        return
    face = face or random_face(rng, system_share=0.6)
    text = text.upper()
    gap, x, cells = rng.uniform(0.06, 0.3) * height, 0, []
    for ch in text:
        g = face.glyph(ch, height) if ch in ALPHABET else None
        cells.append((g, x))
        x += (g.shape[1] if g is not None else height * 0.4) + gap
    mask = np.zeros((int(height * 1.25) + 6, int(x) + 8), np.uint8)
    for g, at in cells:
        if g is not None:
            at, gh = int(at), min(g.shape[0], mask.shape[0])
            mask[:gh, at:at + g.shape[1]] = np.maximum(mask[:gh, at:at + g.shape[1]], g[:gh, :mask.shape[1] - at])
    if max_width and mask.shape[1] > max_width:
        mask = cv2.resize(mask, (max(2, int(max_width)), mask.shape[0]), interpolation=cv2.INTER_AREA)
    stamp(img, mask, cx, cy, col)


def stamp(img, mask, cx, cy, col):
    """Blend a small mask centred on (cx, cy), clipped to the picture."""
    x0, y0 = int(cx - mask.shape[1] / 2), int(cy - mask.shape[0] / 2)
    xa, ya, xb, yb = max(0, x0), max(0, y0), min(img.shape[1], x0 + mask.shape[1]), min(img.shape[0], y0 + mask.shape[0])
    if xb > xa and yb > ya:
        blend(img[ya:yb, xa:xb], mask[ya - y0:yb - y0, xa - x0:xb - x0], col)


def sticker(rng, img, cx, cy, w, h):
    """A registration sticker: coloured box, mostly with a year or month on it."""
    col = pick(rng, (colour(rng, "vivid"), colour(rng, "vivid"), colour(rng, "light"), colour(rng, "dark")))
    a, b = (int(cx - w / 2), int(cy - h / 2)), (int(cx + w / 2), int(cy + h / 2))
    cv2.rectangle(img, a, b, col, -1)
    ink = (250, 250, 250) if luminance(col) < 120 else (15, 15, 30)
    if rng.random() < 0.3:
        cv2.rectangle(img, a, b, ink, 1)
    if rng.random() < 0.8:
        text = pick(rng, (pick(rng, MONTHS), "%02d" % rng.integers(0, 30), "%d" % rng.integers(1995, 2030)))
        if rng.random() < 0.3:
            word(rng, img, "%02d" % rng.integers(0, 99), cx, cy - h * 0.22, h * 0.35, ink, w * 0.8)
            word(rng, img, text, cx, cy + h * 0.22, h * 0.35, ink, w * 0.8)
        else:
            word(rng, img, text, cx, cy, h * rng.uniform(0.4, 0.75), ink, w * 0.85)


def emboss(rng, img, ink_mask):
    """Light and shade on the raised edges of the characters."""
    strength = rng.uniform(0.15, 0.8)
    k = int(rng.integers(1, 3)) * 2 + 1
    soft = cv2.blur(ink_mask, (k, k))
    dx, dy = int(rng.integers(-2, 3)), int(rng.integers(1, 3))
    moved = cv2.warpAffine(soft, np.float32([[1, 0, dx], [0, 1, dy]]), soft.shape[::-1], flags=cv2.INTER_NEAREST)
    light = cv2.multiply(cv2.subtract(moved, soft), strength * 0.6)
    shade = cv2.multiply(cv2.subtract(soft, moved), strength * 0.6)
    return cv2.subtract(cv2.add(img, cv2.merge((light,) * 3)), cv2.merge((shade,) * 3))


def round_off(rng, img):
    """Plate corners are round: what shows beyond them is the vehicle."""
    h, w = img.shape[:2]
    r = int(h * rng.uniform(0.04, 0.1))
    g = int(rng.choice((15, 40, 120, 200)) * rng.uniform(0.6, 1.2))
    corner = np.full((r, r), 255, np.uint8)
    cv2.circle(corner, (r, r), r, 0, -1)
    for part, m in ((img[:r, :r], corner), (img[:r, w - r:], corner[:, ::-1]), (img[h - r:, :r], corner[::-1]),
                    (img[h - r:, w - r:], corner[::-1, ::-1])):
        part[m > 0] = g


def noise_map(rng, h, w, cells):
    g = rng.integers(0, 256, (max(2, cells), max(2, int(cells * w / h)))).astype(np.uint8)
    return cv2.resize(g, (w, h), interpolation=cv2.INTER_CUBIC)


def dirt(rng, img):
    """A film of dust, or splashes."""
    h, w = img.shape[:2]
    m = noise_map(rng, h, w, int(rng.integers(3, 30)))
    cut = int(rng.uniform(120, 235))
    m = cv2.multiply(cv2.subtract(m, cut), rng.uniform(0.3, 1.6))
    blend(img, cv2.min(m, int(rng.uniform(30, 170))), pick(rng, ((120, 105, 85), (70, 60, 50), (190, 190, 190), (40, 40, 40))))


def bolts(rng, img):
    """Holes, screws and their caps at the usual four places, some of them absent."""
    h, w = img.shape[:2]
    r = max(2, int(h * rng.uniform(0.02, 0.045)))
    for fx in (0.21, 0.79):
        for fy in (0.09, 0.91):
            if rng.random() < 0.7:
                c = (int(w * (fx + rng.normal(0, 0.01))), int(h * fy))
                col = pick(rng, ((30, 30, 30), (160, 160, 165), (90, 80, 70), (225, 225, 225)))
                cv2.circle(img, c, r, col, -1, cv2.LINE_AA)
                if rng.random() < 0.4:
                    cv2.circle(img, c, r, (20, 20, 20), 1, cv2.LINE_AA)


def dealer_frame(rng, img):
    """A frame over the plate's edge, with advertising at the top and bottom."""
    h, w = img.shape[:2]
    col = pick(rng, ((18, 18, 20), (30, 30, 32), (190, 190, 195), (225, 225, 228), colour(rng, "dark"), colour(rng, "vivid")))
    ink = (235, 235, 235) if luminance(col) < 120 else (20, 20, 25)
    side = int(w * rng.uniform(0.0, 0.035))
    for top in (True, False):
        d = int(h * rng.uniform(0.02, 0.155))
        y = 0 if top else h - d
        cv2.rectangle(img, (0, y), (w, y + d), col, -1)
        if d > h * 0.06 and rng.random() < 0.8:
            word(rng, img, random_word(rng) + " " + random_word(rng)[:rng.integers(0, 9)], w / 2, y + d / 2,
                 d * rng.uniform(0.45, 0.8), ink, w * 0.85)
    if side:
        cv2.rectangle(img, (0, 0), (side, h), col, -1)
        cv2.rectangle(img, (w - side, 0), (w, h), col, -1)
    if rng.random() < 0.3:
        cv2.rectangle(img, (side, side), (w - side, h - side), ink, 1)
