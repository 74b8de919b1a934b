"""How a command ends, this room's and the bot's: with its code, and at Ctrl-C at once, with one line and code 130."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn

from corpus.commands import interrupts

INTERRUPTED = 130
"""128 and the number of SIGINT, as shells have it."""


def run_command(app: Callable[..., object], name: str) -> NoReturn:
    """Call a command line, and leave."""
    code: int | str | None = 0
    try:
        interrupts.interrupt()
        app(prog_name=name)
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
