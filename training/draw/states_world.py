"""Mexican, European and South American plates with their issuer."""
import cv2
import numpy as np

from . import parts
from .designs_north import MEXICO, MEXICO_LOOKS, MEXICO_OTHER_NAMES, MEXICO_PICTURES, MEXICO_SLOGANS
from .designs_world import BRAZIL_CITIES, BRAZIL_STATES, EUROPE, STARLESS
from .glyphs import random_face
from .layouts import BLUE
from .parts import colour, pick
from .plates import base_paint, ink_characters, lay_text, target
from .states import Issue, registration
from .states_parts import PRIVATE, capitals, choose_kind, finish, lettered, shade, spot
from .states_pictures import backdrop, figure
from .states_table import TYPES
from .texts import fill


def _between(rng, first, last):
    """A group of three letters between two, as the Mexican blocks are dealt out."""
    code = lambda t: sum((ord(c) - 65) * 26 ** (2 - i) for i, c in enumerate(t))
    n = int(rng.integers(code(first), code(last) + 1))
    return "".join(chr(65 + n // 26 ** k % 26) for k in (2, 1, 0))


def _mexican_text(rng, state, kind):
    _, _, first, last = state
    if state[0] == "cmx" and rng.random() < 0.6:
        return fill(rng, pick(rng, ("A99-AAA", "999-AAA", "A-99-AAA")))
    if len(first) < 3:
        first, last = "AAA", "ZHZ"
    block = _between(rng, first, last)
    if TYPES[kind] == "commercial":
        return block[:2] + fill(rng, pick(rng, ("-99-999", "-9999-A", "-99999")))
    if TYPES[kind] == "taxi":
        return fill(rng, pick(rng, ("A-999-AAA", "99-99-AAA", "A9999A")))
    return block + fill(rng, pick(rng, ("-999-A", "-99-99", "-99-99", "-999-A", "-9999", "999A")))


def draw_mexican(rng, code):
    states = {f"mx-{m[0]}": m for m in MEXICO}
    kind = choose_kind(rng)
    if code == "mx-fed":
        name, state, kind = pick(rng, ("SERVICIO PUBLICO FEDERAL", "SPF", "TRANSPORTE FEDERAL", "MEXICO")), None, TYPES.index(pick(rng, ("commercial", "commercial", "government")))
    elif code == "mx-fro":
        state = states[pick(rng, ("mx-bcn", "mx-son", "mx-chh", "mx-coa", "mx-nle", "mx-tam", "mx-roo"))]
        name = pick(rng, ("FRONTERIZA", "FRONT. ", "FRONTERA ", "FRONT "))+ ("" if rng.random() < 0.4 else pick(rng, (state[1], state[0].upper())))
        kind = PRIVATE
    else:
        state = states[code]
        name = pick(rng, MEXICO_OTHER_NAMES.get(state[0], (state[1],)))
        kind = kind if TYPES[kind] not in ("diplomatic", "temporary", "other") else PRIVATE
    h, w = 168, 336
    look = MEXICO_LOOKS.get(code[3:])
    if rng.random() < 0.5:
        stops = [shade(rng, c) for c in (look.split(">") if look and rng.random() < 0.7 else ("white", pick(rng, ("white", "sand", "ltblue", "ltgreen", "rose", "peach", "gold"))))]
        img, ink = parts.gradient(rng, h, w, stops), pick(rng, ((20, 20, 24), (20, 20, 24), (10, 70, 45), (25, 35, 100), (120, 20, 40)))
    else:
        img, _, ink = base_paint(rng, h, w)
    if rng.random() < 0.5:
        img = backdrop(rng, img, pick(rng, MEXICO_PICTURES + ("range", "wave")), colour(rng, "vivid"))
    pictures = [(pick(rng, MEXICO_PICTURES), place, colour(rng, "vivid")) for place, p in (("left", 0.25), ("tl", 0.35), ("tr", 0.35), ("right", 0.1)) if rng.random() < p]
    serial = _mexican_text(rng, state, kind) if state else fill(rng, pick(rng, ("99-AA-9A", "999-AA-9", "99-AA-99", "999AA9")))
    text, img = registration(rng, img, (serial,), ink, pictures, exact=True)
    accent = pick(rng, (ink, ink, colour(rng, "dark"), colour(rng, "vivid")))
    if rng.random() < 0.25:
        d = int(h * rng.uniform(0.15, 0.22))
        cv2.rectangle(img, (0, 0), (w, d), colour(rng, pick(rng, ("vivid", "dark"))), -1)
        accent = (245, 245, 245) if parts.luminance(tuple(int(v) for v in img[2, w // 2])) < 150 else (20, 20, 30)
    cx, cy = spot(rng, "t", h, w)
    short = len(name) < 7
    box = lettered(rng, img, name if rng.random() < 0.8 else name.title(), pick(rng, "ssbbcrrxi"), accent, cx, cy, h * rng.uniform(0.08, 0.17), w * rng.uniform(0.25 if short else 0.4, 0.5 if short else 0.75))
    words = {"taxi": ("TAXI", "TRANSPORTE PUBLICO TAXI"), "commercial": ("CAMION", "TRANSPORTE DE CARGA", "CARGA", "TRANSPORTE PRIVADO"), "dealer": ("DEMOSTRACION", "TRASLADO"),
             "government": ("OFICIAL", "PATRULLA", "POLICIA"), "motorcycle": ("MOTOCICLETA",)}.get(TYPES[kind], MEXICO_SLOGANS)
    other = ()
    for said, y in ((pick(rng, words), rng.uniform(0.86, 0.93)), (pick(rng, MEXICO_SLOGANS), rng.uniform(0.2, 0.24))):
        if said and rng.random() < (0.9 if y > 0.5 else 0.15):
            line = lettered(rng, img, said, pick(rng, "ssbc"), ink, w * rng.uniform(0.42, 0.58), h * y, h * rng.uniform(0.06, 0.11), w * rng.uniform(0.35, 0.62))
            other = other or line
    finish(rng, img)
    return Issue(img, text, code, kind, capitals(name), box, other)


def _band(rng, img, x0, x1, letters, stars, flag=False):
    """The blue band at a side; gives the box of its letters."""
    h, w = img.shape[:2]
    cv2.rectangle(img, (int(x0), 0), (int(x1), h), pick(rng, BLUE), -1)
    cx, r = (x0 + x1) / 2, (x1 - x0) * 0.33
    if stars:
        for t in np.arange(12) * np.pi / 6:
            cv2.circle(img, (int(cx + r * np.cos(t)), int(h * 0.3 + r * np.sin(t))), 1, (250, 210, 40), -1, cv2.LINE_AA)
    elif flag:
        figure(rng, img, "flag", cx, h * 0.3, r * 0.7, pick(rng, ((200, 30, 40), (240, 240, 240))))
    if not letters:
        return ()
    col = (250, 215, 60) if rng.random() < 0.08 else (250, 250, 250)
    return lettered(rng, img, letters, pick(rng, "sbbc"), col, cx, h * rng.uniform(0.7, 0.8), h * rng.uniform(0.17, 0.27), (x1 - x0) * 0.92)


def draw_european(rng, code):
    _, letters, serials, seal, extra = pick(rng, [e for e in EUROPE if e[0] == code])
    kind = PRIVATE
    h, w = (110, 500) if rng.random() < 0.93 else (150, 300)
    yellow = "yellow" in extra and ("half" not in extra or rng.random() < 0.5)
    base = pick(rng, ((250, 205, 30), (245, 190, 10), (235, 215, 90))) if yellow else (244, 244, 244)
    img = np.full((h, w, 3), base, np.uint8)
    ink = {"red-ink": (165, 30, 40)}.get(extra, (18, 18, 22))
    if "ua" in extra:
        cv2.rectangle(img, (0, 0), (int(w * 0.08), h // 2), (30, 90, 190), -1)
    x0, x1, box = w * 0.02, w * 0.98, ()
    if extra == "swiss":
        for x in (0.05, 0.95):
            figure(rng, img, "shield", w * x, h * 0.5, h * 0.22, (200, 30, 40))
        x0, x1 = w * 0.11, w * 0.89
    elif letters:
        x0 = w * rng.uniform(0.075, 0.11) * (1 if w > 400 else 1.4)
        box = _band(rng, img, 0, x0, letters, code not in STARLESS and not (code == "gb" and ("flag" in extra or rng.random() < 0.3)), "flag" in extra)
        x0 += w * 0.012
    if extra in ("right-department", "right-blue", "right-yellow"):
        x1 = w * rng.uniform(0.9, 0.93)
        if extra == "right-yellow":
            cv2.rectangle(img, (int(x1), 0), (w, h), (250, 205, 40), -1)
            lettered(rng, img, "%02d" % rng.integers(0, 24), "s", (20, 20, 20), (x1 + w) / 2, h * 0.3, h * 0.16, (w - x1) * 0.8)
        else:
            _band(rng, img, x1, w, "%02d" % rng.integers(1, 96) if rng.random() < 0.7 else "", False)
        x1 -= w * 0.01
    face = random_face(rng, pick(rng, ("european", "european", "die", "square", "wide", "round")), system_share=0.3)
    text = fill(rng, pick(rng, serials).replace("B", "\0")).replace("\0", pick(rng, "BCDFGHJKLMNPRSTVWXYZ"))
    mask = np.zeros((h, w), np.uint8)
    top = h * 0.2 if extra == "county-top" else 6
    gaps, _ = lay_text(rng, mask, face, text, (x0, top, x1, h - 6), (h - top) * rng.uniform(0.66, 0.84), fill=rng.uniform(0.75, 1), separator=rng.uniform(0.3, 0.6))
    if extra == "county-top":
        lettered(rng, img, pick(rng, ("BAILE ATHA CLIATH", "CORCAIGH", "GAILLIMH", "LUIMNEACH", "CILL DARA")), "s", (0, 50, 130), (x0 + x1) / 2, h * 0.11, h * 0.11, w * 0.4)
    if gaps and seal:
        a, b = gaps[0]
        spots = {"seals": ((0.28, (210, 120, 50)), (0.7, (180, 185, 195))), "shield": ((0.5, (200, 40, 40)),), "sticker": ((0.45, (190, 60, 60)),)}[seal]
        for fy, col in spots:
            if rng.random() < 0.85:
                figure(rng, img, "shield" if seal == "shield" else "disc", (a + b) / 2, h * fy, max(3, min((b - a) * 0.42, h * 0.15)), col)
    img = ink_characters(rng, img, mask, ink)
    rim = {"red-border": (190, 30, 40), "green-border": (0, 110, 70)}.get(extra, (18, 18, 22))
    if extra == "red-lines":
        for y in (4, h - 5):
            cv2.line(img, (int(x0), y), (w - 6, y), (200, 30, 40), 2)
    elif rng.random() < 0.7 or "border" in extra:
        cv2.rectangle(img, (2, 2), (w - 3, h - 3), rim, int(rng.integers(1, 4)))
    if rng.random() < 0.2:
        parts.dirt(rng, img)
    if rng.random() < 0.25:
        d = int(h * rng.uniform(0.04, 0.12))
        cv2.rectangle(img, (0, h - d), (w, h), (20, 20, 22), -1)
    return Issue(img, target(text, face), code, kind, capitals(letters), box)


def draw_mercosur(rng, code):
    h, w = 130, 400
    kind = choose_kind(rng)
    kind = kind if TYPES[kind] in ("private", "commercial", "taxi", "government", "diplomatic", "dealer") else PRIVATE
    inks = {"commercial": (190, 25, 40), "taxi": (190, 25, 40), "government": (25, 70, 160), "diplomatic": (190, 150, 50), "dealer": (0, 110, 70)}
    img = np.full((h, w, 3), int(rng.uniform(222, 254)), np.uint8)
    ink = inks.get(TYPES[kind], (16, 16, 22)) if code == "br" else (16, 16, 22)
    kind = kind if code == "br" else PRIVATE
    band = int(h * rng.uniform(0.2, 0.28))
    cv2.rectangle(img, (0, 0), (w, band), pick(rng, BLUE), -1)
    name = {"br": "BRASIL", "ar": "REPUBLICA ARGENTINA", "uy": "URUGUAY"}[code]
    box = lettered(rng, img, name, pick(rng, "sbb"), (250, 250, 250), w / 2, band / 2, band * rng.uniform(0.45, 0.65), w * 0.6)
    flag = {"br": (0, 150, 70), "ar": (120, 180, 230), "uy": (70, 120, 200)}[code]
    cv2.rectangle(img, (int(w * 0.9), int(band * 0.2)), (int(w * 0.97), int(band * 0.8)), flag, -1)
    if code == "br":
        figure(rng, img, "diamond", w * 0.935, band * 0.5, band * 0.22, (250, 220, 40))
    else:
        cv2.rectangle(img, (int(w * 0.9), int(band * 0.4)), (int(w * 0.97), int(band * 0.6)), (250, 250, 250), -1)
    face = random_face(rng, pick(rng, ("mercosur", "die", "european", "round")), system_share=0.25)
    text = fill(rng, pick(rng, {"br": ("AAA9A99",), "ar": ("AA 999 AA",), "uy": ("AAA 9999",)}[code]))
    mask = np.zeros((h, w), np.uint8)
    lay_text(rng, mask, face, text, (w * 0.06, band + 5, w * 0.96, h - 5), (h - band) * rng.uniform(0.68, 0.86), fill=rng.uniform(0.8, 1))
    return Issue(ink_characters(rng, img, mask, ink), target(text, face), code, kind, capitals(name), box)


def draw_grey(rng, code):
    """The series before: Brazil grey with a city band, Argentina white on black, Uruguay white."""
    h, w = 130, 400
    kind, name = PRIVATE, ""
    if code == "br":
        tone = rng.random()
        base, ink, kind = ((185, 25, 35), (240, 240, 240), TYPES.index(pick(rng, ("taxi", "commercial")))) if tone < 0.12 else ((238, 238, 238), (20, 20, 24), TYPES.index("government")) if tone < 0.17 else \
            ((int(rng.uniform(120, 215)),) * 3, (20, 20, 22), PRIVATE)
        lines, serial = f"{pick(rng, BRAZIL_STATES)} - {pick(rng, BRAZIL_CITIES)}", pick(rng, ("AAA.9999", "AAA-9999", "AAA 9999"))
    elif code == "ar":
        base, ink, lines, serial, name = (24, 24, 26), (240, 240, 240), "ARGENTINA", "AAA 999", "ARGENTINA"
    else:
        base, ink, lines, serial, name = (240, 240, 240), (20, 30, 110), "URUGUAY", "AAA 9999", "URUGUAY"
    img = np.full((h, w, 3), base, np.uint8)
    face = random_face(rng, pick(rng, ("die", "stamped", "stamped", "round")), system_share=0.2)
    mask = np.zeros((h, w), np.uint8)
    text = fill(rng, serial)
    low = code == "uy" and rng.random() < 0.5
    room = (h * 0.03, h * 0.78) if low else (h * 0.24, h * 0.97)
    lay_text(rng, mask, face, text, (w * 0.035, room[0], w * 0.965, room[1]), h * rng.uniform(0.46, 0.66), fill=rng.uniform(0.65, 1))
    box = lettered(rng, img, lines, pick(rng, "sbc"), ink, w / 2, h * (0.88 if low else rng.uniform(0.11, 0.17)), h * rng.uniform(0.1, 0.16), w * 0.7)
    if code == "br" and rng.random() < 0.5:
        cv2.rectangle(img, (int(w * 0.14), 3), (int(w * 0.86), int(h * 0.25)), ink, 1)
    return Issue(ink_characters(rng, img, mask, ink), target(text, face), code, kind, name or capitals(lines), box)


def draw_world(rng, code):
    if code.startswith("mx-"):
        return draw_mexican(rng, code)
    if code not in ("br", "ar", "uy"):
        return draw_european(rng, code)
    issue = (draw_mercosur if rng.random() < 0.5 else draw_grey)(rng, code)
    img = issue.image
    if rng.random() < 0.25:
        parts.dirt(rng, img)
    if rng.random() < 0.4:
        parts.round_off(rng, img)
    return issue

