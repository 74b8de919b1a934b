"""``python -m bot settings``: every setting, its value, where it came from and what it is for; secrets hidden."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from dotenv import dotenv_values
from pydantic import SecretStr
from rich.console import Console
from rich.table import Table

from bot.cli.errors import prints_errors
from bot.messages import say, table
from bot.settings import PREFIX, Settings, load_settings, variable


@prints_errors()
def show_settings() -> int:
    """Print the table; returns 2, and prints what is wrong, when a setting can't be used."""
    settings = load_settings()
    here = {name.upper() for name in os.environ}
    filed = {name.upper() for name in dotenv_values(Path(".env"))}
    shown = Table(title=say("settings.title"), title_justify="left")
    for column in ("name", "value", "source", "meaning"):
        shown.add_column(say(f"settings.column_{column}"), overflow="fold", no_wrap=column == "name")
    for field in Settings.model_fields:
        name = variable(field)
        source = "environment" if name in here else "file" if name in filed else "default"
        value = _shown(getattr(settings, field))
        shown.add_row(name, value, say(f"settings.from_{source}"), table("setting_meanings")[field])
    # Not a terminal: as wide as it needs to be, so that no name is cut in a pipe.
    console = Console(width=None if sys.stdout.isatty() else 160)
    console.print(shown)
    known = {variable(field) for field in Settings.model_fields}
    for name in sorted(name for name in here | filed if name.startswith(PREFIX) and name not in known):
        console.print(say("settings.unknown", name=name))
    return 0


def _shown(value: object) -> str:
    if isinstance(value, SecretStr):
        return say("settings.hidden") if value.get_secret_value() else say("settings.unset")
    if isinstance(value, tuple):
        value = " ".join(str(item) for item in value)
    return str(value) if value != "" else say("settings.unset")
