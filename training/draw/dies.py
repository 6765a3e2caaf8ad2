"""Strokes of every plate character inside a unit box (x to the right, y down).

A point is (x, y) for a sharp corner or (x, y, k) for a corner rounded with k
times the face's radius.  One set of strokes therefore gives square die-stamped
letters (small radius) and round gothic ones (large radius).
"""

BOWL = [(0, 0, 1), (1, 0, 1), (1, 1, 1), (0, 1, 1), "close"]


def _letter_a(p):
    b = p["bar"]
    if p["a_top"] < 0.5:
        return [[(0, 1), (0.5, 0), (1, 1)], [(0.5 - 0.5 * b, b), (0.5 + 0.5 * b, b)]]
    t = p["a_flat"]
    at = lambda y: t * (1 - y)
    return [[(0, 1), (t, 0, 0.5), (1 - t, 0, 0.5), (1, 1)], [(at(b), b), (1 - at(b), b)]]


def _letter_b(p):
    m = p["waist"]
    return [[(0, m), (0, 0), (0.94, 0, 1), (0.94, m, 1), (0, m)],
            [(0, m), (1, m, 1), (1, 1, 1), (0, 1), (0, m)]]


def _letter_g(p):
    paths = [[(1, 0.27), (1, 0, 1), (0, 0, 1), (0, 1, 1), (1, 1, 1), (1, 0.55), (p["g_bar"], 0.55)]]
    if p["g_spur"] < 0.3:
        paths.append([(1, 0.75), (1, 1)])
    return paths


def _letter_i(p):
    s = [[(0.5, 0), (0.5, 1)]]
    if p["i_serif"] < 0.5:
        e = p["serif"]
        s += [[(0.5 - e, 0), (0.5 + e, 0)], [(0.5 - e, 1), (0.5 + e, 1)]]
    return s


def _letter_j(p):
    s = [[(1, 0), (1, 1, 1), (0, 1, 1), (0, p["j_hook"])]]
    if p["j_serif"] < 0.35:
        s.append([(0.45, 0), (1, 0)])
    return s


def _letter_k(p):
    a = p["k_join"]
    foot = 0.36 if p["k_kind"] < 0.6 else 0.0
    return [[(0, 0), (0, 1)], [(1, 0), (0, a)], [(foot, a * (1 - foot)), (1, 1)]]


def _letter_m(p):
    e = p["m_lean"]
    return [[(0, 1), (e, 0), (0.5, p["m_dip"]), (1 - e, 0), (1, 1)]]


def _letter_q(p):
    kinds = ([(0.55, 0.7), (1.0, 1.06)], [(0.62, 0.8), (0.98, 1.0)], [(0.4, 0.62), (0.95, 1.0)],
             [(0.5, 0.85), (0.5, 1.12)])
    return [BOWL, kinds[int(p["q_kind"] * 3.3) % 4]]


def _letter_r(p):
    m = p["r_waist"]
    leg = [(0.45, m), (1, 1)] if p["r_leg"] < 0.6 else [(0.5, m), (0.96, m + 0.02, 0.6), (1, 1)]
    return [[(0, 1), (0, 0), (1, 0, 1), (1, m, 1), (0, m)], leg]


def _letter_s(p):
    t = p["s_tilt"]
    return [[(1, p["open"]), (1, 0, 1), (0, 0, 1), (0, 0.48 - t, 1), (1, 0.48 + t, 1), (1, 1, 1),
             (0, 1, 1), (0, 1 - p["open"])]]


def _letter_w(p):
    d, e = 1 - p["m_dip"], p["w_lean"]
    return [[(0, 0), (e, 1), (0.5, min(d, 0.6)), (1 - e, 1), (1, 0)]]


def _letter_y(p):
    m = p["y_join"]
    if p["y_kind"] < 0.8:
        return [[(0, 0), (0.5, m), (1, 0)], [(0.5, m), (0.5, 1)]]
    return [[(0, 0), (0, m, 1), (1, m, 1), (1, 0)], [(0.5, m), (0.5, 1)]]


def _digit_0(p):
    k = p["zero"]
    s = [BOWL]
    if k < 0.10:
        s.append([(0.12, 0.88), (0.88, 0.12)])
    elif k < 0.14:
        s.append([(0.5, 0.47), (0.5, 0.53)])
    return s


def _digit_1(p):
    k, f = p["one"], p["flag"]
    if k < 0.3:
        return [[(0.5, 0), (0.5, 1)]]
    s = [[(0.5 - f, f * 0.7), (0.5, 0), (0.5, 1)]] if k < 0.75 else [[(0.5 - f, 0.02), (0.5, 0), (0.5, 1)]]
    if p["one_base"] < 0.45:
        s.append([(0.5 - p["serif"], 1), (0.5 + p["serif"], 1)])
    return s


def _digit_2(p):
    k, o = p["two"], p["two_open"]
    if k < 0.4:
        return [[(0, o), (0, 0, 1), (1, 0, 1), (1, p["two_knee"], 0.8), (0, 0.94, 0.2), (0, 1), (1, 1)]]
    if k < 0.7:  # a straight diagonal, easily taken for a Z
        return [[(0, o), (0, 0, 1), (1, 0, 1), (1, p["two_knee"] * 0.9, 0.25), (0, 1), (1, 1)]]
    return [[(0, o), (0, 0, 1), (1, 0, 1), (1, 0.5, 1), (0, 0.55, 1), (0, 1), (1, 1)]]


