"""Keeps the averaged weights of a checkpoint in half precision, small enough for the repository, for training to start from.

    python3 training/keep.py training/out/detector/latest.pt training/weights/plate-detector.pt
"""
import argparse
import os

import torch


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("checkpoint")
    options.add_argument("kept")
    chosen = options.parse_args()
    state = torch.load(chosen.checkpoint, map_location="cpu")
    kept = {name: value for name, value in state.items() if isinstance(value, (int, float))}
    kept["ema"] = {name: value.half() if value.is_floating_point() else value for name, value in state["ema"].items()}
    os.makedirs(os.path.dirname(chosen.kept) or ".", exist_ok=True)
    torch.save(kept, chosen.kept)
    print(chosen.kept, os.path.getsize(chosen.kept), "bytes")


if __name__ == "__main__":
    main()
