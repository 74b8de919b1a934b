"""What the sides reported, as tables: what the machine spent, and what the questions were given."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence

from rich.table import Table

from scripts.benchmarks.peers.coverage import Score
from scripts.benchmarks.peers.side import Result


def spent_table(results: Mapping[str, Result]) -> Table:
    """Return times and memory, a row a side."""
    table = numbers(
        "time and memory", "load s", "ingest s", "pieces", "MB after", "MB peak", "p50 ms", "p99 ms", "p50 CPU ms"
    )
    for name, result in results.items():
        cuts = statistics.quantiles(result.times_ms, n=100, method="inclusive")
        table.add_row(
            name,
            f"{result.load_seconds:.1f}",
            f"{result.ingest_seconds:.1f}",
            str(result.pieces),
            megabytes(result.memory),
            megabytes(result.peak_memory),
            f"{cuts[49]:.1f}",
            f"{cuts[98]:.1f}",
            f"{statistics.median(result.cpu_ms):.1f}",
        )
    return table


def given_table(title: str, scores: Mapping[str, Sequence[Score]]) -> Table:
    """Return what the same questions were given, a row a side."""
    of_one = next(iter(scores.values()))
    lists = [number for number, one in enumerate(of_one) if one.needed > 1]
    title = f"{title}: {len(of_one)} questions, {len(lists)} of them lists"
    table = numbers(title, "all @5", "all, message", "all, whole", "list @5", "list, whole", "characters")
    for name, side in scores.items():
        table.add_row(
            name,
            mean(one.first == one.needed for one in side),
            mean(one.message == one.needed for one in side),
            mean(one.whole == one.needed for one in side),
            mean(side[number].first / side[number].needed for number in lists),
            mean(side[number].whole / side[number].needed for number in lists),
            f"{statistics.median(one.characters for one in side):.0f}",
        )
    return table


def numbers(title: str, *columns: str) -> Table:
    """Return an empty table of a name and figures."""
    table = Table(title=title, title_justify="left")
    table.add_column("", no_wrap=True)
    for column in columns:
        table.add_column(column, justify="right", no_wrap=True)
    return table


def mean(shares: Iterable[float]) -> str:
    """Return the mean of shares; a dash of none."""
    every = list(shares)
    return f"{statistics.fmean(every):.3f}" if every else "–"


def megabytes(size: float | None) -> str:
    """Return a size for people; a dash where the system tells none."""
    return "–" if size is None else f"{size:.0f}"
