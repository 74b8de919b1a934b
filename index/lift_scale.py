"""How far the best clause stands out, in a unit that means the same with every model.

No cosine means the same in two models. What carries over is the lift (best cosine minus the mean over all clauses),
measured in units of what off-topic questions reach.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


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


def measure_scale(lifts: NDArray[np.float64]) -> LiftScale:
    """Return the scale that off-topic questions with these ``lifts`` give."""
    import numpy as np

    return LiftScale(float(np.median(lifts)), float(np.percentile(lifts, 90)))
