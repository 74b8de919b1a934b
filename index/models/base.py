"""The one interface behind which every embedding model stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Read:
    """One pass over a message by a model that was trained to read."""

    vector: Vectors
    """The unit vector of the message as a question."""
    acts: tuple[tuple[str, float], ...]
    """Acts with their probabilities, the likeliest first."""
    parts: tuple[str, ...]
    """What is added to the act: a role, only, any."""
    spans: tuple[tuple[int, int, str], ...]
    """Start, end and label of each span of the message."""


Done = Callable[[int], None]


def nobody(_done: int) -> None:
    """Hear of progress and tell nobody."""


Use = Literal["query", "document"]
"""A question, or a text that answers; many models are told which by a prompt before it."""


class Model(Protocol):
    """A loaded model; safe to share between threads."""

    @property
    def prompts(self) -> Mapping[str, str]:
        """What is put before a text, by its use."""

    def encode(self, texts: Sequence[str], use: Use, done: Done = nobody) -> Vectors:
        """Return a unit vector a row; ``done`` hears, now and then, of how many texts there are vectors."""

    def read(self, text: str) -> Read | None:
        """Return what one pass reads in a message, with its vector; None for a model that was not trained to read."""
