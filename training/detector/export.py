"""Writes the trained detector as an ONNX model with its card of figures; with --scenes as one of 8-bit convolutions.

    python3 training/detector/export.py --weights training/out/detector/latest.pt --models packages/vision/models --cut 0.4 --scenes DIR
The ranges of the 8-bit values are those of 120 drawn scenes. The graph takes `image` float32 [1, 3, 384, 640], RGB 0..1, letterboxed to the top left with grey 114/255, and gives `score`
[1, 1, 48, 80] and `corners` [1, 8, 48, 80]: x, y of TL, TR, BR, BL in input pixels. Picking the peaks is left to the caller.
"""
import argparse
import datetime
import hashlib
import json
import os
import sys

import cv2
import numpy as np
import torch
from torch import nn

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from detector import eight_bit, model as net  # noqa: E402
from draw import scenes as drawing  # noqa: E402


class Decoded(nn.Module):
    def __init__(self, detector):
        super().__init__()
        self.detector = detector
        height, width = net.INPUT_HEIGHT // net.STRIDE, net.INPUT_WIDTH // net.STRIDE
        zero = torch.zeros(1, 10, height, width)
        base = torch.tensor(net.BASE_CORNERS).reshape(1, 8, 1, 1)
        # What the decoding gives for a net that says nothing, less the base corners: the cells' centres, as a constant.
        self.register_buffer("grid", net.decode_corners(zero) - base * net.STRIDE)
        self.register_buffer("base", base)

    def forward(self, image):
        raw = self.detector(image)
        size = net.STRIDE * torch.exp(raw[:, 1:2].clamp(-2.0, 4.0))
        return torch.sigmoid(raw[:, 0:1]), self.grid + (self.base + raw[:, 2:10]) * size


def drawn_scenes(folder, count, seed=11):
    """Single pictures in training's light and damage, of frames that training uses."""
    rng = np.random.default_rng(seed)
    frames, bank = drawing.load_frames(folder), drawing.PlateBank(rng, 60)
    for _ in range(count):
        image = drawing.draw_scene(rng, frames, bank).image
        yield torch.from_numpy(image).permute(2, 0, 1)[None].float() / 255


def main():
    options = argparse.ArgumentParser(description="Exports the plate detector.")
    options.add_argument("--weights", default="training/out/detector/latest.pt")
    options.add_argument("--models", default="packages/vision/models")
    options.add_argument("--cut", type=float, required=True, help="score cut, chosen on held-out scenes and frames")
    options.add_argument("--scenes", help="folder of street frames with plates.json; makes the convolutions 8-bit")
    chosen = options.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    state = torch.load(chosen.weights, map_location="cpu")
    detector = net.PlateDetector()
    detector.load_state_dict(state["ema"])
    macs, parameters = net.count_macs(detector), net.parameter_count(detector)
    detector = net.fold_batch_norms(detector.eval())
    if chosen.scenes:
        detector = eight_bit.rounded(detector, drawn_scenes(chosen.scenes, 120))
    graph = Decoded(detector).eval()
    os.makedirs(chosen.models, exist_ok=True)
    path = os.path.join(chosen.models, "plate-detector.onnx")
    image = torch.rand(1, 3, net.INPUT_HEIGHT, net.INPUT_WIDTH)
    torch.onnx.export(graph, image, path, opset_version=13, input_names=["image"], output_names=["score", "corners"],
                      do_constant_folding=True)
    with open(path, "rb") as handle:
        digest = hashlib.sha256(handle.read()).hexdigest()
    card = {
        "name": "plate-detector",
        "input": {"name": "image", "width": net.INPUT_WIDTH, "height": net.INPUT_HEIGHT, "range": [0, 1], "channels": "RGB",
                  "letterbox": "top-left", "pad": net.PAD_GREY},
        "outputs": {"score": "probability that a plate is centred in the cell", "corners": "x, y of TL, TR, BR, BL in input pixels"},
        "stride": net.STRIDE,
        "scoreCut": chosen.cut,
        "parameters": parameters,
        "macs": macs,
        "arithmetic": "8-bit convolutions, ranges of drawn scenes" if chosen.scenes else "32-bit",
        "samples": state["samples"],
        "trainingMinutes": round(state["seconds"] / 60, 1),
        "opset": 13,
        "sha256": digest,
        "date": datetime.date.today().isoformat(),
    }
    with open(os.path.join(chosen.models, "plate-detector.json"), "w") as handle:
        json.dump(card, handle, indent=2)
        handle.write("\n")
    print(f"{path}: {os.path.getsize(path)} bytes, {parameters} parameters, {macs / 1e6:.0f} M MACs, sha256 {digest}")


if __name__ == "__main__":
    main()
