"""One training step's films, positions, labels and captions, drawn by (seed, step) alone so that a run resumes exactly."""

import random
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
import torch

from . import captions
from .augment import SIDE, move_boxes, random_affine, regrey, view
from .films import Film
from .positions import BOXES, LEFT, OPPOSITE, UPPER, WHOLE, footprint
from .synthesis import KS, depth, lesion_shape, shade
from .word import Word

# Share of the batch by source: the sharper, boxed NIH films more often than their number.
SHARES = (0.45, 0.24, 0.31)
# Of the normal films, the share that gets a synthetic lesion.
SYNTHETIC = 0.22

# Of the normal films, the share that is our own drawing of a chest instead.
DRAWINGS = 0.03
# How much of a real film's target is the teacher's word; the rest is its label, which on NIH is often wrong.
TEACHER = 0.5
MIRRORED = 0.25
# A lesion's change is a sum over pixels; its bounds were found at 128 x 128.
AREA = (SIDE / 128) ** 2
NAMES = tuple(captions.FINDINGS)

# Until this step: real films, the whole position alone, and mostly ZhangLab, whose labels are the plainest. With noisy labels,
# lesions and halves from the first step on, nothing was learned for hundreds of steps (ZhangLab's training AUROC still 0.5
# after 200, against 0.87 after 40 with its films alone).
PLAIN_SHARES = (0.5, 0.2, 0.3)
PLAIN_UNTIL = 1500


@dataclass
class Pair:
    """A film at a position. `label`: 1 abnormal, 0 normal, -1 not known (then `target`, the probability to learn, is not used)."""

    film: int
    position: int
    label: int
    target: float
    caption: str


@dataclass
class Batch:
    pixels: torch.Tensor
    # By film: its source, and whether it was left as it is (no synthetic lesion).
    sources: list[int]
    pairs: list[Pair] = field(default_factory=list)
    # (pair inside, pair outside): the first must score above the second.
    order: list[tuple[int, int]] = field(default_factory=list)
    real: list[bool] = field(default_factory=list)
    # [n, F]: which findings each film has.
    findings: torch.Tensor | None = None
    # What the teacher says of each patch [m, 1 + H, 8, 8] of the films `taught` [m].
    taught: list[int] = field(default_factory=list)
    dense: torch.Tensor | None = None

    def whole_scores(self, z: torch.Tensor) -> list[tuple[int, float, int]]:
        """(source, logit, label) of the real films' whole pairs, given the logits of `pairs`."""
        return [(self.sources[p.film], v, p.label) for p, v in zip(self.pairs, z.tolist()) if p.position == WHOLE and self.real[p.film]]


def lesion_bank(path: Path, count: int, seed: int) -> list[np.ndarray]:
    """Depth maps (uint8, 255 = deepest) of `count` lesions, made once: the convex hulls are the slow part of synthesis."""
    if not path.exists():
        rng = np.random.default_rng(seed)
        maps = [np.round(depth(lesion_shape(rng, SIDE, 0.2, 0.7)) * 255).astype(np.uint8) for _ in range(count)]
        temporary = path.with_suffix(".tmp.npz")
        np.savez_compressed(temporary, **{str(i): m for i, m in enumerate(maps)})
        temporary.rename(path)
    with np.load(path) as stored:
        return [stored[str(i)] for i in range(count)]


def boxed_side(film: Film, theta: np.ndarray, axis: int) -> int | None:
    """The half that holds all boxes after the view; None if they straddle the middle or there are none."""
    if not film.boxes:
        return None
    b = np.array(film.boxes)
    moved = move_boxes(np.stack([b[:, 0], b[:, 1], b[:, 0] + b[:, 2], b[:, 1] + b[:, 3]], 1), np.repeat(theta[None], len(b), 0))
    low, high = (moved[:, 0].min(), moved[:, 2].max()) if axis == LEFT else (moved[:, 1].min(), moved[:, 3].max())
    middle = 0.5 if axis == LEFT else 120 / 224
    return axis if high < middle + 0.03 else axis + 1 if low > middle - 0.03 else None