def _digit_3(p):
    if p["three"] < 0.2:
        return [[(0, 0), (1, 0), (0.42, 0.42), (1, 0.42, 1), (1, 1, 1), (0, 1, 1), (0, 1 - p["open"])]]
    m = p["waist"]
    return [[(0, p["open"]), (0, 0, 1), (0.96, 0, 1), (0.96, m, 1), (p["three_bar"], m)],
            [(p["three_bar"], m), (1, m, 1), (1, 1, 1), (0, 1, 1), (0, 1 - p["open"])]]


def _digit_4(p):
    b, x = p["four_bar"], p["four_stem"]
    if p["four"] < 0.65:
        return [[(x, 1), (x, 0), (0, b), (1, b)]]
    if p["four"] < 0.85:
        return [[(0.45, 0), (0, b), (1, b)], [(x, b - 0.3), (x, 1)]]
    return [[(0, 0), (0, b - 0.1), (1, b - 0.1)], [(0.8, 0.0 if p["four"] < 0.93 else 0.3), (0.8, 1)]]


def _digit_5(p):
    m = p["five"]
    return [[(0.94, 0), (0.06, 0), (0.02, m + 0.04), (0.14, m, 0.3), (1, m, 1), (1, 1, 1), (0, 1, 1),
             (0, 1 - p["open"])]]


def _digit_6(p):
    m = 1 - p["nine"]
    if p["six"] < 0.7:
        return [[(1, p["open"]), (1, 0, 1), (0, 0, 1), (0, 1, 1), (1, 1, 1), (1, m, 1), (0.05, m, 0.4), (0, m + 0.12)]]
    return [[(0.78, 0), (0.02, 0.6, 0.8), (0, 1, 1), (1, 1, 1), (1, m + 0.03, 1), (0.2, m + 0.03, 0.6), (0.03, 0.72)]]


def _turn(paths):
    return [["close" if q == "close" else (1 - q[0], 1 - q[1], *q[2:]) for q in s] for s in paths]


def _digit_7(p):
    if p["seven"] < 0.75:
        s = [[(0, 0), (1, 0), (p["seven_foot"], 1)]]
    else:
        s = [[(0, 0), (1, 0), (1, 0.2), (p["seven_foot"], 0.55, 0.8), (p["seven_foot"], 1)]]
    if p["seven_lip"] < 0.12:
        s.append([(0, 0), (0, 0.14)])
    return s


def _digit_8(p):
    m, i = p["waist"], p["eight"]
    return [[(i, 0, 1), (1 - i, 0, 1), (1 - i, m, 1), (i, m, 1), "close"],
            [(0, m, 1), (1, m, 1), (1, 1, 1), (0, 1, 1), "close"]]


def _plain(*paths):
    return lambda p: [list(s) for s in paths]


DIES = {
    "A": _letter_a, "B": _letter_b,
    "C": lambda p: [[(1, p["open"] + 0.03), (1, 0, 1), (0, 0, 1), (0, 1, 1), (1, 1, 1), (1, 0.97 - p["open"])]],
    "D": lambda p: [[(0, 0), (1, 0, 1), (1, 1, 1), (0, 1), "close"]],
    "E": lambda p: [[(1, 0), (0, 0), (0, 1), (1, 1)], [(0, p["waist"]), (p["e_arm"], p["waist"])]],
    "F": lambda p: [[(1, 0), (0, 0), (0, 1)], [(0, p["waist"]), (p["e_arm"], p["waist"])]],
    "G": _letter_g, "H": lambda p: [[(0, 0), (0, 1)], [(1, 0), (1, 1)], [(0, p["waist"]), (1, p["waist"])]],
    "I": _letter_i, "J": _letter_j, "K": _letter_k, "L": _plain([(0, 0), (0, 1), (1, 1)]), "M": _letter_m,
    "N": _plain([(0, 1), (0, 0), (1, 1), (1, 0)]), "O": lambda p: [BOWL],
    "P": lambda p: [[(0, 1), (0, 0), (1, 0, 1), (1, p["r_waist"], 1), (0, p["r_waist"])]],
    "Q": _letter_q, "R": _letter_r, "S": _letter_s, "T": _plain([(0, 0), (1, 0)], [(0.5, 0), (0.5, 1)]),
    "U": _plain([(0, 0), (0, 1, 1), (1, 1, 1), (1, 0)]), "V": _plain([(0, 0), (0.5, 1), (1, 0)]), "W": _letter_w,
    "X": _plain([(0, 0), (1, 1)], [(1, 0), (0, 1)]), "Y": _letter_y,
    "Z": _plain([(0, 0), (1, 0), (0, 1), (1, 1)]),
    "0": _digit_0, "1": _digit_1, "2": _digit_2, "3": _digit_3, "4": _digit_4, "5": _digit_5, "6": _digit_6,
    "7": _digit_7, "8": _digit_8, "9": lambda p: _turn(_digit_6(p)),
    "-": _plain([(0, 0.5), (1, 0.5)]), ".": _plain([(0.5, 0.5), (0.5, 0.52)]),
}
