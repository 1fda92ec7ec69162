"""Against the reference implementation's recorded numbers; skipped where the vectors are not beside the project."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from ppad_training.model import MEAN, STD
from ppad_training.positions import IDS, patch_masks
from ppad_training.prompts import Learner, Prompts, templates
from ppad_training.state_clip import StateClip
from ppad_training.synthesis import apply_lesion, depth
from ppad_training.tokens import Tokenizer

ROOT = Path(__file__).resolve().parents[3]
REFERENCE = ROOT.parent / "shared" / "reference"
MERGES = ROOT / "public" / "tokenizer" / "clip-merges.txt"
needs_reference = pytest.mark.skipif(not REFERENCE.exists(), reason="the reference vectors are not beside the project")
REFERENCE_WORDS = ("left lung", "right lung", "upper lung", "lower lung", "")


def checkpoint(folder: str):
    if folder == "patch16-half":
        clip = torch.load(REFERENCE / folder / "clip.pt", weights_only=True)
        saved = torch.load(REFERENCE / folder / "prompts.pt", weights_only=True)
    else:
        saved = torch.load(REFERENCE / folder / "ppad.pt", weights_only=True)
        clip = {k.removeprefix("clip_model."): v for k, v in saved["prompt_learner_ctx"].items() if k.startswith("clip_model.")}
    prompts = Prompts(saved["prompt_learner_ctx"]["ctx"].float(), saved["image_mask_learner"]["mask_embedding"].float())
    return StateClip(clip), prompts


def tokens_of(clip: StateClip, file: Path) -> torch.Tensor:
    x = (torch.from_numpy(np.array(Image.open(file))).float() / 255 - MEAN) / STD
    return clip.tokens(x.expand(1, 3, -1, -1))


@needs_reference
@pytest.mark.parametrize("folder", ["patch32", "patch16-half"])
def test_ten_steps_of_learning(folder):
    clip, prompts = checkpoint(folder)
    expected = json.loads((REFERENCE / folder / "learning.json").read_text())
    learner = Learner(clip, None, templates(Tokenizer(MERGES).encode, REFERENCE_WORDS, ("normal", "pneumonia")), prompts)
    for i, batch in enumerate(expected["steps"]):
        tokens = torch.cat([tokens_of(clip, REFERENCE / "learning" / "inputs" / item["file"]) for item in batch])
        position = torch.tensor([IDS.index(item["position"]) for item in batch])
        loss = learner.step(tokens, position, torch.tensor([item["abnormal"] for item in batch]))
        assert loss == pytest.approx(expected["losses"][i], rel=0.01)
        if i == 0:
            for name, value in (("ctx", learner.ctx.grad), ("mask_embedding", learner.mask_embedding.grad)):
                close(value, np.load(REFERENCE / folder / f"{name}_grad_step0.npy"))
    close(learner.ctx, np.load(REFERENCE / folder / "ctx_after.npy"))
    close(learner.mask_embedding, np.load(REFERENCE / folder / "mask_embedding_after.npy"))


def close(value: torch.Tensor, expected: np.ndarray) -> None:
    """Within 1 % of the expected tensor, by norm."""
    difference = np.linalg.norm(value.detach().numpy() - expected)
    assert difference <= 0.01 * np.linalg.norm(expected)


@needs_reference
def test_patch_masks():
    for folder in ("patch32", "patch16-half", "patch14-mixed"):
        expected = np.array(json.loads((REFERENCE / folder / "expected.json").read_text())["patch_masks"])
        grid = round((expected.size / 5) ** 0.5)
        assert np.array_equal(patch_masks(grid).numpy().reshape(5, -1), expected.reshape(5, -1))


@needs_reference
def test_synthesis_is_exact():
    folder = REFERENCE / "synthesis"
    for case in json.loads((folder / "cases.json").read_text()):
        film, lesion, out = (np.asarray(Image.open(folder / case[k])) for k in ("film", "lesion", "out"))
        made = apply_lesion(film, depth((lesion > 0).astype(np.uint8)), case["k"])
        assert np.abs(made.astype(int) - out.astype(int)).max() <= 1
