"""A small CLIP: OpenAI's ViT layout with ImageNet's first blocks in place of conv1, and PPAD's image prompt."""

import math

import torch
import torch.nn.functional as F
from torch import nn

from .positions import patch_masks
from .stem import MEAN, STD, Stem



class Block(nn.Module):
    """Pre-norm attention block with QuickGELU; names are OpenAI's."""

    def __init__(self, width: int):
        super().__init__()
        self.heads = width // 64
        self.ln_1 = nn.LayerNorm(width)
        self.attn = nn.ParameterDict(
            {"in_proj_weight": nn.Parameter(torch.randn(3 * width, width) * width**-0.5), "in_proj_bias": nn.Parameter(torch.zeros(3 * width))}
        )
        self.out_proj = nn.Linear(width, width)
        self.ln_2 = nn.LayerNorm(width)
        self.c_fc = nn.Linear(width, 4 * width)
        self.c_proj = nn.Linear(4 * width, width)

    def forward(self, x: torch.Tensor, causal: bool = False, first_only: bool = False) -> torch.Tensor:
        """[B, T, W] -> the same, or [B, 1, W] with `first_only`: in the last block only the class token is read."""
        b, t, w = x.shape
        h = self.ln_1(x)
        q, k, v = F.linear(h, self.attn["in_proj_weight"], self.attn["in_proj_bias"]).view(b, t, 3, self.heads, 64).permute(2, 0, 3, 1, 4)
        if first_only:
            q, x = q[:, :, :1], x[:, :1]
        # Written out: on a CPU the fused kernel's backward pass in bfloat16 takes twice as long (measured, 65 tokens).
        a = (q * 64**-0.5) @ k.transpose(-1, -2)
        if causal:
            a = a + torch.full((t, t), -1e9, device=a.device).triu(1)
        a = a.softmax(-1).to(v.dtype) @ v
        x = x + self.out_proj(a.transpose(1, 2).reshape(b, -1, w))
        m = self.c_fc(self.ln_2(x))
        return x + self.c_proj(m * torch.sigmoid(1.702 * m))


class Clip(nn.Module):
    """Image side 192, 8 x 8 patches. `rows` maps CLIP's token ids to the rows of our small token table."""

    def __init__(self, rows: dict[int, int], width: int = 192, layers: int = 6, text_width: int = 128, text_layers: int = 3, embed: int = 128):
        super().__init__()
        self.grid = 8
        n = self.grid**2
        self.stem = Stem(width)
        self.class_embedding = nn.Parameter(torch.randn(width) * width**-0.5)
        self.positional_embedding = nn.Parameter(torch.randn(n + 1, width) * width**-0.5)
        self.mask_embedding = nn.Parameter(torch.randn(1, n, width) * 0.02)
        self.ln_pre = nn.LayerNorm(width)
        self.blocks = nn.ModuleList(Block(width) for _ in range(layers))
        self.ln_post = nn.LayerNorm(width)
        self.proj = nn.Parameter(torch.randn(width, embed) * width**-0.5)
        self.rows = rows
        self.token_embedding = nn.Embedding(len(rows), text_width)
        nn.init.normal_(self.token_embedding.weight, std=0.02)
        self.text_positional = nn.Parameter(torch.randn(77, text_width) * 0.01)
        self.text_blocks = nn.ModuleList(Block(text_width) for _ in range(text_layers))
        self.ln_final = nn.LayerNorm(text_width)
        self.text_projection = nn.Parameter(torch.randn(text_width, embed) * text_width**-0.5)
        self.logit_scale = nn.Parameter(torch.tensor(math.log(10.0)))
        self.register_buffer("masks", patch_masks(self.grid), persistent=False)

    def text_parameters(self) -> list[nn.Parameter]:
        return [p for n, p in self.named_parameters() if n.startswith(("text_", "token_", "ln_final"))]

    def freeze_text(self) -> None:
        for parameter in self.text_parameters():
            parameter.requires_grad_(False)

    def patches(self, pixels: torch.Tensor) -> torch.Tensor:
        """[B, 1, 192, 192] in 0..1 -> tokens [B, N, W]; everything before the mask."""
        return self.stem((pixels - MEAN) / STD).flatten(2).transpose(1, 2)

    def at_positions(self, tokens: torch.Tensor, film: torch.Tensor, position: torch.Tensor, keep: torch.Tensor | None = None) -> tuple[torch.Tensor, torch.Tensor]:
        """Normalised features [M, E] of (film, position) pairs over tokens [B, N, W], and the patches' tokens [M, N, W] that the
        last block reads. `keep` [M, N] hides more patches than the position does."""
        m = self.masks[position].unsqueeze(2)
        if keep is not None:
            m = m * keep.unsqueeze(2)
        x = tokens[film]
        x = x * m + self.mask_embedding * (1 - m)
        x = torch.cat([self.class_embedding.to(x.dtype).expand(len(x), 1, -1), x], 1) + self.positional_embedding
        x = self.ln_pre(x)
        for block in self.blocks[:-1]:
            x = block(x)
        last = self.blocks[-1](x, first_only=True)
        return F.normalize((self.ln_post(last[:, 0]) @ self.proj).float(), dim=-1), x[:, 1:]

    def embed_tokens(self, ids: list[list[int]]) -> tuple[torch.Tensor, torch.Tensor]:
        """Embedded tokens [B, T, Wt] (T the longest text) and the place of each end token [B]."""
        longest = max(map(len, ids))
        rows = torch.tensor([[self.rows[t] for t in text] + [0] * (longest - len(text)) for text in ids])
        return self.token_embedding(rows.to(self.text_positional.device)), torch.tensor([len(t) - 1 for t in ids])

    def text_features(self, embedded: torch.Tensor, end: torch.Tensor) -> torch.Tensor:
        """Normalised features [B, E]."""
        x = embedded + self.text_positional[: embedded.shape[1]]
        for block in self.text_blocks:
            x = block(x, causal=True)
        x = self.ln_final(x[torch.arange(len(x)), end])
        return F.normalize((x @ self.text_projection).float(), dim=-1)
