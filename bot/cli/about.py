"""``wence --version`` and ``wence completion``: what the program says of itself."""

from __future__ import annotations

from importlib import metadata

from typer.completion import get_completion_script  # type: ignore[attr-defined]  # made for an option of its own

from corpus.program import COMPLETE, NAME


def version() -> str:
    """Return the version that is installed."""
    return metadata.version(NAME)


def completion_script(shell: str) -> str:
    """Return the lines with which a shell asks ``wence`` how a command line may go on."""
    script: str = get_completion_script(prog_name=NAME, complete_var=COMPLETE, shell=shell)
    return script
