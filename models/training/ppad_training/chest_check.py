"""`chest-check`: is this an upright frontal chest film at all? Learned from the backbone's own summary of a film.

The summary (the graph's output of that name) is standardised by training films and projected on their main directions; how much of it
those directions leave over is one number more. A small network tells five classes from these: film, upside-down, sideways, inverted,
other. `value` is the larger of two probabilities: "not a film" by the network, and "unlike any film" by the remainder alone, which
serves for kinds of pictures that nobody thought of.
"""

import csv
import hashlib
import json
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from safetensors.torch import load_file, save_file

from . import stem
from .augment import random_affine, regrey, view
from .films import FOLDERS, SIDE, load_grey, load_prepared
from .outliers import KINDS, Material, of_kind, package_pictures, squash
from .state_clip import StateClip

SOURCES = (*FOLDERS, "hannover")
CLASSES = ("film", "upside-down", "sideways", "inverted", "other")
CELLS = 4
DIRECTIONS = 44
# Networks of so many hidden units each, whose logits are averaged: one alone flags films of few patients by its seed.
NETWORKS, HIDDEN = 3, 48
# Standardised numbers are clipped here: a picture far off must not be infinitely far.
CLIP = 8.0
# Training films by source: all as random views, every second one as it is too.
FILMS = {0: 1000, 1: 800, 2: 1400}
# Outliers drawn of each kind: our own, films turned or inverted (as varied as films are, so many more), and those that come as
# pictures.
DRAWN, TURNED_DRAWN, PICTURED = 280, 3600, 110
# Held-back films that are mirrored, turned over and so on, and drawings of each kind.
TURNED, HELD_DRAWN = 400, 120
# Bedside views: of each of Hannover's few films, and of so many others.
BEDSIDE_REPEATS, BEDSIDE_OTHERS = 6, 900
# Films of every source that may be flagged; the bar is 2 %.
MOST_FLAGGED = 0.01
# Below, a value is no doubt, however rare among films: pictures of new kinds gain little there.
LEAST_THRESHOLD = 0.35


def cell_averages(grid: int) -> torch.Tensor:
    """[16, grid * grid]: 4 x 4 cells' averages over the patches that they overlap, by the share that they overlap."""
    edges = torch.arange(grid, dtype=torch.float64)
    along = torch.stack(
        [((edges + 1).clamp(max=(c + 1) * grid / CELLS) - edges.clamp(min=c * grid / CELLS)).clamp(min=0) for c in range(CELLS)]
    )
    return torch.kron(along / along.sum(1, keepdim=True), along / along.sum(1, keepdim=True)).float()


@torch.no_grad()
def summaries(clip: StateClip, pixels: np.ndarray, batch: int = 64) -> np.ndarray:
    """uint8 [n, S, S] -> [n, 18 W], as the graph's output `summary`: coarse map, deviation over the patches, class token."""
    average = cell_averages(clip.grid)
    out = []
    for part in torch.from_numpy(np.ascontiguousarray(pixels)).split(batch):
        tokens = clip.tokens((part.unsqueeze(1).float() / 255 - stem.MEAN) / stem.STD)
        cells = (average @ tokens).flatten(1)
        out.append(torch.cat([cells, tokens.std(1, unbiased=False), clip.class_token(tokens)], 1))
    return torch.cat(out).numpy()


@dataclass
class Check:
    """What is stored: tensors by name, and the threshold."""

    tensors: dict[str, torch.Tensor]
    threshold: float = 0.5

    def project(self, summary: np.ndarray) -> torch.Tensor:
        """[n, 18 W] -> [n, DIRECTIONS + 1]: the main directions, whitened, and the logarithm of the remainder."""
        t = self.tensors
        z = ((torch.from_numpy(summary) - t["mean"]) * t["rescale"]).clamp(-CLIP, CLIP)
        p = z @ t["basis"]
        rest = (z.square().sum(1) - p.square().sum(1)).clamp(min=1e-6)
        return torch.cat([p * t["whiten"], torch.log(rest / t["rest"])[:, None]], 1)

    def logits(self, projected: torch.Tensor) -> torch.Tensor:
        t = self.tensors
        return F.relu(projected @ t["w1"] + t["b1"]) @ t["w2"] + t["b2"]

    def values(self, projected: torch.Tensor) -> np.ndarray:
        """[n]: how sure the check is that this is no upright frontal film, 0..1."""
        centre, slope = self.tensors["unlike"]
        network = 1 - self.logits(projected).softmax(1)[:, 0]
        return torch.maximum(network, torch.sigmoid((projected[:, -1] - centre) * slope)).numpy()


