"""``python -m tests.scripted_bot``: the real ``python -m bot run`` with the scripted answerer instead of the plans."""

from __future__ import annotations

import sys

from bot.serving.run import run
from bot.settings import SettingError
from tests.scripted import ScriptedAnswerer

if __name__ == "__main__":
    try:
        sys.exit(run(lambda _settings: ScriptedAnswerer()))
    except SettingError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)
