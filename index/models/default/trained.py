"""What training added to the default model: low-rank adapters, merged into its weights when it is made, and heads.

The file ``trained.safetensors`` holds for each matrix ``l0.q`` its factors ``l0.q.a`` (rank × in) and ``l0.q.b``
(out × rank, scaled), and for each head the weights and bias of its two layers. ``scripts/training`` makes it; CARD.md
says from what.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load

from index.models.default.identity import TRAINED_FILE
from index.models.default.weights import Floats


@dataclass(frozen=True, slots=True)
class Trained:
    """Adapters and heads by name, in single precision."""

    tensors: dict[str, Floats]

    def merged(self, name: str, matrix: Floats) -> Floats:
        """Return a matrix ``l0.q.w`` with its adapter added."""
        key = name.removesuffix(".w")
        down, up = self.tensors.get(f"{key}.a"), self.tensors.get(f"{key}.b")
        if down is None or up is None:
            return matrix
        summed: Floats = matrix + up @ down
        return summed

    @property
    def has_heads(self) -> bool:
        """Whether it can read; what training has not touched can't."""
        return "acts.inner.w" in self.tensors

    def layer(self, name: str) -> tuple[Floats, Floats]:
        """Return the weights (out × in) and the bias of a head's layer (``acts.inner``)."""
        return self.tensors[f"{name}.w"], self.tensors[f"{name}.b"]


def read_trained() -> Trained:
    """Return what ships."""
    content = resources.files("index.models.default").joinpath(TRAINED_FILE).read_bytes()
    return Trained({name: _single(value) for name, value in load(content).items()})


def _single(value: NDArray[np.float16]) -> Floats:
    return value.astype(np.float32)
