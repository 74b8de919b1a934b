"""``scripts/evaluate retrieval``: how well the vectors alone find clauses, before training and after, side by side."""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from index.models.default.model import write_model
from index.models.default.trained import Trained, read_trained
from index.models.graph import GraphModel
from scripts.measures.sets import FILES, Case, Collection, imagined, shipped
from scripts.measures.shares import gain, interval

MEASURES = ("R@1", "R@3", "R@5", "all@5", "MRR")
Scores = dict[str, list[float]]


def scores(model: GraphModel, collection: Collection) -> Scores:
    """Return, for each measure, a value a question."""
    documents = model.encode([text for _, _, text in collection.pieces], "document")
    queries = model.encode([case.text for case in collection.cases], "query")
    found: Scores = defaultdict(list)
    for case, query in zip(collection.cases, queries, strict=True):
        for name, value in _of_case(case, _order(collection, case, documents @ query)).items():
            found[name].append(value)
    return found


def _order(
    collection: Collection, case: Case, likeness: np.ndarray[tuple[int, ...], np.dtype[np.float32]]
) -> list[str]:
    best: dict[str, float] = {}
    for (place, clause, _), score in zip(collection.pieces, likeness.tolist(), strict=True):
        if case.place in ("", place):
            best[clause] = max(best.get(clause, -1.0), score)
    return sorted(best, key=lambda clause: -best[clause])


def _of_case(case: Case, order: list[str]) -> dict[str, float]:
    places = [min((order.index(one) for one in group if one in order), default=len(order)) for group in case.needed]
    first = min(places)
    return {
        "R@1": float(first == 0), "R@3": float(first < 3), "R@5": float(first < 5),
        "all@5": float(max(places) < 5), "MRR": 1 / (first + 1),
    }  # fmt: skip


def comparison(collection: Collection, before: Scores, after: Scores) -> Table:
    """Return both models' figures with their intervals, and the gain on the same questions."""
    table = Table(f"{collection.name}, {len(collection.cases)} questions", "as packaged", "trained", "gain")
    for name in MEASURES:
        table.add_row(name, interval(before[name]), interval(after[name]), gain(before[name], after[name]))
    return table


def main(files: Annotated[list[Path] | None, typer.Argument(help="问题文件；不写则用项目自己的三份。")] = None) -> None:
    """比较训练前后的模型单靠向量找条款的成绩。"""
    console = Console(highlight=False, soft_wrap=True)
    try:
        collections = [shipped(tuple(files or FILES)), imagined()]
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        raise typer.Exit(2) from error
    with TemporaryDirectory() as folder:
        models = []
        for name, trained in (("packaged", Trained({})), ("trained", read_trained())):
            target = Path(folder) / name
            target.mkdir()
            write_model(target, trained)
            models.append(GraphModel(target))
        for collection in collections:
            before, after = (scores(model, collection) for model in models)
            console.print(comparison(collection, before, after))


if __name__ == "__main__":
    typer.run(main)
