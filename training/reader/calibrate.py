"""Fits what the reader's features say of a look, on drawn pictures only, and writes it into the reader's card.

    python3 training/draw/labelled.py --scenes STREETS --out DRAWN --count 900
    npx tsx bench/plates.ts DRAWN --features features.jsonl
    python3 -m training.reader.calibrate --features features.jsonl --card packages/vision/models/plate-reader.json

Two logistic functions over the features of packages/vision/src/features.ts: `plausibility` (is this a plate that reads, with a
cut) and `calibration` (is the text right, then a rising curve). All figures printed are of held-out fifths of the pictures.
Fit again after every change of detector, reader or margins. Needs NumPy only; no photograph may go in here.
"""
import argparse
import json
import zlib

import numpy as np

PLAUSIBILITY = ("posterior", "weakest", "agreement", "slots", "legibility", "detection", "short", "long", "shape", "sharpness", "width")
CALIBRATION = ("posterior", "runnerUp", "weakest", "agreement", "slots", "legibility", "width", "sharpness", "short", "long")
FOLDS = 5


def fit(x, y, ridge=2.0):
    """Weights and bias of a logistic regression (Newton's method; the ridge holds the weights, not the bias)."""
    design = np.hstack((x, np.ones((len(x), 1))))
    hold = np.full(design.shape[1], ridge)
    hold[-1] = 1e-6
    w = np.zeros(design.shape[1])
    for _ in range(50):
        p = sigmoid(design @ w)
        step = np.linalg.solve((design * (p * (1 - p))[:, None]).T @ design + np.diag(hold), design.T @ (y - p) - hold * w)
        w += step
        if np.abs(step).max() < 1e-8:
            break
    return w


def sigmoid(z):
    return 1 / (1 + np.exp(-np.clip(z, -30, 30)))


def predict(w, x):
    return sigmoid(x @ w[:-1] + w[-1])


def held_out(x, y, folds):
    p = np.zeros(len(y))
    for k in range(FOLDS):
        p[folds == k] = predict(fit(x[folds != k], y[folds != k]), x[folds == k])
    return p


def rising(p, y, points=9):
    """Isotonic regression (pool adjacent violators) of y on p, thinned to a few points."""
    order = np.argsort(p)
    blocks = []  # sum of p, sum of y, count
    for i in order:
        blocks.append([p[i], y[i], 1])
        while len(blocks) > 1 and blocks[-2][1] * blocks[-1][2] >= blocks[-1][1] * blocks[-2][2]:
            last = blocks.pop()
            blocks[-1] = [a + b for a, b in zip(blocks[-1], last)]
    # One success more and one failure more a block: a handful of right reads is no certainty.
    means = np.array([(b[0] / b[2], (b[1] + 0.5) / (b[2] + 1), b[2]) for b in blocks])
    edges = np.linspace(0, len(p), points + 1)
    at = np.cumsum(means[:, 2]) - means[:, 2] / 2
    curve = []
    for a, b in zip(edges[:-1], edges[1:]):
        inside = (at >= a) & (at < b)
        if inside.any():
            weight = means[inside, 2] / means[inside, 2].sum()
            curve.append((float(means[inside, 0] @ weight), float(means[inside, 1] @ weight)))
    kept = []
    for before, after in curve:
        if not kept or (before > kept[-1][0] + 1e-4 and after >= kept[-1][1]):
            kept.append((round(before, 4), round(min(after, 0.999), 4)))
    return kept


def kept_at(p, y, wrong_max=0.02):
    order = np.argsort(-p)
    wrong = np.cumsum(1 - y[order])
    fine = np.nonzero(wrong <= wrong_max * np.arange(1, len(y) + 1))[0]
    return (fine[-1] + 1) / len(y) if len(fine) else 0.0


def gap(p, y):
    bins = np.clip((p * 12).astype(int), 0, 11)
    return sum(abs(p[bins == b].sum() - y[bins == b].sum()) for b in range(12)) / len(y)


def card_of(w, names):
    return {"bias": round(float(w[-1]), 4), "weights": {n: round(float(v), 4) for n, v in zip(names, w) if abs(v) > 5e-5}}


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--features", required=True)
    options.add_argument("--card", required=True)
    options.add_argument("--false-plates", type=float, default=0.03, help="wanted at most, a drawn picture")
    options.add_argument("--dry", action="store_true", help="print, write nothing")
    chosen = options.parse_args()
    rows = [json.loads(line) for line in open(chosen.features)]
    pictures = len({row["file"] for row in rows})
    rows = [row for row in rows if row["text"]]
    folds = np.array([zlib.crc32(row["file"].encode()) % FOLDS for row in rows])
    column = {name: np.array([row["features"][name] for row in rows], float) for name in {*PLAUSIBILITY, *CALIBRATION}}
    table = {names: np.stack([column[name] for name in names], 1) for names in (PLAUSIBILITY, CALIBRATION)}

    plate = np.array([row["plate"] for row in rows], float)
    p = held_out(table[PLAUSIBILITY], plate, folds)
    print(f"{pictures} pictures with looks, {len(rows)} looks with a text, {int(plate.sum())} of them at a plate")
    readable = np.array([row["plate"] and row["right"] is True for row in rows])
    cut = 0.5
    for candidate in np.arange(0.05, 0.96, 0.05):
        false = ((p >= candidate) & (plate == 0)).sum() / pictures
        found, right = (p >= candidate)[plate == 1].mean(), (p >= candidate)[readable].mean()
        print(f"plausibility cut {candidate:.2f}: false a picture {false:.3f}, of plates with a text kept {found:.1%}, of right ones {right:.1%}")
    for candidate in np.arange(0.05, 0.96, 0.01):
        if ((p >= candidate) & (plate == 0)).sum() / pictures <= chosen.false_plates:
            cut = round(float(candidate), 2)
            break
    print(f"chosen cut {cut}")
    plausibility = {**card_of(fit(table[PLAUSIBILITY], plate), PLAUSIBILITY), "cut": cut}

    known = np.array([row["right"] is not None for row in rows]) & (p >= cut)
    x, y = table[CALIBRATION][known], np.array([bool(row["right"]) for row in rows], float)[known]
    raw = sigmoid(column["posterior"][known])
    q = held_out(x, y, folds[known])
    print(f"{len(y)} reported looks with a known text, {y.mean():.1%} right")
    print(f"network's own probability: gap {gap(raw, y):.3f}, kept at 2 % wrong {kept_at(raw, y):.1%}")
    print(f"calibrated, held out:      gap {gap(q, y):.3f}, kept at 2 % wrong {kept_at(q, y):.1%}")
    calibration = {**card_of(fit(x, y), CALIBRATION), "curve": rising(q, y)}
    print(json.dumps({"plausibility": plausibility, "calibration": calibration}))
    if chosen.dry:
        return
    with open(chosen.card) as handle:
        card = json.load(handle)
    card["plausibility"], card["calibration"] = plausibility, calibration
    with open(chosen.card, "w") as handle:
        json.dump(card, handle, indent=2)
        handle.write("\n")


if __name__ == "__main__":
    main()
