"""Write the jurisdiction net's moving-average weights as ONNX with a description beside them.

    python3 -m training.jurisdiction.export --checkpoint training/out/kind/latest.pt --out packages/vision/models
"""
import argparse
import datetime
import hashlib
import json
import os

import torch
from torch import nn

from ..draw.states_parts import PRIVATE
from ..draw.states_table import TYPES
from .evaluate import MARGINS, calibrate, load
from .evaluate_kind import calibrate_kind
from .model import HEIGHT, JURISDICTIONS, WIDTH


def count_macs(net):
    """Multiply-adds of one crop."""
    total, hooks = [0], []
    for m in net.modules():
        if isinstance(m, (nn.Conv2d, nn.Conv1d, nn.Linear)):
            hooks.append(m.register_forward_hook(lambda m, _, out: total.__setitem__(0, total[0] + m.weight.numel() * (out[0, 0].numel() if out.dim() > 2 else 1))))
    with torch.no_grad():
        net(torch.zeros(1, 3, HEIGHT, WIDTH))
    for h in hooks:
        h.remove()
    return total[0]


class Calibrated(nn.Module):
    """The kind's logits, moved so that the reader's one temperature makes them honest."""

    def __init__(self, kind, temperature, found):
        super().__init__()
        self.kind, self.scale = kind, temperature / found["divisor"]
        add = torch.zeros(len(TYPES))
        add[PRIVATE] = temperature * found["private"]
        self.register_buffer("add", add)

    def forward(self, *seen):
        logits, rows = self.kind(*seen)
        return logits * self.scale + self.add, rows


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--checkpoint", default="training/out/jurisdiction/latest.pt")
    ap.add_argument("--out", default="packages/vision/models")
    a = ap.parse_args()
    torch.set_num_threads(1)
    net, saved = load(a.checkpoint)
    found = calibrate(net, os.path.dirname(a.checkpoint))
    told = calibrate_kind(net, os.path.dirname(a.checkpoint))
    macs = count_macs(net)
    parameters = sum(p.numel() for p in net.parameters())
    net.kind = Calibrated(net.kind, found["temperature"], told).eval()
    net.letters = nn.Identity()  # its letters are asked for in training only
    os.makedirs(a.out, exist_ok=True)
    path = os.path.join(a.out, "plate-jurisdiction.onnx")
    torch.onnx.export(net, torch.rand(2, 3, HEIGHT, WIDTH), path, opset_version=13, input_names=["image"], output_names=["jurisdiction", "type"],
                      dynamic_axes={"image": {0: "n"}, "jurisdiction": {0: "n"}, "type": {0: "n"}})
    about = {
        "model": "plate-jurisdiction.onnx",
        "sha256": hashlib.sha256(open(path, "rb").read()).hexdigest(),
        "input": {"name": "image", "width": WIDTH, "height": HEIGHT, "channels": "RGB", "range": [0, 1], "fit": "stretch"},
        "margins": list(MARGINS),  # one view each; the mean of their logits answers
        "outputs": {"jurisdiction": {"values": "logit"}, "type": {"values": "logit"}},
        "jurisdictions": list(JURISDICTIONS),
        # a plate without a word for its kind may be of any: the net tells "private" only by that absence
        "types": ["unknown" if t == "private" else t for t in TYPES],
        "calibration": {"temperature": found["temperature"], "on": "2400 drawings"},
        "cut": found["cut"],
        "typeCut": told["cut"] or 1.0,
        "drawn": {k: found[k] for k in ("drawn", "jurisdiction", "named", "rightOfNamed")},
        "drawnKinds": told["heldOut"],
        "parameters": parameters,
        "multiplyAdds": macs,
        "trainingSamples": saved["samples"],
        "kindSamples": saved.get("kindSamples", 0),
        "trainingData": "drawn plates only",
        "date": datetime.date.today().isoformat(),
    }
    with open(os.path.join(a.out, "plate-jurisdiction.json"), "w") as f:
        json.dump(about, f, indent=2)
        f.write("\n")
    print(path, os.path.getsize(path), about["sha256"])


if __name__ == "__main__":
    main()
