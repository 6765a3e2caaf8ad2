"""The plate reader: a small convolutional net with two heads over one trunk.

CTC reads along the plate's width; slots answer "which character is the n-th".  They fail in different
ways (CTC loses doubled characters, slots miscount), so that their agreement says how far to trust a read.
"""
import torch
from torch import nn

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
BLANK = 0
JURISDICTIONS = ("US", "CA", "MX", "BR", "EU", "other")
HEIGHT, WIDTH, STEPS, SLOTS = 48, 160, 40, 9


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


class Slots(nn.Module):
    """Looks along the whole width, then gathers each position's features by attention."""

    def __init__(self, c):
        super().__init__()
        self.mix = nn.Sequential(Mix(c, 4), Mix(c, 8))
        self.place = nn.Parameter(torch.randn(1, c, STEPS) * 0.02)
        self.where = nn.Conv1d(c, SLOTS, 1)
        self.order = nn.Parameter(torch.randn(1, SLOTS, c) * 0.02)
        self.what = nn.Linear(c, len(ALPHABET) + 1)

    def forward(self, y):
        y = self.mix(y) + self.place
        share = torch.softmax(self.where(y), 2)                   # N x slots x steps
        gathered = torch.matmul(share, y.transpose(1, 2)) + self.order
        return torch.log_softmax(self.what(gathered), 2)


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
        self.deepen = Residual(e)
        self.collapse = Conv(e, f, kernel=3, pad=(0, 1))  # 1 x 40
        self.mix = nn.Sequential(Mix(f, 1), Mix(f, 2))
        self.drop = nn.Dropout(0.1)
        self.characters = nn.Conv1d(f, len(ALPHABET) + 1, 1)
        self.slots = Slots(f)
        self.jurisdiction = nn.Linear(2 * e, len(JURISDICTIONS))
        self.legibility = nn.Sequential(nn.Linear(2 * f + 2 * e, 32), nn.ReLU(True), nn.Linear(32, 1))

    def forward(self, image):
        """Log-probabilities of the steps and of the slots, jurisdiction logits, and a logit that the text read is right."""
        x = self.deepen(self.trunk((image - 0.5) / 0.25))
        pooled = torch.cat((x.mean((2, 3)), x.amax((2, 3))), 1)
        y = self.mix(self.collapse(x).squeeze(2))
        steps = self.characters(self.drop(y)).transpose(1, 2)
        # judging must not bend what is judged
        seen = torch.cat((pooled, y.mean(2), y.amax(2)), 1).detach()
        return torch.log_softmax(steps, 2), self.slots(y), self.jurisdiction(pooled), self.legibility(seen).squeeze(1)

    def start_from(self, state):
        """Take over the weights of an older net; a layer it did not have begins as if it were not there."""
        if not any(name.startswith("deepen.") for name in state):
            with torch.no_grad():
                self.deepen.body[1].weight.fill_(0.1)
        missing, unknown = self.load_state_dict(state, strict=False)
        if unknown:
            raise ValueError(f"weights of another net: {unknown[:3]}")
        return missing


def decode_slots(log_probs):
    """Reading of [N, slots, C] log-probabilities: up to the first empty slot."""
    out = []
    for row in log_probs.argmax(2).tolist():
        out.append("".join(ALPHABET[k - 1] for k in row[:row.index(BLANK) if BLANK in row else SLOTS]))
    return out


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
