"""Train the net that names a plate's jurisdiction, on drawings only.

    python3 -m training.jurisdiction.train --minutes 80 --out training/out/jurisdiction
"""
import argparse
import copy
import math
import multiprocessing as mp
import os
import queue
import signal
import time

import cv2
import numpy as np
import torch
from torch.nn import functional as F

from ..reader.train import save, to_input
from .data import Pool, held_out
from .model import HEIGHT, WIDTH, PlateJurisdiction


def _work(seed, size, hard, private, out, stop):
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    cv2.setNumThreads(1)
    pool, parent = Pool(seed, private=private), os.getppid()
    while not stop.is_set() and os.getppid() == parent:
        batch = pool.batch(size, hard.value)
        while not stop.is_set() and os.getppid() == parent:
            try:
                out.put(batch, timeout=2)
                break
            except queue.Full:
                continue


class Stream:
    def __init__(self, seed, size, workers=1, private=1.0):
        ctx = mp.get_context("fork")
        self.hard, self.stop, self.queue = ctx.Value("d", 0.2), ctx.Event(), ctx.Queue(20)
        for i in range(workers):
            ctx.Process(target=_work, args=(seed * 1000 + 7 + i, size, self.hard, private, self.queue, self.stop), daemon=True).start()

    def close(self):
        self.stop.set()
        self.queue.cancel_join_thread()


def losses(net, batch, device):
    images, codes, kinds, names, rows, trust = (batch[0], *(torch.from_numpy(b).to(device) for b in batch[1:]))
    place, kind, letters, where = net.teach(to_input(images, device))
    place_loss = (F.cross_entropy(place, codes, label_smoothing=0.02, reduction="none") * (0.35 + 0.65 * trust)).mean()  # many photographs are beyond naming
    loss = place_loss + 0.3 * F.cross_entropy(kind, kinds)
    trust = trust[:, None, None] * torch.tensor([1.0, 0.4], device=device)[None, :, None]  # the name, the other line
    columns = rows.amax(2) * trust
    row_loss = (-torch.log((where * rows).sum(2) + 1e-3) * columns).sum() / columns.sum().clamp(min=1)
    # letter by letter where it stands: far quicker to learn than an alignment by CTC
    each = F.cross_entropy(letters, names, ignore_index=-1, reduction="none", label_smoothing=0.02)
    weight = (names >= 0) * trust * (0.15 + 0.85 * (names > 0))
    letter_loss = (each * weight).sum() / weight.sum().clamp(min=1)
    asked = (names > 0) & (trust == 1)
    right = ((letters.argmax(1) == names) & asked).sum() / asked.sum().clamp(min=1)
    return loss + 0.3 * row_loss + letter_loss, (loss.item(), row_loss.item(), letter_loss.item(), right.item())


@torch.no_grad()
def answers(net, images, device="cpu"):
    """Logits of jurisdiction and type for uint8 crops."""
    net.eval()
    made = [net(to_input(images[i:i + 100], device)) for i in range(0, len(images), 100)]
    return torch.cat([a for a, _ in made]).cpu(), torch.cat([b for _, b in made]).cpu()


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--minutes", type=float, default=80, help="wall-clock budget over all runs of this training")
    ap.add_argument("--out", default="training/out/jurisdiction")
    ap.add_argument("--resume", action="store_true")
    ap.add_argument("--start-from", help="checkpoint whose weights are taken over; counts and rates begin anew")
    ap.add_argument("--batch", type=int, default=32)
    ap.add_argument("--rate", type=float, default=3e-3)
    ap.add_argument("--workers", type=int, default=1)
    ap.add_argument("--seed", type=int, default=1)
    a = ap.parse_args()
    os.makedirs(a.out, exist_ok=True)
    path = os.path.join(a.out, "latest.pt")
    cv2.setNumThreads(1)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    if device == "cpu":
        torch.set_num_threads(1)
    torch.manual_seed(a.seed)
    state = {"samples": 0, "spent": 0.0, "steps": 0}
    net = PlateJurisdiction()
    print(f"{sum(p.numel() for p in net.parameters()) / 1e6:.3f} M parameters, input {HEIGHT} x {WIDTH}", flush=True)
    net = net.to(device, memory_format=torch.channels_last)
    if a.start_from:
        net.take_over(torch.load(a.start_from, map_location=device)["ema"])
    ema = copy.deepcopy(net).eval()
    decay, plain = [p for p in net.parameters() if p.dim() > 1], [p for p in net.parameters() if p.dim() <= 1]
    opt = torch.optim.AdamW([{"params": decay, "weight_decay": 0.02}, {"params": plain, "weight_decay": 0.0}], lr=a.rate)
    if a.resume:
        saved = torch.load(path, map_location=device)
        net.load_state_dict(saved["net"])
        ema.load_state_dict(saved["ema"])
        opt.load_state_dict(saved["opt"])
        state = {k: saved[k] for k in state}
    stream = Stream(a.seed + state["steps"], a.batch, a.workers)  # a resumed run must not see the first run's drawings again
    images, codes, kinds = (d[:300] for d in held_out(os.path.join(a.out, "held-out.npz")))
    asked = []  # a polite kill saves first, so that drawings can be changed in mid-run
    signal.signal(signal.SIGTERM, lambda *_: asked.append(True))
    budget, begun, spent = a.minutes * 60, time.time(), state["spent"]
    logged = saved_at = time.time()
    seen = []
    while not asked:
        state["spent"] = spent + time.time() - begun
        done = state["spent"] / budget
        if done >= 1:
            break
        rate = a.rate * min(1.0, (state["steps"] + 1) / 200) * (0.5 + 0.5 * math.cos(math.pi * done)) + 1e-5
        for g in opt.param_groups:
            g["lr"] = rate
        stream.hard.value = 0.05 + 0.25 * (0.2 < done < 0.68) + 0.1 * (done >= 0.68)  # to read, then what is spoiled too, at last mostly what can be read
        net.train()
        batch = stream.queue.get(timeout=300)
        loss, parts = losses(net, batch, device)
        opt.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 2.0)
        opt.step()
        state["steps"] += 1
        state["samples"] += len(batch[1])
        seen.append(parts)
        with torch.no_grad():
            k = min(0.998, (1 + state["steps"]) / (20 + state["steps"]))
            for e, v in zip(ema.state_dict().values(), net.state_dict().values()):
                e.lerp_(v, 1 - k) if e.dtype.is_floating_point else e.copy_(v)
        if time.time() - logged > 120:
            place, kind = answers(ema, images, device)
            right, sort = (place.argmax(1).numpy() == codes).mean(), (kind.argmax(1).numpy() == kinds).mean()
            a_loss, row, letter, read = np.mean(seen, 0)
            print(f"{time.strftime('%H:%M:%S')} {state['spent'] / 60:5.1f} min {state['samples']:7d} samples rate {rate:.5f} loss {a_loss:.3f} row {row:.3f} "
                  f"letters {letter:.3f} ({read:.3f} right) held-out jurisdiction {right:.3f} type {sort:.3f} queue {stream.queue.qsize()}", flush=True)
            logged, seen = time.time(), []
        if time.time() - saved_at > 120:
            save(path, net, ema, opt, state)
            saved_at = time.time()
    save(path, net, ema, opt, state)
    print("done", state, flush=True)
    stream.close()


if __name__ == "__main__":
    main()
