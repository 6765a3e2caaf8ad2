"""Measure the jurisdiction net: drawings held out, and clean plate pictures of known states (measuring only).

    python3 -m training.jurisdiction.evaluate --plates DIR [--checkpoint training/out/jurisdiction/latest.pt]

DIR/us-crops/truth.csv: file,state,plate; the whole picture is the plate. Totals only: no state is listed, so nothing is fitted to one.
"""
import argparse
import csv
import json
import os

import cv2
import numpy as np
import torch

from .data import USUAL_MARGIN, held_out
from .model import HEIGHT, JURISDICTIONS, WIDTH, PlateJurisdiction
from .train import answers

NEAR = 0.15  # width of the band of probabilities above the cut in which drawings must be right more often than wrong


def load(checkpoint):
    saved = torch.load(checkpoint, map_location="cpu")
    net = PlateJurisdiction()
    net.load_state_dict(saved["ema"])
    return net.eval(), saved


def crops(folder, margin=0.0):
    """Pictures stretched to the net's input, with `margin` of their size around them, and their states."""
    images, states = [], []
    for row in csv.DictReader(open(os.path.join(folder, "truth.csv"), newline="")):
        image = cv2.cvtColor(cv2.imread(os.path.join(folder, row["file"])), cv2.COLOR_BGR2RGB)
        dx, dy = int(image.shape[1] * margin), int(image.shape[0] * margin)
        image = cv2.copyMakeBorder(image, dy, dy, dx, dx, cv2.BORDER_REPLICATE)
        images.append(cv2.resize(image, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA if image.shape[1] > WIDTH else cv2.INTER_LINEAR))
        states.append(JURISDICTIONS.index("us-" + row["state"]))
    return np.stack(images), np.array(states)


MARGINS = (0.0, 0.06)  # of the reader's two views of a plate; the mean of their logits answers
BETWEEN = 0.03  # what a drawing's own margin, about 0.03 with a detector's error, lacks to either


def views(images):
    """Every crop a little tighter and a little looser, as the reader's two margins see it."""
    high, wide = images.shape[1:3]
    for share in (BETWEEN, -BETWEEN):
        dx, dy = share * wide, share * high
        corners = np.float32([[dx, dy], [wide - dx, dy], [wide - dx, high - dy], [dx, high - dy]])
        matrix = cv2.getPerspectiveTransform(corners, np.float32([[0, 0], [wide, 0], [wide, high], [0, high]]))
        yield np.stack([cv2.warpPerspective(i, matrix, (wide, high), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE) for i in images])


def answers_of_views(net, seen):
    """Mean logits of jurisdiction and of type over views of the same plates."""
    places, sorts = zip(*(answers(net, images) for images in seen))
    return sum(places) / len(places), sum(sorts) / len(sorts)


def temperature(logits, codes):
    """The divisor of the logits that makes the drawings' probabilities honest (least log loss)."""
    codes = torch.from_numpy(codes)
    tried = np.exp(np.linspace(np.log(0.5), np.log(3), 60))
    return float(min(tried, key=lambda t: torch.nn.functional.cross_entropy(logits / t, codes).item()))


def sure(logits, heat):
    """Best jurisdiction with its probability."""
    chance, best = torch.softmax(logits / heat, 1).max(1)
    return best.numpy(), chance.numpy()


def choose_cut(best, chance, codes):
    """Least probability just above which the named drawings are right more often than wrong."""
    named = best != JURISDICTIONS.index("unknown")
    for cut in np.arange(0.1, 0.9, 0.02):
        near = named & (chance >= cut) & (chance < cut + NEAR)
        if near.any() and (best[near] == codes[near]).mean() > 0.5:
            return round(float(cut), 2)
    return 0.9


def calibrate(net, folder):
    """Temperature and cut by 2400 drawings of their own; figures on the held-out ones."""
    images, codes, _ = held_out(os.path.join(folder, "calibration.npz"), 2400, 90211)
    places, _ = answers_of_views(net, views(images))
    heat = temperature(places, codes)
    cut = choose_cut(*sure(places, heat), codes)
    images, codes, _ = held_out(os.path.join(folder, "held-out.npz"))
    places, _ = answers_of_views(net, views(images))
    best, chance = sure(places, heat)
    kept = (chance >= cut) & (best != JURISDICTIONS.index("unknown"))
    right = best == codes
    return {"temperature": round(heat, 3), "cut": cut, "drawn": len(codes), "jurisdiction": round(float(right.mean()), 4),
            "named": round(float(kept.mean()), 4), "rightOfNamed": round(float(right[kept].mean()), 4)}


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--plates")
    ap.add_argument("--checkpoint", default="training/out/jurisdiction/latest.pt")
    a = ap.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    net, saved = load(a.checkpoint)
    found = calibrate(net, os.path.dirname(a.checkpoint))
    print(f"{saved['samples']} samples seen; drawings: {json.dumps(found)}")
    folder = os.path.join(a.plates or "", "us-crops")
    if not a.plates or not os.path.isdir(folder):
        return
    us = np.array([c.startswith("us-") for c in JURISDICTIONS])
    for margins in ((0.0,), (USUAL_MARGIN,), MARGINS):
        pictures = [crops(folder, margin) for margin in margins]
        states = pictures[0][1]
        places, _ = answers_of_views(net, [images for images, _ in pictures])
        best, chance = sure(places, found["temperature"])
        right = best == states
        kept = (chance >= found["cut"]) & (best != JURISDICTIONS.index("unknown"))
        top3 = (places.topk(3, 1).indices.numpy() == states[:, None]).any(1).mean()
        inside = np.where(us, places.numpy(), -99).argmax(1) == states
        each = [right[states == s].mean() for s in np.unique(states)]
        print(f"us-crops margins {margins}: state {right.mean():.1%}, in the first three {top3:.1%}, among states only {inside.mean():.1%}, mean over states {np.mean(each):.1%}; "
              f"named {kept.mean():.1%}, of these right {right[kept].mean():.1%}, named rightly {(right & kept).mean():.1%}; states at half or better {sum(e >= 0.5 for e in each)} of {len(each)}; "
              f"abroad or unknown {1 - us[best].mean():.1%}")


if __name__ == "__main__":
    main()
