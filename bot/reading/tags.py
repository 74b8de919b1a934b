"""What the model reads in a message: which act, and which characters are unit, name, topic, time, place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class TagLabel(StrEnum):
    """What a span of a message is; everything else is chatter."""

    UNIT = "unit"
    NAME = "name"
    """A proper name: an institution, a place, a project."""
    TOPIC = "topic"
    TIME = "time"
    PLACE = "place"


@dataclass(frozen=True, slots=True)
class Tag:
    """A span of the message's characters."""

    start: int
    end: int
    label: TagLabel


@dataclass(frozen=True, slots=True)
class Tags:
    """One pass of the model over a message."""

    act: str
    """The act it is most likely; empty where the model is not sure enough."""
    spans: tuple[Tag, ...]
    parts: tuple[str, ...] = ()
    """Acts that only add to another: lead, cooperating, only, any, fewest."""

    def texts(self, text: str, *labels: TagLabel) -> tuple[str, ...]:
        """Return the pieces of ``text`` under some labels, in order."""
        return tuple(text[one.start : one.end] for one in self.spans if one.label in labels)


Tagger = Callable[[str], Tags | None]
"""Reads a message; None where there is no model that can."""
