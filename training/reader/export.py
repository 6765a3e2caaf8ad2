"""Write the reader's moving-average weights as ONNX with a description beside them.

    python3 -m training.reader.export --out packages/vision/models
"""
import argparse
import datetime
import hashlib
import json
import os

import torch

from .model import ALPHABET, HEIGHT, JURISDICTIONS, SLOTS, STEPS, WIDTH, PlateReader, count_macs

OUTPUTS = ["characters", "slots", "jurisdiction", "legibility"]


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--checkpoint", default="training/out/plate-reader.pt")
    ap.add_argument("--out", default="packages/vision/models")
    a = ap.parse_args()
    torch.set_num_threads(1)
    saved = torch.load(a.checkpoint, map_location="cpu")
    net = PlateReader()
    net.load_state_dict(saved["ema"])
    net.eval()
    os.makedirs(a.out, exist_ok=True)
    path = os.path.join(a.out, "plate-reader.onnx")
    torch.onnx.export(net, torch.rand(2, 3, HEIGHT, WIDTH), path, opset_version=13, input_names=["image"],
                      output_names=OUTPUTS, dynamic_axes={name: {0: "n"} for name in ("image", *OUTPUTS)})
    about = {
        "model": "plate-reader.onnx",
        "sha256": hashlib.sha256(open(path, "rb").read()).hexdigest(),
        "input": {"name": "image", "width": WIDTH, "height": HEIGHT, "channels": "RGB", "range": [0, 1],
                  "fit": "stretch"},
        "outputs": {"characters": {"steps": STEPS, "classes": len(ALPHABET) + 1, "blank": 0, "values": "log-probability"},
                    "slots": {"slots": SLOTS, "classes": len(ALPHABET) + 1, "empty": 0, "values": "log-probability"},
                    "jurisdiction": {"values": "logit"}, "legibility": {"values": "logit"}},
        "slots": SLOTS,
        "alphabet": ALPHABET,
        "jurisdictions": list(JURISDICTIONS),
        "parameters": sum(p.numel() for p in net.parameters()),
        "multiplyAdds": count_macs(net),
        "trainingSamples": saved["samples"],
        "trainingData": "drawn plates only",
        "date": datetime.date.today().isoformat(),
    }
    with open(os.path.join(a.out, "plate-reader.json"), "w") as f:
        json.dump(about, f, indent=2)
        f.write("\n")
    print(path, os.path.getsize(path), about["sha256"])


if __name__ == "__main__":
    main()
