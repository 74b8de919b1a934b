"""Documents of other kinds: every form of responsibility and numbering in ``forms/`` against its gold."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.export import record
from corpus.library import parse_text
from corpus.model import Clause, ClauseKind, Plan, PlanMeta
from scripts.check_gold import compare, load
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
