"""``scripts/evaluate reading``: how well the model reads messages about plans set aside, and how sure it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from index.models.base import Read
from index.models.default.model import open_embedded
from scripts.measures.shares import interval
from scripts.training.data_files import Said, read_split

BINS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.01)


@dataclass(frozen=True, slots=True)
class Judged:
    """A message with what the model reads in it."""

    said: Said
    read: Read

    @property
    def act_is_right(self) -> bool:
        """Whether the likeliest act is the one that was labelled."""
        return self.read.acts[0][0] == self.said.act


def judged() -> list[Judged]:
    """Read every message of the plans set aside with the model that ships."""
    model = open_embedded(Path("var/models"))
    found = []
    for said in read_split("validation").said:
        read = model.read(said.text)
        if read is not None:
            found.append(Judged(said, read))
    return found


def span_values(rows: Sequence[Judged]) -> tuple[list[float], list[float]]:
    """Return for each labelled span whether it was read exactly, and for each span read whether it was labelled."""
    recall, precision = [], []
    for row in rows:
        wanted = {(start, end, label.value) for start, end, label in row.said.spans}
        recall += [float(span in set(row.read.spans)) for span in wanted]
        precision += [float(span in wanted) for span in row.read.spans]
    return recall, precision


def acts_table(rows: Sequence[Judged]) -> Table:
    """Return how often each act is read rightly."""
    by_act: dict[str, list[float]] = defaultdict(list)
    for row in rows:
        by_act[row.said.act].append(float(row.act_is_right))
    table = Table("act", "n", "right")
    for act, values in sorted(by_act.items(), key=lambda one: -len(one[1])):
        table.add_row(act, str(len(values)), interval(values))
    every = [float(row.act_is_right) for row in rows]
    table.add_row("all", str(len(every)), interval(every))
    return table


def reliability(rows: Sequence[Judged]) -> Table:
    """Return how often the act is right by how sure the model is of it."""
    table = Table("probability", "n", "right")
    for low, high in pairwise(BINS):
        inside = [float(row.act_is_right) for row in rows if low <= row.read.acts[0][1] < high]
        table.add_row(f"{low:.2f}–{min(high, 1):.2f}", str(len(inside)), interval(inside))
    return table


def main() -> None:
    """考自带的模型读消息的本事：问的是什么，哪些字是单位、名称、话题、时间、地点。"""
    console = Console(highlight=False, soft_wrap=True)
    rows = judged()
    recall, precision = span_values(rows)
    console.print(acts_table(rows))
    console.print(reliability(rows))
    console.print(
        f"spans read exactly: {interval(recall)} of {len(recall)}; of those read right: {interval(precision)}"
    )


if __name__ == "__main__":
    typer.run(main)
