"""Plates of real jurisdictions: `draw_issue(rng)` with its name and kind, `draw_state_plate(rng)` as the reader sees it.

Designs known by heart are drawn from tables with wide variation; as many more are 'unusual' ones, where only the name
tells who issued the plate, because specialty plates and eras nobody wrote down must be named too.
"""
from typing import NamedTuple

import cv2
import numpy as np

from . import parts
from .glyphs import random_face
from .parts import colour, mix, pick
from .plates import Plate, base_paint, ink_characters, lay_text, target
from .states_pictures import KINDS, PLACES, backdrop, figure
from .states_parts import PRIVATE, capitals, choose_kind, finish, frame_over, lettered, recased, shade, small_stack, spot, type_word
from .states_table import COUNTIES, STRANGERS, TYPE_WORDS, TYPES, designs, jurisdictions, plain_name
from .texts import CA, US, random_text

BACKDROPS = ("range", "mountain", "skyline", "wave", "bridge", "rainbow", "cloud")


class Issue(NamedTuple):
    image: np.ndarray
    text: str   # the registration, as in Plate
    code: str   # us-ca, ca-on, mx-bcn, br, gb, ..., unknown
    kind: int   # index into TYPES
    name: str   # the issuer's name as lettered, capitals A-Z only; '' where it is not lettered
    box: tuple  # the Line of the name, or () without a name
    said: tuple = ()  # the Line of the word for the kind or of the slogan, if any


def registration(rng, img, serials, ink, pictures, exact=False):
    """The registration in the middle, pictures around it; gives the target text and the painted plate."""
    h, w = img.shape[:2]
    face = random_face(rng, system_share=0.2)
    text = serials[0] if exact else random_text(rng, serials, 0.15)
    tall = h * rng.uniform(0.36, 0.52)
    mid = h * rng.uniform(0.49, 0.57)
    edge = rng.uniform(0.025, 0.08)
    box = (w * edge, mid - tall / 2, w * (1 - edge), mid + tall / 2)
    if any(p[1] == "left" for p in pictures):
        box = (w * rng.uniform(0.2, 0.28), *box[1:]) if rng.random() < 0.7 else box
    if any(p[1] == "right" for p in pictures):
        box = (*box[:2], w * rng.uniform(0.72, 0.8), box[3]) if rng.random() < 0.7 else box
    if rng.random() < 0.08:
        box = small_stack(rng, img, box, face, ink)
    mask = np.zeros((h, w), np.uint8)
    gaps, _ = lay_text(rng, mask, face, text, box, tall, fill=rng.uniform(0.7, 1.0) if rng.random() < 0.6 else None,
                       separator=rng.uniform(0.5, 1.1) if any(p[1] == "centre" for p in pictures) else rng.uniform(0.25, 0.8))
    for shape, place, col in pictures:
        cx, cy, r = PLACES.get(place, PLACES["centre"])
        cx, cy, r = w * cx, h * (cy + rng.normal(0, 0.02)), h * r * rng.uniform(0.75, 1.2)
        if place == "centre" and gaps:
            cx, r = (gaps[0][0] + gaps[0][1]) / 2, min(r, (gaps[0][1] - gaps[0][0]) * rng.uniform(0.45, 0.7))
        elif place == "centre":
            r *= rng.uniform(1, 1.8)
        figure(rng, img, shape, cx + rng.normal(0, 0.01) * w, cy, max(3, r), col)
    return target(text, face), ink_characters(rng, img, mask, ink)


