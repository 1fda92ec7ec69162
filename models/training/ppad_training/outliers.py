"""Pictures that are no upright frontal chest film, by kind: what the chest check learns to tell from films."""

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from .stem import SIDE

# Pictures that packages bring along; those not installed are left out, and the fit says how many it found.
PICTURES = {
    "skimage": ("data/*.png", "data/*.jpg"),
    "sklearn": ("datasets/images/*.jpg",),
    "pywt": ("data/aero.npz", "data/ascent.npz"),
    "matplotlib": ("mpl-data/sample_data/*.jpg", "mpl-data/sample_data/*.png"),
}
WORDS = (
    "patient report history of the chest was taken at date name ward room page table figure discharge letter summary no number "
    "result left right please see attached invoice total amount blood pressure medication dose daily follow up in weeks signed"
).split()


def squash(image: Image.Image, side: int = SIDE) -> np.ndarray:
    """As the app sees a picture: luma, squashed by Pillow's bicubic; uint8 [side, side]."""
    if image.mode in ("RGBA", "LA", "P", "PA"):
        rgba = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", rgba.size, (0, 0, 0, 255)), rgba)
    return np.asarray(image.convert("L").resize((side, side), Image.Resampling.BICUBIC))


def package_pictures() -> list[Image.Image]:
    """Photographs, textures and drawings of the packages that are installed."""
    found = []
    for package, patterns in PICTURES.items():
        spec = importlib.util.find_spec(package)
        if spec is None or spec.origin is None:
            continue
        for pattern in patterns:
            for file in sorted(Path(spec.origin).parent.glob(pattern)):
                if file.suffix == ".npz":
                    data = np.load(file)["data"].astype(float)
                    found.append(Image.fromarray(np.uint8(255 * (data - data.min()) / np.ptp(data))))
                else:
                    found.append(Image.open(file).convert("RGB"))
    return found


@dataclass
class Material:
    """What outliers are made of: training films [n, s, s] (uint8), photographs, and other pictures by kind."""

    films: np.ndarray
    photographs: list[Image.Image]
    others: dict[str, list[Image.Image]]


def _film(rng: np.random.Generator, material: Material) -> np.ndarray:
    return material.films[int(rng.integers(len(material.films)))]


def _regrey(rng: np.random.Generator, x: np.ndarray) -> np.ndarray:
    """Random gamma, contrast and brightness of a picture 0..255."""
    y = (np.clip(x.astype(np.float32) / 255, 0, 1)) ** np.exp(rng.uniform(-0.5, 0.5))
    y = (y - 0.5) * rng.uniform(0.6, 1.3) + 0.5 + rng.uniform(-0.15, 0.15)
    return np.uint8(np.clip(np.round(255 * y), 0, 255))


def _crop(rng: np.random.Generator, image: Image.Image, low: float = 0.25, high: float = 1.0) -> Image.Image:
    """A random part of a picture, now and then mirrored or turned by a quarter."""
    w, h = image.size
    cw, ch = (max(8, int(size * rng.uniform(low, high))) for size in (w, h))
    x, y = int(rng.integers(w - cw + 1)), int(rng.integers(h - ch + 1))
    part = image.crop((x, y, x + cw, y + ch))
    if rng.random() < 0.5:
        part = part.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    return part.rotate(90 * int(rng.integers(4)), expand=True) if rng.random() < 0.3 else part


def upside_down(rng: np.random.Generator, material: Material) -> np.ndarray:
    film = _film(rng, material)[::-1]
    return film[:, ::-1] if rng.random() < 0.7 else film


def sideways(rng: np.random.Generator, material: Material) -> np.ndarray:
    return np.rot90(_film(rng, material), 1 if rng.random() < 0.5 else 3)


def inverted(rng: np.random.Generator, material: Material) -> np.ndarray:
    return 255 - _film(rng, material)


