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
from .synthesis import KS, depth, lesion_shape

# Share of the batch by source: the sharper, boxed NIH films more often than their number.
SHARES = (0.6, 0.2, 0.2)
# Of the normal films, the share that gets a synthetic lesion.
SYNTHETIC = 0.3

# Until this step: real films, the whole position alone, and mostly ZhangLab, whose labels are the plainest. With noisy labels,
# lesions and halves from the first step on, nothing was learned for hundreds of steps (ZhangLab's training AUROC still 0.5
# after 200, against 0.87 after 40 with its films alone).
PLAIN_SHARES = (0.8, 0.1, 0.1)
PLAIN_UNTIL = 180


@dataclass
class Batch:
    pixels: torch.Tensor
    # (film, position, label, caption): label 1 = abnormal.
    pairs: list[tuple[int, int, int, str]] = field(default_factory=list)
    # (pair a, pair b): at least one of the two halves is abnormal; indices into `pairs`, whose label is then -1.
    either: list[tuple[int, int]] = field(default_factory=list)
    # (pair inside, pair outside): the first must score above the second.
    order: list[tuple[int, int]] = field(default_factory=list)
    # By film: its source, and whether it was left as it is (no synthetic lesion).
    sources: list[int] = field(default_factory=list)
    real: list[bool] = field(default_factory=list)

    def whole_scores(self, z: torch.Tensor) -> list[tuple[int, float, int]]:
        """(source, logit, label) of the real films' whole pairs, given the logits of `pairs`."""
        return [(self.sources[f], v, label) for (f, p, label, _), v in zip(self.pairs, z.tolist()) if p == WHOLE and self.real[f]]


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


