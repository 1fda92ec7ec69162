"""The five positions of PPAD (ppad.md section 3), by side of the image, for any patch grid."""

import math

import torch

IDS = ("left", "right", "upper", "lower", "whole")
LEFT, RIGHT, UPPER, LOWER, WHOLE = range(5)
OPPOSITE = {LEFT: RIGHT, RIGHT: LEFT, UPPER: LOWER, LOWER: UPPER}

# Anatomically right words: on a standard frontal film the image's left half shows the patient's right lung.
WORDS = ("right lung", "left lung", "upper lung", "lower lung", "")

# (row from, row to, column from, column to) as fractions of the side; the rows split at 120 of 224.
BOXES = (
    (0, 1, 0, 1 / 2),
    (0, 1, 1 / 2, 1),
    (0, 120 / 224, 0, 1),
    (120 / 224, 1, 0, 1),
    (0, 1, 0, 1),
)


def footprint(position: int, grid: int) -> tuple[int, int, int, int]:
    """Rows and columns of patches (from, to) that a position touches: a patch counts if any part of it does."""
    top, bottom, left, right = BOXES[position]
    eps = 1e-9
    return (
        math.floor(top * grid + eps),
        math.ceil(bottom * grid - eps),
        math.floor(left * grid + eps),
        math.ceil(right * grid - eps),
    )


def patch_masks(grid: int) -> torch.Tensor:
    """[5, grid * grid] float: 1 where the patch belongs to the position's footprint."""
    masks = torch.zeros(5, grid, grid)
    for position in range(5):
        r0, r1, c0, c1 = footprint(position, grid)
        masks[position, r0:r1, c0:c1] = 1
    return masks.flatten(1)


def halves_of(cells: int) -> tuple[tuple[slice, slice], ...]:
    """Rows and columns of left, right, upper and lower in a map of `cells` x `cells`, cut through the middle: of maps that no position's
    footprint binds."""
    first, second, both = slice(0, cells // 2), slice(cells // 2, cells), slice(None)
    return (both, first), (both, second), (first, both), (second, both)
