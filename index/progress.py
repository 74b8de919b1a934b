"""How long steps tell that they go on: a stage, how much is done, how much there is."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum


class Stage(StrEnum):
    """A step that can take seconds or minutes; what a person reads about it stands in the bot's messages."""

    MODEL = "model"
    """The default model is made from its packed weights."""
    DOWNLOAD = "download"
    """A model that is not here is asked for over the network."""
    PARSE = "parse"
    LEXICAL = "lexical"
    VECTORS = "vectors"
    WAIT = "wait"
    """Another process writes what this one needs."""
    REPAIR = "repair"
    """The snapshot on disk was damaged and is built again."""


Progress = Callable[[Stage, int, int], None]
"""Called with a stage, the units done and all units."""


def silent(stage: Stage, done: int, total: int) -> None:
    """Tell nobody."""
    del stage, done, total