def blank(rng: np.random.Generator, material: Material) -> np.ndarray:
    """One grey, a gradient, a vignette, one grey with a frame, or a large plain shape; with or without a little noise."""
    y, x = np.mgrid[0:SIDE, 0:SIDE] / SIDE - 0.5
    a, b = rng.uniform(0, 255, 2)
    kind = rng.integers(5)
    if kind == 0:
        out = np.full((SIDE, SIDE), rng.choice([0.0, 255.0, a]))
    elif kind == 1:
        turn = rng.uniform(0, 2 * np.pi) if rng.random() < 0.5 else rng.integers(4) * np.pi / 2
        a, b = (0, 255) if rng.random() < 0.4 else (a, b)
        out = a + (b - a) * (np.cos(turn) * x + np.sin(turn) * y + 0.5)
    elif kind == 2:
        out = a + (b - a) * np.clip(np.hypot(x * rng.uniform(0.6, 2), y * rng.uniform(0.6, 2)) * rng.uniform(1, 2.5), 0, 1)
    elif kind == 3:
        image = Image.new("L", (256, 256), int(a))
        draw = ImageDraw.Draw(image)
        for _ in range(int(rng.integers(1, 4))):
            x0, y0, w, h = rng.integers(0, 110), rng.integers(0, 110), rng.integers(60, 230), rng.integers(60, 230)
            box, corner = (int(x0), int(y0), int(x0 + w), int(y0 + h)), int(rng.integers(0, 60))
            draw.rounded_rectangle(box, corner, fill=int(rng.integers(256)), outline=int(b), width=int(rng.integers(0, 12)))
        out = squash(image.filter(ImageFilter.GaussianBlur(float(rng.choice([0, 0, 2, 8]))))).astype(float)
    else:
        out = np.full((SIDE, SIDE), a)
        m, right, below = (int(v) for v in rng.integers(SIDE // 32, SIDE * 5 // 16, 3))
        out[m : SIDE - below, m : SIDE - right] = b
    return np.uint8(np.clip(out + rng.normal(0, 1, out.shape) * rng.choice([0, 0, 2, 8]), 0, 255))


def noise(rng: np.random.Generator, material: Material) -> np.ndarray:
    """White, coarse, or 1/f noise; salt and pepper."""
    kind = rng.integers(4)
    if kind == 0:
        out = rng.normal(rng.uniform(60, 190), rng.uniform(15, 80), (SIDE, SIDE))
    elif kind == 1:
        cells = int(2 ** rng.uniform(1.5, 6))
        return squash(Image.fromarray(rng.integers(0, 256, (cells, cells), np.uint8)))
    elif kind == 2:
        f = np.hypot(*np.meshgrid(np.fft.fftfreq(SIDE), np.fft.fftfreq(SIDE)))
        f[0, 0] = 1
        out = np.fft.ifft2(np.fft.fft2(rng.normal(0, 1, (SIDE, SIDE))) / f ** rng.uniform(0.5, 2)).real
        out = rng.uniform(70, 180) + rng.uniform(20, 70) * (out - out.mean()) / out.std()
    else:
        out = np.where(rng.random((SIDE, SIDE)) < rng.uniform(0.02, 0.5), rng.choice([0, 255], (SIDE, SIDE)), rng.uniform(0, 255))
    return np.uint8(np.clip(out, 0, 255))


def pattern(rng: np.random.Generator, material: Material) -> np.ndarray:
    """Checkerboards, stripes, rings, shapes, plots."""
    y, x = np.mgrid[0:SIDE, 0:SIDE].astype(float)
    a, b = rng.uniform(0, 255, 2)
    if abs(a - b) < 60:
        a, b = 20.0, 230.0
    period = rng.uniform(3, 48) * SIDE / 128
    kind = rng.integers(5)
    if kind == 0:
        on = (np.floor(x / period) + np.floor(y / period)) % 2
    elif kind == 1:
        turn = rng.uniform(0, np.pi)
        on = np.sin((np.cos(turn) * x + np.sin(turn) * y) * 2 * np.pi / period)
        on = on > 0 if rng.random() < 0.5 else on / 2 + 0.5
    elif kind == 2:
        r = np.hypot(x - rng.uniform(0, SIDE), y - rng.uniform(0, SIDE))
        on = (r % period) < period / 2
    else:
        image = Image.new("L", (256, 256), int(a))
        draw = ImageDraw.Draw(image)
        for _ in range(int(rng.integers(1, 14))):
            x0, y0 = rng.integers(-30, 230, 2)
            box = (int(x0), int(y0), int(x0 + rng.integers(8, 180)), int(y0 + rng.integers(8, 180)))
            shape = [draw.ellipse, draw.rectangle][int(rng.integers(2))]
            grey = int(rng.integers(256))
            shape(box, fill=grey) if kind == 3 else draw.line(box, fill=int(b), width=int(rng.integers(1, 9)))
        return squash(image)
    return np.uint8(a + (b - a) * np.asarray(on, float))


def text(rng: np.random.Generator, material: Material) -> np.ndarray:
    """A page, a slide or a label: lines of words, perhaps columns, a rule or a box, a little turned or unevenly lit."""
    w, h = (int(v) for v in rng.integers(200, 700, 2))
    dark = rng.random() < 0.4
    paper, ink = (int(rng.integers(0, 60)), int(rng.integers(150, 256))) if dark else (int(rng.integers(170, 256)), int(rng.integers(0, 90)))
    image = Image.new("L", (w, h), paper)
    draw = ImageDraw.Draw(image)
    size = int(rng.integers(8, max(9, h // (3 if rng.random() < 0.3 else 14))))
    font = ImageFont.load_default(size)
    margin = int(rng.integers(4, 40))
    columns = int(rng.integers(1, 4)) if rng.random() < 0.4 else 1
    for column in range(columns):
        left, right, y = margin + column * (w - margin) // columns, (column + 1) * (w - margin) // columns, margin
        while y < h - size:
            line = ""
            while draw.textlength(line, font=font) < (right - left) * rng.uniform(0.5, 1):
                line += str(rng.choice(WORDS)) + " "
            draw.text((left, y), line.upper() if rng.random() < 0.1 else line, fill=ink, font=font)
            y += int(size * rng.uniform(1.1, 2.2)) if rng.random() < 0.9 else 4 * size
    if rng.random() < 0.4:
        draw.rectangle((margin // 2, margin // 2, w - margin // 2, h - margin // 2), outline=ink, width=int(rng.integers(1, 5)))
    if rng.random() < 0.4:
        image = image.rotate(float(rng.normal(0, 4)), fillcolor=paper)
    out = squash(image).astype(float)
    if rng.random() < 0.4:  # a photographed page
        out = out * np.linspace(rng.uniform(0.6, 1), 1, SIDE)[:, None] + rng.normal(0, rng.uniform(0, 6), out.shape)
    return np.uint8(np.clip(out, 0, 255))


def photograph(rng: np.random.Generator, material: Material) -> np.ndarray:
    return squash(_crop(rng, material.photographs[int(rng.integers(len(material.photographs)))]))


def part(rng: np.random.Generator, material: Material) -> np.ndarray:
    """A small region of a film, as large as the frame."""
    film = Image.fromarray(_film(rng, material))
    return squash(_crop(rng, film, 0.12, 0.4))


def collage(rng: np.random.Generator, material: Material) -> np.ndarray:
    """Two films side by side or one above the other, or four."""
    rows, columns = [(1, 2), (2, 1), (2, 2), (1, 3)][int(rng.integers(4))]
    sheet = Image.new("L", (240, 240), int(rng.choice([0, 255])))
    gap = int(rng.integers(0, 8))
    for r in range(rows):
        for c in range(columns):
            film = Image.fromarray(_film(rng, material)).resize((240 // columns - gap, 240 // rows - gap))
            sheet.paste(film, (c * 240 // columns, r * 240 // rows))
    return squash(sheet)


KINDS: dict[str, Callable[[np.random.Generator, Material], np.ndarray]] = {
    "upside-down": upside_down,
    "sideways": sideways,
    "inverted": inverted,
    "blank": blank,
    "noise": noise,
    "pattern": pattern,
    "text": text,
    "photograph": photograph,
    "part": part,
    "collage": collage,
}


def of_kind(rng: np.random.Generator, material: Material, kind: str) -> np.ndarray:
    """One outlier, uint8 [192, 192]. A kind that is not drawn here comes from `material.others`, a little cropped and turned."""
    if kind in KINDS:
        return KINDS[kind](rng, material)
    pictures = material.others[kind]
    picture = pictures[int(rng.integers(len(pictures)))].convert("L").rotate(float(rng.normal(0, 8)))
    return squash(_crop(rng, picture, 0.75, 1.0) if rng.random() < 0.7 else picture)
