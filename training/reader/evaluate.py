"""Measure the reader on real photographs with truth boxes (measuring only, never training).

    python3 -m training.reader.evaluate --plates DIR [--checkpoint training/out/plate-reader.pt] [--json FILE]

DIR holds folders `us`, `br` (truth.csv: file,x,y,width,height,plate) and `us-crops`
(file,state,plate; the whole picture is the plate).  O counts as 0.
"""
import argparse
import collections
import csv
import json
import os
import time

import cv2
import numpy as np
import torch

from .model import HEIGHT, WIDTH, PlateReader, decode


def fold(text):
    return "".join(c for c in text.upper() if c.isalnum()).replace("O", "0")


def crop(image, box, margin):
    """The box widened by `margin` of its width and height, stretched to the reader's input."""
    h, w = image.shape[:2]
    x, y, bw, bh = box
    x0, y0 = x - margin * bw, y - margin * bh
    x1, y1 = x + bw + margin * bw, y + bh + margin * bh
    x0, y0, x1, y1 = max(0, int(round(x0))), max(0, int(round(y0))), min(w, int(round(x1))), min(h, int(round(y1)))
    part = image[y0:y1, x0:x1]
    shrink = part.shape[1] > WIDTH
    return cv2.resize(part, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA if shrink else cv2.INTER_LINEAR)


def edits(truth, read):
    """Cheapest edit path as (kind, truth character, read character)."""
    n, m = len(truth), len(read)
    d = np.zeros((n + 1, m + 1), int)
    d[:, 0], d[0] = np.arange(n + 1), np.arange(m + 1)
    for i in range(1, n + 1):
        for j in range(1, m + 1):
            d[i, j] = min(d[i - 1, j] + 1, d[i, j - 1] + 1, d[i - 1, j - 1] + (truth[i - 1] != read[j - 1]))
    i, j, path = n, m, []
    while i or j:
        if i and j and d[i, j] == d[i - 1, j - 1] + (truth[i - 1] != read[j - 1]):
            if truth[i - 1] != read[j - 1]:
                path.append(("swapped", truth[i - 1], read[j - 1]))
            i, j = i - 1, j - 1
        elif i and d[i, j] == d[i - 1, j] + 1:
            path.append(("lost", truth[i - 1], ""))
            i -= 1
        else:
            path.append(("invented", "", read[j - 1]))
            j -= 1
    return path


def load(folder):
    items = []
    for row in csv.DictReader(open(os.path.join(folder, "truth.csv"), newline="")):
        image = cv2.cvtColor(cv2.imread(os.path.join(folder, row["file"])), cv2.COLOR_BGR2RGB)
        if row.get("width"):
            box = [float(row[k]) for k in ("x", "y", "width", "height")]
        else:
            box = [0, 0, image.shape[1], image.shape[0]]
        items.append((image, box, fold(row["plate"]), row["file"]))
    return items


def read_all(net, crops):
    out = []
    with torch.no_grad():
        for i in range(0, len(crops), 64):
            x = torch.from_numpy(np.stack(crops[i:i + 64])).permute(0, 3, 1, 2).float() / 255
            log_probs = net(x)[0]
            out += decode(log_probs)
    return [fold(t) for t in out]


def report(name, items, net, margins, verbose):
    result = {"n": len(items)}
    for margin in margins:
        reads = read_all(net, [crop(i, b, margin) for i, b, _, _ in items])
        truth = [t for _, _, t, _ in items]
        exact = sum(r == t for r, t in zip(reads, truth)) / len(items)
        paths = [edits(t, r) for r, t in zip(reads, truth)]
        cer = sum(len(p) for p in paths) / sum(len(t) for t in truth)
        result[f"margin {margin:.0%}"] = {"exact": round(exact, 4), "characterError": round(cer, 4)}
        kinds = collections.Counter(k for p in paths for k, _, _ in p)
        wrong = [(t, r) for r, t in zip(reads, truth) if r != t]
        length = sum(len(t) != len(r) for t, r in wrong)
        print(f"{name:9s} margin {margin:4.0%} exact {exact:6.1%} char error {cer:5.1%} wrong {len(wrong)} "
              f"(of wrong length {length}) {dict(kinds)}")
        if margin == margins[len(margins) // 2]:
            pairs = collections.Counter((a + ">" + b if k == "swapped" else k + " " + a + b) for p in paths for k, a, b in p)
            print("   ", ", ".join(f"{k} {n}" for k, n in pairs.most_common(18)))
            sizes = collections.defaultdict(list)
            for (_, b, t, _), r in zip(items, reads):
                sizes["<80" if b[2] < 80 else "80-100" if b[2] < 100 else "100-150" if b[2] < 150 else ">=150"].append(r == t)
            print("    by plate width:", {k: f"{np.mean(v):.2f} of {len(v)}" for k, v in sorted(sizes.items())})
            if verbose:
                print("    " + "  ".join(f"{t}→{r}" for t, r in wrong))
    return result


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--plates", required=True)
    ap.add_argument("--checkpoint", default="training/out/plate-reader.pt")
    ap.add_argument("--json", help="write the figures here")
    ap.add_argument("--verbose", action="store_true", help="list the wrong reads")
    a = ap.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    saved = torch.load(a.checkpoint, map_location="cpu")
    net = PlateReader()
    net.load_state_dict(saved["ema"])
    net.eval()
    print(f"{saved['samples']} samples seen")
    begun, results = time.time(), {}
    for name in ("us", "br", "us-crops"):
        folder = os.path.join(a.plates, name)
        if os.path.isdir(folder):
            margins = (0.0,) if name == "us-crops" else (0.03, 0.05, 0.08)
            results[name] = report(name, load(folder), net, margins, a.verbose)
    print(f"{time.time() - begun:.1f} s")
    if a.json:
        json.dump({"samples": saved["samples"], **results}, open(a.json, "w"), indent=1)


if __name__ == "__main__":
    main()
