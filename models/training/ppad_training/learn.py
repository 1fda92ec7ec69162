"""`learn-prompts`: PPAD's learning on the exported CLIP, from 64 normal films (or all) and synthetic lesions."""

import csv
import json
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file

from .captions import compose
from .films import FOLDERS, Film, load_grey, load_prepared, read_manifests
from .positions import BOXES, WORDS, patch_masks
from .prompts import Learner, Prompts, prompt_features, templates
from .state_clip import StateClip
from .stem import MEAN, SIDE, STD
from .synthesis import KS, apply_lesion, depth, lesion_shape
from .tokens import Tokenizer
from .validate import auroc, image_score

CLASSES = ("normal", "abnormal")


def place_lesion(rng: np.random.Generator, film: np.ndarray, position: int) -> np.ndarray:
    """Steps 1 to 5 of the synthesis for one film (uint8 [S, S]) and position."""
    side = film.shape[0]
    shape = depth(lesion_shape(rng, side))
    canvas = shape.shape[0]
    top, bottom, left, right = (v * side for v in BOXES[position])
    y, x = (int(np.clip(rng.uniform(a, b) - canvas / 2, 0, side - canvas)) for a, b in ((top, bottom), (left, right)))
    whole = np.zeros((side, side), np.float32)
    whole[y : y + canvas, x : x + canvas] = shape
    return apply_lesion(film, whole, float(rng.choice(KS)))


def choose_normals(films: list[Film], seed: int, count: int | None) -> list[int]:
    """Training normals: `count` of them, a third from each source; all of them for None."""
    rng = np.random.default_rng(seed)
    normals = [[i for i, f in enumerate(films) if f.split == "train" and not f.abnormal and f.source == s] for s in range(3)]
    if count is None:
        return [i for source in normals for i in source]
    shares = [count - 2 * (count // 3), count // 3, count // 3]
    return [int(i) for source, n in zip(normals, shares) for i in rng.choice(source, n, replace=False)]


def zero_shot(merges: Path, out: Path) -> None:
    """prompts-zero-shot.safetensors: bare words ("right lung normal.") without a learned context, and the image prompt of pretraining."""
    clip = StateClip(load_file(out / "clip.safetensors"))
    rows = {token: row for row, token in enumerate(json.loads((out / "tokens.json").read_text())["ids"])}
    encode = Tokenizer(merges).encode
    table = clip.state["token_embedding.weight"]
    with torch.no_grad():
        features = []
        for position in range(5):
            for word in CLASSES:
                ids = encode(compose(position, word))
                features.append(clip.text_features(table[[rows[i] for i in ids]][None], torch.tensor([len(ids) - 1]))[0])
    start = load_file(out / "start-prompts.safetensors")
    text = torch.stack(features).view(5, 2, -1).contiguous()
    save_file(
        {"mask_embedding": start["mask_embedding"], "text_features": text, "logit_scale": clip.state["logit_scale"].reshape(1)},
        out / "prompts-zero-shot.safetensors",
    )


def learn(work: Path, merges: Path, out: Path, seed: int, count: int | None, steps: int, batch: int, rate: float) -> None:
    films, pixels = load_prepared(work / "prepared")
    clip = StateClip(load_file(out / "clip.safetensors"))
    start = load_file(out / "start-prompts.safetensors")
    rows = {token: row for row, token in enumerate(json.loads((out / "tokens.json").read_text())["ids"])}
    text = templates(Tokenizer(merges).encode, WORDS, CLASSES)
    learner = Learner(clip, rows, text, Prompts(start["ctx"], start["mask_embedding"]), rate, steps)
    index = choose_normals(films, seed, count)
    squash = F.interpolate(torch.from_numpy(pixels[index]).unsqueeze(1).float(), (SIDE, SIDE), mode="bicubic", antialias=True)
    normals = squash.round().clamp(0, 255).byte().squeeze(1).numpy()
    rng = np.random.default_rng((seed, 1))
    name = f"{'all' if count is None else count}-seed{seed}"
    with (out / f"learn-{name}.csv").open("w", newline="") as file:
        log = csv.writer(file)
        log.writerow(("step", "loss"))
        for step in range(steps):
            chosen = rng.choice(len(normals), batch, replace=len(normals) < batch)
            position = rng.integers(0, 5, batch)
            abnormal = rng.random(batch) < 0.5
            drawn = np.stack([place_lesion(rng, normals[i], p) if a else normals[i] for i, p, a in zip(chosen, position, abnormal)])
            x = (torch.from_numpy(drawn).unsqueeze(1).float() / 255 - MEAN) / STD
            loss = learner.step(clip.tokens(x), torch.from_numpy(position), torch.from_numpy(abnormal))
            log.writerow((step + 1, f"{loss:.5f}"))
            if step % 20 == 19:
                print(f"{name}: step {step + 1}/{steps} loss {loss:.4f}", flush=True)
    with torch.no_grad():
        features = prompt_features(clip, rows, text, learner.ctx)
    save_file(
        {
            "ctx": learner.ctx.detach().contiguous(),
            "mask_embedding": learner.mask_embedding.detach().contiguous(),
            "text_features": features.contiguous(),
            "logit_scale": clip.state["logit_scale"].reshape(1),
        },
        out / f"prompts-{name}.safetensors",
    )


@torch.no_grad()
def torch_auroc(data: Path, out: Path, split_file: Path) -> None:
    """torch-auroc.json: AUROC of the validation sets computed here, to hold the exported pack's against; float32 arithmetic on the same
    float16 weights, films squashed by Pillow."""
    clip = StateClip(load_file(out / "clip.safetensors"))
    prompts = load_file(out / "prompts-64-seed1.safetensors")
    masks = patch_masks(clip.grid)
    found: dict[str, tuple[list[float], list[bool]]] = {}
    for film in read_manifests(data, split_file):
        if film.split != "validation":
            continue
        grey = load_grey(data / FOLDERS[film.source] / film.file, SIDE)
        tokens = clip.tokens((torch.from_numpy(grey.copy())[None, None].float() / 255 - MEAN) / STD)
        features = clip.image_features(tokens.expand(5, -1, -1), masks, prompts["mask_embedding"])
        z = prompts["logit_scale"].exp() * torch.einsum("pe,pce->pc", features, prompts["text_features"])
        scores, labels = found.setdefault(FOLDERS[film.source], ([], []))
        scores.append(float(image_score(z.softmax(-1)[None, :, 1].numpy())[0]))
        labels.append(film.abnormal)
    values = {name: round(auroc(np.array(s), np.array(a)), 6) for name, (s, a) in found.items()}
    (out / "torch-auroc.json").write_text(json.dumps(values) + "\n")
