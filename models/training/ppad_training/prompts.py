"""PPAD's prompt learning (ppad.md section 6): `ctx` and `mask_embedding` over a frozen CLIP."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F

from .positions import patch_masks
from .state_clip import StateClip

CONTEXT_WORDS = 16


@dataclass
class Prompts:
    """`ctx` [16, Wt] and `mask_embedding` [1, N, W]."""

    ctx: torch.Tensor
    mask_embedding: torch.Tensor


@dataclass
class Templates:
    """Token ids of the ten prompts (position, class), and where the sixteen X begin in each."""

    ids: list[list[int]]
    starts: list[int]


def templates(encode, words: tuple[str, ...], classes: tuple[str, str]) -> Templates:
    x = " ".join(["X"] * CONTEXT_WORDS)
    ids = [encode(f"{word} {x} {c}.".strip()) for word in words for c in classes]
    starts = [len(encode(word)) - 1 for word in words for _ in classes]
    return Templates(ids, starts)


def prompt_features(clip: StateClip, rows: dict[int, int] | None, text: Templates, ctx: torch.Tensor) -> torch.Tensor:
    """[5, 2, E] text features with the context in place; differentiable in `ctx`. `rows`: ids to rows of a token subset."""
    table = clip.state["token_embedding.weight"]
    longest = max(map(len, text.ids))
    embedded = []
    for ids, start in zip(text.ids, text.starts):
        row = [rows[i] if rows else i for i in ids] + [0] * (longest - len(ids))
        e = table[row]
        embedded.append(torch.cat([e[:start], ctx, e[start + CONTEXT_WORDS :]]))
    end = torch.tensor([len(i) - 1 for i in text.ids])
    return clip.text_features(torch.stack(embedded), end).view(5, 2, -1)


class Learner:
    """SGD 0.001, momentum 0.9, cosine over `steps`: the reference's. One `step` is one batch."""

    def __init__(self, clip: StateClip, rows: dict[int, int] | None, text: Templates, start: Prompts, rate: float = 1e-3, steps: int = 100):
        self.clip, self.rows, self.text = clip, rows, text
        self.ctx = start.ctx.clone().requires_grad_()
        self.mask_embedding = start.mask_embedding.clone().requires_grad_()
        self.masks = patch_masks(clip.grid)
        self.optimiser = torch.optim.SGD([self.ctx, self.mask_embedding], lr=rate, momentum=0.9)
        self.schedule = torch.optim.lr_scheduler.CosineAnnealingLR(self.optimiser, steps)

    def logits(self, tokens: torch.Tensor, position: torch.Tensor) -> torch.Tensor:
        """[B, 2] for films' tokens [B, N, W] at one position each."""
        image = self.clip.image_features(tokens, self.masks[position], self.mask_embedding)
        text = prompt_features(self.clip, self.rows, self.text, self.ctx)
        return self.clip.logit_scale * torch.einsum("be,bce->bc", image, text[position])

    def step(self, tokens: torch.Tensor, position: torch.Tensor, abnormal: torch.Tensor) -> float:
        label = torch.stack([1 - abnormal.float(), abnormal.float()], 1)
        loss = F.binary_cross_entropy_with_logits(self.logits(tokens, position), label)
        self.optimiser.zero_grad()
        loss.backward()
        self.optimiser.step()
        self.schedule.step()
        return float(loss.detach())
