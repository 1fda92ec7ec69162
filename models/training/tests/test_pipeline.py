"""The pipeline on tiny data: splits, tokens, lesions, masks; seconds, no films needed."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
import torch

from ppad_training import captions
from ppad_training.batches import PLAIN_UNTIL, Batches, Seen, known_cells
from ppad_training.export import export
from ppad_training.films import Film, split_of
from ppad_training.graft import graft
from ppad_training.grow import grow, trained
from ppad_training.halves import AS_IT_IS, boxed_cells, learn_head, peaks
from ppad_training.layout import load_exported, state_dict
from ppad_training.model import MEAN, STD, Clip
from ppad_training.positions import WHOLE, footprint, patch_masks
from ppad_training.pretrain import balance, helpers_of, losses, rate_at, token_rows
from ppad_training.state_clip import StateClip
from ppad_training.stem import BLOCKS, SIDE, Stem, imagenet_trunk, start_from_imagenet
from ppad_training.synthesis import depth, lesion_shape
from ppad_training.teacher import CELLS, HIDDEN
from ppad_training.tokens import Tokenizer
from ppad_training.word import Word

ROOT = Path(__file__).resolve().parents[3]
MERGES = ROOT / "public" / "tokenizer" / "clip-merges.txt"
TOKENIZER = Tokenizer(MERGES)


def tiny_word(count: int) -> Word:
    """A teacher's word on `count` films, drawn at random."""
    rng = np.random.default_rng(2)
    with TemporaryDirectory() as folder:
        run = Path(folder)
        shapes = {"whole": (count,), "where": (count, CELLS, CELLS)}
        np.savez(run / "teacher.npz", mean=np.zeros(HIDDEN, np.float32), sd=np.ones(HIDDEN, np.float32), **{k: rng.normal(0, 2, s) for k, s in shapes.items()})
        np.save(run / "teacher-hidden.npy", rng.normal(0, 1, (count, HIDDEN, CELLS, CELLS)).astype(np.float16))
        return Word(run)


def tiny_batches(seed: int = 1, size: int = 8, taught: bool = False) -> Batches:
    rng = np.random.default_rng(0)
    films = [
        Film(s, f"{s}-{i}.jpg", i % 2 == 1, ("Mass",), f"p{i}", "PA", "", ((0.1, 0.1, 0.2, 0.2),) if s == 1 else (), "train")
        for s in range(3)
        for i in range(4)
    ]
    bank = [np.round(depth(lesion_shape(rng, 192)) * 255).astype(np.uint8) for _ in range(4)]
    return Batches(films, rng.integers(60, 200, (len(films), 160, 160), np.uint8), bank, seed, size, tiny_word(len(films)) if taught else None)


def test_a_patient_is_on_one_side_in_every_folder_and_run():
    sides = [split_of(f"nih:{i}", "ppad-split-1", 0.15) for i in range(2000)]
    assert sides == [split_of(f"nih:{i}", "ppad-split-1", 0.15) for i in range(2000)]
    assert 0.12 < sides.count("validation") / 2000 < 0.18


def test_batches_depend_on_seed_and_step_alone():
    first, again, other = (tiny_batches().draw(s) for s in (PLAIN_UNTIL + 3, PLAIN_UNTIL + 3, PLAIN_UNTIL + 4))
    assert torch.equal(first.pixels, again.pixels) and first.pairs == again.pairs
    assert not torch.equal(first.pixels, other.pixels)


def test_a_graft_lies_in_its_box_and_keeps_the_host_elsewhere():
    rng = np.random.default_rng(0)
    host, donor = (rng.integers(60, 120, (100, 100), np.uint8) for _ in range(2))
    donor[40:50, 10:30] = 250
    laid = graft(host, donor, ((0.1, 0.4, 0.2, 0.1),))
    assert laid[42:48, 14:26].min() > 180
    assert np.array_equal(laid[:, 50:], host[:, 50:]) and np.array_equal(laid[:25], host[:25])


def test_cells_are_known_where_boxes_are_and_nowhere_without():
    film = Film(1, "a.jpg", True, ("Mass",), "p", "PA", "", ((0.5, 0.0, 0.25, 0.125),), "train")
    cells = known_cells(film, AS_IT_IS)
    assert cells[0].tolist() == [0, 0, 0, 0, 1, 1, 0, 0] and cells[1:].eq(0).all()
    mirrored = known_cells(film, AS_IT_IS * np.array([[-1, 1, 1], [1, 1, 1]], np.float32))
    assert torch.equal(mirrored, cells.flip(1))
    assert known_cells(Film(2, "b.jpg", True, ("Mass",), "p", "PA", "", (), "train"), AS_IT_IS).eq(-1).all()
    assert known_cells(Film(0, "c.jpg", False, ("normal",), "p", "PA", "", (), "train"), AS_IT_IS).eq(0).all()


