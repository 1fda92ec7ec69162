"""A saved run continued by a deeper model: the new blocks begin as nothing (their outputs are zero), so that no step is lost."""

import re

import torch
from torch import nn

BLOCK = re.compile(r"^blocks\.(\d+)\.")


def trained(model: nn.Module, helpers: nn.Module) -> list[tuple[str, nn.Parameter]]:
    """The parameters that move, in the optimiser's order: those that decay, then the rest."""
    named = [(n, p) for n, p in model.named_parameters() if p.requires_grad] + [(f"helpers.{n}", p) for n, p in helpers.named_parameters()]
    return [x for x in named if x[1].ndim > 1] + [x for x in named if x[1].ndim <= 1]


def depth_of(weights: dict[str, torch.Tensor]) -> int:
    """How many blocks the image tower of a saved model has."""
    return 1 + max(int(m[1]) for name in weights if (m := BLOCK.match(name)))


def grow(state: dict, model: nn.Module, helpers: nn.Module) -> dict:
    """The state of a run whose image tower has fewer blocks -> the same for `model`. The last block stays the last; what lies
    between is new."""
    before, after = depth_of(state["model"]), len(model.blocks)

    def source(name: str) -> str | None:
        m = BLOCK.match(name)
        if not m or (i := int(m[1])) < before - 1:
            return name
        return f"blocks.{before - 1}.{name[m.end() :]}" if i == after - 1 else None

    weights, averaged = {}, {k: v for k, v in state["averaged"].items() if not k.startswith("module.")}
    for name, fresh in model.state_dict().items():
        old = source(name)
        begun = torch.zeros_like(fresh) if re.search(r"\.(out_proj|c_proj)\.", name) else fresh
        weights[name] = state["model"][old] if old else begun
        averaged[f"module.{name}"] = state["averaged"][f"module.{old}"] if old else begun.clone()
    # The optimiser knows parameters by number alone.
    names = trained(model, helpers)
    decayed = sum(p.ndim > 1 for _, p in names)
    stood = [i for i, (name, _) in enumerate(names) if source(name)]
    moments = state["optimiser"]["state"]
    kept = {i: moments[old] for old, i in enumerate(stood)}
    ends = [range(decayed), range(decayed, len(names))]
    groups = [{**g, "params": list(r)} for g, r in zip(state["optimiser"]["param_groups"], ends)]
    return {**state, "model": weights, "averaged": averaged, "optimiser": {"state": kept, "param_groups": groups}}
