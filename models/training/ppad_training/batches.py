"""One training step's films, positions, labels and captions, drawn by (seed, step) alone so that a run resumes exactly."""

import random
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import numpy as np
import torch

from . import captions
from .augment import SIDE, move_boxes, random_affine, regrey, view
from .films import Film
from .graft import graft
from .positions import BOXES, LEFT, OPPOSITE, UPPER, WHOLE, footprint
from .synthesis import KS, depth, lesion_shape, shade
from .word import Word

# Share of the batch by source: the boxed NIH films far more often than their number, since they alone tell where.
SHARES = (0.45, 0.33, 0.22)
# Of the normal films, the share that gets a synthetic lesion.
SYNTHETIC = 0.4

# Of the normal films, the share that is our own drawing of a chest instead.
DRAWINGS = 0.03
# How much of a real film's target is the teacher's word; the rest is its label, which on NIH is often wrong.
TEACHER = 0.5
MIRRORED = 0.4
# Of the normal films of the source with boxes: the share into which a boxed part of another film is laid, and the share that
# gets a like part of a film without findings, so that a seam alone means nothing.
GRAFTED, CONTROL = 0.25, 0.12
CHILDREN, BOXED = 0, 1
CELLS = 8
# A lesion's change is a sum over pixels; its bounds were found at 128 x 128.
AREA = (SIDE / 128) ** 2
# The target of a half without a box in a film with boxes in the other.
UNMARKED = 0.2
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
    # [n, 8, 8]: patches known to show something (1) or nothing (0) of a box or lesion; -1 where nobody knows.
    cells: torch.Tensor | None = None

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
    moved = move_boxes(film.boxes, theta)
    low, high = (moved[:, 0].min(), moved[:, 2].max()) if axis == LEFT else (moved[:, 1].min(), moved[:, 3].max())
    middle = 0.5 if axis == LEFT else 120 / 224
    return axis if high < middle + 0.03 else axis + 1 if low > middle - 0.03 else None


def known_cells(film: Film, theta: np.ndarray) -> torch.Tensor:
    """[8, 8] of a film seen through `theta`: 1 where a box covers a quarter of the patch at least (or, if none
    is covered as far, where it covers most), 0 where none reaches, else -1."""
    if not film.abnormal:
        return torch.zeros(CELLS, CELLS)
    if not film.boxes:
        return torch.full((CELLS, CELLS), -1.0)
    covered = np.zeros((CELLS, CELLS))
    edges = np.arange(CELLS)
    for x0, y0, x1, y1 in move_boxes(film.boxes, theta) * CELLS:
        rows = np.clip(np.minimum(edges + 1, y1) - np.maximum(edges, y0), 0, 1)
        columns = np.clip(np.minimum(edges + 1, x1) - np.maximum(edges, x0), 0, 1)
        covered = np.maximum(covered, rows[:, None] * columns)
    small = min(0.25, 0.99 * covered.max()) if covered.max() > 0 else 1
    return torch.from_numpy(np.where(covered >= small, 1.0, np.where(covered > 0, -1.0, 0.0))).float()


