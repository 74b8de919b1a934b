"""The plans that ship with the project: the text as published and a metadata file each, under ``corpus/plans``."""

from __future__ import annotations

import hashlib
import tomllib
from functools import cache
from importlib import resources
from pathlib import Path

from corpus.distinct import distinct
from corpus.encoding import decode
from corpus.model import Plan, PlanMeta
from corpus.plan import parse_plan
from corpus.store import PlanStore
from corpus.textfile import blocks


def parse_text(data: bytes, meta: PlanMeta) -> Plan:
    """Parse the bytes of a text file; ValueError when they are no text."""
    return parse_plan(blocks(decode(data)), meta, hashlib.sha256(data).hexdigest())


@cache
def load_shipped_plans() -> tuple[Plan, ...]:
    """Return the shipped plans, parsed, in the order of their file names."""
    folder = resources.files("corpus").joinpath("plans")
    plans = []
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        if entry.name.endswith(".toml"):
            data = tomllib.loads(entry.read_text(encoding="utf-8"))
            name = data.pop("file")
            meta = PlanMeta(id=entry.name.removesuffix(".toml"), **data)
            plans.append(parse_text(folder.joinpath(name).read_bytes(), meta))
    return tuple(plans)


def load_plans(plans_dir: Path) -> tuple[Plan, ...]:
    """Return the shipped plans and those added to ``plans_dir``, their ids distinct; StoreError names a broken file."""
    return distinct([*load_shipped_plans(), *(entry.plan() for entry in PlanStore(plans_dir).entries())])
