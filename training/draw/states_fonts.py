"""Lettering of names and slogans: every family the system has, by kind, as small masks."""
import functools
import glob
import os

import cv2
import numpy as np

try:  # without Pillow or fonts the strokes that come with OpenCV remain
    from PIL import Image, ImageDraw, ImageFont
except ImportError:  # pragma: no cover
    ImageFont = None

SCRIPT = ("dancing", "kaushan", "kristi", "leckerli", "lobster", "levien", "rufscript", "femke", "breip", "z003", "chorus", "bajaderka", "domestic_manners",
          "becausewe", "promocyja", "mistral")
SERIF = ("serif", "roman", "slab", "garamond", "goudy", "libertine", "baskervald", "romande", "tribun", "mekanus", "oldstandard", "quattrocento", "vollkorn", "century", "lindenhill",
         "arapey", "caslon", "c059", "p052", "bookman", "schola", "bonum", "pagella", "termes", "gentium", "linlibertine", "isabella", "cupola", "caliban")
CONDENSED = ("condensed", "narrow", "cond", "yanone", "bebas", "rg2014b", "rg2014c", "ibisADF")
SKIP = ("symbol", "math", "d050000l", "emoji", "hairline", "thin", "stencil", "outline", "musix", "music", "lm", "sourcecode", "initials", "ornament", "keyboard", "dingbat", "swashcaps",
        "winks", "flourish", "bats", "becauseweconnect", "abogado", "fontin", "havana", "linkeys", "librisadf-ex", "mono", "_k.", "displ", "cursor", "balker", "staypuft", "junkyard", "progenitor", "wargames", "penguin", "pfennig", "marked")
HERSHEY = {"s": (cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_DUPLEX), "r": (cv2.FONT_HERSHEY_COMPLEX, cv2.FONT_HERSHEY_TRIPLEX),
           "x": (cv2.FONT_HERSHEY_SCRIPT_COMPLEX, cv2.FONT_HERSHEY_SCRIPT_SIMPLEX), "i": (cv2.FONT_HERSHEY_COMPLEX | cv2.FONT_ITALIC,)}
ROOT = "/usr/share/fonts"  # measuring with lettering that no training saw sets another before anything is drawn
TALL = 40  # height of a capital in a rendered mask


@functools.lru_cache(maxsize=1)
def families():
    """Font files by kind: s sans, b bold, c condensed, r serif, x script, i italic."""
    kinds = {k: [] for k in "sbcrxi"}
    if ImageFont is None:
        return kinds
    found = sorted(f for e in ("ttf", "otf") for f in glob.glob(f"{ROOT}/**/*.{e}", recursive=True))
    for path in found:
        name = os.path.basename(path).lower()
        if "noto" in path or any(s in name for s in SKIP):
            continue
        if any(s in name for s in SCRIPT):
            kinds["x"].append(path)
            continue
        if "italic" in name or "oblique" in name or "-it" in name:
            kinds["i"].append(path)
            continue
        if any(s in name for s in SERIF):
            kinds["r"].append(path)
        elif any(s in name for s in CONDENSED):
            kinds["c"].append(path)
        elif any(s in name for s in ("bold", "black", "heavy", "rg2014e", "rg2014f")):
            kinds["b"].append(path)
        elif "light" not in name:
            kinds["s"].append(path)
    return kinds


@functools.lru_cache(maxsize=700)
def _font(path):
    """The font at a size whose capitals are about TALL pixels high, or None where it lacks plain letters."""
    try:
        font = ImageFont.truetype(path, 56)
        box = font.getbbox("H")
        high = box[3] - box[1]
        if high < 8 or font.getmask("AaMm").getbbox() is None or len({bytes(font.getmask(c)) for c in "EMemi0'"}) < 7:
            return None
        return ImageFont.truetype(path, int(56 * TALL / high))
    except OSError:
        return None


def _hershey(rng, text, kind):
    fonts = HERSHEY.get(kind, HERSHEY["s"])
    font = fonts[int(rng.integers(len(fonts)))]
    plain = text.encode("ascii", "ignore").decode() or "-"
    thick = int(rng.integers(2, 9)) if kind in "bc" else int(rng.integers(2, 5))
    (w, h), base = cv2.getTextSize(plain, font, TALL / 22, thick)
    mask = np.zeros((h + base + 16, w + 24), np.uint8)
    cv2.putText(mask, plain, (12, h + 6), font, TALL / 22, 255, thick, cv2.LINE_AA)
    ends = [12 + cv2.getTextSize(plain[:i], font, TALL / 22, thick)[0][0] for i in range(len(plain) + 1)] if len(plain) == len(text) else []
    return mask, ends


