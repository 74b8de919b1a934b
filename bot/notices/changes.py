"""What changed when a plan was added, replaced or removed: for each follower the clauses and rows that touch them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.answering.answer import Answer, source_of
from bot.answering.figures import counted
from bot.messages import say
from bot.notices.compose import compose, quoted
from bot.notices.deadlines import full_lists
from bot.notices.following import Subject, SubjectKind
from bot.notices.subjects import place_in, touches
from corpus.library.differences import changed_clauses
from corpus.model import Clause, Indicator, Plan, PlanMeta

MOST = 15
"""Changes quoted; the rest is counted."""
Pair = tuple[Clause | None, Clause | None]


@dataclass(frozen=True, slots=True)
class PlanChange:
    """A plan before and after; one of them is None when it was added or removed."""

    before: Plan | None
    after: Plan | None

    @property
    def plan(self) -> Plan:
        """The plan as it is now, or as it was."""
        plan = self.after or self.before
        if plan is None:
            raise ValueError("neither before nor after")
        return plan

    def pairs(self) -> tuple[Pair, ...]:
        """Return the clauses that came, changed or went."""
        if self.before is None or self.after is None:
            return tuple((one if self.after is None else None, one if self.before is None else None)
                         for one in self.plan.clauses)  # fmt: skip
        return tuple(changed_clauses(self.before, self.after))


def change_notice(change: PlanChange, pairs: tuple[Pair, ...], followed: tuple[Subject, ...]) -> tuple[Answer, ...]:
    """Return the messages for who follows these, none when nothing of theirs is touched."""
    subjects = tuple(one for one in followed if _touched(change, pairs, one))
    if not subjects:
        return ()
    kind = "added" if change.before is None else "removed" if change.after is None else "changed"
    meta = change.plan.meta
    headline = say(f"changes.{kind}", district=meta.district, title=meta.title)
    lines: list[str] = []
    if kind == "changed":
        mine = [pair for pair in pairs if any(_touches(change, pair, subject) for subject in subjects)]
        lines = [line for pair in mine[:MOST] for line in _lines(meta, pair)]
        if len(mine) > MOST:
            lines.append(say("changes.more", count=len(mine) - MOST))
        lines += [line for subject in subjects for line in _indicator_lines(change, subject)]
    else:
        for subject in subjects:
            count = sum(_touches(change, pair, subject) for pair in pairs)
            lines.append(say("changes.count", name=subject.name, count=count))
    sources = (source_of(meta),) if change.after is not None else ()
    return compose(headline, list(dict.fromkeys(lines)), choices=full_lists(subjects), sources=sources)


def _touched(change: PlanChange, pairs: tuple[Pair, ...], subject: Subject) -> bool:
    changed = any(_touches(change, pair, subject) for pair in pairs)
    return changed or bool(next(_indicator_lines(change, subject), ""))


def _touches(change: PlanChange, pair: Pair, subject: Subject) -> bool:
    sides = zip((change.before, change.after), pair, strict=True)
    return any(plan is not None and clause is not None and touches(plan, (clause,), subject) for plan, clause in sides)


def _lines(meta: PlanMeta, pair: Pair) -> Iterator[str]:
    match pair:
        case None, Clause() as after:
            yield say("changes.came", place=place_in(meta, after), text=quoted(after.text))
        case Clause() as before, None:
            yield say("changes.went", place=place_in(meta, before), text=quoted(before.text))
        case Clause() as before, Clause() as after:
            old, new = _apart(before.text, after.text)
            yield say("changes.differs", place=place_in(meta, after), before=quoted(old), after=quoted(new))
        case _:
            return


def _apart(before: str, after: str) -> tuple[str, str]:
    """Return both texts from a little before where they begin to differ."""
    same = next((at for at, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), 0)
    start = max(0, same - 20)
    return before[start:], after[start:]


def _indicator_lines(change: PlanChange, subject: Subject) -> Iterator[str]:
    if change.before is None or change.after is None or subject.kind is SubjectKind.UNIT:
        return
    if subject.kind is not SubjectKind.INDICATOR and not touches(change.after, (), subject):
        return
    before = {row.name: _values(row) for row in change.before.indicators}
    after = {row.name: _values(row) for row in change.after.indicators}
    for name in dict.fromkeys((*before, *after)):
        if before.get(name) != after.get(name) and subject.key in (
            name,
            change.plan.meta.id,
            change.plan.meta.district,
        ):
            nothing = say("changes.nothing")
            old, new = before.get(name, nothing), after.get(name, nothing)
            yield say("changes.indicator", name=name, before=old, after=new)


def _values(row: Indicator) -> str:
    """Return a row's values as answers write them: 2023年 0个 → 2027年 1个."""
    parts = (say("figure.step", year=year, value=counted(value, row.counter)) for year, value in row.values if value)
    return say("card.arrow").join(parts)
