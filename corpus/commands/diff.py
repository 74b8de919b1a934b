"""``diff``: what changed between two plans, each an id of a known plan or a file."""

from __future__ import annotations

from pathlib import Path

import typer

from corpus.commands.find import find_plan
from corpus.library.added import PlanStore, StoreError
from corpus.library.differences import differences
from corpus.library.source import read_plan
from corpus.readers import ReadError


def run(old: str, new: str, store: PlanStore) -> int:
    """Print the differences; return 1, with a line that says why, when one of the two is no plan."""
    try:
        plans = [read_plan(Path(name)) if Path(name).is_file() else find_plan(name, store) for name in (old, new)]
    except (ReadError, StoreError) as error:
        typer.echo(error, err=True)
        return 1
    for line in differences(*plans):
        typer.echo(line)
    return 0
