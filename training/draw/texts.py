"""Plate texts: shapes of real registrations, and plain random strings."""
from .glyphs import ALPHABET
from .parts import pick

LETTERS, DIGITS = ALPHABET[10:], ALPHABET[:10]
# 9 = digit, A = letter, * = either, blank = a gap that may hold an emblem
US = ("AAA 9999", "999 AAA", "AAA 999", "9AAA999", "AA9 A9A", "A99 AAA", "AA 99999", "999 9999", "9999999", "999999",
      "AAA9999", "A9A A9A", "AA9 9AA", "99A 9A9", "AA9999", "99 A9999", "AAA 99A", "999A999", "AA 9999", "99999", "9A 99999",
      "A99999", "AA9 A9A", "AA99 9AA", "9 AA999", "AAA AA9", "9999 AA", "A999999", "99 99999", "*** ***", "*** ****",
      "AAAAAAA", "AAAA AA", "AA9A9A9", "99 AA 99", "AA 999 A")
CA = ("AAAA 999", "A99 AAA", "AAA 999", "AA9 99A", "AAA 99A", "999 AAA", "AAA-9999", "AA-99999")
MX = ("AAA-999-A", "AAA-99-99", "AA-99-999", "A-999-AAA", "AA-9999-A", "999-AAA", "A99-AAA", "99-AA-9A")
EU = ("AA 999 AA", "AA99 AAA", "A AA 9999", "AAA 99999", "9999 AAA", "AA-999-A", "999-AA-99", "AA AA 999", "A99 9999",
      "AA 99 AAA", "AAA 999", "AA 99999", "9A9 9999", "AAA 9AA", "99-AA-AA", "AA 9999 AA")


def fill(rng, template):
    out = []
    for c in template:
        # real plates carry digits about half the time, not 10 times in 36
        free = DIGITS if rng.random() < 0.25 else ALPHABET
        source = {"A": LETTERS, "9": DIGITS, "*": free}.get(c)
        out.append(source[int(rng.integers(len(source)))] if source else c)
    return "".join(out)


def random_text(rng, templates, random_share=0.4):
    """A text with its gaps; repeats are given extra weight because CTC heads lose them."""
    if rng.random() < random_share:
        n = int(rng.choice((2, 3, 4, 5, 6, 7, 8), p=(0.02, 0.03, 0.07, 0.14, 0.28, 0.38, 0.08)))
        text = "*" * n
        if n > 3 and rng.random() < 0.6:
            cut = int(rng.integers(1, n))
            text = text[:cut] + pick(rng, (" ", " ", "-")) + text[cut:]
        text = fill(rng, text)
    else:
        text = fill(rng, pick(rng, templates))
    if rng.random() < 0.08:
        i = int(rng.integers(len(text) - 1)) if len(text) > 1 else 0
        if text[i] in ALPHABET and i + 1 < len(text) and text[i + 1] in ALPHABET:
            text = text[:i + 1] + text[i] + text[i + 2:]
    return text
