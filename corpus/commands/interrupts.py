"""What Ctrl-C does before a command runs. Imports next to nothing, since it is for the time of importing."""

from __future__ import annotations

import signal


def end_at_once() -> None:
    """Have Ctrl-C end the process without a word: modules are being imported, and nothing needs tidying."""
    _set(signal.SIG_DFL)


def interrupt() -> None:
    """Have Ctrl-C raise KeyboardInterrupt, as Python does."""
    _set(signal.default_int_handler)


def ignore() -> None:
    """Have Ctrl-C do nothing."""
    _set(signal.SIG_IGN)


def _set(handler: object) -> None:  # what a handler may be has no public name
    # Who starts a command in the background has it ignore Ctrl-C from the beginning.
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, handler)  # type: ignore[arg-type]