def principal(films: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The main directions [D, K] of standardised films [n, D], and what divides each to unit variance."""
    _, s, v = torch.svd_lowrank(films - films.mean(0), q=DIRECTIONS + 16, niter=3)
    variance = s[:DIRECTIONS].square() / len(films)
    return v[:, :DIRECTIONS], (variance + 0.02 * variance.mean()).rsqrt()


def train(check: Check, projected: torch.Tensor, label: torch.Tensor, weight: torch.Tensor, seed: int, epochs: int = 40) -> None:
    """One network, in place. Noise on its inputs keeps it smooth where there are no examples."""
    generator = torch.Generator().manual_seed(seed)
    n, width = projected.shape
    t = check.tensors
    for name, shape in (("w1", (width, HIDDEN)), ("b1", (HIDDEN,)), ("w2", (HIDDEN, len(CLASSES))), ("b2", (len(CLASSES),))):
        t[name] = (torch.randn(shape, generator=generator) * shape[0] ** -0.5 if len(shape) == 2 else torch.zeros(shape)).requires_grad_()
    parameters = [t[k] for k in ("w1", "b1", "w2", "b2")]
    batch = 128
    optimiser = torch.optim.AdamW(parameters, 1e-3, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 4e-3, total_steps=epochs * (n // batch))
    for _ in range(epochs):
        for index in torch.randperm(n, generator=generator)[: n // batch * batch].view(-1, batch):
            x = projected[index] + 0.3 * torch.randn((batch, width), generator=generator)
            loss = (F.cross_entropy(check.logits(x), label[index], reduction="none") * weight[index]).mean()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
    for k in ("w1", "b1", "w2", "b2"):
        t[k] = t[k].detach()


class Examples:
    """Projected pictures with their kinds ('film' or an outlier's) and sources (-1 for outliers)."""

    def __init__(self) -> None:
        self.parts: list[tuple[np.ndarray, str, np.ndarray]] = []

    def add(self, summary: np.ndarray, kind: str, source: np.ndarray | None = None) -> None:
        self.parts.append((summary, kind, np.full(len(summary), -1) if source is None else source))

    def kinds(self) -> list[str]:
        return list(dict.fromkeys(kind for _, kind, _ in self.parts))

    def of(self, kind: str) -> tuple[np.ndarray, np.ndarray]:
        chosen = [(x, s) for x, k, s in self.parts if k == kind]
        return np.concatenate([x for x, _ in chosen]), np.concatenate([s for _, s in chosen])


def label_of(kind: str) -> int:
    return CLASSES.index(kind) if kind in CLASSES else len(CLASSES) - 1


def fit(projected: dict[str, torch.Tensor], source: np.ndarray, check: Check, seed: int = 1) -> None:
    """Trains on projected examples by kind; films and outliers weigh half each, sources alike within the first, kinds within the
    others, of which films turned or inverted count twice. What is stored is one network: the average of several."""
    kinds = list(projected)
    shares = {kind: 2.0 if kind in CLASSES else 1.0 for kind in kinds if kind != "film"}
    weights = []
    for kind in kinds:
        if kind == "film":
            count = np.bincount(source, minlength=len(SOURCES))
            weights.append(torch.from_numpy(1 / (len(SOURCES) * count[source])).float())
        else:
            n = len(projected[kind])
            weights.append(torch.full((n,), shares[kind] / (sum(shares.values()) * n)))
    weight = torch.cat(weights)
    label = torch.cat([torch.full((len(projected[kind]),), label_of(kind)) for kind in kinds])
    x = torch.cat([projected[kind] for kind in kinds])
    networks = []
    for i in range(NETWORKS):
        train(check, x, label, weight / weight.mean(), NETWORKS * (seed - 1) + i + 1)
        networks.append({name: check.tensors[name] for name in ("w1", "b1", "w2", "b2")})
    check.tensors["w1"] = torch.cat([n["w1"] for n in networks], 1)
    check.tensors["b1"] = torch.cat([n["b1"] for n in networks])
    check.tensors["w2"] = torch.cat([n["w2"] for n in networks]) / NETWORKS
    check.tensors["b2"] = torch.stack([n["b2"] for n in networks]).mean(0)


def choose_threshold(values: np.ndarray, source: np.ndarray) -> float:
    """At least LEAST_THRESHOLD, and so high that of each source at most MOST_FLAGGED of the films lie above it, or one film: the worst
    of a few dozen says little of the others."""
    most = LEAST_THRESHOLD
    for s in np.unique(source):
        ordered = np.sort(values[source == s])[::-1]
        spared = max(1, int(MOST_FLAGGED * len(ordered)))
        if len(ordered) > spared:
            most = max(most, float(ordered[spared]) + 0.005)
    return round(min(most, 0.995), 3)


def views(pixels: np.ndarray, rng: np.random.Generator, generator: torch.Generator, bedside: bool = False) -> np.ndarray:
    """Random views of films as uint8 [n, 192, 192], a third of them mirrored: which side is which is not the check's business. At the
    bedside they are off the middle by up to a fifth of the frame, and have little contrast, which else looks inverted."""
    flipped = np.where((rng.random(len(pixels)) < 0.33)[:, None, None], pixels[:, :, ::-1], pixels)
    parts = []
    for at in range(0, len(flipped), 256):
        part = np.ascontiguousarray(flipped[at : at + 256])
        maps = random_affine(rng, len(part))
        if bedside:
            maps[:, :, 2] += rng.uniform(-0.3, 0.3, (len(part), 2))
        x = regrey(view(part, maps, generator), generator)
        if bedside:
            contrast, more = (torch.from_numpy(rng.uniform(a, b, (len(part), 1, 1, 1))).float() for a, b in ((0.35, 1), (-0.1, 0.2)))
            x = ((x - 0.5) * contrast + 0.5 + more).clamp(0, 1)
        parts.append((x * 255).round().byte().squeeze(1).numpy())
    return np.concatenate(parts)


def to_input(pixels: np.ndarray) -> np.ndarray:
    """Prepared films [n, 224, 224] squashed to the model's side."""
    return np.stack([squash(Image.fromarray(film)) for film in pixels])


def in_half(name: str, share: float) -> bool:
    """A fixed draw by name: on which side of a split a patient or a picture stands."""
    return int.from_bytes(hashlib.sha256(f"chest-check:{name}".encode()).digest()[:4], "big") / 2**32 < share


@dataclass
class Data:
    """Films to learn from [n, 224, 224] and to be held back [n, 192, 192] with their sources; pictures of outliers, split likewise."""

    films: np.ndarray
    source: np.ndarray
    held: np.ndarray
    held_source: np.ndarray
    held_patient: list[str]
    pictures: dict[str, list[Image.Image]]
    held_pictures: dict[str, list[Image.Image]]
    photographs: list[Image.Image]


def gather(work: Path, data: Path, seed: int) -> Data:
    """Training patients of three sources and two thirds of Hannover's to learn from, the others held back; of the pictures a third by kind."""
    rng = np.random.default_rng(seed)
    films, pixels = load_prepared(work / "prepared")

    def chosen(source: int, split: str) -> list[int]:
        return [i for i, f in enumerate(films) if f.source == source and f.split == split]

    index = np.concatenate([rng.choice(chosen(s, "train"), min(n, len(chosen(s, "train"))), replace=False) for s, n in FILMS.items()])
    held = [i for s in FILMS for i in chosen(s, "validation")]
    learn = [(pixels[i], films[i].source) for i in index]
    keep = [(load_grey(data / FOLDERS[films[i].source] / films[i].file, stem.SIDE), films[i].source, films[i].patient) for i in held]
    with (data / "hannover" / "manifest.csv").open(newline="") as rows:
        for row in csv.DictReader(rows):
            file, patient = data / "hannover" / row["file"], f"hannover:{row['patient']}"
            if in_half(patient, 0.6):
                learn.append((load_grey(file, SIDE), 3))
            else:
                keep.append((load_grey(file, stem.SIDE), 3, patient))
    pictures: dict[str, list[Image.Image]] = {}
    held_pictures: dict[str, list[Image.Image]] = {}
    with (data / "not-chest" / "manifest.csv").open(newline="") as rows:
        seen: dict[str, int] = {}
        for row in csv.DictReader(rows):
            kind = row["kind"] if row["file"].startswith("mednist") else "photograph"
            seen[kind] = seen.get(kind, 0) + 1
            back = seen[kind] % 3 == 0
            (held_pictures if back else pictures).setdefault(kind, []).append(Image.open(data / "not-chest" / row["file"]).convert("L"))
    held_photographs = held_pictures["photograph"]
    photographs = [p for p in package_pictures() if not any(same(p, h) for h in held_photographs)] + pictures.pop("photograph")
    return Data(
        np.stack([p for p, _ in learn]),
        np.array([s for _, s in learn]),
        np.stack([p for p, *_ in keep]),
        np.array([s for _, s, _ in keep]),
        [p for *_, p in keep],
        pictures,
        held_pictures,
        photographs,
    )


def same(a: Image.Image, b: Image.Image) -> bool:
    """One picture in two files: what a package brings may also be held back."""
    return float(np.abs(squash(a, 32).astype(int) - squash(b, 32)).mean()) < 6


def learn_examples(clip: StateClip, data: Data, seed: int) -> Examples:
    rng, generator = np.random.default_rng((seed, 1)), torch.Generator().manual_seed(seed)
    examples = Examples()
    hannover = data.source == 3
    plain = hannover | (np.arange(len(data.films)) % 2 == 0)
    examples.add(summaries(clip, to_input(data.films[plain])), "film", data.source[plain])
    changed = views(data.films, rng, generator)
    examples.add(summaries(clip, changed), "film", data.source)
    # Few films, all at the bedside: nine views of each.
    more = np.repeat(data.films[hannover], 8, 0)
    examples.add(summaries(clip, views(more, rng, generator)), "film", np.full(len(more), 3))
    material = Material(changed[rng.permutation(len(changed))], data.photographs, data.pictures)
    for kind in (*KINDS, *data.pictures):
        # Blanks are of many sorts, and cheap to miss.
        count = 2 * DRAWN if kind == "blank" else TURNED_DRAWN if kind in CLASSES else DRAWN if kind in KINDS else PICTURED
        examples.add(summaries(clip, np.stack([of_kind(rng, material, kind) for _ in range(count)])), kind)
    summary, source = bedside_examples(clip, data, seed)
    examples.add(summary, "film", source)
    return examples


def bedside_examples(clip: StateClip, data: Data, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Summaries and sources of bedside views."""
    rng, generator = np.random.default_rng((seed, 3)), torch.Generator().manual_seed(seed)
    hannover, others = np.flatnonzero(data.source == 3), np.flatnonzero(data.source != 3)
    chosen = np.concatenate([np.repeat(hannover, BEDSIDE_REPEATS), rng.choice(others, min(BEDSIDE_OTHERS, len(others)), replace=False)])
    return summaries(clip, views(data.films[chosen], rng, generator, bedside=True)), data.source[chosen]


def held_examples(clip: StateClip, data: Data, seed: int) -> Examples:
    """What is held back, by kind: films as they are, mirrored, turned over, inverted; pictures; drawings with another seed."""
    rng = np.random.default_rng((seed, 2))
    films, source = data.held, data.held_source
    examples = Examples()
    examples.add(summaries(clip, films), "film", source)
    some = rng.permutation(len(films))[:TURNED]
    examples.add(summaries(clip, films[some][:, :, ::-1]), "mirrored film", source[some])
    for kind, turned in (
        ("upside-down", films[some][:, ::-1, ::-1]),
        ("sideways", np.rot90(films[some], 1, (1, 2))),
        ("inverted", 255 - films[some]),
    ):
        examples.add(summaries(clip, turned), kind, source[some])
    material = Material(films, data.held_pictures["photograph"], {})
    for kind in ("blank", "noise", "pattern", "text", "part", "collage"):
        examples.add(summaries(clip, np.stack([of_kind(rng, material, kind) for _ in range(HELD_DRAWN)])), kind)
    for kind, pictures in data.held_pictures.items():
        examples.add(summaries(clip, np.stack([squash(p) for p in pictures])), kind)
    return examples


def prepare_check(examples: Examples, seed: int) -> Check:
    """Standardisation and directions, from films alone."""
    torch.manual_seed(seed)
    films = torch.from_numpy(examples.of("film")[0])
    mean, scale = films.mean(0), films.std(0) + 1e-3
    check = Check({"mean": mean, "rescale": 1 / scale})
    z = ((films - mean) / scale).clamp(-CLIP, CLIP)
    basis, check.tensors["whiten"] = principal(z)
    # Stored as float16, so used as float16.
    check.tensors["basis"] = basis.half().float()
    rest = z.square().sum(1) - (z @ check.tensors["basis"]).square().sum(1)
    check.tensors["rest"] = rest.mean().reshape(1)
    logs = torch.log(rest / rest.mean())
    # Half way at what one film in a thousand leaves over.
    centre = torch.quantile(logs, 0.999)
    check.tensors["unlike"] = torch.stack([centre + 0.1, torch.tensor(12.0)])
    return check


def rates(check: Check, held: Examples, only: np.ndarray) -> list[dict[str, object]]:
    """By kind and source: how many were flagged. `only` chooses films (those that the threshold was not chosen on)."""
    rows = []
    for kind in held.kinds():
        x, source = held.of(kind)
        flagged = check.values(check.project(x)) > check.threshold
        if kind in ("film", "mirrored film"):
            for s, name in enumerate(SOURCES):
                here = (source == s) & (only if kind == "film" else True)
                rows.append({"kind": kind, "source": name, "n": int(here.sum()), "flagged": int(flagged[here].sum())})
        else:
            rows.append({"kind": kind, "source": "", "n": len(x), "flagged": int(flagged.sum())})
    return rows


def leave_one_out(check: Check, learn: Examples, held: Examples, on: np.ndarray, seed: int) -> list[dict[str, object]]:
    """Each kind flagged by a network that never saw its like: what to expect of kinds that nobody thought of."""
    projected = {kind: check.project(learn.of(kind)[0]) for kind in learn.kinds()}
    source = learn.of("film")[1]
    groups = [[k] for k in projected if k not in ("film", "AbdomenCT", "ChestCT", "HeadCT")] + [["AbdomenCT", "ChestCT", "HeadCT"]]
    film, film_source = held.of("film")
    rows = []
    for group in groups:
        other = Check(dict(check.tensors))
        fit({k: v for k, v in projected.items() if k not in group}, source, other, seed)
        other.threshold = choose_threshold(other.values(other.project(film))[on], film_source[on])
        x = np.concatenate([held.of(k)[0] for k in group if k in held.kinds()])
        flagged = other.values(other.project(x)) > other.threshold
        rows.append({"kind": " + ".join(group), "n": len(x), "flagged": int(flagged.sum())})
        print(f"  without {rows[-1]['kind']}: {rows[-1]['flagged']}/{rows[-1]['n']}", flush=True)
    return rows


def chest_check(work: Path, data: Path, out: Path, seed: int = 1, unseen: bool = False) -> None:
    """Writes chest-check.safetensors and chest-check.json (threshold and numbers) to `out`, for the CLIP that lies there."""
    begin = time.monotonic()

    def say(what: str) -> None:
        print(f"chest-check: {what} ({time.monotonic() - begin:.0f} s)", flush=True)

    clip = StateClip(load_file(out / "clip.safetensors"))
    material = gather(work, data, seed)
    say(f"{len(material.films)} films to learn from, {len(material.held)} held back, {len(material.photographs)} photographs")
    learn = learn_examples(clip, material, seed)
    say("learned examples summarised")
    held = held_examples(clip, material, seed)
    say("held-back examples summarised")
    check = prepare_check(learn, seed)
    fit({kind: check.project(learn.of(kind)[0]) for kind in learn.kinds()}, learn.of("film")[1], check, seed)
    # The threshold on one half of the held-back patients, the numbers on the other.
    on = np.array([in_half(f"threshold:{p}", 0.5) for p in material.held_patient])
    film, source = held.of("film")
    check.threshold = choose_threshold(check.values(check.project(film))[on], source[on])
    rows = rates(check, held, ~on)
    for row in rows:
        print(f"  {row['kind']:14} {row['source']:9} {row['flagged']:4}/{row['n']:4}  {row['flagged'] / max(1, row['n']):.3f}")
    weights = hashlib.sha256((out / "clip.safetensors").read_bytes()).hexdigest()
    result: dict[str, object] = {"clip": weights, "threshold": check.threshold, "least": LEAST_THRESHOLD, "classes": CLASSES, "numbers": rows}
    if unseen:
        result["unseen"] = leave_one_out(check, learn, held, on, seed)
    tensors = {k: v.contiguous().half() if k == "basis" else v.contiguous() for k, v in check.tensors.items()}
    save_file(tensors, out / "chest-check.safetensors")
    (out / "chest-check.json").write_text(json.dumps(result, indent=2) + "\n")
    say(f"threshold {check.threshold}")
