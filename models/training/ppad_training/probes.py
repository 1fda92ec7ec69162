"""Films that ask the finished pack whether its shortcuts are closed and its positions mean something."""

import io
import json
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

from .films import FOLDERS, read_manifests
from .positions import BOXES, IDS
from .synthesis import KS, apply_lesion, depth, lesion_shape

KINDS = ("width", "height", "blur", "jpeg", "corners")


def disturb(image: Image.Image, kind: str) -> Image.Image:
    """The frame cropped to 1/1.2 of its width or height, blurred (sigma 1), saved at JPEG 60, or its four corners erased."""
    w, h = image.size
    if kind == "width":
        cut = round(w * (1 - 1 / 1.2) / 2)
        return image.crop((cut, 0, w - cut, h))
    if kind == "height":
        cut = round(h * (1 - 1 / 1.2) / 2)
        return image.crop((0, cut, w, h - cut))
    if kind == "blur":
        return image.filter(ImageFilter.GaussianBlur(1))
    if kind == "jpeg":
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=60)
        return Image.open(buffer)
    corners = np.array(image)
    r, c = h // 8, w // 8
    for rows in (slice(0, r), slice(h - r, h)):
        for columns in (slice(0, c), slice(w - c, w)):
            corners[rows, columns] = 0
    return Image.fromarray(corners)


def lay_out_probes(data: Path, out: Path, split_file: Path, lesions: int = 60) -> None:
    """`out/disturbed/KIND/SOURCE/normal|abnormal`, PNG, from validation films; `out/lesions/POSITION`, the same films without the lesion in
    `out/clean/POSITION`, and where each lesion is in `out/lesions.json`."""
    films = [f for f in read_manifests(data, split_file) if f.split == "validation"]
    for film in films:
        if FOLDERS[film.source] == "nih-128":
            continue  # the same clinic as nih/, at a size that no longer suffers from a blur
        image = Image.open(data / FOLDERS[film.source] / film.file).convert("L")
        for kind in KINDS:
            folder = out / "disturbed" / kind / FOLDERS[film.source] / ("abnormal" if film.abnormal else "normal")
            folder.mkdir(parents=True, exist_ok=True)
            disturb(image, kind).save(folder / f"{Path(film.file).stem}.png", compress_level=1)
    rng = np.random.default_rng(7)
    normals = [f for f in films if not f.abnormal and FOLDERS[f.source] != "nih-128"]
    frames: dict[str, list[list[float]]] = {}
    for position, name in enumerate(IDS[:4]):
        folder, clean = out / "lesions" / name, out / "clean" / name
        for made in (folder, clean):
            made.mkdir(parents=True, exist_ok=True)
        frames[name] = []
        while len(frames[name]) < lesions:
            film = normals[int(rng.integers(len(normals)))]
            image = Image.open(data / FOLDERS[film.source] / film.file).convert("L").resize((224, 224), Image.Resampling.BICUBIC)
            drawn = inside(rng, np.asarray(image), position)
            if drawn is None:
                continue
            lesion, frame = drawn
            file = f"{len(frames[name]):03d}.png"
            Image.fromarray(lesion).save(folder / file)
            image.save(clean / file)
            frames[name].append(frame)
    (out / "lesions.json").write_text(json.dumps(frames))


def inside(rng: np.random.Generator, film: np.ndarray, position: int) -> tuple[np.ndarray, list[float]] | None:
    """The film with a lesion that lies wholly in the position, and the lesion's x, y, width, height as fractions of the side; None if
    it fell on black or does not fit."""
    side = film.shape[0]
    shape = depth(lesion_shape(rng, side, 0.2, 0.5))
    rows, columns = np.nonzero(shape)
    if len(rows) == 0:
        return None
    top, bottom, left, right = (round(v * side) for v in BOXES[position])
    y0, y1, x0, x1 = rows.min(), rows.max() + 1, columns.min(), columns.max() + 1
    if y1 - y0 > bottom - top or x1 - x0 > right - left:
        return None
    y, x = int(rng.integers(top, bottom - (y1 - y0) + 1)), int(rng.integers(left, right - (x1 - x0) + 1))
    whole = np.zeros((side, side), np.float32)
    whole[y : y + y1 - y0, x : x + x1 - x0] = shape[y0:y1, x0:x1]
    out = apply_lesion(film, whole, float(rng.choice(KS)))
    seen = np.abs(out.astype(int) - film).sum() / 255 > 60 * (side / 128) ** 2
    return (out, [v / side for v in (x, y, int(x1 - x0), int(y1 - y0))]) if seen else None
