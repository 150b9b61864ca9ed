"""A decoder-only transformer of the llama shape, small enough for two processor cores.

Pre-normalisation with RMSNorm, rotary positions over neighbouring pairs (the layout that llama.cpp calls "norm",
so that the export needs no permutation), a gated SiLU feed-forward and tied embeddings.
Source: llama.cpp `src/models/llama.cpp` for the order of operations that the engine will repeat.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn


@dataclass(frozen=True)
class Shape:
    """Dimensions of one model. All row lengths divide by 32, which Q8_0 requires."""

    dim: int
    layers: int
    heads: int
    hidden: int
    vocabulary: int = 2048
    context: int = 512
    rope_theta: float = 10000.0
    epsilon: float = 1e-5


SHAPES = {
    "decai-small-4m": Shape(dim=256, layers=4, heads=8, hidden=768),
    "decai-tiny-1m": Shape(dim=128, layers=4, heads=4, hidden=384),
}


def rotary_table(shape: Shape) -> tuple[Tensor, Tensor]:
    """Cosines and sines, each [context, head_dim / 2]."""
    head_dim = shape.dim // shape.heads
    rates = shape.rope_theta ** (-torch.arange(0, head_dim, 2).float() / head_dim)
    angles = torch.arange(shape.context).float()[:, None] * rates[None, :]
    return angles.cos(), angles.sin()


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Turns each pair (x[2i], x[2i+1]) by its angle. `x` is [batch, heads, time, head_dim]."""
    even, odd = x[..., 0::2], x[..., 1::2]
    return torch.stack((even * cos - odd * sin, even * sin + odd * cos), dim=-1).flatten(-2)


def attend(query: Tensor, key: Tensor, value: Tensor) -> Tensor:
    """Causal attention, written out: on a processor the fused kernel is several times slower for short sequences."""
    time, head_dim = query.shape[-2:]
    future = torch.full((time, time), float("-inf"), dtype=query.dtype).triu(1)
    scores = query @ key.transpose(-1, -2) * head_dim**-0.5 + future
    return scores.softmax(dim=-1) @ value


class Norm(nn.Module):
    def __init__(self, dim: int, epsilon: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(dim))
        self.epsilon = epsilon

    def forward(self, x: Tensor) -> Tensor:
        return F.rms_norm(x, (x.shape[-1],), self.weight, self.epsilon)


class Block(nn.Module):
    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads = shape.heads
        self.attention_norm = Norm(shape.dim, shape.epsilon)
        self.query_key_value = nn.Linear(shape.dim, 3 * shape.dim, bias=False)
        self.attention_output = nn.Linear(shape.dim, shape.dim, bias=False)
        self.feed_norm = Norm(shape.dim, shape.epsilon)
        self.gate_up = nn.Linear(shape.dim, 2 * shape.hidden, bias=False)
        self.down = nn.Linear(shape.hidden, shape.dim, bias=False)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        batch, time, dim = x.shape
        mixed = self.query_key_value(self.attention_norm(x))
        query, key, value = mixed.view(batch, time, 3, self.heads, dim // self.heads).permute(2, 0, 3, 1, 4)
        attended = attend(rotate(query, cos, sin), rotate(key, cos, sin), value)
        x = x + self.attention_output(attended.transpose(1, 2).reshape(batch, time, dim))
        gate, up = self.gate_up(self.feed_norm(x)).chunk(2, dim=-1)
        return x + self.down(F.silu(gate) * up)


class Model(nn.Module):
    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.embedding = nn.Embedding(shape.vocabulary, shape.dim)
        self.blocks = nn.ModuleList(Block(shape) for _ in range(shape.layers))
        self.output_norm = Norm(shape.dim, shape.epsilon)
        cos, sin = rotary_table(shape)
        self.register_buffer("cos", cos, persistent=False)
        self.register_buffer("sin", sin, persistent=False)
        for name, weight in self.named_parameters():
            if weight.dim() == 2:
                deep = name.endswith(("attention_output.weight", "down.weight"))
                nn.init.normal_(weight, std=0.02 / (2 * shape.layers) ** 0.5 if deep else 0.02)

    def forward(self, tokens: Tensor, wanted: Tensor) -> Tensor:
        """Logits at the `wanted` flat positions only: [len(wanted), vocabulary]."""
        time = tokens.shape[1]
        cos, sin = self.cos[:time], self.sin[:time]
        x = self.embedding(tokens)
        for block in self.blocks:
            x = block(x, cos, sin)
        x = self.output_norm(x.flatten(0, 1)[wanted])
        return x @ self.embedding.weight.T
