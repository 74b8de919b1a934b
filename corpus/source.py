"""The plans a command works on: the shipped ones, or one file that is parsed without being added."""

from __future__ import annotations

import hashlib
from pathlib import Path

from corpus.library import load_shipped_plans
from corpus.messages import say
from corpus.model import Plan, PlanMeta
from corpus.plan import parse_plan
from corpus.readers import ReadError, read


class SourceError(Exception):
    """A file that cannot be read as a plan; its text is one line for a person."""


def plans_of(file: Path | None, district: str) -> tuple[Plan, ...]:
    """Return the shipped plans (only those of ``district`` where it is given), or the plan in ``file``.

    SourceError says in one line why there is none.
    """
    return _shipped(district) if file is None else (_read(file, district),)


def _shipped(district: str) -> tuple[Plan, ...]:
    plans = tuple(plan for plan in load_shipped_plans() if district in {"", plan.meta.district})
    if not plans:
        known = "、".join(plan.meta.district for plan in load_shipped_plans())
        raise SourceError(say("read.no_district", district=district, known=known))
    return plans


def _read(file: Path, district: str) -> Plan:
    meta = PlanMeta(file.stem, district, file.stem, "", None, None, None)
    try:
        plan = parse_plan(read(file), meta, hashlib.sha256(file.read_bytes()).hexdigest())
    except ReadError as error:
        raise SourceError(str(error)) from error
    if not plan.clauses:
        raise SourceError(say("read.empty", name=file.name))
    return plan
