"""`pretrain`: a CLIP on films, positions and captions, with a teacher's word; resumable at any step, with a CSV log."""

import copy
import csv
import json
import math
import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

from . import captions
from .batches import NAMES, PLAIN_UNTIL, Batch, Batches, lesion_bank
from .curves import draw_log
from .films import FOLDERS, Film, load_prepared
from .grow import depth_of, grow, trained
from .layout import load_exported
from .model import Clip
from .positions import WHOLE
from .resume import save_state, stop_signals
from .stem import MEAN, STD, start_from_imagenet
from .teacher import HIDDEN, teach
from .tokens import Tokenizer
from .validate import as_input, auroc, report

DRAWING = Path(__file__).resolve().parents[3] / "models" / "default" / "golden.gray"


def token_rows(tokenizer: Tokenizer) -> dict[int, int]:
    """CLIP ids used by any caption -> rows of our token table, in ascending order of id."""
    used = sorted({i for text in captions.every_caption() for i in tokenizer.encode(text)})
    return {token: row for row, token in enumerate(used)}


# Of the class loss, the whole films' share. The third recipe gave them half, and ZhangLab lost once parts came in.
WHOLE_FILMS = 0.6


def balance(whole: torch.Tensor, label: torch.Tensor) -> torch.Tensor:
    """Weights that sum to 1: whole films count `WHOLE_FILMS`, parts the rest, and in each both labels alike; 0 where the label is
    unknown (-1).
    Synthetic lesions make most films abnormal; unbalanced, every film scores high and 0.5 means nothing."""
    weight = torch.zeros(len(label))
    for group, share in ((whole, WHOLE_FILMS), (~whole, 1 - WHOLE_FILMS)):
        for value in (0, 1):
            chosen = group & (label == value)
            if chosen.any():
                weight[chosen] = share / chosen.sum()
    return weight / weight.sum()


# How much lower adults' logits stand than a balanced set would have them. Labels of NIH films are noisy and the films hard, so
# that its normal films would score 0.45 on the mean and ZhangLab's 0.1: one threshold could serve one of them only. In the loss
# the shift is added back (as a prior is in logit adjustment), so that it costs no order within a source.
SHIFT = torch.tensor([0.0, 1.7, 1.7])
WEIGHTS = {"class": 1.0, "order": 1.2, "where": 1.0, "contrast": 0.1, "dense": 0.15, "findings": 0.5}
# The share of patches hidden at random, as those outside a position are: the boxed films are few and are seen many times.
HIDDEN_PATCHES = 0.1


