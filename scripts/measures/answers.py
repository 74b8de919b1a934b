"""Ask questions made of the plans themselves and tell, rule by rule, how their answers keep to the plans."""

from __future__ import annotations

import statistics
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import cycle
from pathlib import Path

from bot.answering.answer import AnswerKind
from bot.conversation.answerer import Answerer
from bot.query.chat_state import ChatState
from bot.render.text import answer_text
from bot.serving.open_answerer import open_answerer
from corpus.model import Clause, ClauseKind, Plan
from scripts.measures.answer_rules import (
    first_line,
    fragments,
    said_twice,
    told_badly,
    topic_shown,
    units_badly,
    unproven_quotes,
    whole,
)
from scripts.measures.wordings.data_folder import data_folder

LISTS = (AnswerKind.DUTIES, AnswerKind.COUNT, AnswerKind.OVERVIEW, AnswerKind.DEADLINE)
EACH = 7
"""Questions of a kind about one plan."""
_LONGEST = 20
"""Characters of a title that is asked about."""
_YES, _NO = ("归：", "要：", "是："), ("不归：", "不用：", "不是：")
FIRST, WHOLE, MEDIAN = "first line", "whole when asked for", "median length"
TOPIC = "entries on the topic"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, where it is asked, and what its answer must hold."""

    plan: Plan
    message: str
    first: tuple[str, ...] = ()
    """The first line holds one of these."""
    topic: str = ""
    """What every entry shown speaks of."""
    verbatim: tuple[str, ...] = ()
    """One of these clauses is shown whole."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found of an answer."""

    asked: Asked
    length: int
    of_list: bool
    faults: Mapping[str, Sequence[str]]
    """Rule → what is wrong; empty where nothing is."""
    entries: int
    on_topic: int


@cache
def _wordings() -> Mapping[str, Sequence[str]]:
    return tomllib.loads(Path(__file__).with_name("answer_wordings.toml").read_text(encoding="utf-8"))


def questions(plan: Plan) -> Iterator[Asked]:
    """Yield the questions about a plan, of every kind, in the ways in which people ask."""
    titles: dict[str, list[Clause]] = {}
    for one in plan.clauses:
        if one.kind is ClauseKind.TASK and 4 < len(one.title) <= _LONGEST:
            titles.setdefault(one.title, []).append(one)
    units = {unit.name: _naming(plan, unit.name) for unit in plan.units}
    yield from _of_titles(plan, list(titles.items())[:EACH])
    yield from _of_titles(plan, list(titles.items())[EACH : 2 * EACH])
    for unit, wording in zip(list(units)[:EACH], cycle((*_wordings()["count"], *_wordings()["tasks"]))):
        yield Asked(plan, wording.format(unit=unit), (_told(units[unit]),))
    for (name, figures), wording in zip(list(_figures(plan).items())[: 2 * EACH], cycle(_wordings()["figure"])):
        yield Asked(plan, wording.format(name=name), tuple(figures))
    yield from _whether(plan, list(titles.items())[:EACH])


def _of_titles(plan: Plan, titles: Sequence[tuple[str, list[Clause]]]) -> Iterator[Asked]:
    """Ask who answers for a task, what is said of it, and for its own words."""
    words = _wordings()
    ways = zip(cycle(words["who"]), cycle(words["said"]), cycle(words["verbatim"]))
    for (title, clauses), (who, said, verbatim) in zip(titles, ways, strict=False):
        units = tuple(ref.printed for one in clauses for ref in one.units[:1])
        yield Asked(plan, who.format(title=title), units)
        yield Asked(plan, said.format(title=title), topic=title)
        yield Asked(plan, verbatim.format(title=title), verbatim=tuple(one.text for one in clauses))


def _whether(plan: Plan, titles: Sequence[tuple[str, list[Clause]]]) -> Iterator[Asked]:
    """Ask of a task's last unit, and of one that no clause with the title's words names."""
    for (title, clauses), wording in zip(titles, cycle(_wordings()["whether"])):
        unit = clauses[0].units[-1].printed
        yield Asked(plan, wording.format(title=title, unit=unit), _YES)
        about = [one for one in plan.clauses if one.units and _speaks_of(one, title)]
        named = {ref.name for one in about for ref in one.units}
        other = next((one.name for one in plan.units if one.name not in named and not one.collective), "")
        if other:
            yield Asked(plan, wording.format(title=title, unit=other), _NO)


