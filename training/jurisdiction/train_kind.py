"""Train the part that tells a plate's kind (taxi, dealer, ...), on drawings only; the rest of the net stays bit by bit as it is.

What the rest says of a drawing is kept in memory and learned from many times, so that the part is trained in minutes of a core.

    python3 -m training.jurisdiction.train_kind --start-from training/out/jurisdiction/latest.pt --minutes 40 --out training/out/kind
    python3 -m training.jurisdiction.train_kind --minutes 60 --out training/out/kind --resume
"""
import argparse
import copy
import math
import os
import signal
import time

import cv2
import numpy as np
import torch
from torch.nn import functional as F

from ..draw.states_parts import PRIVATE
from ..reader.train import to_input
from .data import held_out
from .model import PlateJurisdiction
from .train import Stream, answers

PRIVATE_TAKEN = 0.35  # of the drawn plates without a word, so that about half of what is seen has a kind
STEPS_A_BATCH = 4  # learned from memory for each batch of new drawings


class Memory:
    """The newest `size` drawings as the fixed part of the net sees them, in half precision."""

    def __init__(self, size):
        self.size, self.count, self.parts = size, 0, None

    def add(self, parts):
        if self.parts is None:
            self.parts = [torch.empty((self.size, *p.shape[1:]), dtype=torch.half if p.is_floating_point() else p.dtype) for p in parts]
        places = torch.arange(self.count, self.count + len(parts[0])) % self.size
        for kept, new in zip(self.parts, parts):
            kept[places] = new.to(kept.dtype)
        self.count += len(places)

    def sample(self, n):
        chosen = torch.randint(min(self.count, self.size), (n,))
        return [p[chosen].float() if p.is_floating_point() else p[chosen] for p in self.parts]


@torch.no_grad()
def seen_by(net, batch):
    """What the kind rests on, its truth, where its word stands, and how far the picture can be trusted."""
    images, _, kinds, _, rows, trust = (batch[0], *(torch.from_numpy(b) for b in batch[1:]))
    _, name, other, _, (fine, colours) = net.look(to_input(images, "cpu"))
    word = rows[:, 1:2] * (kinds != PRIVATE)[:, None, None, None]
    return fine, colours, name, other, kinds, word, trust


def loss_of(kind, fine, colours, name, other, kinds, word, trust):
    logits, where = kind(fine, colours, name, other)
    # Of a spoiled picture nobody could tell the kind; it teaches doubt, but less.
    loss = (F.cross_entropy(logits, kinds, label_smoothing=0.02, reduction="none") * (0.35 + 0.65 * trust)).mean()
    word = word * trust[:, None, None, None]
    columns = word.amax(2)
    row_loss = (-torch.log((where * word).sum(2) + 1e-3) * columns).sum() / columns.sum().clamp(min=1)
    return loss + 0.2 * row_loss, (loss.item(), row_loss.item())


def keep(path, net, average, opt, state):
    """The whole net with the averaged kind, as evaluating and exporting want it, and what resuming needs."""
    whole = {**net.state_dict(), **{f"kind.{n}": v for n, v in average.state_dict().items()}}
    torch.save({"ema": whole, "kind": net.kind.state_dict(), "opt": opt.state_dict(), **state}, path + ".part")
    os.replace(path + ".part", path)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--start-from", default="training/weights/plate-jurisdiction.pt", help="the net that stays")
    ap.add_argument("--minutes", type=float, default=40, help="wall-clock budget over all runs of this training")
    ap.add_argument("--out", default="training/out/kind")
    ap.add_argument("--resume", action="store_true")
    ap.add_argument("--batch", type=int, default=32)
    ap.add_argument("--memory", type=int, default=10000, help="drawings kept, 68 KB each")
    ap.add_argument("--rate", type=float, default=3e-3)
    ap.add_argument("--workers", type=int, default=1)
    ap.add_argument("--seed", type=int, default=11)
    a = ap.parse_args()
    os.makedirs(a.out, exist_ok=True)
    path = os.path.join(a.out, "latest.pt")
    cv2.setNumThreads(1)
    torch.set_num_threads(1)
    torch.manual_seed(a.seed)
    saved = torch.load(path if a.resume else a.start_from, map_location="cpu")
    net = PlateJurisdiction().eval()  # the statistics of what stays must stay, too
    net.take_over(saved["ema"])
    average = copy.deepcopy(net.kind).eval()
    opt = torch.optim.AdamW(net.kind.parameters(), lr=a.rate, weight_decay=0.02)
    state = {"samples": saved.get("samples", 0), "kindSamples": 0, "kindSpent": 0.0, "steps": 0}
    if a.resume:
        net.kind.load_state_dict(saved["kind"])
        opt.load_state_dict(saved["opt"])
        state = {k: saved[k] for k in state}
    stream = Stream(a.seed + state["steps"], a.batch, a.workers, PRIVATE_TAKEN)
    stream.hard.value = 0.3
    images, _, kinds = held_out(os.path.join(a.out, "held-out.npz"))
    asked = []
    signal.signal(signal.SIGTERM, lambda *_: asked.append(True))
    memory = Memory(a.memory)
    begun, spent, logged, seen = time.time(), state["kindSpent"], time.time(), []
    while not asked and state["kindSpent"] < a.minutes * 60:
        if memory.count < a.memory // 4 or state["steps"] % STEPS_A_BATCH == 0:
            memory.add(seen_by(net, stream.queue.get(timeout=300)))
            if memory.count < a.memory // 4:
                continue
        done = state["kindSpent"] / (a.minutes * 60)
        for group in opt.param_groups:
            group["lr"] = a.rate * min(1.0, (state["steps"] + 1) / 100) * (0.5 + 0.5 * math.cos(math.pi * done)) + 1e-5
        net.kind.train()
        loss, parts = loss_of(net.kind, *memory.sample(a.batch))
        opt.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.kind.parameters(), 2.0)
        opt.step()
        seen.append(parts)
        state = {**state, "steps": state["steps"] + 1, "kindSamples": state["kindSamples"] + a.batch, "kindSpent": spent + time.time() - begun}
        with torch.no_grad():
            k = min(0.998, (1 + state["steps"]) / (20 + state["steps"]))
            for e, v in zip(average.state_dict().values(), net.kind.state_dict().values()):
                e.lerp_(v, 1 - k) if e.dtype.is_floating_point else e.copy_(v)
        if time.time() - logged > 120:
            keep(path, net, average, opt, state)
            measured = copy.deepcopy(net)
            measured.kind.load_state_dict(average.state_dict())
            best = answers(measured, images)[1].argmax(1).numpy()
            special = kinds != PRIVATE
            print(f"{time.strftime('%H:%M:%S')} {state['kindSpent'] / 60:5.1f} min {memory.count:6d} drawings {state['kindSamples']:7d} times loss {np.mean(seen, 0).round(3)} held-out kinds {np.mean(best == kinds):.3f}, "
                  f"of special ones {np.mean(best[special] == kinds[special]):.3f}, private called special {np.mean(best[~special] != PRIVATE):.3f} queue {stream.queue.qsize()}", flush=True)
            logged, seen = time.time(), []
    keep(path, net, average, opt, state)
    print("done", state, flush=True)
    stream.close()


if __name__ == "__main__":
    main()
