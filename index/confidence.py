"""How likely it is that the plans answer a question at all.

No cosine means the same in two models. What carries over is how far the best clause stands out (the lift:
best cosine minus the mean over all clauses), measured in units of what off-topic questions reach, and how
much of the question's words the plans know.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FULL_LIFT = 3.0
"""Scaled lift that counts as certain."""
FULL_COVERAGE = 0.8
"""Share of the question's words, weighted by rarity, that counts as certain."""


@dataclass(frozen=True, slots=True)
class LiftScale:
    """What off-topic questions reach with this model and these clauses."""

    median: float
    p90: float
    """The value that nine of ten stay below."""

    def scaled(self, lift: float) -> float:
        """Return 0 for an off-topic question in the middle, 1 for one that nearly passes for a real one."""
        spread = self.p90 - self.median
        return (lift - self.median) / spread if spread > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Confidence:
    """From 0 (the plans say nothing of it) to 1, and the two parts it is made of."""

    score: float
    coverage: float
    """Share of the question's words, weighted by rarity, that stand in the plans: 0…1."""
    lift: float | None
    """How far the best clause stands out, in units of off-topic questions; None without vectors."""


def measure_scale(lifts: NDArray[np.float64]) -> LiftScale:
    """Return the scale that off-topic questions with these ``lifts`` give."""
    import numpy as np

    return LiftScale(float(np.median(lifts)), float(np.percentile(lifts, 90)))


def confidence(coverage: float, lift: float | None) -> Confidence:
    """Return both parts' mean; without vectors the coverage alone."""
    known = min(coverage / FULL_COVERAGE, 1.0)
    if lift is None:
        return Confidence(known, coverage, None)
    stands_out = min(max(lift / FULL_LIFT, 0.0), 1.0)
    return Confidence((known + stands_out) / 2, coverage, lift)