def _speaks_of(clause: Clause, title: str) -> bool:
    """Whether a clause may be about a title: half of its pairs of characters stand in it."""
    text = "".join((*clause.path, clause.text))
    pairs = [title[at : at + 2] for at in range(len(title) - 1)]
    return 2 * sum(pair in text for pair in pairs) >= len(pairs)


def _naming(plan: Plan, unit: str) -> list[Clause]:
    return [one for one in plan.clauses if unit in {ref.name for ref in one.units}]


def _told(clauses: Iterable[Clause]) -> str:
    """Return the count as a reader checks it: what body and annex both say is one."""
    tasks = [one for one in clauses if one.kind is ClauseKind.TASK]
    ids = {one.id for one in tasks}
    count = sum(one.place.value == "body" or not ids & set(one.counterparts) for one in tasks)
    return f"{count}项" if count else "保障措施"


def _figures(plan: Plan) -> dict[str, list[str]]:
    """Return what is counted with its figures: the indicators, then the targets of one clause alone."""
    found = {row.name: [row.values[-1][1]] for row in plan.indicators if row.values}
    names = [target.what for one in plan.clauses for target in one.targets]
    for target in (target for clause in plan.clauses for target in clause.targets):
        named = 3 < len(target.what) <= _LONGEST and names.count(target.what) == 1
        if target.value is not None and named and target.what not in found:
            found[target.what] = [target.figure]
    return found


def check(answerer: Answerer, asked: Asked) -> Checked:
    """Ask a question in its plan's district and hold the answer against the plan."""
    answer, _ = answerer.ask(asked.message, ChatState(district=asked.plan.meta.district))
    entries = [entry for section in answer.sections for entry in section.entries] if asked.topic else []
    lacking = [f"lacks {asked.first[:2]}"] if asked.first and not first_line(answer, asked.first) else []
    cut = ["is not whole"] if asked.verbatim and not whole(answer, asked.verbatim) else []
    return Checked(
        asked,
        length=len(answer_text(answer)),
        of_list=answer.kind in LISTS or bool(asked.verbatim),
        faults={
            FIRST: lacking,
            "units of the place": tuple(units_badly(answer, asked.plan)),
            "dates and values": tuple(told_badly(answer, asked.plan)),
            WHOLE: cut,
            "no fragment opens an entry": tuple(fragments(answer)),
            "nothing is said twice": tuple(said_twice(answer)),
            "only what was asked is quoted": tuple(unproven_quotes(answer, asked.message)),
        },
        entries=len(entries),
        on_topic=sum(topic_shown(entry, asked.topic) for entry in entries),
    )


def measure(answerer: Answerer, plans: Iterable[Plan]) -> list[Checked]:
    """Return what is found of every answer about the plans."""
    return [check(answerer, asked) for plan in plans for asked in questions(plan)]


_OF: Mapping[str, Callable[[Asked], bool]] = {FIRST: lambda one: bool(one.first), WHOLE: lambda one: bool(one.verbatim)}
"""Rules that are not of every question."""


def shares(found: Sequence[Checked]) -> dict[str, float]:
    """Return how well each rule is kept, 0 to 1; the last is the median length outside lists."""
    told: dict[str, float] = {}
    for rule in found[0].faults:
        of = [one for one in found if _OF.get(rule, bool)(one.asked)]
        told[rule] = sum(not one.faults[rule] for one in of) / len(of) if of else 1.0
    entries = sum(one.entries for one in found)
    told[TOPIC] = sum(one.on_topic for one in found) / entries if entries else 0.0
    told[MEDIAN] = statistics.median(one.length for one in found if not one.of_list)
    return told


def faults(found: Sequence[Checked]) -> Iterator[str]:
    """Yield a line for each fault, rule by rule."""
    for rule in found[0].faults:
        for one in found:
            yield from (f"{rule}: {one.asked.message} [{one.asked.plan.meta.id}] {fault}" for fault in one.faults[rule])
    for one in found:
        if one.on_topic < one.entries:
            yield f"{TOPIC}: {one.asked.message} [{one.asked.plan.meta.id}] {one.on_topic} of {one.entries} entries"


def plans_of(answerer: Answerer) -> list[Plan]:
    """Return the plans that are answered from."""
    return [plan.whole for plan in answerer.shelf.plans]


def main() -> None:
    """Print the faults, then how well each rule is kept."""
    answerer = open_answerer(data_folder())
    found = measure(answerer, plans_of(answerer))
    for fault in faults(found):
        print(fault)
    print(f"{len(found)} questions")
    for rule, value in shares(found).items():
        print(f"{rule}: {value:.0f} characters" if rule == MEDIAN else f"{rule}: {value:.3f}")


if __name__ == "__main__":
    main()
