"""Writes one full-size CLIP (ViT-B/32 with both towers, 151 million parameters) as torch writes it, in one of its containers:

    python3 make-containers.py zip|legacy|script|trace|shared|mixed|safetensors OUT

The weights are random, the same in all containers, and such that float16 and bfloat16 hold them exactly: whatever type a container
stores them as, they are the same numbers.
"""

import math
import sys
from collections import OrderedDict

import torch
from torch import Tensor, nn

VISION, TEXT, EMBED, LAYERS, SIDE, PATCH = 768, 512, 512, 12, 224, 32
VOCABULARY, CONTEXT = 49408, 77


class QuickGELU(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x * torch.sigmoid(1.702 * x)


class Block(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.attn = nn.MultiheadAttention(width, width // 64)
        self.ln_1 = nn.LayerNorm(width)
        mlp = [("c_fc", nn.Linear(width, 4 * width)), ("gelu", QuickGELU()), ("c_proj", nn.Linear(4 * width, width))]
        self.mlp = nn.Sequential(OrderedDict(mlp))
        self.ln_2 = nn.LayerNorm(width)

    def forward(self, x: Tensor) -> Tensor:
        y = self.ln_1(x)
        x = x + self.attn(y, y, y, need_weights=False)[0]
        return x + self.mlp(self.ln_2(x))


class Transformer(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.resblocks = nn.Sequential(*[Block(width) for _ in range(LAYERS)])

    def forward(self, x: Tensor) -> Tensor:
        return self.resblocks(x)


class Vision(nn.Module):
    def __init__(self):
        super().__init__()
        self.class_embedding = nn.Parameter(torch.empty(VISION))
        self.positional_embedding = nn.Parameter(torch.empty((SIDE // PATCH) ** 2 + 1, VISION))
        self.proj = nn.Parameter(torch.empty(VISION, EMBED))
        self.conv1 = nn.Conv2d(3, VISION, PATCH, PATCH, bias=False)
        self.ln_pre = nn.LayerNorm(VISION)
        self.transformer = Transformer(VISION)
        self.ln_post = nn.LayerNorm(VISION)

    def forward(self, image: Tensor) -> Tensor:
        patches = self.conv1(image).flatten(2).permute(2, 0, 1)
        start = self.class_embedding.expand(1, patches.shape[1], -1)
        x = torch.cat([start, patches]) + self.positional_embedding.unsqueeze(1)
        return self.ln_post(self.transformer(self.ln_pre(x))[0]) @ self.proj


class Clip(nn.Module):
    """OpenAI's names and modules. `forward` is there for torch to compile; nobody runs it for its answer."""

    def __init__(self):
        super().__init__()
        self.visual = Vision()
        self.transformer = Transformer(TEXT)
        self.token_embedding = nn.Embedding(VOCABULARY, TEXT)
        self.positional_embedding = nn.Parameter(torch.empty(CONTEXT, TEXT))
        self.ln_final = nn.LayerNorm(TEXT)
        self.text_projection = nn.Parameter(torch.empty(TEXT, EMBED))
        self.logit_scale = nn.Parameter(torch.tensor(math.log(100)))
        for name, value in [("input_resolution", SIDE), ("context_length", CONTEXT), ("vocab_size", VOCABULARY)]:
            self.register_buffer(name, torch.tensor(value))

    def forward(self, image: Tensor, text: Tensor) -> Tensor:
        words = self.token_embedding(text).permute(1, 0, 2) + self.positional_embedding.unsqueeze(1)
        features = self.ln_final(self.transformer(words)[-1]) @ self.text_projection
        return self.logit_scale.exp() * self.visual(image) @ features.t()


@torch.no_grad()
def fill(clip: Clip) -> Clip:
    torch.manual_seed(12)
    for key, parameter in clip.named_parameters():
        if key != "logit_scale":
            small = parameter.dim() < 2 or "embedding" in key
            parameter.normal_(std=0.02 if small else parameter[0].numel() ** -0.5)
            if ".ln_" in key or key.startswith("ln_"):
                parameter.add_(1 if key.endswith("weight") else 0)
        parameter.copy_(parameter.bfloat16().half())
    return clip.eval()


def mixed(key: str, tensor: Tensor) -> Tensor:
    """The types of real files: matrices and convolution in float16, tables and norms in float32; here also a tower in bfloat16."""
    if tensor.dim() == 0 or "embedding" in key or "ln_" in key:
        return tensor
    return tensor.bfloat16() if key.startswith("transformer.") else tensor.half()


def in_one_storage(state: dict) -> OrderedDict:
    floats = [(key, tensor) for key, tensor in state.items() if tensor.is_floating_point()]
    one = torch.cat([tensor.flatten() for _, tensor in floats])
    views, at = OrderedDict(state), 0
    for key, tensor in floats:
        views[key] = one[at : at + tensor.numel()].view(tensor.shape)
        at += tensor.numel()
    return views


def main(container: str, out: str):
    clip = fill(Clip())
    state = clip.state_dict()
    if container == "zip":
        torch.save(state, out)
    elif container == "legacy":
        torch.save(state, out, _use_new_zipfile_serialization=False)
    elif container == "script":
        torch.jit.script(clip).save(out)
    elif container == "trace":
        example = (torch.zeros(1, 3, SIDE, SIDE), torch.zeros(2, CONTEXT, dtype=torch.long))
        torch.jit.trace(clip, example, check_trace=False).save(out)
    elif container == "shared":
        torch.save(in_one_storage(state), out)
    elif container == "mixed":
        torch.save(OrderedDict((key, mixed(key, tensor)) for key, tensor in state.items()), out)
    elif container == "safetensors":
        from safetensors.torch import save_file

        save_file(state, out)
    else:
        sys.exit(f"No container is called {container}.")


main(*sys.argv[1:])
