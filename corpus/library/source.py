"""The plans a command works on: the shipped ones, or one file that is parsed without being added."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from corpus.assembly.metadata import meta_of
from corpus.library.shipped import load_shipped_plans
from corpus.model import Plan
from corpus.parsing import parse_guarded
from corpus.readers import ReadError, read_document


def plans_of(file: Path | None, district: str) -> tuple[Plan, ...]:
    """Return the shipped plans (only those of ``district`` where it is given), or the plan in ``file``.

    ReadError says in one line why there is none.
    """
    return _shipped(district) if file is None else (read_plan(file, district),)


def _shipped(district: str) -> tuple[Plan, ...]:
    plans = tuple(plan for plan in load_shipped_plans() if district in {"", plan.meta.district})
    if not plans:
        known = "、".join(plan.meta.district for plan in load_shipped_plans())
        raise ReadError("no_district", district=district, known=known)
    return plans


def read_plan(file: Path, district: str = "") -> Plan:
    """Return the plan in ``file``, of ``district`` or where the document says; ReadError says why it is none."""
    document = read_document(file)
    meta = meta_of(document, file.stem)
    sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
    plan = parse_guarded(document, replace(meta, district=district or meta.district), sha256, file.name)
    if not plan.clauses:
        raise ReadError("empty", name=file.name)
    return plan
