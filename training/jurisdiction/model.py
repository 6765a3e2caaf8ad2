"""Names who issued a plate: a look at the whole plate, and a reader of the name that is only asked for letters in training."""
import torch
from torch import nn

from ..draw.states_table import TYPES, jurisdictions
from ..reader.model import Conv, Mix, Residual

JURISDICTIONS = jurisdictions()
HEIGHT, WIDTH = 96, 192
TOP, BOTTOM = 32, 64  # names stand above or below the registration: only there it is looked at closely
ROWS, COLUMNS = 8, 48  # the grid the name is looked for on: four rows at the top, four at the bottom
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
CODE = {c: i + 1 for i, c in enumerate(LETTERS)}


class Kind(nn.Module):
    """Spots words for the kind of a plate in its lines: a word counts by the one place where it stands, not by the line's mean."""

    def __init__(self, line, fine, coarse):
        super().__init__()
        self.where = nn.Conv2d(fine, 1, 1)  # a row of its own to read in every column
        self.value = Conv(fine, line, kernel=1, pad=(0, 0))
        self.mix = nn.Sequential(Mix(line, 1), Mix(line, 2), Mix(line, 4))
        self.spot = nn.Sequential(nn.Conv1d(line, line, 5, padding=2), nn.ReLU(True), nn.Conv1d(line, len(TYPES), 5, padding=2))
        self.colour = nn.Linear(2 * coarse, len(TYPES))

    def forward(self, fine, colours, name, other):
        rows = torch.softmax(self.where(fine), 2)
        own = self.mix((self.value(fine) * rows).sum(2))
        found = torch.cat([self.spot(line) for line in (name, other, own)], 2)
        return torch.logsumexp(found, 2) + self.colour(colours), rows


class PlateJurisdiction(nn.Module):
    def __init__(self, widths=(16, 32, 64, 96), line=96):
        super().__init__()
        a, b, c, d = widths
        self.fine = nn.Sequential(Conv(3, a, (2, 2)), Conv(a, b, (2, 2)), Residual(b), Conv(b, c, (2, 1)), Residual(c))  # 8 x 48
        self.coarse = nn.Sequential(nn.AvgPool2d(4), Conv(3, b, (2, 2)), Conv(b, c, (2, 2)), Conv(c, d, (2, 2)))  # 3 x 6
        self.where = nn.Conv2d(c, 2, 1)  # which row to read in every column: of the name, of the slogan or the word for the kind
        self.value = Conv(c, line, kernel=1, pad=(0, 0))
        self.mix = nn.Sequential(Mix(line, 1), Mix(line, 2), Mix(line, 4))
        self.letters = nn.Conv1d(line, len(LETTERS) + 1, 1)
        seen = 2 * d + 4 * line
        self.join = nn.Sequential(nn.Dropout(0.1), nn.Linear(seen, 192), nn.ReLU(True))
        self.jurisdiction = nn.Linear(192, len(JURISDICTIONS))
        self.kind = Kind(line, c, d)

    def look(self, image):
        image = (image - 0.5) / 0.25
        fine = self.fine(torch.cat((image[:, :, :TOP], image[:, :, BOTTOM:]), 2))
        coarse = self.coarse(image)
        rows = torch.softmax(self.where(fine), 2)
        value = self.value(fine)
        name = self.mix((value * rows[:, 0:1]).sum(2))
        other = self.mix((value * rows[:, 1:2]).sum(2))
        colours = torch.cat((coarse.mean((2, 3)), coarse.amax((2, 3))), 1)
        seen = torch.cat((colours, name.mean(2), name.amax(2), other.mean(2), other.amax(2)), 1)
        return self.join(seen), name, other, rows, (fine, colours)

    def forward(self, image):
        seen, name, other, _, below = self.look(image)
        return self.jurisdiction(seen), self.kind(*below, name, other)[0]

    def teach(self, image):
        """Everything that has a target in training; letters are logits [N, 27, 2, COLUMNS], of the name and the other line."""
        seen, name, other, rows, below = self.look(image)
        kind, _ = self.kind(*below, name, other)
        return self.jurisdiction(seen), kind, torch.stack((self.letters(name), self.letters(other)), 2), rows

    def take_over(self, weights):
        """Takes weights over; the kind begins as the other line's reader where they have none of its own."""
        known = self.state_dict()
        older = weights.get("kind.weight") is not None
        taken = {n: v.float() if v.is_floating_point() else v for n, v in weights.items() if not (older and n.startswith("kind."))}
        if older:
            taken.update({f"kind.{n}": v for n, v in taken.items() if n.split(".")[0] in ("value", "mix")})
            taken.update({f"kind.where.{n}": taken[f"where.{n}"][1:2] for n in ("weight", "bias")})
            taken.update({n: v for n, v in known.items() if n.startswith("kind.") and n not in taken})
        self.load_state_dict(taken)
