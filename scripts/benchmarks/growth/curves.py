"""Curves of the figures over the number of clauses, both axes logarithmic, as PNG."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")

from matplotlib import pyplot as plt

from scripts.benchmarks.growth.results import Results

_CHARTS: dict[str, tuple[str, str, Mapping[str, str]]] = {
    "growth-time": (
        "Milliseconds, median",
        "How long a question takes",
        {
            "duty_p50_ms": "a unit's duties (answer)",
            "filtered_search_p50_ms": "search in a district",
            "unfiltered_search_p50_ms": "search in all plans",
            "unfiltered_answer_p50_ms": "answer from all plans",
        },
    ),
    "growth-build": (
        "Seconds",
        "How long building, opening and changing the index takes",
        {
            "build_without_embedding_s": "build, vectors aside",
            "build_s": "build, stand-in vectors included",
            "open_s": "open",
            "add_plan_s": "add one plan",
            "remove_plan_s": "remove one plan",
        },
    ),
    "growth-size": (
        "MB",
        "What it holds",
        {
            "index_on_disk_mb": "index on disk",
            "opened_memory_mb": "memory after opening",
            "searched_memory_mb": "memory after 1,000 questions",
            "build_peak_memory_mb": "memory while building, peak",
        },
    ),
}


def draw(folder: Path, results: Results, indexes: tuple[str, ...]) -> None:
    """Write a picture a chart into ``folder``; a line for each figure and kind of index."""
    for name, (unit, title, figures) in _CHARTS.items():
        picture, axes = plt.subplots(figsize=(7.2, 4.2), dpi=120)
        for index, style in zip(indexes, ("-", "--"), strict=False):
            for color, (figure, label) in enumerate(figures.items()):
                points = [(run["clauses"], run[figure]) for run in results.runs(index).values() if figure in run]
                if points:
                    told = label if len(indexes) == 1 else f"{label} ({index})"
                    axes.plot(*zip(*points, strict=True), style, color=f"C{color}", marker="o", label=told)
        axes.set(xscale="log", yscale="log", xlabel="Clauses", ylabel=unit, title=title)
        axes.grid(visible=True, which="major", alpha=0.3)
        axes.legend(fontsize=8)
        picture.tight_layout()
        words = "\n".join((title, unit, *(text.get_text() for text in axes.get_legend().get_texts())))
        # No date inside: the same figures make the same file.
        picture.savefig(folder / f"{name}.png", metadata={"Software": None, "Description": words})
        plt.close(picture)
