"""The one interface behind which every embedding model stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Use = Literal["query", "document"]
"""A question, or a text that answers; many models are told which by a prompt before it."""


class Model(Protocol):
    """A loaded model; safe to share between threads."""

    @property
    def prompts(self) -> Mapping[str, str]:
        """What is put before a text, by its use."""

    def encode(self, texts: Sequence[str], use: Use) -> Vectors:
        """Return a unit vector a row."""
