"""The detector with 8-bit convolutions, for processors with 8-bit dot products: less than half the time of 32 bits.

What flows between convolutions is rounded to 256 steps of the range it has on drawn scenes (never on photographs), weights to 127
steps a channel: with more, sums of two products overflow 16 bits on processors that have only AVX2. The graph says so with QuantizeLinear and DequantizeLinear, which ONNX Runtime joins into 8-bit convolutions.
The last two convolutions, from which score and corners come, stay as they are: they cost little and would lose most.
"""
import torch
from torch import nn
import torch.nn.functional as F

from detector import model as net


class Rounded(torch.autograd.Function):
    """x as whole steps of `scale`; `zero` is the step that means 0."""

    @staticmethod
    def forward(_context, x, scale, zero):
        return torch.clamp(torch.round(x / scale), -zero, 255 - zero) * scale

    @staticmethod
    def symbolic(g, x, scale, zero):
        point = g.op("Constant", value_t=torch.tensor(zero, dtype=torch.uint8))
        return g.op("DequantizeLinear", g.op("QuantizeLinear", x, scale, point), scale, point)


class Tap(nn.Module):
    """A place between layers. Before `settle` it records the range there, afterwards it rounds to it."""

    def __init__(self, zero=0):
        super().__init__()
        self.zero, self.highest = zero, []
        self.register_buffer("scale", torch.tensor(0.0))

    def forward(self, x):
        if self.scale.item() > 0:
            return Rounded.apply(x, self.scale, self.zero)
        values = x.abs().flatten()
        self.highest.append(float(values.kthvalue(int(len(values) * 0.99995)).values))
        return x

    def settle(self):
        """The range is that of all scenes but the one in fifty with the widest: rare peaks would coarsen every step."""
        highest = sorted(self.highest)[int(len(self.highest) * 0.98)]
        self.scale = torch.tensor(highest / (255 - self.zero))


WEIGHT_STEPS = 63  # either way
GREY = 115  # the step of a pixel that the net takes for 0


class Weights(torch.autograd.Function):
    """Weights kept as steps of 8 bits, of their own scale for each output channel."""

    @staticmethod
    def forward(_context, steps, scale):
        return steps.float() * scale.reshape(-1, 1, 1, 1)

    @staticmethod
    def symbolic(g, steps, scale):
        point = g.op("Constant", value_t=torch.zeros(scale.type().sizes(), dtype=torch.int8))
        return g.op("DequantizeLinear", steps, scale, point, axis_i=0)


class EightBitConv(nn.Module):
    def __init__(self, conv):
        super().__init__()
        weight = conv.weight.detach()
        scale = weight.abs().amax((1, 2, 3)).clamp(min=1e-8) / WEIGHT_STEPS
        self.register_buffer("scale", scale)
        self.register_buffer("steps", torch.round(weight / scale.reshape(-1, 1, 1, 1)).to(torch.int8))
        self.register_buffer("bias", conv.bias.detach())
        self.stride, self.padding = conv.stride, conv.padding

    def forward(self, x):
        return F.conv2d(x, Weights.apply(self.steps, self.scale), self.bias, self.stride, self.padding)


class Stem(torch.autograd.Function):
    """The first convolution (3 x 3, every second pixel) as one of 2 x 2 over blocks of 2 x 2 pixels: three channels are too few for
    8-bit dot products. Pixels are 8 bits from the start, and the grey that the net takes for 0 is where their steps begin."""

    @staticmethod
    def forward(_context, image, steps, scale, bias):
        pixels = (torch.round(image * 255) - GREY) * (4 / 255)
        blocks = F.pixel_unshuffle(F.pad(pixels, (2, 0, 2, 0)), 2)
        count, high, wide = len(pixels), *blocks.shape[2:]
        blocks = blocks.reshape(count, 3, 4, high, wide).transpose(1, 2).reshape(count, 12, high, wide)
        return F.conv2d(blocks, Weights.apply(steps, scale), bias)

    @staticmethod
    def symbolic(g, image, steps, scale, bias):
        def constant(value, kind):
            return g.op("Constant", value_t=torch.tensor(value, dtype=kind))
        pixels = g.op("QuantizeLinear", image, constant(1 / 255, torch.float32), constant(0, torch.uint8))
        blocks = g.op("SpaceToDepth", pixels, blocksize_i=2)
        blocks = g.op("DequantizeLinear", blocks, constant(4 / 255, torch.float32), constant(GREY, torch.uint8))
        return g.op("Conv", blocks, Weights.symbolic(g, steps, scale), bias, kernel_shape_i=(2, 2), pads_i=(1, 1, 0, 0))


class EightBitStem(EightBitConv):
    def __init__(self, conv):
        super().__init__(conv)
        blocks = torch.zeros(len(self.steps), 2, 2, 3, 2, 2, dtype=torch.int8)
        for y in range(3):
            for x in range(3):
                blocks[:, (y + 1) % 2, (x + 1) % 2, :, (y + 1) // 2, (x + 1) // 2] = self.steps[:, :, y, x]
        self.steps = blocks.reshape(-1, 12, 2, 2)

    def forward(self, image):
        return Stem.apply(image, self.steps, self.scale, self.bias)


class EightBitDetector(nn.Module):
    """A detector with folded batch norms, rounded as the module says. Run it over scenes, `settle` it, then use or export it."""

    def __init__(self, detector):
        super().__init__()
        self.detector = detector
        for parameter in detector.parameters():
            parameter.requires_grad_(False)
        # What a ReLU gave begins at 0; the others go both ways.
        self.taps = nn.ModuleDict({"up16": Tap(128), "m16": Tap(128), "up8": Tap(), "m8": Tap()})
        detector.stem[0] = EightBitStem(detector.stem[0])
        self.exact = (detector.head[1], detector.out)
        self._round(detector)

    def _round(self, module):
        for name, child in list(module.named_children()):
            if child in self.exact:
                continue
            if isinstance(child, nn.Conv2d):
                setattr(module, name, EightBitConv(child))
            elif isinstance(child, nn.ReLU):
                setattr(module, name, nn.Sequential(child, Tap()))
            elif isinstance(child, net.Residual):
                self._round(child)
                setattr(module, name, nn.Sequential(child, Tap()))
            else:
                self._round(child)

    def settle(self):
        for part in self.modules():
            if isinstance(part, Tap):
                part.settle()

    def forward(self, image):
        d, taps = self.detector, self.taps
        c8 = d.down8(d.down4(d.stem(image)))
        c16 = d.down16(c8)
        # The same tap before and after a magnification: the steps go through it as they are.
        up16 = taps["up16"](d.lateral32(d.down32(c16)))
        m16 = taps["m16"](c16 + taps["up16"](F.interpolate(up16, scale_factor=2.0, mode="nearest")))
        up8 = taps["up8"](d.merge16(m16))
        m8 = taps["m8"](c8 + taps["up8"](F.interpolate(up8, scale_factor=2.0, mode="nearest")))
        return d.out(d.head(m8))


def rounded(detector, batches):
    """The 8-bit form of a folded detector, with the ranges of `batches` of images."""
    made = EightBitDetector(detector.eval()).eval()
    with torch.no_grad():
        for images in batches:
            made(images)
    made.settle()
    return made
