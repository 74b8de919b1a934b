"""Where a clause stands, for people: 附件 4.2.2, 正文 五（二）, 主要指标 5."""

from __future__ import annotations

from functools import lru_cache

from bot.messages import say
from corpus.model import Clause, ClauseKind, Place

_KEPT_NAMES = 2048
"""Names of places that are kept: the same few hundred numbers come again and again."""


def place_name(clause: Clause) -> str:
    """Return the place of a clause; a state at the start stands under the heading that its own plan prints."""
    heading = clause.path[-1] if clause.kind is ClauseKind.STATUS and clause.path else ""
    return _place_name(clause.kind, clause.place, clause.number, heading)


@lru_cache(maxsize=_KEPT_NAMES)
def _place_name(kind: ClauseKind, place: Place, printed: str, heading: str) -> str:
    if kind is ClauseKind.INDICATOR:
        return say("place.indicator", number=printed.removeprefix("指标"))
    if place is Place.FRONT:
        return say("place.front")
    number = printed.replace("(", "（").replace(")", "）").removesuffix("现状")
    if not number:
        return say(f"place.unnumbered_{place.value}")
    if kind is ClauseKind.STATUS:
        return say("place.status", number=number, heading=heading).rstrip()
    return say(f"place.{place.value}", number=number)
