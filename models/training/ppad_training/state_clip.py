"""A frozen CLIP from a state dict in OpenAI's layout (patch convolution or our stem): what prompts are learned on."""

import torch
import torch.nn.functional as F

from .stem import pads

State = dict[str, torch.Tensor]


class StateClip:
    """Sizes follow from the tensors, as in the app's graph builder. Arithmetic is float32 on the stored values."""

    def __init__(self, state: State):
        self.state = {k: v.float() for k, v in state.items() if v.is_floating_point()}
        self.width = self.state["visual.class_embedding"].shape[0]
        self.patches = self.state["visual.positional_embedding"].shape[0] - 1
        self.grid = round(self.patches**0.5)
        self.text_width = self.state["token_embedding.weight"].shape[1]
        self.logit_scale = self.state["logit_scale"].exp()

    def tokens(self, pixels: torch.Tensor) -> torch.Tensor:
        """Normalised pixels [B, C, S, S] -> [B, N, W], everything up to the mask."""
        if "visual.conv1.weight" in self.state:
            weight = self.state["visual.conv1.weight"]
            x = F.conv2d(pixels, weight, stride=weight.shape[-1])
        elif "visual.stem.patch.weight" in self.state:
            x = self._mobile_stem(pixels)
        else:
            x, count = pixels, sum(k.startswith("visual.stem.") and k.endswith(".weight") for k in self.state)
            for i in range(count):
                weight, bias = self.state[f"visual.stem.{i}.weight"], self.state[f"visual.stem.{i}.bias"]
                out, into, kernel, _ = weight.shape
                y = F.conv2d(x, weight, bias, stride=1 if out == into else 2, padding=(kernel - 1) // 2)
                y = F.relu(y) if i < count - 1 else y
                x = x + y if out == into else y
        return x.flatten(2).transpose(1, 2)

    def _mobile_stem(self, x: torch.Tensor) -> torch.Tensor:
        """ImageNet's first blocks and the patch convolution; what halves the side follows from the widths, as in the app's builder."""

        def conv(name: str, x: torch.Tensor, stride: int, groups: int = 1) -> torch.Tensor:
            weight, bias = self.state[f"visual.stem.{name}.weight"], self.state[f"visual.stem.{name}.bias"]
            return F.conv2d(F.pad(x, pads(weight.shape[-1], stride)), weight, bias, stride=stride, groups=groups)

        x = F.relu6(conv("conv", x, 2))
        count = sum(k.startswith("visual.stem.blocks.") and k.endswith("project.weight") for k in self.state)
        for i in range(count):
            expands = f"visual.stem.blocks.{i}.expand.weight" in self.state
            y = F.relu6(conv(f"blocks.{i}.expand", x, 1)) if expands else x
            into, out = x.shape[1], self.state[f"visual.stem.blocks.{i}.project.weight"].shape[0]
            y = F.relu6(conv(f"blocks.{i}.depthwise", y, 2 if expands and into != out else 1, y.shape[1]))
            y = conv(f"blocks.{i}.project", y, 1)
            x = x + y if into == out else y
        return conv("mix", F.relu(conv("patch", x, self.state["visual.stem.patch.weight"].shape[-1])), 1)

    def image_features(self, tokens: torch.Tensor, masks: torch.Tensor, mask_embedding: torch.Tensor) -> torch.Tensor:
        """[B, N, W] tokens, [B, N] masks, [1, N, W] image prompt -> [B, E] of length one."""
        m = masks.unsqueeze(2)
        x = tokens * m + mask_embedding * (1 - m)
        x = torch.cat([self.state["visual.class_embedding"].expand(len(x), 1, -1), x], 1) + self.state["visual.positional_embedding"]
        x = self._norm("visual.ln_pre", x)
        x = self._transformer("visual.transformer.resblocks", x, causal=False)
        return F.normalize(self._norm("visual.ln_post", x[:, 0]) @ self.state["visual.proj"], dim=-1)

    def class_token(self, tokens: torch.Tensor) -> torch.Tensor:
        """[B, N, W] tokens, nothing masked -> [B, W]: the class token behind ln_post."""
        x = torch.cat([self.state["visual.class_embedding"].expand(len(tokens), 1, -1), tokens], 1)
        x = self._norm("visual.ln_pre", x + self.state["visual.positional_embedding"])
        x = self._transformer("visual.transformer.resblocks", x, causal=False)
        return self._norm("visual.ln_post", x[:, 0])

    def text_features(self, embedded: torch.Tensor, end: torch.Tensor) -> torch.Tensor:
        """[B, T, Wt] embedded tokens (T up to 77), [B] end positions -> [B, E] of length one."""
        x = embedded + self.state["positional_embedding"][: embedded.shape[1]]
        x = self._transformer("transformer.resblocks", x, causal=True)
        x = self._norm("ln_final", x)[torch.arange(len(x)), end]
        return F.normalize(x @ self.state["text_projection"], dim=-1)

    def _norm(self, name: str, x: torch.Tensor) -> torch.Tensor:
        return F.layer_norm(x, x.shape[-1:], self.state[f"{name}.weight"], self.state[f"{name}.bias"])

    def _transformer(self, prefix: str, x: torch.Tensor, causal: bool) -> torch.Tensor:
        b, t, width = x.shape
        layers = len({k.split(".")[prefix.count(".") + 1] for k in self.state if k.startswith(prefix + ".")})
        for i in range(layers):
            block = {k: self.state[f"{prefix}.{i}.{k}"] for k in ("attn.in_proj_weight", "attn.in_proj_bias", "attn.out_proj.weight", "attn.out_proj.bias", "mlp.c_fc.weight", "mlp.c_fc.bias", "mlp.c_proj.weight", "mlp.c_proj.bias")}
            h = F.linear(self._norm(f"{prefix}.{i}.ln_1", x), block["attn.in_proj_weight"], block["attn.in_proj_bias"])
            q, k, v = h.view(b, t, 3, width // 64, 64).permute(2, 0, 3, 1, 4)
            a = F.scaled_dot_product_attention(q, k, v, is_causal=causal).transpose(1, 2).reshape(b, t, width)
            x = x + F.linear(a, block["attn.out_proj.weight"], block["attn.out_proj.bias"])
            m = F.linear(self._norm(f"{prefix}.{i}.ln_2", x), block["mlp.c_fc.weight"], block["mlp.c_fc.bias"])
            x = x + F.linear(m * torch.sigmoid(1.702 * m), block["mlp.c_proj.weight"], block["mlp.c_proj.bias"])
        return x
