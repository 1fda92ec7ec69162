"""The teacher: an EfficientNet-Lite0 with ImageNet's weights, fine-tuned here. It says of every training film how abnormal it is
and where; the CLIP learns from that besides the labels. It sees the whole film and ships with nothing.

On the 12,000 films at hand a network from nothing stays at AUROC 0.67 on adults; what one from ImageNet knows of edges, textures
and shapes is worth several times as many films."""

import math
import os
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from .augment import move_boxes, random_affine, regrey, view
from .batches import NAMES, boxed_side, lesion_bank
from .films import FOLDERS, Film, load_prepared
from .positions import LEFT, UPPER, halves_of
from .resume import save_state, stop_signals
from .stem import SIDE as MODEL_SIDE
from .stem import imagenet_trunk
from .synthesis import KS, shade
from .validate import auroc, halves
from .word import Word

SIDE = 160
CELLS = 10
HIDDEN = 96
SHARES = (0.3, 0.2, 0.5)
# While the map is learned: mostly the folder with boxes.
WHERE_SHARES = (0.15, 0.7, 0.15)
# Blocks below this one stay as ImageNet left them (stride 8; half the time of a step), batch norm included.
FROZEN = 5


HALVES = halves_of(CELLS)


class Teacher(nn.Module):
    """[n, 1, 160, 160] in 0..1 -> (abnormal and findings [n, 1 + F], map of abnormal [n, 10, 10], what the map was read
    from [n, 96, 10, 10]); the first two are logits."""

    def __init__(self) -> None:
        super().__init__()
        self.trunk = imagenet_trunk().to(memory_format=torch.channels_last)
        self.whole = nn.Linear(1280, 1 + len(NAMES))
        self.where = nn.Sequential(nn.Conv2d(112 + 320, HIDDEN, 1, bias=False), nn.BatchNorm2d(HIDDEN), nn.ReLU(), nn.Conv2d(HIDDEN, 1, 1))
        for p in self.frozen().parameters():
            p.requires_grad_(False)

    def frozen(self) -> nn.ModuleList:
        return nn.ModuleList([self.trunk._conv_stem, self.trunk._bn0, *self.trunk._blocks[:FROZEN]])

    def train(self, mode: bool = True) -> "Teacher":
        super().train(mode)
        self.frozen().eval()
        return self

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        t = self.trunk
        x = ((x * 255 - 127) / 128).expand(-1, 3, -1, -1).contiguous(memory_format=torch.channels_last)
        with torch.no_grad():
            x = t._swish(t._bn0(t._conv_stem(x)))
            for block in t._blocks[:FROZEN]:
                x = block(x)
        for i, block in enumerate(t._blocks[FROZEN:], FROZEN):
            x = block(x)
            if i == 10:
                fine = x
        coarse = F.interpolate(x, size=fine.shape[-2:], mode="bilinear")
        hidden = self.where[:-1](torch.cat([fine, coarse.to(fine.dtype)], 1))
        where = self.where[-1](hidden)
        x = t._swish(t._bn1(t._conv_head(x))).mean((2, 3))
        return self.whole(F.dropout(x, 0.3, self.training)).float(), where[:, 0].float(), hidden


