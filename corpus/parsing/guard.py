"""Asks the parsing process, starts it anew where it has ended, and ends it when a text takes too long."""

from __future__ import annotations

import atexit
import subprocess
import sys
import threading
from pathlib import Path

import msgspec

from corpus.model import Plan, PlanMeta
from corpus.readers.document import Document, ReadError

_HOME = Path(__file__).parent.parent.parent
"""Where the parsing process finds this package, whatever folder a person stands in."""
SECONDS = 120.0
"""How long a text may take; the longest plan there is takes two."""
MEMORY_MB = 1000
"""Address space of the parsing process."""
OUT_OF_MEMORY = 3
"""Its exit status when it ran out of it."""
IDLE_SECONDS = 30
"""For how long it waits for another text before it ends by itself."""


class _Parser:
    """One parsing process at a time, shared by all threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, request: bytes, name: str, seconds: float) -> bytes:
        """Return the answer to a request; ReadError says why there is none for ``name``."""
        with self._lock:
            answer, status, late = self._try(request, seconds)
            if not answer and not late and status != OUT_OF_MEMORY:
                # It may have ended just then because nothing had come for a while.
                answer, status, late = self._try(request, seconds)
        if late:
            raise ReadError("too_slow", name=name, seconds=round(seconds))
        if status == OUT_OF_MEMORY:
            raise ReadError("too_hungry", name=name, limit=MEMORY_MB)
        if not answer:
            raise ReadError("damaged", name=name, form=Path(name).suffix)
        return answer

    def _try(self, request: bytes, seconds: float) -> tuple[bytes, int, bool]:
        """Return the answer, empty for none; then the process's exit status, and whether it was ended for the time."""
        process = self._running()
        late = threading.Event()

        def end() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(seconds, end)
        timer.start()
        answer = b""
        try:
            if process.stdin and process.stdout:
                process.stdin.write(request + b"\n")
                process.stdin.flush()
                answer = process.stdout.readline()
        except OSError:
            answer = b""
        finally:
            timer.cancel()
        if answer.endswith(b"\n"):
            return answer, 0, False
        self._end()
        return b"", process.returncode, late.is_set()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._end()
            command = [sys.executable, "-m", "corpus.parsing"]
            # Ctrl-C is for who asks: this one ends when nobody asks any more.
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=_HOME,
                start_new_session=True,
            )
        return self._process

    def close(self) -> None:
        """End the process, if there is one."""
        with self._lock:
            self._end()

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                try:
                    pipe.close()
                except OSError:
                    continue  # what was not yet written is for nobody


_PARSER = _Parser()
atexit.register(_PARSER.close)


def parse_guarded(document: Document, meta: PlanMeta, sha256: str, name: str, seconds: float = SECONDS) -> Plan:
    """Parse what was read from the file ``name``; ReadError with one line when that cannot be."""
    try:
        request = msgspec.json.encode({"document": document, "meta": meta, "sha256": sha256})
    except ValueError as error:
        # Half a character, which no text has.
        raise ReadError("damaged", name=name, form=Path(name).suffix) from error
    return msgspec.json.decode(_PARSER.ask(request, name, seconds), type=Plan)
