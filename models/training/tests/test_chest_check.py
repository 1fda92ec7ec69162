"""The chest check on tiny data: seconds, no films needed."""

import numpy as np
import torch
from PIL import Image

from ppad_training import chest_check
from ppad_training.chest_check import CLASSES, Examples, choose_threshold, fit, label_of, prepare_check, summaries
from ppad_training.layout import state_dict
from ppad_training.model import MEAN, STD, Clip
from ppad_training.outliers import KINDS, Material, of_kind, squash
from ppad_training.pretrain import token_rows
from ppad_training.state_clip import StateClip
from test_pipeline import TOKENIZER


def test_cells_average_patches_by_their_share():
    eight, seven = chest_check.cell_averages(8), chest_check.cell_averages(7)
    assert torch.allclose(eight.sum(1), torch.ones(16)) and torch.allclose(seven.sum(1), torch.ones(16))
    assert eight[0].reshape(8, 8)[:2, :2].eq(0.25).all() and eight[0].sum() == 1
    # A cell of 7 / 4 patches: one whole and three quarters of the next.
    assert torch.allclose(seven[0].reshape(7, 7)[0, :3] / seven[0, 0], torch.tensor([1, 0.75, 0]))


def test_a_summary_is_map_deviation_and_class_token():
    torch.manual_seed(0)
    clip = StateClip(state_dict(Clip(token_rows(TOKENIZER)).eval()))
    films = np.random.default_rng(0).integers(0, 256, (2, 192, 192), np.uint8)
    found = summaries(clip, films)
    tokens = clip.tokens((torch.from_numpy(films).unsqueeze(1).float() / 255 - MEAN) / STD)
    grid = tokens.detach().reshape(2, 8, 8, 192)
    assert found.shape == (2, 18 * 192)
    assert np.allclose(found[:, :192], grid[:, :2, :2].mean((1, 2)), atol=1e-5)
    assert np.allclose(found[:, 15 * 192 : 16 * 192], grid[:, 6:, 6:].mean((1, 2)), atol=1e-5)
    assert np.allclose(found[:, 16 * 192 : 17 * 192], tokens.detach().std(1, unbiased=False), atol=1e-5)


def test_every_kind_draws_another_picture_each_time():
    rng = np.random.default_rng(0)
    films = rng.integers(0, 256, (3, 192, 192), np.uint8)
    pictures = [Image.fromarray(rng.integers(0, 256, (90, 120), np.uint8))]
    material = Material(films, pictures, {"Hand": pictures})
    for kind in (*KINDS, "Hand"):
        drawn = [of_kind(rng, material, kind) for _ in range(8)]
        assert all(d.shape == (192, 192) and d.dtype == np.uint8 for d in drawn)
        assert len({d.tobytes() for d in drawn}) > 1
    assert squash(Image.new("RGBA", (40, 50), (255, 255, 255, 0))).max() == 0


def test_the_threshold_spares_the_films_of_every_source():
    rng = np.random.default_rng(0)
    values = np.concatenate([rng.uniform(0, 0.1, 1000), rng.uniform(0, 0.6, 300)])
    source = np.repeat([0, 1], [1000, 300])
    threshold = choose_threshold(values, source)
    assert (values[source == 1] > threshold).mean() <= 0.01
    assert choose_threshold(values[:1000], source[:1000]) == chest_check.LEAST_THRESHOLD
    # One odd film among few does not set it.
    assert choose_threshold(np.array([0.1] * 40 + [0.99]), np.zeros(41, int)) == chest_check.LEAST_THRESHOLD


def test_a_check_learns_what_it_is_shown_and_doubts_what_it_is_not():
    rng = np.random.default_rng(0)
    d = 300
    base = rng.normal(0, 1, (8, d)).astype(np.float32)

    def near(centre: float, n: int) -> np.ndarray:
        return (rng.normal(0, 1, (n, 8)).astype(np.float32) + centre) @ base + rng.normal(0, 0.3, (n, d)).astype(np.float32)

    learn = Examples()
    learn.add(near(0, 2000), "film", np.repeat([0, 1, 2, 3], 500))
    learn.add(near(3, 200), "upside-down")
    learn.add(near(-3, 200), "text")
    check = prepare_check(learn, 1)
    fit({kind: check.project(learn.of(kind)[0]) for kind in learn.kinds()}, learn.of("film")[1], check)
    held = check.values(check.project(near(0, 400)))
    threshold = choose_threshold(held, np.zeros(len(held), int))
    assert (check.values(check.project(near(0, 400))) > threshold).mean() < 0.05
    turned = check.project(near(3, 200))
    assert (check.values(turned) > threshold).mean() > 0.9
    assert (check.logits(turned)[:, 1:].argmax(1) + 1 == CLASSES.index("upside-down")).float().mean() > 0.9
    elsewhere = check.values(check.project(rng.normal(0, 6, (100, d)).astype(np.float32)))
    assert (elsewhere > threshold).all()
    assert label_of("text") == label_of("Hand") == len(CLASSES) - 1
