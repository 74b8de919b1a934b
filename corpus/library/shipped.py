"""The plans that ship with the project: a folder each under ``corpus/plans``, with text, metadata and lexicon.

``text.txt`` is the text as published, ``plan.toml`` what is known of it, ``lexicon.toml`` what is true of this plan
only: words that people say for words that it prints.

Most processes only look whether a plan changed, so the parser is imported by the first that is parsed.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from importlib import resources
from pathlib import Path
from typing import Any

from corpus.library.added import PlanStore, read_stored
from corpus.library.distinct import bare, renamed
from corpus.model import Plan, PlanMeta

_FOLDER = resources.files("corpus").joinpath("plans")


def parse_text(data: bytes, meta: PlanMeta) -> Plan:
    """Parse the bytes of a text file; ValueError when they are no text."""
    from corpus.assembly.plan import parse_plan
    from corpus.readers.encoding import decode
    from corpus.structure.textfile import blocks

    return parse_plan(blocks(decode(data)), meta, hashlib.sha256(data).hexdigest())


@dataclass(frozen=True, slots=True)
class PlanSource:
    """A plan that can be read: what is known of it before, and how to read it."""

    key: str
    """Distinct among all sources, the same as long as the plan is there."""
    mark: str
    """Changes when the plan does."""
    meta: PlanMeta
    bare: bool
    """Whether its clauses' ids name the district alone."""
    read: Callable[[], Plan]
    """Parses it, ids not yet made distinct; StoreError when its file is broken."""
    added: str = ""
    """When it was added, in UTC, ISO 8601; empty for a shipped plan."""

    def plan(self) -> Plan:
        """Return the plan, parsed, with ids that no other plan has."""
        plan = self.read()
        return plan if self.bare else renamed(plan)


def plan_sources(plans_dir: Path) -> tuple[PlanSource, ...]:
    """Return the shipped plans and those added to ``plans_dir``, in order; StoreError names a broken file."""
    found = [(f"shipped {meta.id}", sha256, meta, partial(_read_shipped, meta.id), "") for meta, sha256 in _shipped()]
    for head in PlanStore(plans_dir).heads():
        mark = f"{head.sha256} {head.added}"
        found.append((f"added {head.meta.id}", mark, head.meta, partial(_read_added, head.path), head.added))
    flags = bare(meta for _, _, meta, _, _ in found)
    return tuple(PlanSource(*one[:3], flag, *one[3:]) for one, flag in zip(found, flags, strict=True))


def load_plans(plans_dir: Path) -> tuple[Plan, ...]:
    """Return the shipped plans and those added to ``plans_dir``, their ids distinct; StoreError names a broken file."""
    return tuple(source.plan() for source in plan_sources(plans_dir))


@cache
def load_shipped_plans() -> tuple[Plan, ...]:
    """Return the shipped plans, parsed, in the order of their folders' names."""
    return tuple(_read_shipped(meta.id) for meta, _ in _shipped())


@cache
def _shipped() -> tuple[tuple[PlanMeta, str], ...]:
    """Return the metadata of each shipped plan, and the hash of its text."""
    names = sorted(entry.name for entry in _FOLDER.iterdir() if entry.joinpath("plan.toml").is_file())
    return tuple((_meta(name), hashlib.sha256(_text(name)).hexdigest()) for name in names)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What people say about one plan."""

    words: Mapping[str, tuple[str, ...]]
    """Words with those that the plan prints for them."""
    units: Mapping[str, str]
    """Names of units with those that the plan prints."""


@cache
def shipped_lexicons() -> Mapping[str, Lexicon]:
    """Return the lexicons of the shipped plans, by plan."""
    return {meta.id: _lexicon(meta.id) for meta, _ in _shipped()}


def _meta(plan_id: str) -> PlanMeta:
    return PlanMeta(id=plan_id, **_data(plan_id, "plan"))


def _lexicon(plan_id: str) -> Lexicon:
    data = _data(plan_id, "lexicon")
    return Lexicon({word: tuple(others) for word, others in data["words"].items()}, data["units"])


def _data(plan_id: str, name: str) -> dict[str, Any]:
    return tomllib.loads(_FOLDER.joinpath(plan_id, f"{name}.toml").read_text(encoding="utf-8"))


def _text(plan_id: str) -> bytes:
    return _FOLDER.joinpath(plan_id, "text.txt").read_bytes()


@cache
def _read_shipped(plan_id: str) -> Plan:
    return parse_text(_text(plan_id), _meta(plan_id))


def _read_added(path: Path) -> Plan:
    return read_stored(path).plan()
