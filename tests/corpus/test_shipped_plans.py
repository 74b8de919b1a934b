"""What the parse of the two shipped plans holds: counts, units, targets, indicators, counterparts; nothing lost."""

from __future__ import annotations

from collections import Counter
from importlib import resources

import pytest

from corpus.assembly.counterparts import unit_differences
from corpus.library.shipped import load_shipped_plans, parse_text
from corpus.model import ClauseKind, Place, Plan
from tests.corpus.conftest import Library


def count(plan: Plan, kind: ClauseKind, place: Place | None = None) -> int:
    """Return how many clauses of a kind stand in a place."""
    return sum(clause.kind is kind and place in (None, clause.place) for clause in plan.clauses)


def squeeze(text: str) -> str:
    """Return the text without blanks and line ends."""
    return "".join(text.split())


def test_every_task_is_found(banan: Plan, yuzhong: Plan) -> None:
    """巴南's attachment has 26 tasks, 渝中's body 22 and its annex 33."""
    assert count(banan, ClauseKind.TASK) == count(banan, ClauseKind.TASK, Place.ANNEX) == 26
    assert count(yuzhong, ClauseKind.TASK, Place.BODY) == 22
    assert count(yuzhong, ClauseKind.TASK, Place.ANNEX) == 33


def test_every_indicator_is_found(banan: Plan, yuzhong: Plan) -> None:
    """The indicator tables have 10 and 9 rows with both years."""
    assert [one.value(2023) for one in banan.indicators] == ["0", "7", "0", "0", "23", "4", "2", "6", "9", "0"]
    assert [one.value(2027) for one in banan.indicators] == ["1", "9", "1", "1", "24", "5", "4", "9", "10", "1"]
    assert [one.value(2027) for one in yuzhong.indicators] == ["1", "5", "3", "1", "1", "2", "5", "1", "1"]
    assert yuzhong.indicators[0].name == "区域中药制剂中心"
    assert yuzhong.indicators[0].counter == "个"


def test_prose_duties_name_their_unit(library: Library) -> None:
    """A paragraph of 保障措施 that gives a named unit something to do is a duty of that unit."""
    assert [ref.printed for ref in library["巴南 正文三(二)"].units] == ["区财政局"]
    assert [ref.printed for ref in library["巴南 正文三(三)"].units] == ["区卫生健康委"]
    assert [ref.printed for ref in library["渝中 十(二)"].units] == ["区财政"]


@pytest.mark.parametrize("plan", load_shipped_plans(), ids=lambda plan: plan.meta.id)
def test_no_line_is_lost(plan: Plan) -> None:
    """Every line of the source stands in a clause, a heading, a table's head, or the list of what was dropped."""
    folder = resources.files("corpus").joinpath("plans", plan.meta.id)
    source = folder.joinpath("text.txt").read_text(encoding="utf-8").split("\n")
    kept = squeeze("".join("".join((clause.text, *clause.path, clause.status)) for clause in plan.clauses))
    kept += "".join(one.text for one in plan.dropped)
    heads = [
        "序号",
        "主要指标",
        "2023",
        "2027",
        "2023年",
        "2027年",
        "2023年情况",
        "任务目标/指标",
        "责任部门",
        "工作内容",
    ]
    lines = [line.replace("[bookmark: _GoBack]", "").strip().removesuffix("。") for line in source]
    lost = [line for line in lines if squeeze(line) not in kept and line not in heads]
    assert lost == []


def test_what_was_dropped_is_listed(banan: Plan, yuzhong: Plan) -> None:
    """The page's furniture is named line by line with the rule that dropped it; nothing else is dropped."""
    assert [one.line for one in banan.dropped] == [1, 215, 217, 219, 221]
    assert [one.rule for one in yuzhong.dropped] == ["bookmark of the word processor"]
    assert banan.problems == yuzhong.problems == ()


UNITS = {
    "巴南 一(一)1": "区发展改革委、区卫生健康委、区财政局、区规划和自然资源局、区人力社保局、区住房城乡建委",
    "巴南 一(一)2": "区发展改革委、区卫生健康委、区财政局、区人力社保局、区教委、区科技局、区农业农村委、区文化旅游委、"
    "区医保局、区体育局、区市场监管局、区融媒体中心、各镇人民政府、街道办事处",
    "巴南 三(三)": "区卫生健康委、区科技局、区人力社保局、巴洲产发集团",
    "巴南 五(三)": "区卫生健康委、区农业农村委、区经信委、区市场监管局、国际生物城",
    "巴南 六(三)": "区卫生健康委、区委宣传部、区政府外办、区教委、区文化旅游委、区商务委",
    "巴南 七(三)": "区卫生健康委、区市场监管局、区科委",
    "渝中 二(一)2": "区卫健委、区发改委、区财政局、区医疗保障局、区人社局、区市场监督管理局、区科技局、区文旅委、"
    "历史文化街区管委会、区委宣传部、区教委、各街道",
    "渝中 六(一)": "区卫健委、区市场监督管理局、历史文化街区管委会、大健康公司、南纪门街道",
    "渝中 四(一)": "区卫健委、区文旅局",
    "渝中 1.1.3": "区卫健委、区发改委、区财政局、区医保局、区人社局、区市场监督管理局、区科技局、区文旅委、"
    "历史文化街区管委会、区委宣传部、区教委、各街道",
    "渝中 5.1.1": "区卫健委、大健康公司",
    "渝中 5.1.2": "区卫健委、区市场监督管理局、历史文化街区管委会、南纪门街道",
    "渝中 6.2.3": "区文旅委",
    "渝中 7.1.2": "区卫健委、区市场监督管理局、区医保局",
    "渝中 8.2": "区卫健委、区人社局、区科技局",
}


