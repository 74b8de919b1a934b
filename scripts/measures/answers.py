"""Ask questions made of the plans themselves and tell, rule by rule, how their answers keep to the plans."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.answering.answer import AnswerKind
from bot.conversation.answerer import Answerer
from bot.query.chat_state import ChatState
from bot.render.text import answer_text
from bot.serving.open_answerer import open_answerer
from corpus.model import Clause, ClauseKind, Plan
from scripts.measures.answer_rules import first_line, told_badly, topic_shown, units_badly
from scripts.measures.wordings.data_folder import data_folder

LISTS = (AnswerKind.DUTIES, AnswerKind.COUNT, AnswerKind.OVERVIEW, AnswerKind.DEADLINE)
EACH = 12
"""Questions of a kind about one plan."""
_LONGEST = 20
"""Characters of a title that is asked about."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, where it is asked, and what its first line must hold: one of these strings."""

    plan: Plan
    message: str
    first: tuple[str, ...]
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found of an answer; lists of what is wrong are empty where nothing is."""

    asked: Asked
    length: int
    of_list: bool
    first: bool
    units: Sequence[str]
    values: Sequence[str]
    entries: int
    on_topic: int


def questions(plan: Plan) -> Iterator[Asked]:
    """Yield the questions about a plan: who, figures, counts, and what is said of a topic."""
    titles: dict[str, list[Clause]] = {}
    for one in plan.clauses:
        if one.kind is ClauseKind.TASK and 4 < len(one.title) <= _LONGEST:
            titles.setdefault(one.title, []).append(one)
    for title, clauses in list(titles.items())[:EACH]:
        units = tuple(ref.printed for one in clauses for ref in one.units[:1])
        yield Asked(plan, f"{title}由谁负责", units)
        yield Asked(plan, f"{title}怎么做", (), title)
    for unit in plan.units[:EACH]:
        named = [one for one in plan.clauses if unit.name in {ref.name for ref in one.units}]
        yield Asked(plan, f"{unit.name}一共几项任务", (f"{_tasks(named)}项",))
    yield from list(_figures(plan))[:EACH]


def _tasks(clauses: Iterable[Clause]) -> int:
    """Count the tasks as a reader does: what body and annex both say is one."""
    tasks = [one for one in clauses if one.kind is ClauseKind.TASK]
    ids = {one.id for one in tasks}
    return sum(one.place.value == "body" or not ids & set(one.counterparts) for one in tasks)


def _figures(plan: Plan) -> Iterator[Asked]:
    for row in plan.indicators:
        yield Asked(plan, f"{row.name}目标是多少", (row.values[-1][1] + row.counter,))
    names = [target.what for one in plan.clauses for target in one.targets]
    for clause in plan.clauses:
        for target in clause.targets:
            if target.value is not None and 3 < len(target.what) <= _LONGEST and names.count(target.what) == 1:
                yield Asked(plan, f"{target.what}目标是多少", (target.figure,))


def check(answerer: Answerer, asked: Asked) -> Checked:
    """Ask a question in its plan's district and hold the answer against the plan."""
    answer, _ = answerer.ask(asked.message, ChatState(district=asked.plan.meta.district))
    entries = [entry for section in answer.sections for entry in section.entries] if asked.topic else []
    return Checked(
        asked,
        length=len(answer_text(answer)),
        of_list=answer.kind in LISTS,
        first=first_line(answer, asked.first),
        units=tuple(units_badly(answer, asked.plan)),
        values=tuple(told_badly(answer, asked.plan)),
        entries=len(entries),
        on_topic=sum(topic_shown(entry, asked.topic) for entry in entries),
    )


def measure(answerer: Answerer, plans: Iterable[Plan]) -> list[Checked]:
    """Return what is found of every answer about the plans."""
    return [check(answerer, asked) for plan in plans for asked in questions(plan)]


def shares(found: Sequence[Checked]) -> dict[str, float]:
    """Return how well each rule is kept, 0 to 1; the last is the median length outside lists."""
    expecting = [one for one in found if one.asked.first]

    def share(good: Callable[[Checked], bool], of: Sequence[Checked]) -> float:
        return sum(map(good, of)) / len(of) if of else 0.0

    entries = sum(one.entries for one in found)
    return {
        "first line": share(lambda one: one.first, expecting),
        "units of the place": share(lambda one: not one.units, found),
        "dates and values": share(lambda one: not one.values, found),
        "entries on the topic": sum(one.on_topic for one in found) / entries if entries else 0.0,
        "median length": statistics.median(one.length for one in found if not one.of_list),
    }


def faults(found: Sequence[Checked]) -> Iterator[str]:
    """Yield a line for each fault."""
    for one in found:
        if one.asked.first and not one.first:
            yield f"first line: {one.asked.message} [{one.asked.plan.meta.id}] lacks {one.asked.first[:2]}"
        yield from (f"{one.asked.message} [{one.asked.plan.meta.id}]: {fault}" for fault in (*one.units, *one.values))
        if one.on_topic < one.entries:
            yield f"topic: {one.asked.message} [{one.asked.plan.meta.id}] {one.on_topic} of {one.entries} entries"


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
        print(f"{rule}: {value:.3f}" if value <= 1 else f"{rule}: {value:.0f}")


if __name__ == "__main__":
    main()
