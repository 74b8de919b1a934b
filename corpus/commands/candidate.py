"""A plan that may be added: read from its file, parsed, told apart from those that are there, and reported."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from corpus.assembly.metadata import meta_of
from corpus.commands.report import report
from corpus.library.added import PlanStore, Stored
from corpus.library.differences import differences
from corpus.library.replaced import replaced_plans
from corpus.library.shipped import load_shipped_plans
from corpus.messages import say
from corpus.model import Plan, PlanMeta
from corpus.offices.place_names import is_whole
from corpus.parsing import parse_guarded
from corpus.readers import Document, ReadError, read_document

_ID_LENGTH = 40


class AddError(Exception):
    """Why a plan is not added; its text is one line for the person."""


class NoDistrictError(AddError):
    """The document does not say of which district it is, and nobody else did."""


@dataclass(frozen=True, slots=True)
class Given:
    """What the person says about the plan; empty where the document is to say it."""

    plan_id: str = ""
    district: str = ""
    title: str = ""
    issuer: str = ""
    issued: date | None = None
    url: str = ""

    def over(self, meta: PlanMeta) -> PlanMeta:
        """Return what the document says, with what the person says in its place."""
        return replace(
            meta,
            district=self.district or meta.district,
            title=self.title or meta.title,
            issuer=self.issuer or meta.issuer,
            issued=self.issued or meta.issued,
            url=self.url or meta.url,
        )


@dataclass(frozen=True, slots=True)
class PlanFile:
    """What was read of a file."""

    document: Document
    sha256: str
    name: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A plan that may be added, and what stands in its place now."""

    source: PlanFile
    plan: Plan
    replaced: Stored | None
    others: tuple[Plan, ...]

    def stored(self) -> Stored:
        """Return it as it is kept, added now."""
        source = self.source
        return Stored(self.plan.meta, self.plan.sha256, source.name, datetime.now(UTC).isoformat(), source.document)

    def lines(self) -> Iterator[str]:
        """Yield what a person should look at before it is added, and what changes where it replaces another."""
        yield from report(self.source.document, self.plan, self.others)
        if self.replaced is not None:
            yield say("add.replaces", plan=self.replaced.meta.id)
            yield from differences(self.replaced.plan(), self.plan)
        for old in replaced_plans(self.source.document.blocks, self.plan.meta, self.others):
            yield say("add.ends", title=old.meta.title, plan=old.meta.id, new=self.plan.meta.id)


def read_source(file: Path) -> PlanFile:
    """Read a file in a process of its own; ReadError says in one line why it is no plan."""
    return PlanFile(read_document(file), hashlib.sha256(file.read_bytes()).hexdigest(), file.name)


def candidate_of(source: PlanFile, store: PlanStore, given: Given) -> Candidate:
    """Parse what was read; AddError when it is there already or does not say where it holds."""
    own = meta_of(source.document, given.plan_id or _slug(Path(source.name).stem))
    shipped, entries = load_shipped_plans(), store.entries()
    known = (own.district, *(plan.meta.district for plan in shipped), *(entry.meta.district for entry in entries))
    meta = replace(given.over(own), district=_whole_name(given.district, known) if given.district else own.district)
    if not meta.district:
        raise NoDistrictError(say("add.no_district"))
    replaced = next((entry for entry in entries if _is_same_plan(entry.meta, meta, given)), None)
    kept = [entry for entry in entries if entry is not replaced]
    there = [(plan.meta, plan.sha256) for plan in shipped] + [(entry.meta, entry.sha256) for entry in entries]
    if any(its_sha256 == source.sha256 and its_meta == replace(meta, id=its_meta.id) for its_meta, its_sha256 in there):
        raise AddError(say("add.known", title=meta.title))
    taken = {plan.meta.id for plan in shipped} | {entry.meta.id for entry in kept}
    meta = replace(meta, id=_free(replaced.meta.id if replaced else meta.id, taken))
    plan = parse_guarded(source.document, meta, source.sha256, source.name)
    if not plan.clauses:
        raise ReadError("empty", name=source.name)
    return Candidate(source, plan, replaced, (*shipped, *(entry.plan() for entry in kept)))


def _whole_name(district: str, known: Iterable[str]) -> str:
    """Return a district as its plans are kept: a short name (万州) means the whole one, where that is known."""
    if is_whole(district):
        return district
    found = {one for one in known if is_whole(one) and one[:-1] == district}
    if len(found) != 1:
        raise AddError(say("add.short_district", district=district))
    return found.pop()


def _is_same_plan(old: PlanMeta, new: PlanMeta, given: Given) -> bool:
    return old.id == given.plan_id if given.plan_id else (old.district, old.title) == (new.district, new.title)


def _slug(name: str) -> str:
    return re.sub(r"[^\w]+", "-", name).strip("-").lower()[:_ID_LENGTH] or "plan"


def _free(plan_id: str, taken: set[str]) -> str:
    """Return the id, with the lowest number behind it that makes it the only one."""
    numbered = (f"{plan_id}-{number}" for number in range(2, len(taken) + 3))
    return next(one for one in (plan_id, *numbered) if one not in taken)
