"""Documents of other kinds: every form of responsibility and numbering in ``forms/`` against its gold."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.commands.export import record
from corpus.library.shipped import parse_text
from corpus.model import Clause, ClauseKind, Plan, PlanMeta
from scripts.measures.check_gold import compare, load
from tests.corpus.conftest import parse

FORMS = Path(__file__).with_name("forms")


def read(name: str) -> Plan:
    """Parse one of the documents."""
    return parse_text((FORMS / f"{name}.txt").read_bytes(), PlanMeta(name, "", name, "", None, None, None))


@pytest.mark.parametrize("name", sorted(path.stem for path in FORMS.glob("*.txt")))
def test_a_document_reaches_its_gold(name: str) -> None:
    """Every clause has exactly its units, leads and due time, every target its figure and year; no unit is made up."""
    gold = load(str(FORMS / f"{name}.gold.jsonl"))
    found = compare([record(clause) for clause in read(name).clauses], gold)
    assert found.misses == ()
    assert found.deadlines == found.units == found.with_units


def task(text: str) -> Clause:
    """Return the only task of a one-paragraph plan."""
    (clause,) = (one for one in parse(f"一、任务\n（一）{text}\n").clauses if one.kind is ClauseKind.TASK)
    return clause


LABELS = {
    "建馆。（责任单位：区教委、区财政局等有关部门）": "区教委 区财政局",
    "建馆。（区教委、区财政局等12个部门按职责分工负责）": "区教委 区财政局",
    "建馆。（市规划和自然资源局和市住房和城乡建设委负责）": "市规划和自然资源局 市住房和城乡建设委",
    "建馆。（责任单位：各市、州、县（市、区）人民政府，省文旅厅）": "各市、州、县（市、区）人民政府 省文旅厅",
    "建馆。（责任单位：区级有关部门、有关单位）": "区级有关部门、有关单位",
    "建馆。（责任单位：区教委  区财政局）": "区教委 区财政局",
    "建馆。（2031年底前完成；责任单位：区教委）": "区教委",
    "建馆。（责任单位：区教委牵头，区财政局配合）": "区教委 区财政局",
    "建馆。（区教委、某某产业集团、各街道）": "区教委 某某产业集团 各街道",
    "建馆。［责任单位：区教委］": "区教委",
    "建馆。（区教委负责；完成时限：2031年6月）": "区教委",
    "建馆（区教委、区财政局，2031年12月）": "区教委 区财政局",
    "建馆。（自然资源部会同民政部等有关部门和地方各级人民政府负责）": "自然资源部 民政部 地方各级人民政府",
}


@pytest.mark.parametrize("text", LABELS)
def test_a_label_gives_its_units(text: str) -> None:
    """The names come out as printed, open ends and due times left out."""
    assert " ".join(ref.printed for ref in task(text).units) == LABELS[text]


@pytest.mark.parametrize(
    "text",
    [
        "建馆（以下简称文化馆）。",
        "建馆（含乡镇、街道）并开放。",
        "压实责任：做到人人有责。",
        "建馆。（见附件）",
        "落实牵头单位负责制，明确责任单位和责任人。",
    ],
)
def test_other_brackets_and_words_name_no_units(text: str) -> None:
    """A remark in brackets and a sentence about responsibility are no label."""
    clauses = parse(f"一、任务\n（一）{text}\n").clauses
    assert all(not clause.units for clause in clauses)


def test_roles_are_told_apart() -> None:
    """牵头, 负责 and 配合 give three roles; a mark behind a name gives its own."""
    clause = task("建馆。（区文旅委牵头，区教委负责，区财政局配合）")
    assert [str(ref.role) for ref in clause.units] == ["lead", "responsible", "cooperating"]
    clause = task("建馆。（责任单位：区教委、区文旅委（牵头））")
    assert [(ref.printed, str(ref.role)) for ref in clause.units] == [("区教委", "responsible"), ("区文旅委", "lead")]


def test_an_indicator_table_has_any_columns() -> None:
    """Counter in the name or a column, any years, the nature; an en dash is no value."""
    first, second = read("chapters").indicators
    assert (first.name, first.counter, first.values, first.nature) == (
        "人均体育场地面积", "平方米", ((2030, "2.4"), (2035, "3.2")), "约束性",
    )  # fmt: skip
    assert (second.name, second.counter, second.value(2035), second.nature) == (
        "经常参加锻炼人数比例", "%", "≥45", "预期性",
    )  # fmt: skip
    assert [one.id for one in read("chapters").indicators] == ["chapters 指标1", "chapters 指标2"]


def test_a_document_on_one_line_keeps_its_headings() -> None:
    """Headings are found by their numbers; a reference (第（二）条) is none."""
    paths = [clause.path for clause in read("one_line").clauses if clause.kind is ClauseKind.TASK]
    assert paths[2] == ("二、重点任务", "（三）加强宣传", "1.进校园")
    assert paths[-1] == ("三、保障措施", "（二）强化考核")


def test_several_plans_in_one_file_keep_apart() -> None:
    """Two plans that both start at 一 have ids of their own."""
    ids = [clause.id for clause in read("label_lines").clauses if clause.kind is ClauseKind.TASK]
    assert len(set(ids)) == len(ids) == 5


TABLE = """附件

