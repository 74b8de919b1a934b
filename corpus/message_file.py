"""The sentences that a room says to a person: its ``messages.toml``, read once."""

from __future__ import annotations

import tomllib
from functools import cached_property
from importlib import resources

from corpus.program import called


class MessageFile:
    """The messages of one package."""

    def __init__(self, package: str) -> None:
        self._package = package

    @cached_property
    def _tables(self) -> dict[str, dict[str, str]]:
        text = resources.files(self._package).joinpath("messages.toml").read_text(encoding="utf-8")
        return tomllib.loads(text)

    def table(self, name: str) -> dict[str, str]:
        """Return one table of the messages, unfilled; KeyError names a missing one."""
        return self._tables[name]

    def say(self, key: str, **values: object) -> str:
        """Return the message ``table.key`` with its ``{names}`` filled in; KeyError names a missing one.

        ``{wence}`` is what is typed here to run a command.
        """
        name, _, entry = key.partition(".")
        text = self._tables[name][entry]
        return text.format(wence=called() if "{wence}" in text else "", **values)
