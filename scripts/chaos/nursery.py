"""Starts the bot again each time it ends: a process that reads the code once and forks, so that a start costs little.

Says on its standard output ``born PID``, and ``died STATUS`` of ``os.waitpid``. The bot's settings are in the
environment; its log goes to standard error. ``--scripted`` answers with the tests' scripted answerer, which needs no
index.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bot.serving import run
from bot.settings import SettingError
from tests.scripted import ScriptedAnswerer

_PDEATHSIG = 1
PAUSE = 0.5
"""Seconds before a bot is started again that ended by itself, as whoever watches over a service has them."""


def bot(*, scripted: bool) -> int:
    """Run the bot; returns its exit code."""
    try:
        return run.run(lambda _settings: ScriptedAnswerer()) if scripted else run.run()
    except SettingError as error:
        sys.stderr.write(f"{error}\n")
        return 2


def end_with_parent() -> None:
    """Have the kernel kill this process once the one that has forked it is gone (prctl(2))."""
    ctypes.CDLL(None).prctl(_PDEATHSIG, signal.SIGKILL)


def main() -> None:
    """Keep one bot running until killed, or until who has started this is gone."""
    end_with_parent()
    scripted = "--scripted" in sys.argv
    while True:
        child = os.fork()
        if not child:
            end_with_parent()
            os._exit(bot(scripted=scripted))
        print(f"born {child}", flush=True)
        _, status = os.waitpid(child, 0)
        print(f"died {status}", flush=True)
        if not os.WIFSIGNALED(status):
            time.sleep(PAUSE)


if __name__ == "__main__":
    main()