任务清单

\t序号
\t改革任务
\t主要举措
\t责任单位
\t完成时限

\t1
\t推进改革
\t完善治理，2031年底前新建中心3个。
\t区国资委
牵头，区财政局、
区审计局配合
\t2031年12月

\t
\t
\t压缩层级。
\t
\t

\t2
\t优化审批
\t推行承诺。
\t牵头单位：区政务服务局
配合单位：区司法局
\t持续推进

"""


def test_cells_wrap_and_span() -> None:
    """A name goes on in its cell's next line, verbs and labels give roles, a cell that spans rows counts for each."""
    tasks = [clause for clause in parse(TABLE).clauses if clause.kind is ClauseKind.TASK]
    found = [[(ref.printed, str(ref.role)) for ref in clause.units] for clause in tasks]
    first = [("区国资委", "lead"), ("区财政局", "cooperating"), ("区审计局", "cooperating")]
    assert found == [first, first, [("区政务服务局", "lead"), ("区司法局", "cooperating")]]
    assert [clause.deadline for clause in tasks] == ["2031年12月", "", "持续推进"]
    assert tasks[1].body == "压缩层级。"


def test_an_indicator_can_have_units() -> None:
    """A column of units beside the years makes the row a duty of theirs as well."""
    plan = parse(
        "一、目标\n主要指标\n序号\t指标\t2025年\t2030年目标值\t责任单位\n1\t总产值（亿元）\t100\t150\t区发展改革委\n"
    )
    (row,) = (clause for clause in plan.clauses if clause.kind is ClauseKind.INDICATOR)
    assert [ref.printed for ref in row.units] == ["区发展改革委"]
    assert plan.indicators[0].values == ((2025, "100"), (2030, "150"))


def test_particulars_are_one_clause() -> None:
    """A table of a label and its value a row gives one task with its due time."""
    plan = parse("一、项目\n（一）第一个项目\n建设内容\t修建文化馆\n责任单位\t区文旅委、区财政局\n完成时限\t2032年\n")
    (clause,) = (one for one in plan.clauses if one.kind is ClauseKind.TASK)
    assert [ref.printed for ref in clause.units] == ["区文旅委", "区财政局"]
    assert clause.deadline == "2032年"
    assert "修建文化馆" in clause.text


def test_a_table_goes_on_behind_its_section_headings() -> None:
    """Rows that follow a heading in between stand under the head of the table above."""
    plan = parse(
        "序号\t任务\t主要内容\t责任单位\n一、道路\n1\t修路\t改造三条路。\t区交通局\n二、桥梁\n2\t架桥\t新建一座桥。\t区住建委\n"
    )
    tasks = [clause for clause in plan.clauses if clause.kind is ClauseKind.TASK]
    assert [(clause.path[0], clause.units[0].printed) for clause in tasks] == [
        ("一、道路", "区交通局"),
        ("二、桥梁", "区住建委"),
    ]


def test_rows_that_are_not_understood_are_kept_and_told() -> None:
    """A table without known columns loses no row: each is a text and a problem."""
    plan = parse("一、附表\n甲\t乙\n天\t地\n")
    assert {one.text for one in plan.problems} == {"甲\n乙", "天\n地"}
    assert {"甲\n乙", "天\n地"} <= {clause.text for clause in plan.clauses}


