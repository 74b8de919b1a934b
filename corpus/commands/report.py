"""What a person should look at before a plan is added: what it says of itself, what was left out, names to confirm."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from rapidfuzz import fuzz, process

from corpus.blocks import TableRow
from corpus.commands.export import counts
from corpus.commands.understood import measure
from corpus.datafiles import load
from corpus.messages import say
from corpus.model import ClauseKind, Dropped, Plan, PlanMeta
from corpus.offices.units import collectives, office_of
from corpus.readers.document import Document

_SHOWN = 24
"""Characters shown of a dropped line."""
_SAMPLES = 3
_ALIKE = 80
"""From this likeness (0 to 100) on, two names may be one unit: one character in five differs."""


def report(document: Document, plan: Plan, known: Sequence[Plan]) -> Iterator[str]:
    """Yield the report's lines; ``known`` are the plans that are there already."""
    if document.recognised:
        yield say("report.recognised")
    yield from about(plan.meta)
    tables = {block.table for block in document.blocks if isinstance(block, TableRow)}
    yield counts(plan)
    yield say("report.tables", tables=len(tables))
    yield from _dropped(plan.dropped)
    if not any(clause.kind is ClauseKind.TASK for clause in plan.clauses):
        yield say("report.no_tasks")
    yield from _units(plan, known)
    yield from measure(plan)


def about(meta: PlanMeta) -> Iterator[str]:
    """Yield what is known of a plan, a line each, then in one line what is not."""
    values = {
        "title": meta.title,
        "district": meta.district,
        "issuer": meta.issuer,
        "issued": meta.issued.isoformat() if meta.issued else "",
        "period": _period(meta),
        "url": meta.url,
    }
    for name, value in values.items():
        if value:
            yield say("report.fact", name=say(f"report.{name}"), value=value)
    # Few files say where they were published, and nothing is missing without it.
    unknown = [say(f"report.{name}") for name, value in values.items() if not value and name != "url"]
    if unknown:
        yield say("report.unknown_all", names="、".join(unknown))


def _period(meta: PlanMeta) -> str:
    match meta.start, meta.end:
        case int(start), int(end):
            return f"{start}—{end}"
        case int(start), None:
            return say("report.period_from", year=start)
        case None, int(end):
            return say("report.period_to", year=end)
    return ""


def _dropped(dropped: Iterable[Dropped]) -> Iterator[str]:
    by_rule: dict[str, list[Dropped]] = {}
    for one in dropped:
        by_rule.setdefault(one.rule, []).append(one)
    for rule, found in by_rule.items():
        often = Counter(one.text.split("\n")[0][:_SHOWN] for one in found)
        samples = "；".join(text for text, _ in often.most_common(_SAMPLES))
        yield say("report.dropped", rule=load("rules")["names"].get(rule, rule), count=len(found), samples=samples)


def _units(plan: Plan, known: Sequence[Plan]) -> Iterator[str]:
    """Yield the names that no list and no other plan has, and the known ones that they are like."""
    listed = {name for other in known for unit in other.units for name in unit.printed}
    names = [name for unit in plan.units for name in unit.printed]
    new = [name for name in names if name not in listed and name not in collectives() and office_of(name) is None]
    if not new:
        return
    yield say("report.new_units", count=len(new), names="、".join(new))
    candidates = sorted(listed | set(names))
    for name in new:
        others = [other for other in candidates if other != name]
        alike = process.extract(name, others, scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=_SAMPLES)
        if alike:
            yield say("report.alike", name=name, others="、".join(other for other, _, _ in alike))
