"""What the teacher said of every film, as the CLIP's training reads it."""

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F


class Word:
    """The teacher's word on every film: `whole` [n] and `where` [n, 10, 10], logits; `hidden` [n, 96, 10, 10], standardised."""

    def __init__(self, run: Path):
        with np.load(run / "teacher.npz") as file:
            self.whole, self.where = file["whole"].astype(np.float32), file["where"].astype(np.float32)
            self.mean, self.sd = (torch.from_numpy(file[k])[:, None, None] for k in ("mean", "sd"))
        self._hidden = np.load(run / "teacher-hidden.npy", mmap_mode="r")

    def dense(self, index: list[int], theta: np.ndarray, grid: int) -> torch.Tensor:
        """[m, 1 + 96, grid, grid] of films seen through `theta` [m, 2, 3]: the map's logit (over 2) and the hidden features."""
        hidden = (torch.from_numpy(self._hidden[index].astype(np.float32)) - self.mean) / self.sd
        where = torch.from_numpy(self.where[index]).clamp(-6, 6).unsqueeze(1) / 2
        at = F.affine_grid(torch.from_numpy(theta), [len(index), 1, grid, grid], align_corners=False)
        return F.grid_sample(torch.cat([where, hidden], 1), at, padding_mode="border", align_corners=False)
