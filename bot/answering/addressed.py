"""What has an address of its own: a clause, a unit, an indicator, a plan, a district."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from corpus.assembly.ids import short_district
from corpus.model import PlanMeta


class AddressKind(StrEnum):
    """What an address names; the value stands in its path."""

    CLAUSE = "c"
    UNIT = "u"
    INDICATOR = "i"
    PLAN = "p"
    DISTRICT = "d"


@dataclass(frozen=True, slots=True)
class Ref:
    """Something with an address, by the name that stands in it."""

    kind: AddressKind
    name: str
    """Of a clause or an indicator its id, of a unit ``渝中 区教委`` or ``区教委``, of a plan its id."""


@dataclass(frozen=True, slots=True)
class Named:
    """Words of a line that name something with an address."""

    text: str
    ref: Ref


def unit_ref(meta: PlanMeta, name: str) -> Ref:
    """Return the address of a plan's unit."""
    return Ref(AddressKind.UNIT, f"{short_district(meta)} {name}")
