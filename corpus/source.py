"""The plans a command works on: the shipped ones, or one file that is parsed without being added."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from corpus.library import load_shipped_plans
from corpus.model import Plan, PlanMeta
from corpus.plan import parse_plan
from corpus.readers import ReadError, read_document


def plans_of(file: Path | None, district: str) -> tuple[Plan, ...]:
    """Return the shipped plans (only those of ``district`` where it is given), or the plan in ``file``.

    ReadError says in one line why there is none.
    """
    return _shipped(district) if file is None else (_parsed(file, district),)


def _shipped(district: str) -> tuple[Plan, ...]:
    plans = tuple(plan for plan in load_shipped_plans() if district in {"", plan.meta.district})
    if not plans:
        known = "、".join(plan.meta.district for plan in load_shipped_plans())
        raise ReadError("no_district", district=district, known=known)
    return plans


def _parsed(file: Path, district: str) -> Plan:
    document = read_document(file)
    meta = PlanMeta(file.stem, district, file.stem, "", None, None, None)
    plan = parse_plan(document.blocks, meta, hashlib.sha256(file.read_bytes()).hexdigest())
    return replace(plan, dropped=(*document.dropped, *plan.dropped))
