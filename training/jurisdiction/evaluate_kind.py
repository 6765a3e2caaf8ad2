"""Calibrate and measure what the net says of a plate's kind (taxi, dealer, ...), on drawings only: no photograph has such a label.

    python3 -m training.jurisdiction.evaluate_kind --checkpoint training/out/kind/latest.pt [--fonts FOLDER]

Most plates are private ones: drawings are weighed as if COMMON of all were. --fonts draws the last set with the lettering of that
folder alone, which no training should have seen.
"""
import argparse
import json
import os

import cv2
import numpy as np
import torch

from ..draw import states_fonts
from ..draw.states_parts import PRIVATE
from ..draw.states_table import TYPES
from .data import held_out
from .evaluate import answers_of_views, load, views

COMMON = 0.9   # share of private plates at a port, a guess on the low side
WANTED = 0.9   # of the kinds that are named so many must be right
FEWEST = 12    # named kinds that a cut must rest on
UNNAMED = (PRIVATE, TYPES.index("other"))  # the reader says nothing of these


def weights_of(kinds):
    """What each drawing stands for, so that private ones are COMMON of all."""
    private = kinds == PRIVATE
    return np.where(private, COMMON / private.mean(), (1 - COMMON) / (~private).mean())


def fit(logits, kinds):
    """Divisor of the logits and what is added to "private", by least weighted log loss."""
    weight, truth = torch.from_numpy(weights_of(kinds)).float(), torch.from_numpy(kinds)
    best = (1e9, 1.0, 0.0)
    for heat in np.exp(np.linspace(np.log(0.5), np.log(3), 25)):
        for more in np.linspace(-1, 5, 25):
            moved = logits / heat
            moved[:, PRIVATE] += more
            loss = (torch.nn.functional.cross_entropy(moved, truth, reduction="none") * weight).mean().item()
            best = min(best, (loss, float(heat), float(more)))
    return best[1:]


def sure(logits, heat, more):
    moved = logits / heat
    moved[:, PRIVATE] += more
    chance, kind = torch.softmax(moved, 1).max(1)
    return kind.numpy(), chance.numpy()


def is_named(kind, chance, cut):
    return ~np.isin(kind, UNNAMED) & (chance >= cut)


def figures(kind, chance, kinds, cut):
    """Shares: of special kinds named rightly; of all named, right ones (weighed); of private ones called special."""
    named, special, weight = is_named(kind, chance, cut), kinds != PRIVATE, weights_of(kinds)
    right = named & (kind == kinds)
    return {"drawings": len(kinds), "special": int(special.sum()), "rightOfSpecial": round(float(right[special].mean()), 3),
            "rightOfNamed": round(float(weight[right].sum() / max(1e-9, weight[named].sum())), 3), "privateNamed": round(float(named[~special].mean()), 4)}


def choose_cut(kind, chance, kinds):
    """The least cut from which on the named kinds are right as often as wanted; None where no cut is."""
    for cut in np.arange(0.2, 0.99, 0.02):
        named = is_named(kind, chance, cut)
        if named.sum() >= FEWEST and figures(kind, chance, kinds, cut)["rightOfNamed"] >= WANTED:
            return round(float(cut), 2)
    return None


def calibrate_kind(net, folder, log=lambda line: None):
    """Divisor, addition to "private" and cut by the 2400 calibration drawings; figures on the held-out ones."""
    images, _, kinds = held_out(os.path.join(folder, "calibration.npz"), 2400, 90211)
    logits = answers_of_views(net, views(images))[1]
    heat, more = fit(logits, kinds)
    kind, chance = sure(logits, heat, more)
    for tried in np.arange(0.3, 0.96, 0.1):
        log(f"cut {tried:.1f}: {json.dumps(figures(kind, chance, kinds, tried))}")
    cut = choose_cut(kind, chance, kinds)
    images, _, kinds = held_out(os.path.join(folder, "held-out.npz"))
    kind, chance = sure(answers_of_views(net, views(images))[1], heat, more)
    return {"divisor": round(heat, 3), "private": round(more, 3), "cut": cut, "heldOut": figures(kind, chance, kinds, cut or 1.0)}


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--checkpoint", default="training/out/kind/latest.pt")
    ap.add_argument("--fonts", help="folder of fonts that no training saw")
    a = ap.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    net, _ = load(a.checkpoint)
    folder = os.path.dirname(a.checkpoint)
    found = calibrate_kind(net, folder, print)
    print(json.dumps(found))
    if a.fonts:
        states_fonts.ROOT = a.fonts
        images, _, kinds = held_out(os.path.join(folder, "other-fonts.npz"), 1200, 55013)
        kind, chance = sure(answers_of_views(net, views(images))[1], found["divisor"], found["private"])
        print("other fonts:", json.dumps(figures(kind, chance, kinds, found["cut"] or 1.0)))
        for at, name in enumerate(TYPES):
            one = kinds == at
            named = (kind == at) & (chance >= (found["cut"] or 1.0))
            print(f"  {name}: {one.sum()} drawn, {(named & one).sum()} named so, {(named & ~one).sum()} others named so")


if __name__ == "__main__":
    main()
