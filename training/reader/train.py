"""Train the plate reader on drawings only.

    python3 -m training.reader.train --minutes 85 --out training/out
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

from .data import CODE, Stream, fixed_set
from .model import JURISDICTIONS, SLOTS, STEPS, PlateReader, count_macs, decode, decode_slots


def to_input(images, device):
    # NHWC memory seen as NCHW is the channels-last layout, the faster one for small nets on a CPU
    return torch.from_numpy(images).to(device).permute(0, 3, 1, 2).float().div_(255)


def fold(text):
    return text.replace("O", "0")


@torch.no_grad()
def measure(net, held_out, device):
    images, texts, places = held_out
    net.eval()
    read, by_slots, right = [], [], 0
    for i in range(0, len(images), 100):
        log_probs, slots, place, _ = net(to_input(images[i:i + 100], device))
        read += decode(log_probs.cpu())
        by_slots += decode_slots(slots.cpu())
        right += int((place.argmax(1).cpu().numpy() == places[i:i + 100]).sum())
    exact = sum(fold(a) == fold(b) for a, b in zip(read, texts)) / len(texts)
    slots = sum(fold(a) == fold(b) for a, b in zip(by_slots, texts)) / len(texts)
    agree = [fold(a) == fold(t) for a, b, t in zip(read, by_slots, texts) if a == b]
    return {"exact": exact, "slots": slots, "agreeing": len(agree) / len(texts), "of these right": sum(agree) / max(1, len(agree)),
            "place": right / len(texts)}


def slot_targets(texts):
    out = torch.zeros(len(texts), SLOTS, dtype=torch.long)
    for row, text in zip(out, texts):
        for i, c in enumerate(text[:SLOTS]):
            row[i] = CODE[c]
    return out


def save(path, net, ema, opt, state):
    tmp = path + ".part"
    torch.save({"net": net.state_dict(), "ema": ema.state_dict(), "opt": opt.state_dict(), **state}, tmp)
    os.replace(tmp, path)


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--minutes", type=float, default=85, help="wall-clock budget over all runs of this training")
    ap.add_argument("--out", default="training/out")
    ap.add_argument("--resume", action="store_true")
    ap.add_argument("--start-from", help="checkpoint whose weights are taken over; counts and rates begin anew")
    ap.add_argument("--batch", type=int, default=64)
    ap.add_argument("--rate", type=float, default=2.5e-3)
    ap.add_argument("--workers", type=int, default=1)
    ap.add_argument("--seed", type=int, default=1)
    a = ap.parse_args()
    os.makedirs(a.out, exist_ok=True)
    path = os.path.join(a.out, "plate-reader.pt")
    cv2.setNumThreads(1)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    if device == "cpu":
        torch.set_num_threads(1)
    torch.manual_seed(a.seed)
    held_out = fixed_set(os.path.join(a.out, "plate-reader-held-out.npz"))
    state = {"samples": 0, "spent": 0.0, "steps": 0}
    net = PlateReader()
    print(f"{count_macs(net) / 1e6:.1f} M multiply-adds, {sum(p.numel() for p in net.parameters()) / 1e6:.3f} M parameters", flush=True)
    net = net.to(device, memory_format=torch.channels_last)
    if a.start_from:
        print("begins afresh:", len(net.start_from(torch.load(a.start_from, map_location=device)["ema"])), "tensors", flush=True)
    ema = copy.deepcopy(net).eval()
    decay = [p for p in net.parameters() if p.dim() > 1]
    plain = [p for p in net.parameters() if p.dim() <= 1]
    opt = torch.optim.AdamW([{"params": decay, "weight_decay": 0.02}, {"params": plain, "weight_decay": 0.0}], lr=a.rate)
    if a.resume:
        saved = torch.load(path, map_location=device)
        net.load_state_dict(saved["net"])
        ema.load_state_dict(saved["ema"])
        opt.load_state_dict(saved["opt"])
        state = {k: saved[k] for k in state}
    # a resumed run must not see the first run's drawings again
    stream = Stream(a.seed + state["steps"], a.batch, a.workers)
    budget, begun, spent = a.minutes * 60, time.time(), state["spent"]
    logged, saved_at, losses = time.time(), time.time(), []
    asked = []  # a polite kill saves first, so that drawings can be changed in mid-run
    signal.signal(signal.SIGTERM, lambda *_: asked.append(True))
    while True:
        state["spent"] = spent + time.time() - begun
        done = state["spent"] / budget
        if done >= 1 or asked:
            break
        warm = min(1.0, (state["steps"] + 1) / 400)
        rate = a.rate * warm * (0.5 + 0.5 * math.cos(math.pi * done)) + 1e-5
        for g in opt.param_groups:
            g["lr"] = rate
        stream.hard.value = 0.8 if done > 0.9 else (1.0 if a.start_from or a.resume or state["steps"] > 1500 else 0.5)
        images, texts, places = stream.next()
        net.train()
        log_probs, slots, place, legible = net(to_input(images, device))
        targets = torch.tensor([CODE[c] for t in texts for c in t], dtype=torch.long)
        lengths = torch.tensor([len(t) for t in texts])
        ctc = F.ctc_loss(log_probs.transpose(0, 1), targets.to(device), torch.full((len(texts),), STEPS), lengths,
                         reduction="none", zero_infinity=True)
        each = ctc / lengths.clamp(min=1).to(device)
        # unreadable crops have huge losses and nothing to teach; once the net reads, their pull is limited
        early = state["samples"] < 80_000 and not a.start_from
        loss = each.mean() if early else (each * (3 / each.detach().clamp(min=3))).mean()
        by_slot = F.cross_entropy(slots.transpose(1, 2), slot_targets(texts).to(device),
                                  reduction="none", label_smoothing=0.02).sum(1) / (lengths + 1).to(device)
        loss = loss + 0.5 * (by_slot * (3 / by_slot.detach().clamp(min=3))).mean()
        loss = loss + 0.1 * F.cross_entropy(place, torch.from_numpy(places).to(device))
        right = [float(fold(r) == fold(t)) for r, t in zip(decode(log_probs.detach().cpu()), texts)]
        loss = loss + 0.2 * F.binary_cross_entropy_with_logits(legible, torch.tensor(right, device=device))
        opt.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 2.0)
        opt.step()
        state["steps"] += 1
        state["samples"] += len(texts)
        losses.append(loss.item())
        with torch.no_grad():
            k = min(0.999, (1 + state["steps"]) / (20 + state["steps"]))
            for e, v in zip(ema.state_dict().values(), net.state_dict().values()):
                if e.dtype.is_floating_point:
                    e.lerp_(v, 1 - k)
                else:
                    e.copy_(v)
        if time.time() - logged > 90:
            figures = " ".join(f"{k} {v:.3f}" for k, v in measure(ema, held_out, device).items())
            print(f"{time.strftime('%H:%M:%S')} {state['spent'] / 60:6.1f} min {state['samples']:8d} samples rate {rate:.5f} "
                  f"loss {np.mean(losses):.4f} held-out {figures} "
                  f"queue {stream.queue.qsize()}", flush=True)
            logged, losses = time.time(), []
        if time.time() - saved_at > 120:
            save(path, net, ema, opt, state)
            saved_at = time.time()
    save(path, net, ema, opt, state)
    print("done", state, measure(ema, held_out, device), JURISDICTIONS, flush=True)
    stream.close()


if __name__ == "__main__":
    main()
