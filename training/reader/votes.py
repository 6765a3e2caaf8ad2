"""Fits how looks of one plate are weighed against each other, and when their vote is sure, on drawn pictures only.

    python3 training/draw/labelled.py --scenes STREETS --out DRAWN --count 700 --seed 77
    npx tsx bench/plates.ts DRAWN --looks 3 --tracks near.jsonl
    npx tsx bench/plates.ts DRAWN --looks 3 --spread 2 --tracks far.jsonl
    python3 -m training.reader.votes --tracks near.jsonl far.jsonl

Prints the numbers that stand in `voteLimits` of packages/vision/src/vote.ts, and what the vote is worth with them; figures of trust
and cuts are of held-out fifths of the pictures. Fit again after every change of the reader or its calibration. Needs NumPy only.
"""
import argparse
import json
import zlib

import numpy as np

FOLDS = 5
START = {"even": -0.7, "odds": 0.0, "sharpness": 0.0, "alignedShare": -1.0, "unlisted": -7.6}
STEPS = {"even": 0.4, "odds": 0.2, "sharpness": 0.4, "alignedShare": 1.0, "unlisted": 1.0}
WIDTH = 40  # pixels; the drawings have too few narrower plates to fit this


class Track:
    """One plate's looks, or the first of them, as arrays."""

    def __init__(self, line, looks):
        self.fold = zlib.crc32(line["file"].encode()) % FOLDS
        seen = line["looks"][:looks]
        confidence, width, sharpness = (np.array([look[name] for look in seen]) for name in ("confidence", "width", "sharpness"))
        self.width = np.minimum(1, width / WIDTH)
        self.odds = np.log((confidence + 0.01) / (1.01 - confidence))
        self.clear = np.log(np.maximum(0.05, sharpness) / 0.5)
        self.listed = np.array([c["listed"][:looks] for c in line["candidates"]])
        self.aligned = np.array([c["aligned"][:looks] for c in line["candidates"]])
        self.right = np.array([c["right"] for c in line["candidates"]])
        self.said = np.array([c["said"] for c in line["candidates"]])

    def scores(self, v):
        weight = self.width * np.exp(v["even"] + v["odds"] * self.odds + v["sharpness"] * self.clear)
        support = np.maximum(np.maximum(self.listed, np.exp(v["alignedShare"]) * self.aligned), np.exp(v["unlisted"]))
        return np.log(support) @ weight


def loss(tracks, v):
    """Mean surprise at the right text, where it is a candidate."""
    total, count = 0.0, 0
    for track in tracks:
        if track.right.any():
            s = track.scores(v)
            total += np.logaddexp.reduce(s) - s[track.right].max()
            count += 1
    return total / count + 0.01 * (v["odds"] ** 2 + v["sharpness"] ** 2)


def descend(cost, start, steps):
    """Coordinate search; few numbers and a smooth cost."""
    best, v, steps = cost(start), dict(start), dict(steps)
    while max(steps.values()) > 0.03:
        moved = False
        for name in steps:
            for sign in (1, -1):
                tried = {**v, name: v[name] + sign * steps[name]}
                found = cost(tried)
                if found < best - 1e-6:
                    best, v, moved = found, tried, True
                    break
        if not moved:
            steps = {name: step / 2 for name, step in steps.items()}
    return v


def log_odds(p):
    return np.log((p + 0.001) / (1.001 - p))


def believed(tracks, v):
    """Share of the winner and its surest look, as log odds; whether it is right; looks that say it; looks."""
    rows = []
    for track in tracks:
        s = track.scores(v)
        at = int(s.argmax())
        rows.append((log_odds(np.exp(s[at] - np.logaddexp.reduce(s))), log_odds(track.listed[at].max()), track.right[at], track.said[at], track.listed.shape[1], track.fold))
    return np.array(rows, float)


def trust_of(rows):
    def cost(t):
        z = t["bias"] + t["share"] * rows[:, 0] + t["best"] * rows[:, 1]
        return np.mean(np.logaddexp(0, np.where(rows[:, 2] > 0, -z, z))) + 0.001 * (t["share"] ** 2 + t["best"] ** 2)
    return descend(cost, {"bias": 0.0, "share": 0.1, "best": 0.1}, {"bias": 0.5, "share": 0.5, "best": 0.5})


def trusted(t, rows):
    return 1 / (1 + np.exp(-(t["bias"] + t["share"] * rows[:, 0] + t["best"] * rows[:, 1])))


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--tracks", nargs="+", required=True)
    options.add_argument("--wrong", type=float, default=0.02, help="wanted at most, of the confirmed reads")
    chosen = options.parse_args()
    lines = [json.loads(line) for path in chosen.tracks for line in open(path)]
    whole = [Track(line, 99) for line in lines if len(line["looks"]) > 1]
    tracks = whole + [Track(line, 2) for line in lines if len(line["looks"]) > 2]
    v = descend(lambda tried: loss(tracks, tried), START, STEPS)
    exact = np.mean([track.right[track.scores(v).argmax()] for track in whole])
    print(f"{len(whole)} tracks; surprise {loss(tracks, START):.3f} with equal weights, {loss(tracks, v):.3f} fitted; winner right in {exact:.1%}")
    rows = believed(tracks, v)
    p = np.zeros(len(rows))
    for fold in range(FOLDS):
        held = rows[:, 5] == fold
        p[held] = trusted(trust_of(rows[~held]), rows[held])
    right, agree = rows[:, 2] > 0, (rows[:, 3] >= 2) & (rows[:, 3] >= 0.6 * rows[:, 4])
    for low, high in ((0, 0.2), (0.2, 0.4), (0.4, 0.6), (0.6, 0.8), (0.8, 0.9), (0.9, 0.95), (0.95, 0.98), (0.98, 1)):
        inside = (p >= low) & (p < high)
        if inside.any():
            print(f"confidence {low} to {high}: {inside.sum()} votes, said {p[inside].mean():.1%}, right {right[inside].mean():.1%}")
    cut = None
    for candidate in np.arange(0.7, 0.995, 0.01):
        kept = agree & (p >= candidate)
        print(f"cut {candidate:.2f}: confirmed {kept.mean():.1%}, of these right {right[kept].mean():.2%}")
        if cut is None and kept.any() and right[kept].mean() >= 1 - chosen.wrong:
            cut = round(float(candidate), 2)
    trust = trust_of(rows)
    print(json.dumps({"unlistedProbability": float(np.exp(v["unlisted"])), "alignedShare": float(np.exp(v["alignedShare"])),
                      "weight": {"even": float(np.exp(v["even"])), "odds": v["odds"], "sharpness": v["sharpness"]}, "trust": trust, "confidenceMin": cut}, indent=2))


if __name__ == "__main__":
    main()
