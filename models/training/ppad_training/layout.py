"""Our CLIP's tensors by OpenAI's names, the stem's beside them."""

from pathlib import Path

import torch
from safetensors.torch import load_file

from .model import Clip


def stem_state(model: Clip) -> dict[str, torch.Tensor]:
    """`visual.stem.conv`, `.blocks.{i}.expand|depthwise|project`, `.patch` and `.mix`, each with `.weight` and `.bias`."""
    return {f"visual.stem.{k}": v for k, v in model.stem.state_dict().items()}


def _by_openai_name(model: Clip) -> dict[str, torch.Tensor]:
    """The model's own tensors, not copies."""
    out = {
        **stem_state(model),
        "visual.class_embedding": model.class_embedding,
        "visual.positional_embedding": model.positional_embedding,
        "visual.proj": model.proj,
        "token_embedding.weight": model.token_embedding.weight,
        "positional_embedding": model.text_positional,
        "text_projection": model.text_projection,
        "logit_scale": model.logit_scale,
    }
    for name, norm in (("visual.ln_pre", model.ln_pre), ("visual.ln_post", model.ln_post), ("ln_final", model.ln_final)):
        out[f"{name}.weight"], out[f"{name}.bias"] = norm.weight, norm.bias
    for prefix, blocks in (("visual.transformer", model.blocks), ("transformer", model.text_blocks)):
        for i, block in enumerate(blocks):
            at = f"{prefix}.resblocks.{i}"
            for norm in ("ln_1", "ln_2"):
                out[f"{at}.{norm}.weight"], out[f"{at}.{norm}.bias"] = getattr(block, norm).weight, getattr(block, norm).bias
            out[f"{at}.attn.in_proj_weight"] = block.attn["in_proj_weight"]
            out[f"{at}.attn.in_proj_bias"] = block.attn["in_proj_bias"]
            for ours, theirs in (("out_proj", "attn.out_proj"), ("c_fc", "mlp.c_fc"), ("c_proj", "mlp.c_proj")):
                out[f"{at}.{theirs}.weight"], out[f"{at}.{theirs}.bias"] = getattr(block, ours).weight, getattr(block, ours).bias
    return {k: v.detach() for k, v in out.items()}


def state_dict(model: Clip) -> dict[str, torch.Tensor]:
    return {k: v.contiguous() for k, v in _by_openai_name(model).items()}


def load_exported(model: Clip, folder: Path) -> None:
    """Sets `model` to what `export` wrote to `folder`; KeyError or RuntimeError where names or shapes differ."""
    exported = load_file(folder / "clip.safetensors")
    for name, tensor in _by_openai_name(model).items():
        tensor.copy_(exported[name])
    model.mask_embedding.data.copy_(load_file(folder / "start-prompts.safetensors")["mask_embedding"])
