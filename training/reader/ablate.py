"""What each part of the reader's recipe is worth: the same weights trained on, with one part left out of each run.

    python3 -m training.reader.ablate --plates DIR --start-from training/out/plate-reader.pt [--crops 3000] [--rounds 1]

Every run sees its own `--crops` drawings `--rounds` times, drawn with the same seed by the recipe without the part, at the same rates.
Without --start-from nets begin anew, with the same random weights: then some 60,000 crops are the least that tells anything.
Measured on DIR/us, DIR/br (true boxes, margin 5 %) and DIR/us-crops: totals only. A finished part is kept in results.json of --out
and not repeated, so that a stopped run goes on.
"""
import argparse
import json
import math
import multiprocessing as mp
import os
import threading
import time

import cv2
import numpy as np
import torch
from torch.nn import functional as F

from ..draw import camera, glyphs
from . import data
from .evaluate import crop, edits, load, read_all
from .model import STEPS, PlateReader
from .train import CODE, slot_targets, to_input

def without_camera():
    for stage in ("_optics", "_sensor", "_compression"):
        setattr(camera, stage, lambda _rng, image, *_: image)


def without_angles():
    camera._project = lambda _rng, aspect, _gentle: np.array([[-0.5, -0.5 / aspect], [0.5, -0.5 / aspect], [0.5, 0.5 / aspect], [-0.5, 0.5 / aspect]])


def without_loose_crops():
    def exact(_rng, corners):
        centre = corners.mean(0)
        return centre + (corners - centre) * 1.07
    camera._seen_corners = exact


def without_families():
    face = glyphs.Face
    glyphs.Face = lambda rng, _family=None: face(rng, "die")
    glyphs.system_fonts = lambda: []


def without_states():
    data.STATE_SHARE = 0.0


PARTS = {
    "whole recipe": None,
    "no camera: optics, sensor, compression": without_camera,
    "no second head": None,
    "one glyph family, no system fonts": without_families,
    "no loose, off-centre crops": without_loose_crops,
    "no designs of real jurisdictions": without_states,
    "no angles": without_angles,
}


def draw_crops(leave_out, count, seed, send):
    """Runs in a process of its own, because leaving a part out changes the drawing modules."""
    cv2.setNumThreads(1)
    if leave_out:
        leave_out()
    pool = data.Pool(seed)
    for start in range(0, count, 500):
        images, texts, _ = pool.batch(min(500, count - start))
        send.send((images, texts))
    send.close()


class Drawing:
    """Crops that a process draws while the net before still trains."""

    def __init__(self, leave_out, count, seed):
        self.receive, send = mp.Pipe(False)
        self.count, self.images, self.texts = count, [], []
        mp.get_context("fork").Process(target=draw_crops, args=(leave_out, count, seed, send), daemon=True).start()
        send.close()
        self.thread = threading.Thread(target=self._collect, daemon=True)
        self.thread.start()

    def _collect(self):
        while len(self.texts) < self.count:
            images, texts = self.receive.recv()
            self.images.append(images)
            self.texts += texts

    def done(self):
        self.thread.join()
        return np.concatenate(self.images), self.texts


def limited(losses):
    """As in the reader's own training: crops beyond reading have huge losses and nothing to teach."""
    return losses * (3 / losses.detach().clamp(min=3))


def train(start, images, texts, rounds, slots_too, seed, top, size=32):
    torch.manual_seed(seed)
    net = PlateReader()
    if start:
        net.load_state_dict(start)
    net = net.to(memory_format=torch.channels_last)
    best = torch.optim.AdamW(net.parameters(), lr=top, weight_decay=0.02)
    rng, steps, step = np.random.default_rng(seed), rounds * (len(texts) // size), 0
    for _ in range(rounds):
        order = rng.permutation(len(texts))
        for at in range(0, len(texts) - size + 1, size):
            for group in best.param_groups:
                group["lr"] = top * min(1, (step + 1) / (0.2 * steps)) * (0.02 + 0.98 * (1 + math.cos(math.pi * step / steps)) / 2)
            some = order[at:at + size]
            said = [texts[i] for i in some]
            net.train()
            log_probs, slots, _, _ = net(to_input(images[some], "cpu"))
            targets = torch.tensor([CODE[c] for t in said for c in t], dtype=torch.long)
            lengths = torch.tensor([len(t) for t in said])
            each = F.ctc_loss(log_probs.transpose(0, 1), targets, torch.full((size,), STEPS), lengths, reduction="none", zero_infinity=True)
            loss = limited(each / lengths.clamp(min=1)).mean()
            if slots_too:
                by_slot = F.cross_entropy(slots.transpose(1, 2), slot_targets(said), reduction="none", label_smoothing=0.02).sum(1)
                loss = loss + 0.5 * limited(by_slot / (lengths + 1)).mean()
            best.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 2.0)
            best.step()
            step += 1
    return net.eval()


def measure(net, sets):
    found = {}
    for name, items in sets.items():
        reads = read_all(net, [crop(image, box, 0.0 if name == "us-crops" else 0.05) for image, box, _, _ in items])
        truth = [text for _, _, text, _ in items]
        found[name] = round(100 * sum(a == b for a, b in zip(reads, truth)) / len(truth), 1)
        found[f"{name} characters"] = round(100 * (1 - sum(len(edits(t, r)) for t, r in zip(truth, reads)) / sum(map(len, truth))), 1)
    return found


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--plates", required=True)
    ap.add_argument("--out", default="training/out/ablation")
    ap.add_argument("--start-from", help="checkpoint that every run begins with")
    ap.add_argument("--crops", type=int, default=3000)
    ap.add_argument("--rounds", type=int, default=1)
    ap.add_argument("--rate", type=float, default=1e-3)
    ap.add_argument("--seed", type=int, default=1)
    a = ap.parse_args()
    os.makedirs(a.out, exist_ok=True)
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    sets = {name: load(os.path.join(a.plates, name)) for name in ("us", "br", "us-crops")}
    path = os.path.join(a.out, "results.json")
    results = json.load(open(path)) if os.path.exists(path) else {}
    start = torch.load(a.start_from, map_location="cpu")["ema"] if a.start_from else None
    if start and "as it is" not in results:
        net = PlateReader()
        net.load_state_dict(start)
        results["as it is"] = measure(net.eval(), sets)
        print("as it is", results["as it is"], flush=True)
    open_parts = [part for part in PARTS if part not in results]
    drawings = {}

    def drawing(part):
        key = PARTS[part]  # parts that leave nothing of the drawing out share one
        if key not in drawings:
            drawings[key] = Drawing(key, a.crops, a.seed)
        return drawings[key]

    for part, after in zip(open_parts, [*open_parts[1:], None]):
        began = time.time()
        images, texts = drawing(part).done()
        if after:
            drawing(after)
        results[part] = measure(train(start, images, texts, a.rounds, part != "no second head", a.seed, a.rate), sets)
        print(f"{part:40s} {results[part]}  {time.time() - began:.0f} s", flush=True)
        with open(path, "w") as handle:
            json.dump({"crops": a.crops, "rounds": a.rounds, **results}, handle, indent=1)


if __name__ == "__main__":
    main()
