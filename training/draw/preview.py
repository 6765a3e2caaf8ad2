"""Contact sheet of drawn plates and of their photographs, to be judged by eye.

    python3 -m training.draw.preview --out sheet.png --seed 1
"""
import argparse

import cv2
import numpy as np

from .plates import draw_plate


def sheet(cells, columns, size):
    cells = [cv2.resize(c, size, interpolation=cv2.INTER_LINEAR) for c in cells]
    return np.vstack([np.hstack(cells[i:i + columns]) for i in range(0, len(cells) // columns * columns, columns)])


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--out", required=True)
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--photographs", action="store_true")
    a = ap.parse_args()
    rng = np.random.default_rng(a.seed)
    cells = []
    for _ in range(60):
        plate = draw_plate(rng)
        img = plate.image
        if a.photographs:
            from .camera import photograph
            img = photograph(rng, plate)
        img = cv2.resize(img, (240, 110), interpolation=cv2.INTER_AREA if img.shape[1] > 240 else cv2.INTER_LINEAR)
        img = cv2.copyMakeBorder(img, 0, 16, 0, 0, cv2.BORDER_CONSTANT)
        cv2.putText(img, plate.jurisdiction + " " + plate.text, (4, 123), cv2.FONT_HERSHEY_SIMPLEX, 0.45, (255, 255, 0), 1)
        cells.append(img)
    cv2.imwrite(a.out, cv2.cvtColor(sheet(cells, 6, (240, 126)), cv2.COLOR_RGB2BGR))


if __name__ == "__main__":
    main()