def test_a_guessed_half_is_mirrored_with_the_film():
    batches = tiny_batches()
    film = Film(2, "2-1.jpg", True, ("Mass",), "p", "PA", "", (), "train")
    batches.guesses = {"2-1.jpg": {0: 1, 2: 2}}
    mirrored = AS_IT_IS * np.array([[-1, 1, 1], [1, 1, 1]], np.float32)
    assert [batches._guessed(film, AS_IT_IS, axis) for axis in (0, 2)] == [1, 2]
    assert [batches._guessed(film, mirrored, axis) for axis in (0, 2)] == [0, 2]
    batches.guesses = {}
    assert batches._guessed(film, AS_IT_IS, 0) is None


def test_a_head_learns_in_which_half_a_bright_box_lies():
    rng = np.random.default_rng(0)
    films, x = [], torch.randn(80, 152, 20, 20, generator=torch.Generator().manual_seed(1))
    for i in range(80):
        box = (0.1 + 0.5 * (i % 4 // 2), 0.1 + 0.5 * rng.integers(2), 0.2, 0.2)
        films.append(Film(1, f"{i}.jpg", i % 2 == 1, ("Mass",), f"p{i}", "PA", "", (box,) if i % 2 else (), "train"))
        x[i, :20] += 2 * boxed_cells(films[-1])
    found = peaks(learn_head(x, films, 1)(x)).detach()
    left = torch.tensor([f.boxes[0][0] < 0.5 for f in films if f.boxes])
    assert ((found[1::2, 0] > found[1::2, 1]) == left).float().mean() > 0.9


def test_the_start_is_plain():
    batch = tiny_batches().draw(0)
    assert all(p.position == WHOLE for p in batch.pairs) and not batch.order


def test_labels_weigh_alike():
    weight = balance(torch.tensor([True, True, True, False]), torch.tensor([1, 1, 0, -1]))
    assert torch.allclose(weight, torch.tensor([0.25, 0.25, 0.5, 0.0]))


def test_rate_falls_and_starts_low_where_lesions_come_in():
    assert rate_at(PLAIN_UNTIL - 1, 3000, 0.3) == 1 and rate_at(PLAIN_UNTIL, 3000, 0.3) < 0.01
    assert rate_at(2999, 3000, 0.3) < rate_at(PLAIN_UNTIL + 100, 3000, 0.3)


def test_tokens_are_those_of_the_page():
    golden = json.loads((ROOT / "src/core/clip/fixtures/tokens.json").read_text()) 
    assert TOKENIZER.encode("right lung pneumonia.")[0] == 49406
    for entry in golden:
        text = entry["text"] if isinstance(entry, dict) else entry[0]
        if text.isascii() and text.replace(" ", "").isalpha() and len(text) < 60:
            ids = entry["ids"] if isinstance(entry, dict) else entry[1]
            assert TOKENIZER.encode(text) == ids


def test_every_caption_has_its_tokens():
    rows = token_rows(TOKENIZER)
    assert all(i in rows for c in captions.every_caption() for i in TOKENIZER.encode(c))


def test_footprints_at_eight_patches():
    assert footprint(2, 8) == (0, 5, 0, 8) and footprint(3, 8) == (4, 8, 0, 8)
    assert patch_masks(8).sum(1).tolist() == [32, 32, 40, 32, 64]


def test_exported_state_computes_what_was_trained():
    torch.manual_seed(0)
    model = Clip(token_rows(TOKENIZER)).eval()
    clip = StateClip(state_dict(model))
    x = torch.rand(2, 1, 192, 192)
    with torch.no_grad():
        masks = patch_masks(8)[[0, 4]]
        ours = model.at_positions(model.patches(x), torch.tensor([0, 1]), torch.tensor([0, 4]))[0]
        theirs = clip.image_features(clip.tokens((x - MEAN) / STD), masks, model.mask_embedding)
    assert torch.allclose(ours, theirs, atol=1e-4)


def test_a_run_begins_where_an_exported_one_stood(tmp_path):
    torch.manual_seed(0)
    old, new = (Clip(token_rows(TOKENIZER)).eval() for _ in range(2))
    torch.save({"averaged": {f"module.{k}": v for k, v in old.state_dict().items()}}, tmp_path / "state.pt")
    export(tmp_path, MERGES, tmp_path / "out", [(tmp_path / "state.pt", 1.0)])
    load_exported(new, tmp_path / "out")
    x, film, position = torch.rand(1, 1, 192, 192), torch.tensor([0, 0]), torch.tensor([0, 4])
    ids = [TOKENIZER.encode(captions.compose(0, "normal"))]
    with torch.no_grad():
        (a, u), (b, v) = [(m.at_positions(m.patches(x), film, position)[0], m.text_features(*m.embed_tokens(ids))) for m in (old, new)]
    # Weights are stored in float16.
    assert (a - b).abs().max() < 2e-3 and (u - v).abs().max() < 2e-3


def test_the_stem_starts_as_imagenet_left_it():
    trunk, stem = imagenet_trunk().eval(), Stem(64)
    grey = torch.rand(4, 1, SIDE, SIDE) * 0.8 + 0.1
    start_from_imagenet(stem, (grey - MEAN) / STD)
    with torch.no_grad():
        x = trunk._swish(trunk._bn0(trunk._conv_stem((grey.expand(-1, 3, -1, -1) * 255 - 127) / 128)))
        for block in trunk._blocks[: len(BLOCKS)]:
            x = block(x)
    x = (x - x.mean((0, 2, 3), keepdim=True)) / x.std((0, 2, 3), keepdim=True)
    # At the frame the zeros stand for another grey.
    inside = (..., slice(3, -3), slice(3, -3))
    assert torch.allclose(stem.before_patch((grey - MEAN) / STD)[inside], x[inside], atol=0.05)


def test_a_deeper_model_goes_on_where_the_shallower_one_stood():
    rows = token_rows(TOKENIZER)
    shallow, deep = Clip(rows, layers=2), Clip(rows, layers=4)
    (theirs, old), (ours, new) = [(trained(m, helpers_of(m)), m) for m in (shallow, deep)]
    optimiser = torch.optim.AdamW([{"params": [p for _, p in theirs if p.ndim > 1]}, {"params": [p for _, p in theirs if p.ndim <= 1]}])
    for _, p in theirs:
        p.grad = torch.randn_like(p)
    optimiser.step()
    averaged = {"n_averaged": torch.tensor(1), **{f"module.{k}": v for k, v in old.state_dict().items()}}
    state = grow({"model": old.state_dict(), "averaged": averaged, "optimiser": optimiser.state_dict()}, new, helpers_of(new))
    new.load_state_dict(state["model"])
    assert state["averaged"].keys() == {"n_averaged", *(f"module.{k}" for k in new.state_dict())}
    film, position = torch.tensor([0, 0]), torch.tensor([0, 4])
    with torch.no_grad():
        before, after = (m.at_positions(m.patches(torch.ones(1, 1, 192, 192) / 2), film, position)[0] for m in (old, new))
    torch.testing.assert_close(after, before)
    # Moments follow their parameters; the last block's have moved on to the new last.
    number = {name: i for i, (name, _) in enumerate(theirs)}
    for i, (name, p) in enumerate(ours):
        moment = state["optimiser"]["state"].get(i)
        if name.startswith(("blocks.1.", "blocks.2.")):
            assert moment is None, name
        else:
            source = name.replace("blocks.3.", "blocks.1.")
            torch.testing.assert_close(moment["exp_avg"], optimiser.state_dict()["state"][number[source]]["exp_avg"])
            assert moment["exp_avg"].shape == p.shape


def test_a_token_sees_about_two_patches():
    torch.manual_seed(0)
    stem = Stem(64)
    grey = torch.rand(1, 1, SIDE, SIDE, requires_grad=True)
    before = stem.before_patch.__wrapped__(stem, grey)
    stem.mix(torch.relu(stem.patch(before)))[0, :, 4, 4].sum().backward()
    rows = grey.grad[0, 0].abs().sum(1).nonzero().flatten()
    assert 40 < rows.max() - rows.min() + 1 <= 51


@pytest.mark.parametrize("taught", [False, True])
def test_a_step_has_finite_losses_with_and_without_a_teacher(taught: bool):
    model = Clip(token_rows(TOKENIZER)).train()
    helpers = helpers_of(model)
    for step in (1, PLAIN_UNTIL + 1):
        parts = losses(model, helpers, tiny_batches(taught=taught).draw(step), TOKENIZER.encode, 1)
        assert ("dense" in parts) == taught and all(torch.isfinite(v).all() for v in parts.values())


def test_the_half_where_the_teacher_sees_more_has_the_higher_target():
    where = np.full((8, 8), -4.0)
    where[1:3, 5:7] = 3
    film = Film(1, "", True, (), "p", "PA", "", (), "train")
    seen = Seen(0, film, 0.9, where)
    left, right = seen.shares(0)
    assert right == 1 and left < 0.1
    assert Seen(0, film, None, None).shares(0) == (1, 1) and Seen(0, film, None, None).target(1) > seen.target(1) > 0.9
