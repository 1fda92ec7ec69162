"""`prepare`: manifests and JPEGs to one array a folder, with labels and a patient-wise split from a committed seed."""

import csv
import hashlib
import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

# Enough for a view of the model's 192 pixels.
SIDE = 224
FOLDERS = ("zhanglab", "nih", "nih-128")


@dataclass(frozen=True)
class Film:
    """One film of the prepared set. `boxes` are (x, y, w, h) fractions; `source` is the index in FOLDERS."""

    source: int
    file: str
    abnormal: bool
    findings: tuple[str, ...]
    patient: str
    view: str
    age: str
    boxes: tuple[tuple[float, float, float, float], ...]
    split: str


def split_of(patient: str, seed: str, validation: float) -> str:
    """`train` or `validation`, the same for a patient in every folder: a hash, so that new films move nobody."""
    digest = hashlib.sha256(f"{seed}:{patient}".encode()).digest()
    return "validation" if int.from_bytes(digest[:4], "big") / 2**32 < validation else "train"


def read_manifests(data: Path, split_file: Path) -> list[Film]:
    rule = json.loads(split_file.read_text())
    films = []
    for source, folder in enumerate(FOLDERS):
        with (data / folder / "manifest.csv").open(newline="") as rows:
            for row in csv.DictReader(rows):
                clinic = "zhanglab" if folder == "zhanglab" else "nih"
                patient = f"{clinic}:{row['patient']}"
                findings = row["sublabel"] if clinic == "zhanglab" else row["findings"]
                boxes = tuple(tuple(map(float, b.split(":")[1:])) for b in (row.get("boxes") or "").split(";") if b)
                films.append(
                    Film(
                        source,
                        row["file"],
                        row["label"] != "normal",
                        tuple(findings.replace("|", ";").split(";")),
                        patient,
                        row.get("view") or "AP",
                        row.get("age") or "",
                        boxes,
                        split_of(patient, rule["seed"], rule["validation"]),
                    )
                )
    return films


def load_grey(path: Path, side: int) -> np.ndarray:
    """A film as the app sees it: luma, squashed by Pillow's bicubic; uint8 [side, side]."""
    with Image.open(path) as image:
        return np.asarray(image.convert("L").resize((side, side), Image.Resampling.BICUBIC))


def prepare(data: Path, out: Path, split_file: Path) -> None:
    films = read_manifests(data, split_file)
    out.mkdir(parents=True, exist_ok=True)
    pixels = np.lib.format.open_memmap(out / "pixels.tmp.npy", "w+", np.uint8, (len(films), SIDE, SIDE))
    for i, film in enumerate(films):
        pixels[i] = load_grey(data / FOLDERS[film.source] / film.file, SIDE)
        if i % 1000 == 0:
            print(f"prepare {i}/{len(films)}", flush=True)
    pixels.flush()
    rows = [{**film.__dict__} for film in films]
    (out / "films.json").write_text(json.dumps(rows))
    os.replace(out / "pixels.tmp.npy", out / "pixels.npy")  # last: its presence means the set is whole


def lay_out(data: Path, out: Path, split_file: Path) -> None:
    """Copies the validation films to `out/SOURCE/normal|abnormal`, the folders that the app's `evaluate` asks for."""
    for film in read_manifests(data, split_file):
        if film.split != "validation":
            continue
        folder = out / FOLDERS[film.source] / ("abnormal" if film.abnormal else "normal")
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(data / FOLDERS[film.source] / film.file, folder / Path(film.file).name)


def load_prepared(out: Path) -> tuple[list[Film], np.ndarray]:
    rows = json.loads((out / "films.json").read_text())
    films = [
        Film(**{**row, "findings": tuple(row["findings"]), "boxes": tuple(tuple(b) for b in row["boxes"])}) for row in rows
    ]
    return films, np.load(out / "pixels.npy")