def known(rng, design, kind=None):
    """A plate of a design from the tables."""
    kind = choose_kind(rng) if kind is None else kind
    if kind == PRIVATE and ("type", "commercial") in [e[:2] for e in design.extras]:
        kind = TYPES.index("commercial")
    h, w = 168, 336 if TYPES[kind] != "motorcycle" else int(rng.integers(270, 320))
    if TYPES[kind] == "temporary":
        img, ink = np.full((h, w, 3), 240, np.uint8), (25, 25, 30)
        extras = ()
    else:
        stops = [shade(rng, c) for c in design.base]
        img = parts.gradient(rng, h, w, stops) if len(stops) > 1 else np.full((h, w, 3), stops[0], np.uint8)
        ink, extras = shade(rng, design.ink), design.extras
    pictures = []
    for e in extras:
        if e[0] == "band":
            d = int(h * rng.uniform(0.14, 0.22))
            y = 0 if e[1] == "top" else h - d
            cv2.rectangle(img, (0, y), (w, y + d), shade(rng, e[2]), -1)
        elif e[0] == "border":
            cv2.rectangle(img, (3, 3), (w - 4, h - 4), shade(rng, e[1]), int(rng.integers(1, 4)))
        elif e[0] == "pic" and rng.random() < 0.92:
            if e[2] == "bg":
                img = backdrop(rng, img, e[1], shade(rng, e[3]))
            else:
                pictures.append((e[1], e[2], shade(rng, e[3])))
    text, img = registration(rng, img, design.serials, ink, pictures)
    taken, dark = {design.place}, (25, 25, 30)
    paint = lambda c: dark if TYPES[kind] == "temporary" else shade(rng, c)
    letters = design.letters if rng.random() < 0.6 else pick(rng, "sbcrxi")
    cx, cy = spot(rng, design.place, h, w)
    short = len(design.name) < 7
    box = lettered(rng, img, recased(rng, design.name), letters, paint(design.name_colour), cx, cy,
                   h * rng.uniform(0.085, 0.17 if letters != "x" else 0.22), w * rng.uniform(0.3 if short else 0.42, 0.5 if short else 0.75))
    other = ()
    if kind != PRIVATE:
        other = type_word(rng, img, kind, paint(design.name_colour), taken)
        taken.add("b")
    if design.slogan and design.slogan[2] not in taken and rng.random() < 0.85:
        said, col, place = design.slogan
        taken.add(place)
        if place == "bg":
            for y in np.arange(0.25, 0.85, 0.12):
                lettered(rng, img, said, "s", mix(tuple(int(v) for v in img[h // 2, 4]), paint(col), 0.3), w / 2, h * y, h * 0.05, w * 0.9)
        else:
            sx, sy = spot(rng, place, h, w)
            line = lettered(rng, img, recased(rng, said), pick(rng, "ssrxic"), paint(col), sx, sy, h * rng.uniform(0.055, 0.11), w * rng.uniform(0.4, 0.66))
            other = other or line
    for e in extras:
        if e[0] == "county" and "b" not in taken and rng.random() < 0.8:
            other = other or lettered(rng, img, pick(rng, COUNTIES), pick(rng, "sc"), paint(design.name_colour), w / 2, h * rng.uniform(0.88, 0.93), h * rng.uniform(0.06, 0.1), w * 0.5)
        elif e[0] == "word":
            lettered(rng, img, e[1], "x", paint(design.name_colour), w * 0.24, cy, h * 0.07, w * 0.2)
    finish(rng, img)
    return Issue(img, text, design.code, kind, capitals(design.name), box, other)


def unusual(rng, code, name=None):
    """A plate nobody listed: only its name says who issued it (`unknown`: no name, or a stranger's)."""
    kind = choose_kind(rng)
    h, w = 168, 336 if TYPES[kind] != "motorcycle" else int(rng.integers(270, 320))
    if code != "unknown" and code in designs() and rng.random() < 0.25:
        d = pick(rng, designs()[code])  # the state's own colours under another picture
        img, base, ink = parts.gradient(rng, h, w, [shade(rng, c) for c in d.base] * 2), (240, 240, 240), shade(rng, d.ink)
    else:
        img, base, ink = base_paint(rng, h, w)
    if rng.random() < 0.3:
        img = backdrop(rng, img, pick(rng, BACKDROPS + KINDS), colour(rng, "vivid"))
    if rng.random() < 0.15:
        d = int(h * rng.uniform(0.12, 0.24))
        y = 0 if rng.random() < 0.6 else h - d
        cv2.rectangle(img, (0, y), (w, y + d), colour(rng, pick(rng, ("vivid", "dark", "light"))), -1)
    pictures = [(pick(rng, KINDS), place, colour(rng, pick(rng, ("vivid", "dark"))))
                for place, p in (("left", 0.35), ("right", 0.12), ("centre", 0.3), ("tl", 0.12), ("tr", 0.12), ("top", 0.05), ("bottom", 0.05)) if rng.random() < p]
    text, img = registration(rng, img, US if code[:2] != "ca" else CA, ink, pictures)
    if rng.random() < 0.12:
        frame_over(rng, img)  # before the name, which stays readable
    other, box, place = (), (), "t" if rng.random() < 0.72 else "b"
    if name:
        local = img[int(h * (0.05 if place == "t" else 0.84)):int(h * (0.2 if place == "t" else 0.95)), w // 4:-w // 4].mean((0, 1))
        col = ink
        for _ in range(6):  # a name is meant to be seen
            if abs(parts.luminance(col) - parts.luminance(local)) > 70:
                break
            col = pick(rng, (colour(rng, "vivid"), colour(rng, "dark"), colour(rng, "light"), (245, 245, 245)))
        cx, cy = spot(rng, place if rng.random() < 0.9 else place + pick(rng, "lr"), h, w)
        cased = recased(rng, name if rng.random() < 0.2 else name.upper() if rng.random() < 0.65 else name.title())
        letters = pick(rng, "sssbbccrrrxxi")
        short = len(name) < 7
        box = lettered(rng, img, cased, letters, col, cx, cy, h * rng.uniform(0.06, 0.18), w * rng.uniform(0.2 if short else 0.36, 0.5 if short else 0.85))
    if kind != PRIVATE:
        other = type_word(rng, img, kind, ink, {place})
    elif rng.random() < 0.7:
        said = pick(rng, TYPE_WORDS["other"][8:] + COUNTIES + ("WILDLIFE", "STATE PARKS", "UNIVERSITY", "EDUCATION", "SUPPORT OUR TROOPS", "CHOOSE LIFE", "ARTS", "Save the Bay", "LIONS",
                   "Breast Cancer", "Conservation", "HERITAGE", "Fish & Game", "In God We Trust", "LAKES", "AGRICULTURE", "Alumni", "Protect", "CHILDREN FIRST"))
        if code in designs() and rng.random() < 0.4:
            options = [d.slogan[0] for d in designs()[code] if d.slogan]
            said = pick(rng, options) if options else said
        other = lettered(rng, img, recased(rng, said), pick(rng, "ssrxic"), ink, w * rng.uniform(0.42, 0.58), h * (rng.uniform(0.86, 0.93) if place == "t" else rng.uniform(0.08, 0.14)),
                 h * rng.uniform(0.06, 0.12), w * rng.uniform(0.35, 0.66))
    finish(rng, img, 0.0)
    return Issue(img, text, code, kind, capitals(name or ""), box, other)


def draw_north(rng, code):
    """A plate of a state or province: listed designs and unusual ones."""
    if rng.random() < 0.55:
        return known(rng, pick(rng, designs()[code]))
    names = [plain_name(code)] * 3 + [d.name for d in designs()[code]]
    return unusual(rng, code, pick(rng, names))


def draw_unknown(rng):
    from . import layouts
    r = rng.random()
    if r < 0.15:
        p = layouts.draw_nothing(rng)
        return Issue(p.image, "", "unknown", PRIVATE, "", ())
    return unusual(rng, "unknown", pick(rng, STRANGERS) if r < 0.65 else None)


def draw_issue(rng, code=None):
    """A plate of `code`, or of a jurisdiction by chance with the American ones more often."""
    from . import states_world
    if code is None:
        r = rng.random()
        area = "us" if r < 0.64 else "ca" if r < 0.73 else "mx" if r < 0.85 else "world" if r < 0.97 else "unknown"
        every = jurisdictions()
        known_areas = {"us": "us-", "ca": "ca-", "mx": "mx-"}
        options = [c for c in every if c.startswith(known_areas[area])] if area in known_areas else [c for c in every if "-" not in c and c != "unknown"] if area == "world" else ["unknown"]
        code = pick(rng, options)
    if code == "unknown":
        return draw_unknown(rng)
    if code[:3] in ("us-", "ca-"):
        return draw_north(rng, code)
    return states_world.draw_world(rng, code)


def draw_state_plate(rng):
    """A plate of a real jurisdiction for the reader: stacked small letters, names and slogans are not in its text."""
    issue = draw_issue(rng)
    area = issue.code.partition("-")[0]
    group = {"us": "US", "ca": "CA", "mx": "MX", "unknown": "other" if not issue.text else "US"}.get(area) or ("BR" if area in ("br", "ar", "uy") else "EU")
    return Plate(issue.image, issue.text, group)

