"""``add``: read a file, report what was understood, ask, and keep the plan."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import typer

from corpus.assembly.metadata import meta_of
from corpus.commands.report import report
from corpus.library.added import PlanStore, Stored, StoreError
from corpus.library.differences import differences
from corpus.library.replaced import replaced_plans
from corpus.library.shipped import load_shipped_plans
from corpus.messages import say
from corpus.model import Plan, PlanMeta
from corpus.parsing import parse_guarded
from corpus.readers import Document, ReadError, read_document

_ID_LENGTH = 40


class AddError(Exception):
    """Why a plan is not added; its text is one line for the person."""


@dataclass(frozen=True, slots=True)
class Given:
    """What the person says about the plan; empty where the document is to say it."""

    plan_id: str = ""
    district: str = ""
    title: str = ""
    issuer: str = ""
    issued: date | None = None

    def over(self, meta: PlanMeta) -> PlanMeta:
        """Return what the document says, with what the person says in its place."""
        return replace(
            meta,
            district=self.district or meta.district,
            title=self.title or meta.title,
            issuer=self.issuer or meta.issuer,
            issued=self.issued or meta.issued,
        )


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A plan that may be added, and what stands in its place now."""

    document: Document
    plan: Plan
    replaced: Stored | None
    others: tuple[Plan, ...]


def run(file: Path, store: PlanStore, given: Given, *, sure: bool) -> int:
    """Add the plan in ``file``, asking first unless ``sure``; return 1, with a line that says why, when it is not."""
    try:
        candidate = _candidate(file, store, given)
        _show(candidate)
        agreed = sure or _agreed(candidate)
        if agreed:
            plan = candidate.plan
            store.add(Stored(plan.meta, plan.sha256, file.name, datetime.now(UTC).isoformat(), candidate.document))
    except (ReadError, StoreError, AddError) as error:
        typer.echo(error, err=True)
        return 1
    typer.echo(say("add.done", plan=candidate.plan.meta.id) if agreed else say("add.declined"), err=not agreed)
    return 0 if agreed else 1


def _candidate(file: Path, store: PlanStore, given: Given) -> _Candidate:
    """Read and parse the file; AddError when it is there already or does not say where it holds."""
    document = read_document(file)
    sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
    meta = given.over(meta_of(document, given.plan_id or _slug(file.stem)))
    if not meta.district:
        raise AddError(say("add.no_district"))
    shipped, entries = load_shipped_plans(), store.entries()
    replaced = next((entry for entry in entries if _is_same_plan(entry.meta, meta, given)), None)
    kept = [entry for entry in entries if entry is not replaced]
    there = [(plan.meta, plan.sha256) for plan in shipped] + [(entry.meta, entry.sha256) for entry in entries]
    if any(its_sha256 == sha256 and its_meta == replace(meta, id=its_meta.id) for its_meta, its_sha256 in there):
        raise AddError(say("add.known", title=meta.title))
    taken = {plan.meta.id for plan in shipped} | {entry.meta.id for entry in kept}
    meta = replace(meta, id=_free(replaced.meta.id if replaced else meta.id, taken))
    plan = parse_guarded(document, meta, sha256, file.name)
    if not plan.clauses:
        raise AddError(say("read.empty", name=file.name))
    return _Candidate(document, plan, replaced, (*shipped, *(entry.plan() for entry in kept)))


def _is_same_plan(old: PlanMeta, new: PlanMeta, given: Given) -> bool:
    return old.id == given.plan_id if given.plan_id else (old.district, old.title) == (new.district, new.title)


def _show(candidate: _Candidate) -> None:
    for line in report(candidate.document, candidate.plan, candidate.others):
        typer.echo(line)
    if candidate.replaced is not None:
        typer.echo(say("add.replaces", plan=candidate.replaced.meta.id))
        for line in differences(candidate.replaced.plan(), candidate.plan):
            typer.echo(line)
    for old in replaced_plans(candidate.document.blocks, candidate.plan.meta, candidate.others):
        typer.echo(say("add.ends", title=old.meta.title, plan=old.meta.id, new=candidate.plan.meta.id))


def _agreed(candidate: _Candidate) -> bool:
    try:
        return typer.confirm(say("add.ask_replace" if candidate.replaced else "add.ask"))
    except typer.Abort:
        typer.echo()
        return False


def _slug(name: str) -> str:
    return re.sub(r"[^\w]+", "-", name).strip("-").lower()[:_ID_LENGTH] or "plan"


def _free(plan_id: str, taken: set[str]) -> str:
    """Return the id, with the lowest number behind it that makes it the only one."""
    numbered = (f"{plan_id}-{number}" for number in range(2, len(taken) + 3))
    return next(one for one in (plan_id, *numbered) if one not in taken)
