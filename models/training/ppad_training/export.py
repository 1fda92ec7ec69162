"""`export`: the pretrained CLIP as safetensors in OpenAI's layout, its image prompt, and the tokens its table has."""

import json
from pathlib import Path

import torch
from safetensors.torch import save_file

from . import captions
from .layout import load_exported, state_dict
from .model import Clip
from .pretrain import token_rows
from .prompts import CONTEXT_WORDS
from .tokens import Tokenizer


def averaged_model(saved_at: Path, tokenizer: Tokenizer) -> Clip:
    """The moving average of a run's weights, or what `export` wrote to a folder, in evaluation mode."""
    model = Clip(token_rows(tokenizer))
    if saved_at.is_dir():
        load_exported(model, saved_at)
        return model.eval()
    saved = torch.load(saved_at, weights_only=True)["averaged"]
    model.load_state_dict({k.removeprefix("module."): v for k, v in saved.items() if k.startswith("module.")})
    return model.eval()


def mean_model(states: list[tuple[Path, float]], tokenizer: Tokenizer) -> Clip:
    """The weighted mean of several states of one run: what later steps win and earlier ones have not yet lost."""
    models = [(averaged_model(file, tokenizer), weight / sum(w for _, w in states)) for file, weight in states]
    mean = models[0][0]
    tensors = [(model.state_dict(), weight) for model, weight in models]
    mean.load_state_dict({k: sum(t[k] * w for t, w in tensors) if v.is_floating_point() else v for k, v in tensors[0][0].items()})
    return mean


def export(work: Path, merges: Path, out: Path, states: list[tuple[Path, float]]) -> None:
    """Writes clip.safetensors (float16), start-prompts.safetensors (float32) and tokens.json to `out`: the run's last state, or the
    mean of `states`."""
    tokenizer = Tokenizer(merges)
    model = mean_model(states or [(work / "pretrain" / "state.pt", 1.0)], tokenizer)
    out.mkdir(parents=True, exist_ok=True)
    state = {k: v.clamp(-65504, 65504).half() for k, v in state_dict(model).items()}
    save_file(state, out / "clip.safetensors")
    x = tokenizer.encode("x")[1]
    ctx = state["token_embedding.weight"][model.rows[x]].float().repeat(CONTEXT_WORDS, 1)
    save_file({"ctx": ctx.contiguous(), "mask_embedding": model.mask_embedding.detach().contiguous()}, out / "start-prompts.safetensors")
    covers = sorted({w for c in captions.every_caption() for w in c.rstrip(".").split()})
    (out / "tokens.json").write_text(json.dumps({"ids": list(model.rows), "words": covers}, separators=(",", ":")) + "\n")
