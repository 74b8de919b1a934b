"""How a command ends, this room's and the bot's: with its code, and at Ctrl-C at once, with one line and code 130.

A command line that can't be read ends with one line that says why, in Chinese, and code 2.
"""

from __future__ import annotations

import os
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, NoReturn

from corpus.commands import interrupts
from corpus.program import COMPLETE

if TYPE_CHECKING:
    import typer

INTERRUPTED = 130
"""128 and the number of SIGINT, as shells have it."""


def run_command(app: typer.Typer, name: str) -> NoReturn:
    """Call a command line, and leave."""
    code: int | str | None = 0
    try:
        interrupts.interrupt()
        code = _call(app, name)
    except KeyboardInterrupt:
        code = INTERRUPTED
    except SystemExit as left:
        code = left.code
    if code == INTERRUPTED:
        from corpus.messages import say

        # A second Ctrl-C has nothing left to end.
        interrupts.ignore()
        print("\n" + say("cli.interrupted"), file=sys.stderr)
    if threading.active_count() > 1 and isinstance(code, int):
        # An index that is being made or a model that loads would be waited for; their folders are whole or absent.
        with suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


def _call(app: typer.Typer, name: str) -> int:
    """Return the code of the command; what is wrong with its arguments is printed."""
    from typer.completion import completion_init  # type: ignore[attr-defined]  # typer calls it for its own option
    from typer.exceptions import Abort, TyperException

    if COMPLETE in os.environ:
        completion_init()
    try:
        return int(app(prog_name=name, complete_var=COMPLETE, standalone_mode=False) or 0)
    except Abort:
        return INTERRUPTED
    except TyperException as error:
        # The help that stands for an empty command line has been printed.
        if type(error).__name__ != "NoArgsIsHelpError":
            from corpus.commands.usage import told

            print(told(error, name), file=sys.stderr)
        return error.exit_code
