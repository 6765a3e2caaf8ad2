"""The plate reader: a small convolutional net with a CTC head over the plate's width."""
import torch
from torch import nn

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
BLANK = 0
JURISDICTIONS = ("US", "CA", "MX", "BR", "EU", "other")
HEIGHT, WIDTH, STEPS = 48, 160, 40


class Conv(nn.Sequential):
    def __init__(self, cin, cout, stride=(1, 1), kernel=3, pad=(1, 1)):
        super().__init__(nn.Conv2d(cin, cout, kernel, stride, pad, bias=False), nn.BatchNorm2d(cout), nn.ReLU(True))


class Residual(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.body = Conv(c, c)

    def forward(self, x):
        return x + self.body(x)


class Mix(nn.Module):
    """Looks a few characters to either side, so that a picture between groups can be told from a letter."""

    def __init__(self, c, dilation):
        super().__init__()
        self.body = nn.Sequential(nn.Conv1d(c, c, 5, padding=2 * dilation, dilation=dilation, bias=False),
                                  nn.BatchNorm1d(c), nn.ReLU(True))

    def forward(self, x):
        return x + self.body(x)


class PlateReader(nn.Module):
    def __init__(self, widths=(16, 32, 56, 72, 112, 144)):
        super().__init__()
        a, b, c, d, e, f = widths
        self.trunk = nn.Sequential(
            Conv(3, a, (2, 2)),           # 24 x 80
            Conv(a, b, (2, 1)),           # 12 x 80
            Conv(b, c, (1, 2)),           # 12 x 40
            Residual(c),
            Conv(c, d, (2, 1)),           # 6 x 40
            Residual(d),
            Conv(d, e, (2, 1)),           # 3 x 40
        )
        self.collapse = Conv(e, f, kernel=3, pad=(0, 1))  # 1 x 40
        self.mix = nn.Sequential(Mix(f, 1), Mix(f, 2))
        self.drop = nn.Dropout(0.1)
        self.characters = nn.Conv1d(f, len(ALPHABET) + 1, 1)
        self.jurisdiction = nn.Linear(2 * e, len(JURISDICTIONS))

    def forward(self, image):
        x = self.trunk((image - 0.5) / 0.25)
        place = self.jurisdiction(torch.cat((x.mean((2, 3)), x.amax((2, 3))), 1))
        y = self.mix(self.collapse(x).squeeze(2))
        y = self.characters(self.drop(y)).transpose(1, 2)
        return torch.log_softmax(y, 2), place


def decode(log_probs):
    """Greedy reading of [N, T, C] log-probabilities."""
    out = []
    for row in log_probs.argmax(2).tolist():
        text, last = "", BLANK
        for k in row:
            if k != last and k != BLANK:
                text += ALPHABET[k - 1]
            last = k
        out.append(text)
    return out


def count_macs(model):
    """Multiply-adds of one crop."""
    total, hooks = [0], []

    def hook(m, _, out):
        n = m.weight.numel()
        total[0] += n * (out[0, 0].numel() if out.dim() > 2 else 1)

    for m in model.modules():
        if isinstance(m, (nn.Conv2d, nn.Conv1d, nn.Linear)):
            hooks.append(m.register_forward_hook(hook))
    with torch.no_grad():
        model.eval()(torch.zeros(1, 3, HEIGHT, WIDTH))
    for h in hooks:
        h.remove()
    return total[0]
