"""`guess-halves`: in which half the finding of a film without boxes most likely lies, by small heads on ImageNet's features that
learned it from the films with boxes.

Left or right and upper or lower were told right in 68 % of the boxed films by two heads that had not seen the patient (four-fold, 674
halves of training films); of the half of them that they were surest of, in 78 %. The teacher's map: 62 % of validation films."""

import json
import os
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import nn

from .batches import BOXED, boxed_side
from .films import FOLDERS, Film, load_grey, read_manifests
from .positions import LEFT, UPPER, halves_of
from .stem import imagenet_trunk

# All films are shrunk to the size that those without boxes have, so that sharpness tells nothing.
SHRUNK, SIDE, CELLS = 128, 320, 20
# Output of these two blocks of EfficientNet-Lite0, 40 and 112 channels.
READ_AT = (4, 10)
CHANNELS, HIDDEN = 152, 64
HEADS, EPOCHS, BATCH = 4, 10, 32
# Of the normal films, the share into whose features an abnormal film's box is laid, and half as many get a normal film's.
LAID = 0.5
UNBOXED = 2
HALVES = halves_of(CELLS)
AS_IT_IS = np.array([[1, 0, 0], [0, 1, 0]], np.float32)


class Head(nn.Module):
    """Features [n, 152, 20, 20], standardised -> logits of abnormal [n, 20, 20]."""

    def __init__(self) -> None:
        super().__init__()
        self.mix = nn.Conv2d(CHANNELS, HIDDEN, 1)
        self.place = nn.Parameter(torch.zeros(1, HIDDEN, CELLS, CELLS))
        self.around = nn.Conv2d(HIDDEN, HIDDEN, 3, padding=1, groups=HIDDEN)
        self.out = nn.Conv2d(HIDDEN, 1, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.mix(F.dropout2d(x, 0.3, self.training)) + (self.place + self.place.flip(-1)) / 2
        x = F.dropout(F.relu(x), 0.3, self.training)
        return self.out(x + F.relu(self.around(x)))[:, 0]


def peaks(cells: torch.Tensor) -> torch.Tensor:
    """[n, 20, 20] -> [n, 4]: the mean of each half's twenty highest cells."""
    return torch.stack([cells[:, r, c].flatten(1).topk(20, 1).values.mean(1) for r, c in HALVES], 1)


@torch.no_grad()
def features(data: Path, films: list[Film]) -> torch.Tensor:
    """[n, 152, 20, 20], each the mean with the mirror image's."""
    trunk = imagenet_trunk().eval().to(memory_format=torch.channels_last)

    def of(x: torch.Tensor) -> torch.Tensor:
        x = trunk._swish(trunk._bn0(trunk._conv_stem(x)))
        read = []
        for i, block in enumerate(trunk._blocks[: READ_AT[-1] + 1]):
            x = block(x)
            if i in READ_AT:
                read.append(F.adaptive_avg_pool2d(x.float(), CELLS))
        return torch.cat(read, 1)

    out = []
    for at in range(0, len(films), 16):
        grey = [Image.fromarray(load_grey(data / FOLDERS[f.source] / f.file, SHRUNK)) for f in films[at : at + 16]]
        x = np.stack([np.asarray(g.resize((SIDE, SIDE), Image.Resampling.BICUBIC), np.float32) for g in grey])
        x = ((torch.from_numpy(x).unsqueeze(1) - 127) / 128).expand(-1, 3, -1, -1).contiguous(memory_format=torch.channels_last)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            out.append(((of(x) + of(x.flip(-1)).flip(-1)) / 2).half())
        if at % 480 == 0:
            print(f"features {at}/{len(films)}", flush=True)
    return torch.cat(out).float()


def boxed_cells(film: Film) -> torch.Tensor:
    cells = torch.zeros(CELLS, CELLS)
    for x, y, w, h in film.boxes:
        x0, y0, x1, y1 = (round(v * CELLS) for v in (x, y, x + w, y + h))
        cells[y0 : max(y1, y0 + 1), x0 : max(x1, x0 + 1)] = 1
    return cells


def learn_head(x: torch.Tensor, films: list[Film], seed: int) -> Head:
    """A head from the training films among `films`, whose features are `x`."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    train = np.array([i for i, f in enumerate(films) if f.split == "train"])
    boxed, normal = ([i for i in train if films[i].abnormal == a and (films[i].boxes or not a)] for a in (True, False))
    cells = torch.stack([boxed_cells(f) for f in films])
    sides = [{a: s for a in (LEFT, UPPER) if (s := boxed_side(f, AS_IT_IS, a)) is not None} for f in films]
    head = Head()
    optimiser = torch.optim.AdamW(head.parameters(), lr=2e-3, weight_decay=0.05)
    steps = EPOCHS * len(train) // BATCH
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    for _ in range(steps):
        chosen = rng.choice(train, BATCH, replace=False)
        inputs, target = x[chosen].clone(), cells[chosen].clone()
        told = [dict(sides[i]) for i in chosen]
        for row, i in enumerate(chosen):
            drawn = rng.random()
            if films[i].abnormal or drawn >= LAID * 1.5:
                continue
            like = int(rng.choice(boxed))
            real = drawn < LAID
            inputs[row] = torch.where(cells[like] > 0, x[like if real else int(rng.choice(normal))], inputs[row])
            if real:
                target[row], told[row] = cells[like], dict(sides[like])
        for row in np.nonzero(rng.random(BATCH) < 0.5)[0]:
            inputs[row], target[row] = inputs[row].flip(-1), target[row].flip(-1)
            if LEFT in told[row]:
                told[row][LEFT] ^= 1
        z = head(inputs)
        abnormal = torch.tensor([films[i].abnormal for i in chosen])[:, None, None]
        weight = torch.where(target == 1, 2.0, 1.0) * torch.where(abnormal & (target == 0), 0.3, 1.0)
        loss = F.binary_cross_entropy_with_logits(z, target, weight)
        found = peaks(z)
        order = [found[row, s ^ 1] - found[row, s] for row, told_here in enumerate(told) for s in told_here.values()]
        if order:
            loss = loss + F.softplus(torch.stack(order) + 1).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    return head.eval()


def guess_halves(data: Path, split_file: Path, out: Path) -> None:
    """Writes by file name `{axis: half}` of the abnormal training films without boxes, for the surer half of them on each axis."""
    films = read_manifests(data, split_file)
    known = [f for f in films if f.source == BOXED]
    asked = [f for f in films if f.source == UNBOXED and f.abnormal and f.split == "train"]
    x = features(data, [*known, *asked])
    of_known = x[: len(known)]
    normal = of_known[[f.split == "train" and not f.abnormal for f in known]]
    x = (x - normal.mean((0, 2, 3), keepdim=True)) / of_known[[f.split == "train" for f in known]].std((0, 2, 3), keepdim=True)
    found = torch.zeros(len(asked), 4)
    for seed in range(HEADS):
        head = learn_head(x[: len(known)], known, seed)
        with torch.no_grad():
            for at in range(0, len(asked), 256):
                part = x[len(known) + at : len(known) + at + 256]
                found[at : at + 256] += (peaks(head(part)) + peaks(head(part.flip(-1)))[:, [1, 0, 2, 3]]) / 2 / HEADS
        print(f"head {seed + 1}/{HEADS}", flush=True)
    guesses: dict[str, dict[int, int]] = {}
    for axis in (LEFT, UPPER):
        margin = found[:, axis] - found[:, axis + 1]
        margin = margin - margin.median()
        for film, value in zip(asked, margin.tolist()):
            if abs(value) >= margin.abs().median():
                guesses.setdefault(film.file, {})[axis] = axis if value > 0 else axis + 1
    out.parent.mkdir(parents=True, exist_ok=True)
    out.with_suffix(".tmp").write_text(json.dumps(guesses))
    os.replace(out.with_suffix(".tmp"), out)