class Batches:
    """`word` is the teacher's; None for training by labels alone. Films of the split `drawing` are our phantom."""

    def __init__(self, films: list[Film], pixels: np.ndarray, bank: list[np.ndarray], seed: int, size: int, word: Word | None, shares=SHARES, guesses: dict[str, dict[int, int]] | None = None):
        self.guesses = guesses or {}
        self.films, self.pixels, self.bank, self.seed, self.size, self.shares, self.word = films, pixels, bank, seed, size, shares, word
        self.by = {
            (s, a): [i for i, f in enumerate(films) if f.split == "train" and f.source == s and f.abnormal == a]
            for s in range(len(shares))
            for a in (False, True)
        }
        self.boxed = [i for i in self.by[BOXED, True] if films[i].boxes]
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
        pixels = self.pixels[chosen]
        grafted = [False] * self.size
        for i in range(0, 0 if plain else self.size, 2):
            if films[i].source == BOXED and not films[i].abnormal and films[i].split != "drawing":
                films[i], grafted[i] = self._graft(rng, films[i], pixels, i)
        theta = random_affine(rng, self.size)
        theta[rng.random(self.size) < MIRRORED, :, 0] *= -1
        batch = Batch(view(pixels, theta, generator), [f.source for f in films])
        batch.findings = torch.tensor([[float(n in f.findings) for n in NAMES] for f in films])
        batch.cells = torch.stack([known_cells(f, t) for f, t in zip(films, theta)])
        said = self._said(batch, chosen, theta)
        for i, film in enumerate(films):
            seen = Seen(i, film, *((None, None) if grafted[i] else said[i]))
            if plain:
                batch.pairs.append(self._whole(words, seen))
            elif film.abnormal:
                self._abnormal(batch, rng, words, seen, theta[i])
            elif rng.random() >= SYNTHETIC or not self._synthetic(batch, rng, words, i):
                self._normal(batch, rng, words, seen)
                batch.real.append(not grafted[i])
                continue
            batch.real.append((plain or film.abnormal) and not grafted[i])
        if batch.dense is not None:
            keep = [row for row, i in enumerate(batch.taught) if batch.real[i]]
            batch.taught, batch.dense = [batch.taught[row] for row in keep], batch.dense[keep]
        batch.pixels = regrey(batch.pixels, generator)
        return batch

    def _graft(self, rng: np.random.Generator, film: Film, pixels: np.ndarray, i: int) -> tuple[Film, bool]:
        """Film `i` of the step with a part of another in it, or as it is."""
        drawn = rng.random()
        if drawn >= GRAFTED + CONTROL:
            return film, False
        like = self.boxed[int(rng.integers(len(self.boxed)))]
        real = drawn < GRAFTED
        donor = like if real else self.by[BOXED, False][int(rng.integers(len(self.by[BOXED, False])))]
        pixels[i] = graft(pixels[i], self.pixels[donor], self.films[like].boxes)
        return (replace(film, abnormal=True, findings=self.films[like].findings, boxes=self.films[like].boxes) if real else film), True

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
        for axis in (LEFT, UPPER):
            side = boxed_side(film, theta, axis) if film.boxes else self._guessed(film, theta, axis)
            if side is not None:
                self._parts(batch, seen, side, caption)
            elif not film.boxes and film.source == CHILDREN and rng.random() < 0.7:
                for p, share in zip((axis, axis + 1), seen.shares(axis)):
                    target = 0.03 + (seen.target(1) - 0.03) * share
                    batch.pairs.append(Pair(seen.at, p, int(target >= 0.5), target, caption(p) if target >= 0.5 else ""))

    def _guessed(self, film: Film, theta: np.ndarray, axis: int) -> int | None:
        """The half that `halves.py` found in a film without boxes, after the view; None where it was not sure."""
        side = self.guesses.get(film.file, {}).get(axis)
        return axis + 1 - (side - axis) if side is not None and axis == LEFT and theta[0, 0] < 0 else side

    @staticmethod
    def _parts(batch: Batch, seen: "Seen", side: int, caption) -> None:
        """The halves of an abnormal film: `side` holds all its boxes. The other may have findings that nobody marked."""
        at = len(batch.pairs)
        batch.pairs.append(Pair(seen.at, side, 1, seen.target(1), caption(side)))
        batch.pairs.append(Pair(seen.at, OPPOSITE[side], 0, UNMARKED, ""))
        batch.order.append((at, at + 1))

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
        amount = torch.nn.functional.avg_pool2d(change[None, None], SIDE // CELLS)[0, 0]
        batch.cells[i] = torch.where(amount > 0.03, 1.0, torch.where(amount > 0.003, -1.0, 0.0))
        kind = captions.OPACITY if k < 0 else captions.LUCENCY
        kind = kind if rng.random() < 0.6 else captions.ABNORMAL
        batch.pairs.append(Pair(i, WHOLE, 1, 0.97, captions.compose(WHOLE, words.choice(kind))))
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
