"""What was read in a message: the query, and what a person should be told about how it was read."""

from __future__ import annotations

from dataclasses import dataclass

from bot.answering.answer import FileFormat
from bot.query.query import Query


@dataclass(frozen=True, slots=True)
class Correction:
    """A piece of the message that was read as something else."""

    typed: str
    read: str


@dataclass(frozen=True, slots=True)
class Reading:
    """One question of a message."""

    text: str
    """The message, cleaned and corrected."""
    query: Query
    act: str = ""
    """Name of the act that it was read as."""
    corrections: tuple[Correction, ...] = ()
    named_districts: bool = False
    """Whether the message itself named the districts, or all of them."""
    left_over: tuple[str, ...] = ()
    """Pieces that the closed grammar does not explain: the model is asked about them."""
    page: int = 1
    picture: bool = False
    """A picture is asked for beside the words."""
    file: FileFormat = FileFormat.NONE
    """A file is asked for beside the words."""
    typed: str = ""
    """The part of the message that asks it."""