def losses(model: Clip, helpers: torch.nn.ModuleDict, batch: Batch, encode, step: int) -> dict[str, torch.Tensor]:
    pairs = batch.pairs
    film, position, label = (torch.tensor([getattr(p, name) for p in pairs]) for name in ("film", "position", "label"))
    # The stem is twice as fast in bfloat16, the blocks are slower in it (both measured on a CPU that has it).
    with torch.autocast("cpu", dtype=torch.bfloat16):
        tokens = model.patches(batch.pixels)
    keep = (torch.rand(len(batch.pixels), tokens.shape[1], generator=torch.Generator().manual_seed(step)) >= HIDDEN_PATCHES).float()[film]
    image, patches = model.at_positions(tokens.float(), film, position, keep)

    # The class pair of every position, with this step's paraphrases; every other step inside PPAD's template.
    normal = captions.NORMAL[step // 2 % len(captions.NORMAL)] if step % 3 else "normal"
    abnormal = captions.ABNORMAL[step // 2 % len(captions.ABNORMAL)] if step % 3 else "abnormal"
    classes = [captions.compose(p, w, step % 2 == 0) for p in range(5) for w in (normal, abnormal)]
    said = sorted({p.caption for p in pairs if p.caption})
    place = {c: i for i, c in enumerate(said)}
    text = model.text_features(*model.embed_tokens([encode(t) for t in (*classes, *said)]))
    scale = model.logit_scale.exp()

    pair = text[:10].view(5, 2, -1)[position]
    z = scale * torch.einsum("me,mce->mc", image, pair)
    z = z[:, 1] - z[:, 0]
    target = torch.tensor([p.target for p in pairs])
    shifted = z + SHIFT[torch.tensor(batch.sources)[film]]
    weight = balance(position == WHOLE, label)
    out = {"class": F.binary_cross_entropy_with_logits(shifted, target, weight, reduction="sum")}
    if batch.order:
        a, b = torch.tensor(batch.order).T
        out["order"] = F.softplus(z[b] - z[a] + 1).mean()
    if batch.taught:
        # The unmasked film's patches learn what the teacher saw in their place.
        row = {p.film: i for i, p in enumerate(pairs) if p.position == WHOLE}
        seen = helpers["dense"](patches[[row[i] for i in batch.taught]]).float().transpose(1, 2)
        out["dense"] = F.smooth_l1_loss(seen, batch.dense.flatten(2))

    cells = torch.where(model.masks[position] * keep > 0, batch.cells.flatten(1)[film], -1.0)
    weight = (cells >= 0).float() * torch.where(label[:, None] == 1, torch.where(cells == 1, 2.0, 0.5), 1.0)
    where = helpers["where"](patches).squeeze(2)
    out["where"] = F.binary_cross_entropy_with_logits(where, cells.clamp(0, 1), weight, reduction="sum") / weight.sum()

    # Which findings a real film has: more to learn from than abnormal or not.
    real = [i for i, p in enumerate(pairs) if p.position == WHOLE and batch.real[p.film]]
    found = helpers["findings"](image[real]).float()
    out["findings"] = F.binary_cross_entropy_with_logits(found, batch.findings[[pairs[i].film for i in real]])

    out["z"] = z.detach()

    # Contrast with every caption of the batch; pairs with the same caption are one another's positives.
    rows = torch.tensor([i for i, p in enumerate(pairs) if p.caption])
    column = torch.tensor([place[pairs[i].caption] for i in rows])
    similarity = scale * image[rows] @ text[10:].T
    by_text = F.one_hot(column, len(said)).float().T
    to_image = torch.logsumexp(similarity.T.masked_fill(by_text == 0, -1e9), 1) - torch.logsumexp(similarity.T, 1)
    out["contrast"] = (F.cross_entropy(similarity, column) - to_image.mean()) / 2
    return out


def helpers_of(model: Clip) -> torch.nn.ModuleDict:
    """What training alone needs: `dense` reads the teacher's map and features off the patches' tokens, `findings` the findings off a
    film's feature."""
    width, embed = model.proj.shape
    findings = torch.nn.Sequential(torch.nn.Linear(embed, 128), torch.nn.GELU(), torch.nn.Linear(128, len(NAMES)))
    with torch.no_grad():
        findings[0].weight.mul_(8)  # its inputs are of length one
        findings[2].bias.fill_(-2.5)
    return torch.nn.ModuleDict({"dense": torch.nn.Linear(width, 1 + HIDDEN), "where": torch.nn.Linear(width, 1), "findings": findings})


def warm_up_text(model: Clip, encode, seed: int, steps: int = 500) -> None:
    """Sets the text tower apart before there are films: a fresh one maps all captions to almost the same feature (cosine over
    0.97), and the image tower then learns nothing for hundreds of steps. Target of a caption: the sum of a random direction
    for its position, one for normal or abnormal and one for its words."""
    rng = random.Random(seed)
    generator = torch.Generator().manual_seed(seed)
    embed = model.text_projection.shape[1]
    words = [*captions.NORMAL, *sorted({*captions.ABNORMAL, *captions.OPACITY, *captions.LUCENCY, *(w for ws in captions.FINDINGS.values() for w in ws)})]
    directions = torch.linalg.qr(torch.randn(embed, 7 + len(words), generator=generator))[0].T
    optimiser = torch.optim.AdamW(model.text_parameters(), lr=1e-3)
    for step in range(steps):
        drawn = [(rng.randrange(5), rng.randrange(len(words)), rng.random() < 0.5) for _ in range(64)]
        target = torch.stack(
            [0.5 * directions[p] + directions[5 if w < len(captions.NORMAL) else 6] + 0.5 * directions[7 + w] for p, w, _ in drawn]
        )
        text = model.text_features(*model.embed_tokens([encode(captions.compose(p, words[w], c)) for p, w, c in drawn]))
        loss = 1 - F.cosine_similarity(text, target).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        if step % 100 == 99:
            print(f"text warm-up {step + 1}/{steps}: {loss.item():.3f}", flush=True)


def training_auroc(seen: list[tuple[int, float, int]]) -> dict[str, float]:
    """AUROC by source of real films' whole scores since the last line: the earliest sign that anything is learned."""
    out = {}
    for source, name in enumerate(FOLDERS):
        rows = [(z, label) for s, z, label in seen if s == source]
        if rows:
            z, label = map(np.array, zip(*rows))
            out[name] = round(auroc(z, label == 1), 3)
    return out


def rate_at(step: int, steps: int, later: float) -> float:
    """Share of the full rate: full for the plain start, then `later` of it, falling as a cosine, once lesions and halves come in.
    Without a teacher their noise at the full rate undid what the start had taught within 50 steps (ZhangLab's training AUROC 0.92 to
    0.52)."""
    if step < PLAIN_UNTIL:
        return min(1, (step + 1) / 50)
    done = (step - PLAIN_UNTIL) / max(1, steps - PLAIN_UNTIL)
    return later * min(1, (step - PLAIN_UNTIL + 1) / 50) * (0.02 + 0.98 * (1 + math.cos(math.pi * min(1, done))) / 2)


def read_guesses(file: Path) -> dict[str, dict[int, int]]:
    """By file name the half (of left and right, of upper and lower) that is most likely the abnormal one; nothing without the file."""
    if not file.exists():
        return {}
    return {name: {int(axis): side for axis, side in sides.items()} for name, sides in json.loads(file.read_text()).items()}


def ahead(batches: Batches, start: int, steps: int) -> Iterator[tuple[int, Batch]]:
    """Each step and its batch; the next one is drawn while this one is learned."""
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(batches.draw, start)
        for step in range(start, steps):
            batch = coming.result()
            if step + 1 < steps:
                coming = pool.submit(batches.draw, step + 1)
            yield step, batch


def load_films(work: Path) -> tuple[list[Film], np.ndarray]:
    """The prepared films, and as the last one the drawing that the app offers as a sample (its clear form)."""
    films, pixels = load_prepared(work / "prepared")
    grey = np.fromfile(DRAWING, np.uint8)
    side = math.isqrt(len(grey))
    drawing = Image.fromarray(grey.reshape(side, side)).resize((pixels.shape[-1],) * 2, Image.Resampling.BICUBIC)
    film = Film(0, DRAWING.name, False, (), "drawing", "PA", "", (), "drawing")
    return [*films, film], np.concatenate([pixels, np.asarray(drawing)[None]])


def pretrain(work: Path, merges: Path, steps: int, batch_size: int, rate: float, seed: int, every: int, later: float, teacher_steps: int, begin: Path | None) -> None:
    """`begin`: a folder that `export` wrote, to go on from after the plain start, with a new optimiser and new helpers."""
    word = teach(work, teacher_steps, seed) if teacher_steps else None
    films, pixels = load_films(work)
    tokenizer = Tokenizer(merges)
    cache: dict[str, list[int]] = {}
    encode = lambda t: cache.setdefault(t, tokenizer.encode(t))  # noqa: E731
    torch.manual_seed(seed)
    model = Clip(token_rows(tokenizer)).train()
    helpers = helpers_of(model)
    run = work / "pretrain"
    run.mkdir(parents=True, exist_ok=True)
    fresh, start = not (run / "state.pt").exists(), 0
    if fresh and begin:
        load_exported(model, begin)
        start = PLAIN_UNTIL
    elif fresh:
        warm_up_text(model, encode, seed)
        start_from_imagenet(model.stem, (as_input(pixels[:: max(1, len(pixels) // 256)]) - MEAN) / STD)
    averaged = torch.optim.swa_utils.AveragedModel(model, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.998), use_buffers=True)
    # The text tower stays as its warm-up left it (as in LiT): moving with the films, its class directions shifted faster than
    # the image tower could follow.
    model.freeze_text()
    moving = [p for _, p in trained(model, helpers)]
    decay = [p for p in moving if p.ndim > 1]
    rest = [p for p in moving if p.ndim <= 1]
    groups = [{"params": decay, "weight_decay": 0.05, "initial_lr": rate}, {"params": rest, "weight_decay": 0, "initial_lr": rate}]
    optimiser = torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.98))
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda s: rate_at(s, steps, later), last_epoch=start - 1)
    if not fresh:
        state = torch.load(run / "state.pt", weights_only=True)
        if depth_of(state["model"]) < len(model.blocks):
            state = grow(state, model, helpers)
        for name, part in (("model", model), ("helpers", helpers), ("averaged", averaged), ("optimiser", optimiser), ("schedule", schedule)):
            part.load_state_dict(state[name])
        start = state["step"]
    batches = Batches(films, pixels, lesion_bank(run / "lesions.npz", 3000, seed), seed, batch_size, word, guesses=read_guesses(run / "halves.json"))
    began = time.monotonic()
    with (run / "log.csv").open("a", newline="") as file, stop_signals() as told:
        log = csv.writer(file)
        running: dict[str, float] = {}
        seen: list[tuple[int, float, int]] = []
        for step, batch in ahead(batches, start, steps):
            parts = losses(model, helpers, batch, encode, step)
            loss = sum(WEIGHTS[k] * v for k, v in parts.items() if k in WEIGHTS)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(moving, 1.0)
            optimiser.step()
            schedule.step()
            with torch.no_grad():
                model.logit_scale.clamp_(max=math.log(30))
            averaged.update_parameters(model)
            seen.extend(batch.whole_scores(parts.pop("z")))
            for k, v in parts.items():
                value = float(v.detach())
                running[k] = 0.98 * running.get(k, value) + 0.02 * value
            done = step + 1
            if done % 50 == 0:
                pace = (time.monotonic() - began) / (done - start)
                print(f"step {done}/{steps} {pace:.2f} s/step, {(steps - done) * pace / 60:.0f} min left", {k: round(v, 3) for k, v in running.items()}, flush=True)
                log.writerows((done, k, round(v, 5)) for k, v in running.items())
                print("  training films, whole:", training_auroc(seen), flush=True)
                seen.clear()
            due = done % every == 0 or done == steps
            if due:
                metrics = report(copy.deepcopy(averaged.module), encode, films, pixels)
                print(f"  validation {done}", {k: round(v, 3) for k, v in metrics.items()}, flush=True)
                log.writerows((done, k, round(v, 5)) for k, v in metrics.items())
                file.flush()
            if due or told.is_set():
                save_state(run / "state.pt", done, model=model, helpers=helpers, averaged=averaged, optimiser=optimiser, schedule=schedule)
            if due:
                try:
                    draw_log(run / "log.csv")
                except ValueError as broken:  # a line cut off when a run was killed must not end this one
                    print(f"  log not drawn: {broken}", flush=True)
            if told.is_set():
                raise SystemExit(f"stopped and saved at step {done} of {steps}")