class TeacherBatches:
    """Films with labels, findings, and cells known to be abnormal (1), clear (0) or not known (-1); by (seed, step) alone."""

    def __init__(self, films: list[Film], pixels: np.ndarray, bank: list[np.ndarray], seed: int, size: int, shares=SHARES):
        self.films, self.pixels, self.bank, self.seed, self.size, self.shares = films, pixels, bank, seed, size, shares
        self.by = {
            (s, a): [i for i, f in enumerate(films) if f.split == "train" and f.source == s and f.abnormal == a]
            for s in range(len(FOLDERS))
            for a in (False, True)
        }

    def draw(self, step: int):
        rng = np.random.default_rng((self.seed, step, 77))
        generator = torch.Generator().manual_seed(self.seed * 1_000_003 + step)
        sources = rng.choice(len(self.shares), self.size, p=self.shares)
        pools = [self.by[int(s), bool(i % 2)] for i, s in enumerate(sources)]
        chosen = [pool[int(rng.integers(len(pool)))] for pool in pools]
        films = [self.films[i] for i in chosen]
        theta = random_affine(rng, self.size)
        mirror = rng.random(self.size) < 0.5
        theta[mirror, :, 0] *= -1
        x = view(self.pixels[chosen], theta, generator, SIDE)
        cells = torch.full((self.size, CELLS, CELLS), -1.0)
        synthetic = torch.zeros(self.size, dtype=torch.bool)
        for i, film in enumerate(films):
            if not film.abnormal:
                cells[i] = 0
                if rng.random() < 0.3:
                    synthetic[i] = self._lesion(rng, x, cells, i)
            elif film.boxes:
                box = move_boxes(film.boxes, theta[i])
                cells[i] = 0
                for x0, y0, x1, y1 in np.clip(np.round(box * CELLS - 0.1), 0, CELLS).astype(int):
                    cells[i, y0 : max(y1, y0 + 1), x0 : max(x1, x0 + 1)] = 1
        label = torch.tensor([[float(f.abnormal), *(float(n in f.findings) for n in NAMES)] for f in films])
        sides = [(i, s) for i, film in enumerate(films) for axis in (LEFT, UPPER) if (s := boxed_side(film, theta[i], axis)) is not None]
        return regrey(x, generator), label, cells, synthetic, sides

    def _lesion(self, rng, x, cells, i) -> bool:
        shape = torch.from_numpy(self.bank[int(rng.integers(len(self.bank)))]).float()[None, None] / 255
        side = round(shape.shape[-1] * SIDE / MODEL_SIDE)
        shape = F.interpolate(shape, (side, side), mode="bilinear")[0, 0]
        k = float(rng.choice(KS)) * float(rng.uniform(0.6, 1))
        r, c = (int(v) for v in rng.integers(0, SIDE - side + 1, 2))
        shaded = x[i, 0].clone()
        change = shade(shaded, shape, k, r, c)
        amount = F.avg_pool2d(change[None, None], SIDE // CELLS)[0, 0]
        if amount.max() < 0.05:
            return False
        cells[i] = torch.where(amount > 0.04, 1.0, torch.where(amount > 0.004, -1.0, 0.0))
        x[i, 0] = shaded
        return True


def loss_of(teacher: Teacher, batch, ordering: float) -> torch.Tensor:
    """`ordering` weighs that the half with a film's boxes holds the map's higher peaks."""
    x, label, cells, synthetic, sides = batch
    with torch.autocast("cpu", dtype=torch.bfloat16):
        whole, where, _ = teacher(x)
    real = ~synthetic
    smooth = label * 0.94 + 0.03
    loss = F.binary_cross_entropy_with_logits(whole[real, 0], smooth[real, 0])
    loss = loss + 2 * F.binary_cross_entropy_with_logits(whole[real, 1:], label[real, 1:])
    known = cells >= 0
    # Outside its boxes a film may have more findings, unmarked.
    weight = torch.where(known, 1.0, 0.0) * torch.where((label[:, 0] == 1)[:, None, None] & (cells == 0), 0.3, 1.0)
    weight = torch.where(cells == 1, 2.0 * weight, weight)
    dense = F.binary_cross_entropy_with_logits(where, cells.clamp(0, 1), weight, reduction="sum") / weight.sum()
    # Abnormal without boxes: some tenth of the film is.
    unknown = (label[:, 0] == 1) & (cells.flatten(1).max(1).values < 0)
    if unknown.any():
        top = where[unknown].flatten(1).topk(10, 1).values.mean(1)
        dense = dense + 0.5 * F.softplus(-top).mean()
    if sides:
        film, side = torch.tensor(sides).T
        peaks = torch.stack([where[:, r, c].flatten(1).topk(5, 1).values.mean(1) for r, c in HALVES], 1)
        dense = dense + ordering * F.softplus(peaks[film, side ^ 1] - peaks[film, side] + 1).mean()
    return loss + dense


@torch.no_grad()
def predict(teacher: Teacher, pixels: np.ndarray, size: int = 64):
    """Of uint8 films, each the mean with its mirror image, batch by batch: (logit of abnormal [n], map [n, 10, 10], hidden [n, 96, 10, 10])."""
    teacher.eval()
    for at in range(0, len(pixels), size):
        x = torch.from_numpy(pixels[at : at + size]).unsqueeze(1).float() / 255
        x = F.interpolate(x, (SIDE, SIDE), mode="bicubic", antialias=True).clamp(0, 1)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            (a, m, h), (b, w, g) = teacher(x), teacher(x.flip(-1))
        yield ((a[:, 0] + b[:, 0]) / 2).numpy(), ((m + w.flip(-1)) / 2).numpy(), ((h.float() + g.float().flip(-1)) / 2).numpy()
    teacher.train()


def check(teacher: Teacher, films: list[Film], pixels: np.ndarray, most: int) -> dict[str, float]:
    """Validation AUROC by source, and how often the half with a film's boxes holds the map's higher peak."""
    rng = np.random.default_rng(0)
    out: dict[str, float] = {}
    for source, name in enumerate(FOLDERS):
        index = np.array([i for i, f in enumerate(films) if f.split == "validation" and f.source == source])
        if len(index) > most:
            index = np.sort(rng.choice(index, most, replace=False))
        z, where, _ = map(np.concatenate, zip(*predict(teacher, pixels[index])))
        abnormal = np.array([films[i].abnormal for i in index])
        out[f"{name}"] = auroc(z, abnormal)
        out[f"{name}.map"] = auroc(where.reshape(len(where), -1).max(1), abnormal)
        if name == "nih":
            sides = [(row, s) for row, i in enumerate(index) for s in halves(films[i])]
            peak = lambda r, s: np.sort(where[r][HALVES[s]], None)[-5:].mean()  # noqa: E731
            out["order"] = float(np.mean([peak(r, s) > peak(r, s ^ 1) for r, s in sides]))
    return out


def teach(work: Path, steps: int, seed: int, size: int = 32) -> Word:
    """Trains the teacher on the first call (resumed if it was cut off) and keeps what it says of every film. First all of it, then
    the map on mostly boxed films: these are few, and what the whole film's logit learned must not be fitted to them."""
    run = work / "pretrain"
    run.mkdir(parents=True, exist_ok=True)
    if not (run / "teacher.npz").exists():
        films, pixels = load_prepared(work / "prepared")
        bank = lesion_bank(run / "lesions.npz", 3000, seed)
        teacher = _train(films, pixels, TeacherBatches(films, pixels, bank, seed, size), run / "teacher", steps, 1.0, None)
        whole = np.concatenate([z for z, _, _ in predict(teacher, pixels)]).astype(np.float16)
        teacher = _train(films, pixels, TeacherBatches(films, pixels, bank, seed + 1, size, WHERE_SHARES), run / "where", steps // 6, 0.5, teacher)
        where = np.empty((len(films), CELLS, CELLS), np.float16)
        hidden = np.lib.format.open_memmap(run / "teacher-hidden.npy", "w+", np.float16, (len(films), HIDDEN, CELLS, CELLS))
        at = 0
        for z, m, h in predict(teacher, pixels):
            where[at : at + len(z)], hidden[at : at + len(z)] = m, h
            at += len(z)
        hidden.flush()
        sample = hidden[:: max(1, len(films) // 1000)].astype(np.float32)
        mean, sd = sample.mean((0, 2, 3)), sample.std((0, 2, 3)) + 1e-3
        np.savez_compressed(run / "teacher.tmp.npz", whole=whole, where=where, mean=mean, sd=sd)
        os.replace(run / "teacher.tmp.npz", run / "teacher.npz")  # last: its presence means that all is there
    return Word(run)


def _train(films: list[Film], pixels: np.ndarray, batches: TeacherBatches, name: Path, steps: int, rate: float, start_from: Teacher | None) -> Teacher:
    """`name`.pt holds the state, `name`.csv the log. `rate` is a share of the usual one."""
    torch.manual_seed(batches.seed)
    teacher = start_from or Teacher()
    teacher.train()
    heads = [*teacher.whole.parameters(), *teacher.where.parameters()]
    body = [p for n, p in teacher.named_parameters() if n.startswith("trunk") and p.requires_grad and not n.startswith("trunk._fc")]
    optimiser = torch.optim.AdamW([{"params": body, "lr": 4e-4 * rate}, {"params": heads, "lr": 1e-3 * rate}], weight_decay=0.02)
    pace = lambda s: min(1, (s + 1) / 60) * (0.01 + 0.99 * (1 + math.cos(math.pi * min(1, s / steps))) / 2)  # noqa: E731
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, pace)
    start, state_file = 0, name.with_suffix(".pt")
    if state_file.exists():
        state = torch.load(state_file, weights_only=True)
        for key, part in (("teacher", teacher), ("optimiser", optimiser), ("schedule", schedule)):
            part.load_state_dict(state[key])
        start = state["step"]
    ordering = 0.0 if start_from is None else 1.0
    began, mean = time.monotonic(), 0.0
    with name.with_suffix(".csv").open("a") as log, stop_signals() as told:
        for step in range(start, steps):
            loss = loss_of(teacher, batches.draw(step), ordering)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(body + heads, 2.0)
            optimiser.step()
            schedule.step()
            mean = float(loss.detach()) if step == start else 0.98 * mean + 0.02 * float(loss.detach())
            done = step + 1
            if done % 25 == 0:
                each = (time.monotonic() - began) / (done - start)
                print(f"{name.name} {done}/{steps} {each:.2f} s/step, {(steps - done) * each / 60:.0f} min left, loss {mean:.3f}", flush=True)
                log.write(f"{done},{name.name}.loss,{mean:.5f}\n")
            due = done % 200 == 0 or done == steps
            if due:
                found = check(teacher, films, pixels, 10_000 if done == steps else 240)
                print("  ", {k: round(v, 3) for k, v in found.items()}, flush=True)
                log.writelines(f"{done},{name.name}.{k},{v:.5f}\n" for k, v in found.items())
                log.flush()
            if due or told.is_set():
                save_state(state_file, done, teacher=teacher, optimiser=optimiser, schedule=schedule)
            if told.is_set():
                raise SystemExit(f"{name.name}: stopped and saved at step {done} of {steps}")
    return teacher
