"""A boxed part of one film laid into another at the same place: more films that are known to be abnormal in one half alone."""

import numpy as np
from scipy import ndimage


def graft(host: np.ndarray, donor: np.ndarray, boxes: tuple[tuple[float, float, float, float], ...]) -> np.ndarray:
    """uint8 [s, s] twice and boxes as fractions -> `host` with the boxes' content of `donor`, feathered, as bright at the seam as the
    host is there."""
    side = host.shape[0]
    mask = np.zeros(host.shape, np.float32)
    for x, y, w, h in boxes:
        x0, y0, x1, y1 = (round(v * side) for v in (x - 0.1 * w - 0.02, y - 0.1 * h - 0.02, x + 1.1 * w + 0.02, y + 1.1 * h + 0.02))
        mask[max(y0, 0) : y1, max(x0, 0) : x1] = 1
    mask = ndimage.gaussian_filter(mask, side / 50)
    seam = (mask > 0.1) & (mask < 0.6)
    shift = float((host[seam].astype(np.float32) - donor[seam]).mean()) if seam.any() else 0.0
    return np.clip(host + mask * (donor + shift - host.astype(np.float32)), 0, 255).astype(np.uint8)
