"""How a section of tasks is printed: numbered paragraphs, 一是 paragraphs or one for all; and unit labels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from corpus.model import ClauseKind
from scripts.synthetic.made import MadeClause
from scripts.synthetic.tasks import Task, Unit
from scripts.synthetic.words import load

HAN = "一二三四五六七八九十"
_ARABIC_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class Line:
    """A printed paragraph and the clause it is, if it is one."""

    text: str
    clause: MadeClause | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its tasks."""

    heading: str
    tasks: tuple[Task, ...]
    joined: bool
    """Printed as one clause: its tasks then share their units."""


def label(random: Random, units: Sequence[Unit]) -> str:
    """Return the label that ends a clause, in one of the forms that plans print."""
    forms = load("grammar")["labels"]
    names = [unit.printed for unit in units]
    form = random.choice(forms["forms"] if len(names) > 1 else forms["alone"])
    return str(form.format(all="、".join(names), first=names[0], rest="、".join(names[1:])))


def task_clause(tasks: Sequence[Task], body: str) -> MadeClause:
    """Return the clause that these tasks make; its units are those of the first."""
    return MadeClause(
        kind=ClauseKind.TASK,
        body=body,
        units=tuple(unit.printed for unit in tasks[0].units),
        offices=tuple(unit.office for unit in tasks[0].units),
        targets=tuple(target for task in tasks for target in task.targets),
        heads=tuple(task.head for task in tasks),
        aspects=tuple(task.aspect for task in tasks),
        project="".join(task.project for task in tasks),
    )


def print_section(random: Random, number: int, section: Section) -> Iterator[Line]:
    """Yield the section's paragraphs in a style of its own."""
    if section.joined:
        parts = (f"{HAN[at]}是{task.body}" for at, task in enumerate(section.tasks))
        body = f"{section.heading}。{''.join(parts)}"
        text = f"（{HAN[number]}）{body}{label(random, section.tasks[0].units)}"
        yield Line(text, task_clause(section.tasks, body))
        return
    arabic = random.random() < _ARABIC_SHARE
    yield Line(f"（{HAN[number]}）{section.heading}。")
    for at, task in enumerate(section.tasks):
        mark = f"{at + 1}." if arabic else f"{HAN[at]}是"
        yield Line(f"{mark}{task.body}{label(random, task.units)}", task_clause([task], task.body))
