"""Shares with their confidence intervals, by drawing the questions again and again."""

from __future__ import annotations

import random
from collections.abc import Sequence

DRAWS = 1000
SEED = 11


def interval(values: Sequence[float]) -> str:
    """Return the mean of the values with its 95 % interval: 0.748 (0.71–0.78)."""
    if not values:
        return "–"
    draw = random.Random(SEED)
    means = sorted(sum(draw.choices(values, k=len(values))) / len(values) for _ in range(DRAWS))
    low, high = means[int(0.025 * DRAWS)], means[int(0.975 * DRAWS)]
    return f"{sum(values) / len(values):.3f} ({low:.2f}–{high:.2f})"


def gain(before: Sequence[float], after: Sequence[float]) -> str:
    """Return how much the second is above the first on the same questions, with the interval of the difference."""
    differences = [new - old for old, new in zip(before, after, strict=True)]
    text = interval(differences)
    return text if text.startswith("-") else f"+{text}"
