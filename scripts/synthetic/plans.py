"""One plan: notice, aims with indicator table, chapters of tasks, safeguards, and an annex table that repeats tasks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

from corpus.blocks import Block, Paragraph, TableRow
from corpus.model import ClauseKind, PlanMeta
from scripts.synthetic.annex import annex_table
from scripts.synthetic.layout import HAN, Line, Section, print_section
from scripts.synthetic.made import MadeClause, MadeIndicator, MadePlan
from scripts.synthetic.places import District, districts, project_name
from scripts.synthetic.tasks import TaskMaker
from scripts.synthetic.words import load

MOST_PLANS = 4
"""Plans of one district."""
PROJECTS = 3
"""Named projects of one plan, each in a chapter of its own."""
_INDICATORS = 9
_SECTIONS = 3
_JOINED_SHARE = 0.25
Chapter = tuple[str, tuple[Section, ...]]


def plan_count(seed: int, number: int) -> int:
    """Return how many plans district ``number`` has; the mean makes 10,000 plans of 2,800 districts."""
    return Random(f"{seed}:{number}:plans").choices((1, 2, 3, 4), (5, 8, 12, 75))[0]


def make_plan(seed: int, number: int, turn: int) -> MadePlan:
    """Return plan ``turn`` of district ``number``: the same for the same three numbers, whatever else is made."""
    topics = Random(f"{seed}:{number}:topics").sample(load("topics")["topic"], MOST_PLANS)
    random = Random(f"{seed}:{number}:{turn}")
    return _Document(random, districts(seed)[number], topics[turn], number * MOST_PLANS + turn).plan()


class _Document:
    """A plan in the making."""

    def __init__(self, random: Random, district: District, topic: dict[str, Any], number: int) -> None:
        self._random = random
        self._district = district
        self._topic = topic
        self._number = number
        self._start = random.choice((2023, 2024, 2025))
        self._end = self._start + random.choice((2, 3, 4))
        self._maker = TaskMaker(random, district, topic, self._end)
        self._blocks: list[Block] = []
        self._clauses: list[MadeClause] = []
        self._indicators: list[MadeIndicator] = []

    def plan(self) -> MadePlan:
        """Return the whole plan."""
        document = self._random.choice(load("grammar")["documents"]["kinds"])
        title = f"{self._district.name}{self._topic['name']}{document}（{self._start}—{self._end}年）"
        issuer = f"{self._district.province}{self._district.name}人民政府办公室"
        issued = date(self._start, 1, 1) + timedelta(days=self._random.randrange(360))
        chapters = [self._chapter(at) for at in range(self._random.randint(4, 6))]
        self._front(title, issuer, issued)
        self._aims(chapters)
        for at, (heading, sections) in enumerate(chapters, start=1):
            self._paragraph(f"{HAN[at]}、{heading}")
            for number, section in enumerate(sections):
                for line in print_section(self._random, number, section):
                    self._line(line)
        self._safeguards(len(chapters) + 1)
        self._annex(title, chapters)
        plan_id = f"s{self._number:05}"
        meta = PlanMeta(plan_id, self._district.name, title, issuer, issued, self._start, self._end)
        return MadePlan(meta, tuple(self._blocks), tuple(self._clauses), tuple(self._indicators))

    def _chapter(self, at: int) -> Chapter:
        grammar, say = load("grammar"), self._maker.speaker.say
        sections = []
        for number in range(_SECTIONS):
            named = number == 0 and at < PROJECTS
            project = project_name(self._number * PROJECTS + at) if named else ""
            count = self._random.choice((2, 2, 3))
            tasks = tuple(self._maker.task(project if turn == 0 else "") for turn in range(count))
            joined = self._random.random() < _JOINED_SHARE
            if joined:
                tasks = tuple(replace(task, units=tasks[0].units) for task in tasks)
            sections.append(Section(say(self._random.choice(grammar["sections"])), tasks, joined))
        return say(self._random.choice(grammar["chapters"])), tuple(sections)

    def _paragraph(self, text: str) -> None:
        self._blocks.append(Paragraph(text, len(self._blocks) + 1))

    def _text(self, text: str) -> None:
        """Print a paragraph without units."""
        self._line(Line(text, MadeClause(ClauseKind.TEXT, text)))

    def _line(self, line: Line) -> None:
        self._paragraph(line.text)
        if line.clause:
            self._clauses.append(line.clause)

    def _row(self, cells: Sequence[str], table: int, clauses: Sequence[MadeClause] = ()) -> None:
        self._blocks.append(TableRow(tuple(cells), len(self._blocks) + 1, table))
        self._clauses.extend(clauses)

    def _front(self, title: str, issuer: str, issued: date) -> None:
        level = self._district.level
        self._text(f"{issuer}关于印发{title}的通知")
        self._text(f"各有关部门，{level}级有关单位：")
        self._text(f"《{title}》已经{level}政府同意，现印发给你们，请认真贯彻执行。")
        self._text(issuer)
        self._text(f"{issued.year}年{issued.month}月{issued.day}日")
        self._text("（此件公开发布）")
        self._text(title)

    def _aims(self, chapters: Sequence[Chapter]) -> None:
        self._paragraph("一、总体要求")
        for _ in range(2):
            self._text(self._maker.speaker.any_of("overall"))
        self._paragraph(f"{self._topic['name']}主要指标")
        counter_apart = self._random.random() < 0.5
        years = (self._start - 1, self._end)
        heads = ("序号", "主要指标", *(("单位",) if counter_apart else ()), *(f"{year}年" for year in years))
        self._row(heads, 1)
        tasks = (task for _, sections in chapters for section in sections for task in section.tasks)
        wanted = [target for task in tasks for target in task.targets if target.total and target.year == self._end]
        for number, target in enumerate(wanted[:_INDICATORS], start=1):
            before = max(1, int(target.value * self._random.uniform(0.4, 0.9)))
            values = (str(before), f"{target.value:g}")
            name = (target.what, target.counter) if counter_apart else (f"{target.what}（{target.counter}）",)
            self._row((str(number), *name, *values), 1, [MadeClause(ClauseKind.INDICATOR, target.what)])
            pairs = tuple(zip(years, values, strict=True))
            self._indicators.append(MadeIndicator(target.what, target.counter, pairs))

    def _safeguards(self, number: int) -> None:
        grammar, maker = load("grammar"), self._maker
        self._paragraph(f"{HAN[number]}、保障措施")
        for at, heading in enumerate(self._random.sample(grammar["safeguards"], 4)):
            mark = f"（{HAN[at]}）{heading}。"
            if at == 3:
                self._text(f"{mark}{maker.speaker.any_of('safeguard_text')}")
                continue
            office = self._topic["lead"] if at == 0 else self._random.choice(self._topic["partners"])
            unit = maker.unit(office)
            words = maker.speaker.say(self._random.choice(grammar["safeguard_duty"]), office=unit.printed) + "。"
            clause = MadeClause(ClauseKind.DUTY, f"{heading}。{words}", (unit.printed,), (office,))
            self._line(Line(mark + words, clause))

    def _annex(self, title: str, chapters: Sequence[Chapter]) -> None:
        self._text(f"附件：{title}重点任务清单")
        self._text("附件")
        self._text(f"{title}重点任务清单")
        for cells, clauses in annex_table(self._random, self._maker, chapters, (self._start, self._end)):
            self._row(cells, 2, clauses)
