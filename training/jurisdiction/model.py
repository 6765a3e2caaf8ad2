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
        self.kind = nn.Linear(192, len(TYPES))

    def look(self, image):
        image = (image - 0.5) / 0.25
        fine = self.fine(torch.cat((image[:, :, :TOP], image[:, :, BOTTOM:]), 2))
        coarse = self.coarse(image)
        rows = torch.softmax(self.where(fine), 2)
        value = self.value(fine)
        name = self.mix((value * rows[:, 0:1]).sum(2))
        other = self.mix((value * rows[:, 1:2]).sum(2))
        seen = torch.cat((coarse.mean((2, 3)), coarse.amax((2, 3)), name.mean(2), name.amax(2), other.mean(2), other.amax(2)), 1)
        return self.join(seen), name, other, rows

    def forward(self, image):
        seen, _, _, _ = self.look(image)
        return self.jurisdiction(seen), self.kind(seen)

    def teach(self, image):
        """Everything that has a target in training; letters are logits [N, 27, 2, COLUMNS], of the name and the other line."""
        seen, name, other, rows = self.look(image)
        return self.jurisdiction(seen), self.kind(seen), torch.stack((self.letters(name), self.letters(other)), 2), rows
