"""The corpus's command line; each command in a module of its own, imported when it is called."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from corpus.messages import say

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
PlanFile = Annotated[Path | None, typer.Argument(help=say("cli.file"), show_default=False)]
District = Annotated[str, typer.Option("--district", help=say("cli.district"), show_default=False)]


@app.callback(help=say("cli.corpus"))
def corpus() -> None:
    """Open the corpus's commands."""


@app.command(help=say("cli.export"))
def export(file: PlanFile = None, district: District = "") -> None:
    """Print a JSON line a clause."""
    from corpus.export import run

    raise typer.Exit(run(file, district))


@app.command(help=say("cli.lint"))
def lint(file: PlanFile = None, district: District = "") -> None:
    """Print a plan's own contradictions and gaps."""
    from corpus.lint.report import run

    raise typer.Exit(run(file, district))