class Batches:
    """`word` is the teacher's; None for training by labels alone. Films of the split `drawing` are our phantom."""

    def __init__(self, films: list[Film], pixels: np.ndarray, bank: list[np.ndarray], seed: int, size: int, word: Word | None, shares=SHARES):
        self.films, self.pixels, self.bank, self.seed, self.size, self.shares, self.word = films, pixels, bank, seed, size, shares, word
        self.by = {
            (s, a): [i for i, f in enumerate(films) if f.split == "train" and f.source == s and f.abnormal == a]
            for s in range(len(shares))
            for a in (False, True)
        }
        self.drawings = [i for i, f in enumerate(films) if f.split == "drawing"]

    def draw(self, step: int) -> Batch:
        rng = np.random.default_rng((self.seed, step))
        words = random.Random(f"{self.seed}:{step}")
        generator = torch.Generator().manual_seed(self.seed * 1_000_003 + step)
        plain = step < PLAIN_UNTIL
        sources = rng.choice(len(self.shares), self.size, p=PLAIN_SHARES if plain else self.shares)
        chosen = []
        for i, source in enumerate(sources):
            pool = self.by[int(source), bool(i % 2)]
            if i % 2 == 0 and self.drawings and rng.random() < DRAWINGS:
                pool = self.drawings
            chosen.append(pool[int(rng.integers(len(pool)))])
        films = [self.films[i] for i in chosen]
        theta = random_affine(rng, self.size)
        theta[rng.random(self.size) < MIRRORED, :, 0] *= -1
        batch = Batch(view(self.pixels[chosen], theta, generator), [f.source for f in films])
        batch.findings = torch.tensor([[float(n in f.findings) for n in NAMES] for f in films])
        said = self._said(batch, chosen, theta)
        for i, film in enumerate(films):
            seen = Seen(i, film, *said[i])
            if plain:
                batch.pairs.append(self._whole(words, seen))
            elif film.abnormal:
                self._abnormal(batch, rng, words, seen, theta[i])
            elif rng.random() >= SYNTHETIC or not self._synthetic(batch, rng, words, i):
                self._normal(batch, rng, words, seen)
                batch.real.append(True)
                continue
            batch.real.append(plain or film.abnormal)
        if batch.dense is not None:
            keep = [row for row, i in enumerate(batch.taught) if batch.real[i]]
            batch.taught, batch.dense = [batch.taught[row] for row in keep], batch.dense[keep]
        batch.pixels = regrey(batch.pixels, generator)
        return batch

    def _said(self, batch: Batch, chosen: list[int], theta: np.ndarray) -> list[tuple[float | None, np.ndarray | None]]:
        """By film the teacher's probability of abnormal and its map [8, 8]; drawings were never shown to it."""
        if self.word is None:
            return [(None, None)] * len(chosen)
        batch.taught = [i for i, f in enumerate(chosen) if self.films[f].split != "drawing"]
        index = [chosen[i] for i in batch.taught]
        batch.dense = self.word.dense(index, theta[batch.taught], 8)
        out: list[tuple[float | None, np.ndarray | None]] = [(None, None)] * len(chosen)
        for i, f, where in zip(batch.taught, index, batch.dense[:, 0].numpy()):
            out[i] = (float(1 / (1 + np.exp(-self.word.whole[f]))), 2 * where)
        return out

    @staticmethod
    def _whole(words: random.Random, seen: "Seen") -> Pair:
        if seen.film.abnormal:
            return Pair(seen.at, WHOLE, 1, seen.target(1), captions.for_finding(words, WHOLE, list(seen.film.findings)))
        return Pair(seen.at, WHOLE, 0, seen.target(0), captions.compose(WHOLE, words.choice(captions.NORMAL)))

    def _normal(self, batch: Batch, rng: np.random.Generator, words: random.Random, seen: "Seen") -> None:
        batch.pairs.append(self._whole(words, seen))
        if rng.random() < 0.45:
            axis = LEFT if rng.random() < 0.5 else UPPER
            for p, share in zip((axis, axis + 1), seen.shares(axis)):
                batch.pairs.append(Pair(seen.at, p, 0, 0.03 + (seen.target(0) - 0.03) * share, captions.compose(p, words.choice(captions.NORMAL))))

    def _abnormal(self, batch: Batch, rng, words, seen: "Seen", theta: np.ndarray) -> None:
        film = seen.film
        caption = partial(captions.for_finding, words, findings=list(film.findings))
        batch.pairs.append(self._whole(words, seen))
        axes = [LEFT if rng.random() < 0.5 else UPPER]
        if film.boxes:
            axes = [LEFT, UPPER]
        elif rng.random() > 0.5:
            return
        for axis in axes:
            self._parts(batch, seen, axis, boxed_side(film, theta, axis), caption)

    @staticmethod
    def _parts(batch: Batch, seen: "Seen", axis: int, side: int | None, caption) -> None:
        """The halves of an abnormal film: `side` is the one that holds all its boxes, if one does."""
        at = len(batch.pairs)
        if side is not None:
            other = seen.shares(axis)[OPPOSITE[side] - axis] * 0.6
            batch.pairs.append(Pair(seen.at, side, 1, seen.target(1), caption(side)))
            batch.pairs.append(Pair(seen.at, OPPOSITE[side], 0 if seen.said is not None else -1, 0.03 + seen.target(1) * other, ""))
            batch.order.append((at, at + 1))
        elif seen.said is not None:
            for p, share in zip((axis, axis + 1), seen.shares(axis)):
                target = 0.03 + (seen.target(1) - 0.03) * share
                batch.pairs.append(Pair(seen.at, p, int(target >= 0.5), target, caption(p) if target >= 0.5 else ""))

    def _synthetic(self, batch: Batch, rng, words, i: int) -> bool:
        """A lesion into film `i` of the batch, and its pairs; False if none was found that can be seen."""
        axis = LEFT if rng.random() < 0.5 else UPPER
        wanted = axis + int(rng.integers(2))
        top, bottom, left, right = BOXES[wanted]
        for _ in range(6):  # a lesion on black, or too faint to see, is drawn again
            shape = self.bank[int(rng.integers(len(self.bank)))]
            k = float(rng.choice(KS)) * float(rng.uniform(0.6, 1))
            y = int(rng.uniform(top, bottom) * SIDE) - shape.shape[0] // 2
            x = int(rng.uniform(left, right) * SIDE) - shape.shape[1] // 2
            y, x = (min(max(v, 0), SIDE - shape.shape[0]) for v in (y, x))
            shaded = batch.pixels[i, 0].clone()
            change = shade(shaded, torch.from_numpy(shape).float() / 255, k, y, x)
            if change.sum() > 60 * AREA:
                break
        else:
            return False
        batch.pixels[i, 0] = shaded
        kind = captions.OPACITY if k < 0 else captions.LUCENCY
        kind = kind if rng.random() < 0.6 else captions.ABNORMAL
        batch.pairs.append(Pair(i, WHOLE, 1, 0.97, captions.compose(WHOLE, words.choice(kind))))
        if rng.random() > 0.75:
            return True
        at = len(batch.pairs)
        inside = [float(_part(change, p).sum()) for p in (axis, axis + 1)]
        for p, amount in zip((axis, axis + 1), inside):
            label = 1 if amount > 30 * AREA and amount > 0.2 * sum(inside) else 0 if amount < 0.5 * AREA else -1
            target = 0.97 if label == 1 else 0.03
            batch.pairs.append(Pair(i, p, label, target, captions.compose(p, words.choice(kind if label == 1 else captions.NORMAL))))
        if inside[0] > 4 * inside[1]:
            batch.order.append((at, at + 1))
        elif inside[1] > 4 * inside[0]:
            batch.order.append((at + 1, at))
        return True


@dataclass
class Seen:
    """A film of the batch and the teacher's word on it, where it has one."""

    at: int
    film: Film
    said: float | None
    where: np.ndarray | None

    def target(self, label: int) -> float:
        hard = 0.97 if label else 0.03
        return hard if self.said is None else (1 - TEACHER) * hard + TEACHER * self.said

    def shares(self, axis: int) -> tuple[float, float]:
        """Of the two halves, how abnormal each is beside the worse one, 0 to 1: from the mean of the map's five highest patches."""
        if self.where is None:
            return 1.0, 1.0
        worst = []
        for p in (axis, axis + 1):
            r0, r1, c0, c1 = footprint(p, 8)
            worst.append(1 / (1 + np.exp(-np.sort(self.where[r0:r1, c0:c1], None)[-5:].mean())))
        return float(worst[0] / max(worst)), float(worst[1] / max(worst))


def _part(change: torch.Tensor, position: int) -> torch.Tensor:
    """The change within the position's *footprint* at 8 x 8 patches: what the model is shown there."""
    r0, r1, c0, c1 = (v * SIDE // 8 for v in footprint(position, 8))
    return change[r0:r1, c0:c1]
