"""The annex: a table whose rows carry out tasks of the body, with the state at the start beside each group."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

from corpus.model import ClauseKind
from scripts.synthetic.layout import HAN, Section, task_clause
from scripts.synthetic.made import MadeClause
from scripts.synthetic.tasks import TaskMaker
from scripts.synthetic.words import load

Cells = tuple[str, ...]


def annex_table(
    random: Random, maker: TaskMaker, chapters: Sequence[tuple[str, Sequence[Section]]], years: tuple[int, int]
) -> Iterator[tuple[Cells, tuple[MadeClause, ...]]]:
    """Yield the rows, heads first, each with the clauses that it makes."""
    start, end = years
    yield ("序号", "工作内容", f"{start - 1}年情况", "任务目标/指标", "责任部门"), ()
    yield ("", "", "", f"{end}年", ""), ()
    for number, (title, sections) in enumerate(chapters):
        yield (f"{HAN[number]}、", f"{title}工程"), ()
        for turn, section in enumerate(sections):
            status = maker.speaker.say(random.choice(load("grammar")["status"])) + "。"
            opening: Cells = (f"（{HAN[turn]}）", section.heading, status)
            for at, task in enumerate(section.tasks, start=1):
                # A row says the task again without the sentence in its middle, as annexes do.
                body = f"{task.title}。{''.join(task.sentences[-2:])}"
                cells = (f"{number + 1}.{turn + 1}.{at} {body}", "、".join(unit.printed for unit in task.units))
                state = (MadeClause(ClauseKind.STATUS, status),) if at == 1 else ()
                yield (*opening, *cells), (*state, task_clause([task], body))
                opening = ("", "", "")
