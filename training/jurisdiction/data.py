"""Endless crops of drawn plates with their issuer, made by a background process while the net trains."""
import os

import cv2
import numpy as np

from ..draw.camera import photograph
from ..draw.states import draw_issue
from ..draw.states_parts import PRIVATE
from .model import BOTTOM, CODE, COLUMNS, HEIGHT, JURISDICTIONS, TOP, WIDTH

INDEX = {c: i for i, c in enumerate(JURISDICTIONS)}
USUAL_MARGIN = 0.035


def scan(rng, issue):
    """A nearly clean picture of a whole plate: loosely cut, a little blurred, recoloured, recompressed."""
    flat = cv2.resize(issue.image, (WIDTH + 40, HEIGHT + 20), interpolation=cv2.INTER_AREA)
    h, w = flat.shape[:2]
    if rng.random() < 0.3:
        k = rng.uniform(0.4, 0.9)
        flat = cv2.resize(cv2.resize(flat, (int(w * k), int(h * k)), interpolation=cv2.INTER_AREA), (w, h), interpolation=cv2.INTER_LINEAR)
    margin = np.clip(rng.normal(0.02, 0.03), -0.02, 0.1)
    near = np.array([[-margin, -margin], [1 + margin, -margin], [1 + margin, 1 + margin], [-margin, 1 + margin]]) + rng.normal(0, 0.012, (4, 2)) + rng.normal(0, 0.008, 2)
    m = cv2.getPerspectiveTransform(np.float32(near * (w, h)), np.float32([[0, 0], [WIDTH, 0], [WIDTH, HEIGHT], [0, HEIGHT]]))
    edge = int(rng.choice((0, 40, 128, 255)) * rng.uniform(0.7, 1))
    mode = cv2.BORDER_REPLICATE if rng.random() < 0.4 else cv2.BORDER_CONSTANT
    img = cv2.warpPerspective(flat, m, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR, borderMode=mode, borderValue=(edge, edge, edge))
    if rng.random() < 0.3:
        img = cv2.GaussianBlur(img, (0, 0), rng.uniform(0.3, 1.1))
    f = img.astype(np.float32)
    f *= (rng.uniform(0.75, 1.2) * (1 + rng.normal(0, 0.06, (1, 1, 3)))).astype(np.float32)
    f += np.float32(rng.normal(0, 14))
    if rng.random() < 0.4:
        grey = f.mean(2, keepdims=True)
        f = grey + (f - grey) * np.float32(rng.uniform(0, 1.5))
    if rng.random() < 0.3:
        n = np.empty((HEIGHT, WIDTH, 3), np.float32)
        cv2.randn(n, 0, abs(rng.normal(0, 6)))
        f += n
    img = np.clip(f, 0, 255).astype(np.uint8)
    if rng.random() < 0.3:
        table = (255 * (np.arange(256) / 255) ** rng.uniform(0.6, 1.6)).astype(np.uint8)
        img = cv2.LUT(img, table)
    if rng.random() < 0.4:
        _, data = cv2.imencode(".jpg", img, (cv2.IMWRITE_JPEG_QUALITY, int(rng.uniform(30, 95))))
        img = cv2.imdecode(data, cv2.IMREAD_COLOR)
    return img


def rows_of(box):
    """Where the name stands on the net's grid, as ROWS x COLUMNS of 0 and 1."""
    grid = np.zeros((HEIGHT // 8, COLUMNS), np.float32)
    if box:
        x0, y0, x1, y1 = ((v + USUAL_MARGIN) / (1 + 2 * USUAL_MARGIN) for v in box[:4])
        rows = len(grid)
        a, b = int(np.clip(y0 * rows + 0.3, 0, rows - 1)), int(np.clip(np.ceil(y1 * rows - 0.3), 1, rows))
        c, d = int(np.clip(round(x0 * COLUMNS), 0, COLUMNS - 1)), int(np.clip(round(x1 * COLUMNS), 1, COLUMNS))
        grid[a:max(b, a + 1), c:max(d, c + 1)] = 1
    return np.concatenate((grid[:TOP // 8], grid[BOTTOM // 8:]))


def letters_of(box):
    """The letter to be seen at each of COLUMNS places across the crop: 0 none, -1 not to be asked."""
    out = np.zeros(COLUMNS, np.int64)
    if not box or not box.letters:
        return out - 1
    at = (np.arange(COLUMNS) + 0.5) / COLUMNS * (1 + 2 * USUAL_MARGIN) - USUAL_MARGIN
    for c, x0, x1 in box.letters:
        inside = (at >= x0) & (at < x1)
        out[inside] = CODE.get(c, 0)
    return out


class Pool:
    """Each plate is pictured about `uses` times, far apart; the share of hard pictures is set by the training.

    Of plates without a word for a kind only the share `private` is taken.
    """

    def __init__(self, seed, size=512, uses=5, private=1.0):
        self.rng = np.random.default_rng(seed)
        self.uses, self.size, self.private, self.plates = uses, size, private, []

    def draw(self):
        while True:
            issue = draw_issue(self.rng)
            if issue.kind != PRIVATE or self.private == 1 or self.rng.random() < self.private:
                return issue

    def issue(self):
        if len(self.plates) < self.size:
            self.plates.append(self.draw())
            return self.plates[-1]
        i = int(self.rng.integers(self.size))
        if self.rng.random() < 1 / self.uses:
            self.plates[i] = self.draw()
        return self.plates[i]

    def sample(self, hard=0.5):
        issue = self.issue()
        photo = self.rng.random() < hard
        if photo:
            img = photograph(self.rng, issue, self.rng.uniform(0.2, 1.0), (WIDTH, HEIGHT))
        else:
            img = scan(self.rng, issue)
        return img, INDEX[issue.code], issue.kind, np.stack([letters_of(b) for b in (issue.box, issue.said)]), np.stack([rows_of(b) for b in (issue.box, issue.said)]), 0.3 if photo else 1.0

    def batch(self, n, hard=0.5):
        """Crops, jurisdictions, types, letters, places of the name, and how far letters and places can be trusted."""
        images, codes, kinds, letters, rows, trust = zip(*(self.sample(hard) for _ in range(n)))
        return np.stack(images), np.array(codes), np.array(kinds), np.stack(letters), np.stack(rows), np.float32(trust)


def held_out(path, n=800, seed=20241):
    """Drawings for measuring, kept on disk so that later changes to the drawing do not move the measure."""
    if not os.path.exists(path):
        pool = Pool(seed, size=1, uses=1)
        images, codes, kinds, _, _, _ = pool.batch(n, 0.4)
        np.savez_compressed(path, images=images, codes=np.array([JURISDICTIONS[c] for c in codes]), kinds=kinds)
    d = np.load(path)
    return d["images"], np.array([INDEX[str(c)] for c in d["codes"]]), d["kinds"]
