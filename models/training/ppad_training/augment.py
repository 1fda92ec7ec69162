"""Random views of films: what must not tell the class (aspect, scale, sharpness, grey, frame) is made random."""

import math

import numpy as np
import torch
import torch.nn.functional as F

from .stem import SIDE


def random_affine(rng: np.random.Generator, n: int) -> np.ndarray:
    """[n, 2, 3] maps from output to input coordinates in -1..1: x and y scaled independently, shift, small rotation."""
    sx, sy = np.exp(rng.uniform(-0.25, 0.25, (2, n)))
    common = np.exp(rng.uniform(-0.1, 0.1, n))
    angle = rng.normal(0, 5, n) * math.pi / 180
    shift = rng.uniform(-0.1, 0.1, (2, n))
    cos, sin = np.cos(angle), np.sin(angle)
    rows = [[cos * sx * common, -sin * sy * common, shift[0]], [sin * sx * common, cos * sy * common, shift[1]]]
    return np.array(rows, np.float32).transpose(2, 0, 1)


def move_boxes(boxes: tuple[tuple[float, float, float, float], ...], theta: np.ndarray) -> np.ndarray:
    """The bounding boxes [n, 4] (x0, y0, x1, y1 in 0..1) of a film's boxes (x, y, w, h) after the view `theta` [2, 3]. Rotation grows
    them a little."""
    x, y, w, h = np.array(boxes).T
    corners = np.stack([np.stack(c, 1) for c in ((x, y), (x + w, y), (x, y + h), (x + w, y + h))], 1) * 2 - 1
    moved = np.einsum("ij,nkj->nki", np.linalg.inv(theta[:, :2]), corners - theta[:, 2])
    return np.concatenate([moved.min(1), moved.max(1)], 1) / 2 + 0.5


def view(pixels: np.ndarray, theta: np.ndarray, generator: torch.Generator, side: int = SIDE) -> torch.Tensor:
    """uint8 [n, s, s] -> float 0..1 [n, 1, side, side]: resampled on black, most of them blurred."""
    n = len(pixels)
    x = torch.from_numpy(pixels).unsqueeze(1).float() / 255
    grid = F.affine_grid(torch.from_numpy(theta), [n, 1, side, side], align_corners=False)
    x = F.grid_sample(x, grid, mode="bilinear", padding_mode="zeros", align_corners=False)
    sigma = torch.rand(n, 1, generator=generator) * 1.3 * side / 128
    sigma = torch.where(torch.rand(n, 1, generator=generator) < 0.6, sigma, torch.full_like(sigma, 0.05)).clamp(min=0.05)
    taps = torch.exp(-(torch.arange(-3, 4)[None] ** 2) / (2 * sigma**2))
    taps = (taps / taps.sum(1, keepdim=True)).view(n, 1, 7)
    flat = x.view(1, n, side, side)
    flat = F.conv2d(flat, taps.view(n, 1, 1, 7), padding=(0, 3), groups=n)
    x = F.conv2d(flat, taps.view(n, 1, 7, 1), padding=(3, 0), groups=n).view(n, 1, side, side)
    return x.clamp(0, 1)


def regrey(x: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Random gamma, contrast, brightness, noise; sometimes a corner erased or a bright mark in it, or the frame blacked."""
    n, side = len(x), x.shape[-1]

    def uniform(low: float, high: float) -> torch.Tensor:
        return torch.rand(n, 1, 1, 1, generator=generator) * (high - low) + low

    x = x.clamp(1e-4, 1) ** torch.exp(uniform(-0.4, 0.4))
    x = (x - 0.5) * uniform(0.75, 1.25) + 0.5 + uniform(-0.12, 0.12)
    x = x + torch.randn(x.shape, generator=generator) * uniform(0, 0.03)
    x = x.clamp(0, 1)
    sizes = torch.randint(side // 16, side * 28 // 128, (n, 2), generator=generator).tolist()
    dice = torch.rand(n, 4, generator=generator).tolist()
    for i, ((h, w), (p, level, corner, edge)) in enumerate(zip(sizes, dice)):
        if p < 0.25:
            rows = slice(0, h) if corner < 0.5 else slice(side - h, side)
            columns = slice(0, w) if corner % 0.5 < 0.25 else slice(side - w, side)
            x[i, 0, rows, columns] = 0 if level < 0.6 else level
        elif p < 0.4:
            band = int(edge * side * 12 / 128)
            x[i, 0, :band] = x[i, 0, side - band :] = 0
    return x