@functools.lru_cache(maxsize=300)
def _smaller(font):
    return font.font_variant(size=int(font.size * 0.78))


def _spaced(rng, font, text, small_capitals=False):
    """Letters set one by one with even air between them, perhaps all but the first of a word as smaller capitals."""
    air, x, places = rng.uniform(0.0 if small_capitals else 0.1, 0.15 if rng.random() < 0.4 else 0.6) * TALL, 4.0, []
    firsts = [i == 0 or text[i - 1] == " " for i in range(len(text))]
    fonts = [font if first or not small_capitals else _smaller(font) for first in firsts]
    text = text.upper() if small_capitals else text
    for c, used in zip(text, fonts):
        places.append(x)
        x += used.getlength(c) + air
    img = Image.new("L", (int(x) + 8, int(TALL * 2.4)), 0)
    pen = ImageDraw.Draw(img)
    for c, at, used in zip(text, places, fonts):
        pen.text((at, TALL * 1.5), c, fill=255, font=used, anchor="ls")
    return np.asarray(img), [p - air / 2 for p in places] + [x - air / 2]


def lettering(rng, text, kind):
    """A grey mask of `text`, cut close, capitals about TALL pixels high before any squeezing; and where each letter ends.

    The ends are shares of the mask's width, one more than there are letters; [] where they are not known.
    """
    fonts = families().get(kind) or families()["s"]
    font = None
    if fonts and rng.random() > 0.07:
        font = _font(fonts[int(rng.integers(len(fonts)))])
    if font is None:
        mask, ends = _hershey(rng, text, kind)
    elif kind != "x" and rng.random() < 0.38:
        mask, ends = _spaced(rng, font, text, rng.random() < 0.35)
    else:
        box = font.getbbox(text)
        img = Image.new("L", (box[2] + 16, box[3] + 16), 0)
        ImageDraw.Draw(img).text((8, 8), text, fill=255, font=font)
        mask = np.asarray(img)
        ends = [8 + font.getlength(text[:i]) for i in range(len(text) + 1)]
    if rng.random() < 0.2:
        mask = cv2.dilate(mask, np.ones((int(rng.integers(2, 5)),) * 2, np.uint8))
    ys, xs = np.flatnonzero(mask.max(1) > 60), np.flatnonzero(mask.max(0) > 60)
    if not len(ys):
        return np.zeros((TALL, TALL), np.uint8), []
    mask = mask[ys[0]:ys[-1] + 1, xs[0]:xs[-1] + 1]
    ends = [(e - xs[0]) / mask.shape[1] for e in ends]
    if rng.random() < 0.1 and mask.shape[1] > 3 * mask.shape[0]:
        mask = arched(mask, rng.uniform(-0.9, 0.9))
    if rng.random() < 0.08:  # leaning
        lean = rng.uniform(-0.15, 0.3)
        extra = int(abs(lean) * mask.shape[0]) + 1
        move = np.float32([[1, -lean, max(0.0, lean) * mask.shape[0]], [0, 1, 0]])
        mask = cv2.warpAffine(mask, move, (mask.shape[1] + extra, mask.shape[0]))
    return mask, ends


def arched(mask, bend):
    """The middle raised (or lowered) by `bend` heights."""
    h, w = mask.shape
    rise = abs(bend) * h
    gx, gy = np.meshgrid(np.arange(w, dtype=np.float32), np.arange(int(h + rise) + 1, dtype=np.float32))
    u = (gx / w * 2 - 1) ** 2
    shift = rise * u if bend > 0 else rise * (1 - u)
    return cv2.remap(mask, gx, (gy - shift).astype(np.float32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=0)


def fit(mask, height, width):
    """The mask at `height` pixels, narrowed where it would be wider than `width`."""
    k = height / mask.shape[0]
    w = min(mask.shape[1] * k, width)
    return cv2.resize(mask, (max(3, int(w)), max(3, int(height))), interpolation=cv2.INTER_AREA)
