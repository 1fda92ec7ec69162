"""Validation on held-out patients: whole-film and PPAD-rule AUROC, plain and with the shortcuts disturbed; position order."""

import numpy as np
import torch
import torch.nn.functional as F

from . import captions
from .films import Film
from .model import Clip
from .positions import OPPOSITE, WHOLE
from .stem import SIDE


def auroc(score: np.ndarray, abnormal: np.ndarray) -> float:
    order = np.argsort(score, kind="stable")
    values, inverse, counts = np.unique(score[order], return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    positive = abnormal[order]
    n1 = positive.sum()
    return float((ranks[positive].sum() - n1 * (n1 + 1) / 2) / (n1 * (len(score) - n1)))


def image_score(p: np.ndarray) -> np.ndarray:
    """PPAD's rule over [n, 5]."""
    top = p.max(1)
    return np.where(top > 0.8, top, p.mean(1))


def as_input(pixels: np.ndarray, disturb: str = "plain") -> torch.Tensor:
    """uint8 [n, s, s] -> 0..1 [n, 1, 192, 192]; the disturbances of the shortcut table."""
    x = torch.from_numpy(pixels).unsqueeze(1).float()
    side = x.shape[-1]
    cut = round(side * (1 - 1 / 1.2) / 2)
    if disturb == "width":
        x = x[..., cut : side - cut]
    elif disturb == "height":
        x = x[..., cut : side - cut, :]
    x = F.interpolate(x, (SIDE, SIDE), mode="bicubic", antialias=True).round().clamp(0, 255) / 255
    if disturb == "blur":
        taps = torch.exp(-(torch.arange(-3, 4) ** 2) / 2.0)
        taps = taps / taps.sum()
        x = F.conv2d(F.conv2d(x, taps.view(1, 1, 1, 7), padding=(0, 3)), taps.view(1, 1, 7, 1), padding=(3, 0))
    return x


@torch.no_grad()
def class_features(model: Clip, encode) -> torch.Tensor:
    """[5, 2, E] text features of the plain zero-shot words."""
    texts = [captions.compose(p, w) for p in range(5) for w in ("normal", "abnormal")]
    return model.text_features(*model.embed_tokens([encode(t) for t in texts])).view(5, 2, -1)


@torch.no_grad()
def probabilities(model: Clip, text: torch.Tensor, x: torch.Tensor, batch: int = 64) -> np.ndarray:
    """[n, 5] probability of abnormal."""
    out = []
    for part in x.split(batch):
        n = len(part)
        tokens = model.patches(part)
        f = model.at_positions(tokens, torch.arange(n).repeat_interleave(5), torch.arange(5).repeat(n))[0].view(n, 5, -1)
        z = model.logit_scale.exp() * torch.einsum("npe,pce->npc", f, text)
        out.append(z.softmax(-1)[..., 1])
    return torch.cat(out).numpy()


def report(model: Clip, encode, films: list[Film], pixels: np.ndarray, most: int = 240) -> dict[str, float]:
    """Metrics by name on at most `most` validation films a source."""
    model.eval()
    text = class_features(model, encode)
    out: dict[str, float] = {}
    rng = np.random.default_rng(0)
    for source, name in enumerate(("zhanglab", "nih", "nih128")):
        index = np.array([i for i, f in enumerate(films) if f.split == "validation" and f.source == source])
        if len(index) > most:
            index = np.sort(rng.choice(index, most, replace=False))
        abnormal = np.array([films[i].abnormal for i in index])
        for disturb in ("plain", "width", "height", "blur") if source == 0 else ("plain", "blur"):
            p = probabilities(model, text, as_input(pixels[index], disturb))
            score = image_score(p)
            out[f"{name}.{disturb}.rule"] = auroc(score, abnormal)
            if disturb == "plain":
                out[f"{name}.whole"] = auroc(p[:, WHOLE], abnormal)
                out[f"{name}.acc"] = float(((score > 0.5) == abnormal).mean())
                out[f"{name}.normal_mean"] = float(score[~abnormal].mean())
                if source == 1:
                    pairs = [(row, side) for row, i in enumerate(index) for side in halves(films[i])]
                    out["boxes.order"] = float(np.mean([p[r, s] > p[r, OPPOSITE[s]] for r, s in pairs])) if pairs else float("nan")
    model.train()
    return out


def halves(film: Film) -> list[int]:
    """Positions that hold all of a film's boxes, left/right and upper/lower apart."""
    if not film.boxes:
        return []
    b = np.array(film.boxes)
    out = []
    for axis, low, high, middle in ((0, b[:, 0], b[:, 0] + b[:, 2], 0.5), (2, b[:, 1], b[:, 1] + b[:, 3], 120 / 224)):
        if high.max() <= middle:
            out.append(axis)
        elif low.min() >= middle:
            out.append(axis + 1)
    return out