class Batches:
    def __init__(self, films: list[Film], pixels: np.ndarray, bank: list[np.ndarray], seed: int, size: int, shares=SHARES):
        self.films, self.pixels, self.bank, self.seed, self.size, self.shares = films, pixels, bank, seed, size, shares
        self.by = {
            (s, a): [i for i, f in enumerate(films) if f.split == "train" and f.source == s and f.abnormal == a]
            for s in range(len(shares))
            for a in (False, True)
        }

    def draw(self, step: int) -> Batch:
        rng = np.random.default_rng((self.seed, step))
        words = random.Random(f"{self.seed}:{step}")
        generator = torch.Generator().manual_seed(self.seed * 1_000_003 + step)
        sources = rng.choice(len(self.shares), self.size, p=PLAIN_SHARES if step < PLAIN_UNTIL else self.shares)
        chosen = [self.by[int(s), bool(i % 2)] for i, s in enumerate(sources)]
        chosen = [pool[int(rng.integers(len(pool)))] for pool in chosen]
        films = [self.films[i] for i in chosen]
        theta = random_affine(rng, self.size)
        x = view(self.pixels[chosen], theta, generator)
        batch = Batch(x, sources=[f.source for f in films])
        for i, film in enumerate(films):
            if step < PLAIN_UNTIL:
                self._plain(batch, words, i, film)
            elif film.abnormal:
                self._real(batch, rng, words, i, film, theta[i])
            elif rng.random() < SYNTHETIC:
                self._synthetic(batch, rng, words, i)
            else:
                self._normal(batch, rng, words, i)
            batch.real.append(film.abnormal or all(label == 0 for f, _, label, _ in batch.pairs if f == i))
        batch.pixels = regrey(batch.pixels, generator)
        return batch

    @staticmethod
    def _plain(batch: Batch, words: random.Random, i: int, film: Film) -> None:
        if film.abnormal:
            batch.pairs.append((i, WHOLE, 1, captions.for_finding(words, WHOLE, list(film.findings))))
        else:
            batch.pairs.append((i, WHOLE, 0, captions.compose(WHOLE, words.choice(captions.NORMAL))))

    def _normal(self, batch: Batch, rng: np.random.Generator, words: random.Random, i: int) -> None:
        axis = LEFT if rng.random() < 0.5 else UPPER
        positions = [WHOLE, *((axis, axis + 1) if rng.random() < 0.45 else ())]
        for p in positions:
            batch.pairs.append((i, p, 0, captions.compose(p, words.choice(captions.NORMAL))))

    def _real(self, batch: Batch, rng, words, i: int, film: Film, theta: np.ndarray) -> None:
        caption = partial(captions.for_finding, words, findings=list(film.findings))
        batch.pairs.append((i, WHOLE, 1, caption(WHOLE)))
        if rng.random() > (0.9 if film.boxes else 0.35):
            return
        axis = LEFT if rng.random() < 0.5 else UPPER
        side = self._boxed_side(film, theta, axis)
        at = len(batch.pairs)
        if side is None:
            batch.pairs += [(i, axis, -1, ""), (i, axis + 1, -1, "")]
            batch.either.append((at, at + 1))
        else:
            batch.pairs += [(i, side, 1, caption(side)), (i, OPPOSITE[side], -1, "")]
            batch.order.append((at, at + 1))

    @staticmethod
    def _boxed_side(film: Film, theta: np.ndarray, axis: int) -> int | None:
        """The half that holds all boxes after the view; None if they straddle the middle or there are none."""
        if not film.boxes:
            return None
        b = np.array(film.boxes)
        moved = move_boxes(np.stack([b[:, 0], b[:, 1], b[:, 0] + b[:, 2], b[:, 1] + b[:, 3]], 1), np.repeat(theta[None], len(b), 0))
        low, high = (moved[:, 0].min(), moved[:, 2].max()) if axis == LEFT else (moved[:, 1].min(), moved[:, 3].max())
        middle = 0.5 if axis == LEFT else 120 / 224
        return axis if high < middle + 0.03 else axis + 1 if low > middle - 0.03 else None

    def _synthetic(self, batch: Batch, rng, words, i: int) -> None:
        axis = LEFT if rng.random() < 0.5 else UPPER
        wanted = axis + int(rng.integers(2))
        top, bottom, left, right = BOXES[wanted]
        for _ in range(6):  # a lesion on black, or too faint to see, is drawn again
            shape = self.bank[int(rng.integers(len(self.bank)))]
            k = float(rng.choice(KS)) * float(rng.uniform(0.6, 1))
            y = int(rng.uniform(top, bottom) * SIDE) - shape.shape[0] // 2
            x = int(rng.uniform(left, right) * SIDE) - shape.shape[1] // 2
            y, x = (min(max(v, 0), SIDE - shape.shape[0]) for v in (y, x))
            window = batch.pixels[i, 0, y : y + shape.shape[0], x : x + shape.shape[1]]
            g = 1 + torch.from_numpy(shape).float() / 255 * k
            after = window.clamp(0, 1) ** g
            change = torch.zeros(SIDE, SIDE)
            change[y : y + shape.shape[0], x : x + shape.shape[1]] = (after - window).abs()
            if change.sum() > 60:
                break
        else:
            self._normal(batch, rng, words, i)
            return
        batch.pixels[i, 0, y : y + shape.shape[0], x : x + shape.shape[1]] = after
        kind = captions.OPACITY if k < 0 else captions.LUCENCY
        kind = kind if rng.random() < 0.6 else captions.ABNORMAL
        batch.pairs.append((i, WHOLE, 1, captions.compose(WHOLE, words.choice(kind))))
        if rng.random() > 0.75:
            return
        at = len(batch.pairs)
        inside = [float(_part(change, p).sum()) for p in (axis, axis + 1)]
        for p, amount in zip((axis, axis + 1), inside):
            label = 1 if amount > 30 and amount > 0.2 * sum(inside) else 0 if amount < 0.5 else -1
            batch.pairs.append((i, p, label, captions.compose(p, words.choice(kind if label == 1 else captions.NORMAL))))
        if inside[0] > 4 * inside[1]:
            batch.order.append((at, at + 1))
        elif inside[1] > 4 * inside[0]:
            batch.order.append((at + 1, at))


def _part(change: torch.Tensor, position: int) -> torch.Tensor:
    """The change within the position's *footprint* at 8 x 8 patches: what the model is shown there."""
    r0, r1, c0, c1 = (v * SIDE // 8 for v in footprint(position, 8))
    return change[r0:r1, c0:c1]
