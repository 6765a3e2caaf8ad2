"""The plate detector's network: a small fully convolutional centre-and-corners net.

One heat map cell every 8 input pixels says "a plate is centred here"; the same cell gives the plate's four corners.
Plain 3x3 convolutions are used throughout: on a CPU they run closer to the machine's peak than depthwise ones do.
"""
import torch
from torch import nn
import torch.nn.functional as F

STRIDE = 8
INPUT_WIDTH = 640
INPUT_HEIGHT = 384
PAD_GREY = 114
# A plate before the net has said anything: half extents in units of the predicted size, TL TR BR BL.
BASE_CORNERS = ((-1.0, -0.45), (1.0, -0.45), (1.0, 0.45), (-1.0, 0.45))


class ConvUnit(nn.Sequential):
    """Convolution, batch norm and ReLU; the batch norm is folded away on export."""

    def __init__(self, inputs, outputs, kernel=3, stride=1):
        super().__init__(
            nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(inplace=True),
        )


class Residual(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.first = ConvUnit(width, width)
        self.second = ConvUnit(width, width)

    def forward(self, x):
        return x + self.second(self.first(x))


class PlateDetector(nn.Module):
    def __init__(self, widths=(16, 32, 48, 64, 96)):
        super().__init__()
        w2, w4, w8, w16, w32 = widths
        self.stem = ConvUnit(3, w2, 3, 2)
        self.down4 = nn.Sequential(ConvUnit(w2, w4, 3, 2), ConvUnit(w4, w4))
        self.down8 = nn.Sequential(ConvUnit(w4, w8, 3, 2), Residual(w8))
        self.down16 = nn.Sequential(ConvUnit(w8, w16, 3, 2), Residual(w16))
        self.down32 = nn.Sequential(ConvUnit(w16, w32, 3, 2), Residual(w32))
        self.lateral32 = nn.Conv2d(w32, w16, 1)
        self.merge16 = ConvUnit(w16, w8, 1)
        self.head = nn.Sequential(ConvUnit(w8, w8), ConvUnit(w8, w8, 1))
        self.out = nn.Conv2d(w8, 10, 1)
        # Start with a low score everywhere, else the many empty cells swamp the first steps.
        nn.init.normal_(self.out.weight, std=0.01)
        nn.init.zeros_(self.out.bias)
        self.out.bias.data[0] = -4.0
        self.out.bias.data[1] = 1.0

    def forward(self, image):
        """Raw maps [n, 10, h, w]: score logit, log of the half width in cells, 8 corner corrections."""
        x = (image - 0.45) * 4.0
        c8 = self.down8(self.down4(self.stem(x)))
        c16 = self.down16(c8)
        c32 = self.down32(c16)
        m16 = c16 + F.interpolate(self.lateral32(c32), scale_factor=2.0, mode="nearest")
        m8 = c8 + F.interpolate(self.merge16(m16), scale_factor=2.0, mode="nearest")
        return self.out(self.head(m8))


def decode_corners(raw):
    """Corner positions in input pixels, [n, 8, h, w], x and y of TL, TR, BR, BL."""
    height, width = raw.shape[2], raw.shape[3]
    size = STRIDE * torch.exp(raw[:, 1:2].clamp(-2.0, 4.0))
    base = torch.tensor(BASE_CORNERS, dtype=raw.dtype, device=raw.device).reshape(1, 8, 1, 1)
    xs = (torch.arange(width, dtype=raw.dtype, device=raw.device) + 0.5) * STRIDE
    ys = (torch.arange(height, dtype=raw.dtype, device=raw.device) + 0.5) * STRIDE
    grid = torch.stack((xs.reshape(1, width).expand(height, width), ys.reshape(height, 1).expand(height, width)))
    return grid.repeat(4, 1, 1).unsqueeze(0) + (base + raw[:, 2:10]) * size


def fold_batch_norms(module):
    """Replaces each ConvUnit's batch norm by weights and bias of its convolution; for inference only."""
    for unit in module.modules():
        if isinstance(unit, ConvUnit) and isinstance(unit[1], nn.BatchNorm2d):
            unit[0] = torch.nn.utils.fusion.fuse_conv_bn_eval(unit[0].eval(), unit[1].eval())
            unit[1] = nn.Identity()
    return module


def count_macs(model, height=INPUT_HEIGHT, width=INPUT_WIDTH):
    """Multiply-accumulates of the convolutions for one input frame."""
    total = 0

    def hook(layer, _inputs, output):
        nonlocal total
        total += layer.weight.numel() * output.shape[2] * output.shape[3]

    handles = [m.register_forward_hook(hook) for m in model.modules() if isinstance(m, nn.Conv2d)]
    with torch.no_grad():
        model.eval()(torch.zeros(1, 3, height, width))
    for handle in handles:
        handle.remove()
    return total


def parameter_count(model):
    return sum(p.numel() for p in model.parameters())
