"""Structure-preserving anomaly synthesis (ppad.md section 6)."""

import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFilter
from scipy import ndimage
from scipy.spatial import ConvexHull

KS = (-0.999, -0.99, 2.0, 3.0)


def lesion_shape(rng: np.random.Generator, side: int, smallest: float = 0.2, largest: float = 0.8) -> np.ndarray:
    """Steps 1 and 2: a lesion on a square canvas, uint8 0 or 1. Sides are fractions of `side`."""
    w, h = (int(rng.integers(int(smallest * side), int(largest * side))) for _ in range(2))
    points = rng.uniform((0, 0), (w, h), (10, 2))
    hull = points[ConvexHull(points).vertices]
    canvas = max(w, h)

    def fill(polygon: np.ndarray) -> np.ndarray:
        image = Image.new("L", (canvas, canvas))
        ImageDraw.Draw(image).polygon([tuple(p) for p in polygon], fill=1)
        return np.asarray(image)

    lesion = fill(hull)
    t = np.linspace(0, 1, 100)[:, None]
    for a, b in zip(hull, np.roll(hull, -1, axis=0)):
        middle = (a + b) / 2
        # The reference's N(0, 8 px) belongs to a film of 224.
        c, d = middle + rng.normal(0, 8 * side / 224, (2, 2))
        curve = (1 - t) ** 3 * a + 3 * (1 - t) ** 2 * t * c + 3 * (1 - t) * t**2 * d + t**3 * b
        lesion = lesion ^ fill(curve)
    return np.asarray(Image.fromarray(lesion).filter(ImageFilter.MaxFilter(5)))


def depth(lesion: np.ndarray) -> np.ndarray:
    """D / max(D): the distance to the outside, 0 outside and on the inner boundary, 1 at the deepest; float32."""
    padded = np.pad(lesion, 1)
    distance = ndimage.distance_transform_edt(padded)[1:-1, 1:-1]
    boundary = (lesion > 0) & (ndimage.binary_erosion(padded)[1:-1, 1:-1] == 0)
    top = distance.max()
    distance = np.where(boundary, 0, distance)
    return (distance / top if top > 0 else distance).astype(np.float32)


def apply_lesion(film: np.ndarray, depth_map: np.ndarray, k: float) -> np.ndarray:
    """Steps 4 and 5: `floor(clip(255 (x/255)^(1 + D/max D k)))`, uint8 in and out."""
    g = 1 + depth_map.astype(np.float64) * k
    return np.floor(np.clip(255 * (film / 255.0) ** g, 0, 255)).astype(np.uint8)


def shade(film: torch.Tensor, depth_map: torch.Tensor, k: float, y: int, x: int) -> torch.Tensor:
    """Steps 4 and 5 without rounding, in place: a lesion's depth map [h, w] (0 to 1) laid on a film [S, S] of 0 to 1 at row `y` and column
    `x`. Returns how much each pixel changed [S, S]."""
    window = film[y : y + depth_map.shape[0], x : x + depth_map.shape[1]]
    after = window.clamp(0, 1) ** (1 + depth_map * k)
    change = torch.zeros_like(film)
    change[y : y + depth_map.shape[0], x : x + depth_map.shape[1]] = (after - window).abs()
    window.copy_(after)
    return change
