"""Endless drawn crops, made by a background process while the net trains."""
import multiprocessing as mp
import os
import queue
import signal

import cv2
import numpy as np

from ..draw.camera import photograph
from ..draw.plates import draw_plate
from ..draw.states import draw_state_plate
from .model import ALPHABET, JURISDICTIONS

CODE = {c: i + 1 for i, c in enumerate(ALPHABET)}


STATE_SHARE = 0.35
REGION = {"us": "US", "ca": "CA", "mx": "MX", "br": "BR", "ar": "BR", "uy": "BR"}


def draw_any(rng):
    """Invented designs for variety, and the jurisdictions' own for their real lettering and clutter."""
    if rng.random() >= STATE_SHARE:
        return draw_plate(rng)
    plate = draw_state_plate(rng)
    if plate.jurisdiction in JURISDICTIONS:
        return plate
    head = plate.jurisdiction.split("-")[0]
    region = "other" if head == "unknown" else REGION.get(head, "EU")
    return plate._replace(jurisdiction=region)


class Pool:
    """Flat plates are dear, photographs are cheap: each plate is photographed about `uses` times, far apart."""

    def __init__(self, seed, size=512, uses=6):
        self.rng = np.random.default_rng(seed)
        self.uses, self.size, self.plates = uses, size, []

    def sample(self, hard=1.0):
        if len(self.plates) < self.size:
            self.plates.append(draw_any(self.rng))
            plate = self.plates[-1]
        else:
            i = int(self.rng.integers(self.size))
            if self.rng.random() < 1 / self.uses:
                self.plates[i] = draw_any(self.rng)
            plate = self.plates[i]
        return photograph(self.rng, plate, hard), plate.text, JURISDICTIONS.index(plate.jurisdiction)

    def batch(self, n, hard=1.0):
        images, texts, places = zip(*(self.sample(hard) for _ in range(n)))
        return np.stack(images), list(texts), np.array(places)


def _work(seed, size, hard, out, nice, stop):
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.nice(nice)
    cv2.setNumThreads(1)
    pool = Pool(seed)
    parent = os.getppid()
    while not stop.is_set() and os.getppid() == parent:
        batch = pool.batch(size, hard.value)
        while not stop.is_set() and os.getppid() == parent:
            try:
                out.put(batch, timeout=2)
                break
            except queue.Full:
                continue


class Stream:
    def __init__(self, seed, size, workers=1, nice=0):
        ctx = mp.get_context("fork")
        self.hard, self.stop, self.queue = ctx.Value("d", 1.0), ctx.Event(), ctx.Queue(20)
        self.workers = [ctx.Process(target=_work, args=(seed * 1000 + i, size, self.hard, self.queue, nice, self.stop),
                                    daemon=True) for i in range(workers)]
        for w in self.workers:
            w.start()

    def next(self):
        return self.queue.get(timeout=300)

    def close(self):
        self.stop.set()
        self.queue.cancel_join_thread()


def fixed_set(path, n=500, seed=20240):
    """Held-out drawings, kept on disk so that later changes to the drawing do not move the measure."""
    if not os.path.exists(path):
        rng = np.random.default_rng(seed)
        made = []
        for _ in range(n):
            p = draw_plate(rng)
            made.append((photograph(rng, p), p.text, JURISDICTIONS.index(p.jurisdiction)))
        images, texts, places = zip(*made)
        np.savez_compressed(path, images=np.stack(images), texts=np.array(texts), places=np.array(places))
    d = np.load(path)
    return d["images"], [str(t) for t in d["texts"]], d["places"]