def test_a_remark_elsewhere_makes_the_first_unit_lead() -> None:
    """A sentence of the notice (列第一位的责任单位为牵头单位) speaks of every list."""
    plan = parse("责任分解中，列第一位的责任单位为牵头单位。\n一、任务\n（一）修路。（责任单位：区交通局、区财政局）\n")
    (clause,) = (one for one in plan.clauses if one.kind is ClauseKind.TASK)
    assert [str(ref.role) for ref in clause.units] == ["lead", "responsible"]


DUTIES = {
    "市财政局要统筹资金，市发展改革委负责争取投资。": [("市财政局", "responsible"), ("市发展改革委", "responsible")],
    "省政府办公厅牵头，省司法厅配合，年内出台办法。": [("省政府办公厅", "lead"), ("省司法厅", "cooperating")],
    "国家发展改革委和科技部要适时督促检查。": [("国家发展改革委", "responsible"), ("科技部", "responsible")],
    "各部门要加强协同，区中医院要提升能力，本办法由市体育局负责解释。": [("市体育局", "responsible")],
    "加强与市教委的沟通，办公室设在市财政局。": [],
}


@pytest.mark.parametrize("sentence", DUTIES)
def test_prose_gives_duties_to_named_units(sentence: str) -> None:
    """Units count where they open a part of a sentence with a verb of duty; collectives and mere mentions do not."""
    clauses = parse(f"一、保障\n（一）{sentence}\n").clauses
    assert [(ref.printed, str(ref.role)) for clause in clauses for ref in clause.units] == DUTIES[sentence]


def test_two_plans_on_one_line() -> None:
    """Numbers that go on under the next heading, labels without line ends and a second plan are all told apart."""
    text = (
        "某省两个方案第一方案为做好工作，制定本方案。一、要求坚持统一、协调。二、任务（一）改造。1．修路。改造道路三条。"
        "牵头单位：省交通厅参与单位：省财政厅完成时限：2031年底2．架桥。新建桥梁。牵头单位：省住建厅完成时限：持续推进"
        "（二）管护。3．巡查。落实一企一策、一次办好。牵头单位：省水利厅完成时限：持续推进三、保障加强领导，制定第二方案。"
        "一、要求坚持创新，统筹发展和安全，压实各方责任，形成工作合力，确保任务落地。二、任务（一）培训。1．办班。"
        "牵头单位：省教育厅完成时限：2032年底（二）考核。2．评价。牵头单位：省统计局完成时限：2033年底"
    )
    tasks = [clause for clause in parse(text).clauses if clause.kind is ClauseKind.TASK]
    assert [" ".join(ref.printed for ref in clause.units) for clause in tasks] == [
        "省交通厅 省财政厅", "省住建厅", "省水利厅", "省教育厅", "省统计局",
    ]  # fmt: skip
    assert [clause.deadline for clause in tasks][:3] == ["2031年底", "持续推进", "持续推进"]
    assert tasks[2].path[:2] == ("二、任务", "（二）管护")


def test_marks_with_a_word_number_their_paragraphs() -> None:
    """任务一： is a number like 一、 and its paragraphs are clauses of their own."""
    first = "任务一：治理垃圾。建站5座。\n牵头单位：县城市管理局\n"
    text = f"一、任务\n{first}任务二：治理污水。\n责任领导：张某\n牵头单位：县水利局\n"
    tasks = [clause for clause in parse(text).clauses if clause.kind is ClauseKind.TASK]
    assert [(clause.path[-1], clause.units[0].printed) for clause in tasks] == [
        ("任务一：治理垃圾", "县城市管理局"),
        ("任务二：治理污水", "县水利局"),
    ]


def test_rows_without_a_number_are_counted() -> None:
    """A row that prints no number is called by its place among such rows, however many blank lines stand before it."""
    table = "任务\t内容\t责任单位\n扩建学校\t新建小学2所。\t区教委\n整修道路\t整修道路10公里。\t区交通局\n"
    plain, spaced = (parse(f"方案\n一、任务分工{blank}{table}") for blank in ("\n", "\n\n\n\n"))
    ids = [clause.id for clause in plain.clauses if clause.units]
    assert ids == ["甲区 表1", "甲区 表2"]
    assert [clause.id for clause in spaced.clauses if clause.units] == ids