@pytest.mark.parametrize("clause_id", UNITS)
def test_units_are_exactly_those_printed(library: Library, clause_id: str) -> None:
    """A clause's units are those behind its label or in its cell, as printed and in order."""
    printed = "、".join(ref.printed for ref in library[clause_id].units)
    assert printed == UNITS[clause_id]


def test_a_plans_variants_are_one_unit(library: Library, yuzhong: Plan) -> None:
    """区文旅局 and 区文旅委, 区医疗保障局 and 区医保局 are one office each, under the form printed most."""
    assert library["渝中 四(一)"].units[1].name == "区文旅委"
    assert library["渝中 二(一)2"].units[3].name == "区医保局"
    assert Counter(unit.key for unit in yuzhong.units).most_common(1)[0][1] == 1


TARGETS = {
    "巴南 一(一)2": [("精品中医馆达标率", ">=", 20), ("示范中医馆达标率", ">=", 10)],
    "巴南 一(二)1": [("市级中医名科", "=", 1), ("市级中医重点(特色)专科", "=", 2)],
    "巴南 四(一)": [("巴渝岐黄学者", "=", 1), ("巴渝青年岐黄学者", "=", 2)],
    "渝中 二(一)1": [("中医特色优势专科", "=", 2), ("中医药适宜技术", "=", 10), ("中医药适宜技术", ">=", 40)],
    "渝中 4.1": [("区名中医", ">=", 6), ("博士", "=", 10)],
    "渝中 5.2.1": [("区域中药制剂中心", "=", 1)],
    "渝中 7.2.2": [("重庆市中医骨科医院电子病历应用水平分级评价", "=", 4)],
}


@pytest.mark.parametrize("clause_id", TARGETS)
def test_targets_say_what_and_how_much(library: Library, clause_id: str) -> None:
    """A clause's targets hold what is counted, the comparator and the number."""
    found = [(target.what, target.comparator, target.value) for target in library[clause_id].targets]
    assert [one for one in found if one in TARGETS[clause_id]] == TARGETS[clause_id]


def test_a_day_is_a_deadline(library: Library) -> None:
    """2027年6月前 is due with the last day of May."""
    days = [target.deadline.isoformat() for target in library["渝中 1.1.1"].targets if target.deadline]
    assert days == ["2027-05-31"]


def test_a_group_shares_its_state_at_the_start(library: Library, yuzhong: Plan) -> None:
    """The annex prints 2023年情况 once a group; every row of the group carries it."""
    assert count(yuzhong, ClauseKind.STATUS) == 18
    assert library["渝中 1.1.4"].status == library["渝中 1.1.1"].status == library["渝中 一(一)现状"].text
    assert library["渝中 4.2.2"].status.startswith("1.现有区级及以上传承性人才41名")


def test_body_and_annex_are_linked(library: Library, yuzhong: Plan) -> None:
    """Each annex row knows the body clause it carries out, and where their units differ."""
    rows = [one for one in yuzhong.clauses if one.kind is ClauseKind.TASK and one.place is Place.ANNEX]
    assert all(len(row.counterparts) == 1 for row in rows)
    clause = library["渝中 六(一)"]
    assert clause.counterparts == ("渝中 5.1.1", "渝中 5.1.2")
    union, only_row, only_clause = unit_differences(library["渝中 5.1.1"], (clause,))
    assert only_row == ()
    assert only_clause == ("区市场监督管理局", "历史文化街区管委会", "南纪门街道")
    assert len(union) == 5


@pytest.mark.parametrize("plan", load_shipped_plans(), ids=lambda plan: plan.meta.id)
def test_ids_are_unique_and_a_parse_is_repeatable(plan: Plan) -> None:
    """Two parses of one text are equal, and no two clauses share an id."""
    data = resources.files("corpus").joinpath("plans", plan.meta.id, "text.txt").read_bytes()
    assert parse_text(data, plan.meta) == plan
    assert max(Counter(clause.id for clause in plan.clauses).values()) == 1
