"""``wence completion``: what a shell needs to complete command lines."""

from __future__ import annotations

from typer.completion import get_completion_script  # type: ignore[attr-defined]  # made for an option of its own

from corpus.program import COMPLETE, NAME


def completion_script(shell: str) -> str:
    """Return the lines with which a shell asks ``wence`` how a command line may go on."""
    script: str = get_completion_script(prog_name=NAME, complete_var=COMPLETE, shell=shell)
    return script
