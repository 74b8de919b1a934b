"""A command in a terminal of its own, typed at and read from as a person would."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import shutil
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path
from types import TracebackType

import pyte

ROOT = Path(__file__).resolve().parent.parent
CTRL_C, CTRL_D, TAB, ENTER, UP = "\x03", "\x04", "\t", "\r", "\x1b[A"
PATIENCE = 60.0
"""Seconds until something that must appear is missed."""
QUIET = 0.7
"""Seconds without output after which a screen is taken for drawn."""
# Tests that run in the background of a shell ignore Ctrl-C, and what they start would inherit that.
_OWN_TERMINAL = (shutil.which("setsid") or "setsid", "--ctty", "env", "--default-signal=INT")
_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[()][A-Z0-9]|\r")


class Terminal:
    """``python -m …`` in a terminal."""

    def __init__(self, words: list[str], settings: dict[str, str], columns: int = 100, lines: int = 30) -> None:
        self._words = words
        self._size = (lines, columns)
        self._screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self._screen)
        # A test runner's workers are told the size of its own terminal.
        size = ("COLUMNS", "LINES")
        kept = {name: value for name, value in os.environ.items() if not name.startswith("WENCE_") and name not in size}
        # Nothing answers here when the cursor's place is asked for.
        self._environment = kept | {"TERM": "xterm-256color", "PROMPT_TOOLKIT_NO_CPR": "1"} | settings
        self.raw = ""
        """All that was shown, with its colours."""

    def __enter__(self) -> Terminal:  # noqa: PYI034 - of this very class
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", *self._size, 0, 0))
        self._process = subprocess.Popen(
            [*_OWN_TERMINAL, sys.executable, "-m", *self._words],
            stdin=theirs, stdout=theirs, stderr=theirs, cwd=ROOT, env=self._environment,
        )  # fmt: skip
        os.close(theirs)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._ours)

    @property
    def seen(self) -> str:
        """All that was shown, without colours and movements."""
        return _CONTROL.sub("", self.raw)

    @property
    def screen(self) -> str:
        """What stands on the screen now."""
        # A wide character has two places, the second of them empty.
        return "\n".join(self._screen.display)

    def type(self, keys: str) -> None:
        """Press keys."""
        os.write(self._ours, keys.encode())

    def until(self, *texts: str) -> None:
        """Read until the texts have been shown, one after the other, since the last time; fails when one is missing."""
        already = len(self.seen)
        deadline = time.monotonic() + PATIENCE
        wanted = re.compile(".*".join(map(re.escape, texts)), re.DOTALL)
        while not wanted.search(self.seen, already):
            assert self._read(deadline), f"{texts!r} is not in {self.seen!r}"

    def settle(self) -> None:
        """Read until nothing more comes: a prompt is drawn several times."""
        while self._read(time.monotonic() + QUIET):
            pass

    def end(self) -> int:
        """Read what is left; the exit code."""
        deadline = time.monotonic() + PATIENCE
        while self._read(deadline):
            pass
        return self._process.wait(PATIENCE)

    def _read(self, deadline: float) -> bool:
        """Read what there is; False at the end, or when nothing came in time."""
        ready, _, _ = select.select([self._ours], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            return False
        try:
            data = os.read(self._ours, 65536)
        except OSError:  # the other side is closed
            return False
        self.raw += data.decode(errors="replace")
        self._stream.feed(data)
        return bool(data)
