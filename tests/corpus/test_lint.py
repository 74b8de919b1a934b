"""What a careful reader finds in the two shipped plans, and what no rule may find in a plan that is in order."""

from __future__ import annotations

from importlib import resources

import pytest
from typer.testing import CliRunner

from corpus.commands.cli import app
from corpus.library.shipped import load_shipped_plans
from corpus.lint import LintFinding, findings
from corpus.model import Plan
from tests.corpus.conftest import parse

SHIPPED = load_shipped_plans()
FOUND = {plan.meta.id: findings(plan, tuple(one for one in SHIPPED if one is not plan)) for plan in SHIPPED}

EXPECTED = [
    ("yuzhong", "baseline", "渝中 指标2", "市名中医5名"),
    ("yuzhong", "baseline_wider", "渝中 指标7", "6个"),
    ("yuzhong", "sum_status", "渝中 4.1", "得 6"),
    ("banan", "unpursued", "巴南 指标4", "中医药适宜技术推广中心"),
    ("yuzhong", "unpursued", "渝中 指标8", "市传统医药类非遗项目传承工作室"),
    ("banan", "no_number", "巴南 指标8", "巴南区名中医"),
    ("banan", "no_number", "巴南 指标5", "中医馆"),
    ("yuzhong", "only_hoped", "渝中 5.2.1", "力争"),
    ("banan", "total_as_added", "巴南 正文一", "培育5名市级名中医"),
    ("banan", "said_twice", "巴南 正文二", "提升至35%"),
    ("banan", "no_counter", "巴南 指标3", "市级中医名科"),
    ("banan", "counter", "巴南 指标10", "所"),
    ("banan", "name", "巴南 四(三)", "名中医药专家传承工作室"),
    ("yuzhong", "units_less", "渝中 1.1.4", "区发改委、区财政局"),
    ("yuzhong", "units_less", "渝中 8.1", "区人社局"),
    ("yuzhong", "units_less", "渝中 7.1.2", "区财政局"),
    ("yuzhong", "no_row", "渝中 二(二)4", "推广中医药特色疗法"),
    ("yuzhong", "heading", "渝中 四(三)", "开展中医药重点项目研究"),
    ("yuzhong", "only_one_place", "渝中 1.1.1", "2027年6月前投入使用"),
    ("yuzhong", "due_two_ways", "渝中 1.1.1", "2027年前"),
    ("yuzhong", "due_before_and_in", "渝中 1.1.1", "2027年6月前"),
    ("banan", "unit_forms", "巴南 七(三)", "区科技局、区科委"),
    ("yuzhong", "unit_forms", "渝中 四(一)", "区文旅委、区文旅局"),
    ("yuzhong", "unit_forms", "渝中 二(一)2", "区医疗保障局"),
    ("banan", "repeated", "巴南 二(二)", "市级重大疑难疾病中西医临床协同试点项目"),
    ("yuzhong", "state_as_task", "渝中 七(一)现状", "推动三医联动"),
    ("banan", "annex_name", "巴南 文首10", "具体工作内容和责任分工"),
    ("banan", "no_stop", "巴南 八(一)", "句号"),
    ("yuzhong", "stop_behind", "渝中 四(二)", "句号"),
    ("yuzhong", "no_year_word", "渝中 1.1.2", "到2027"),
    ("yuzhong", "twice", "渝中 八(一)现状", "首届"),
    ("banan", "homophone", "巴南 正文三(二)", "有限保障重大专项"),
]


@pytest.mark.parametrize(("plan", "rule", "clause", "words"), EXPECTED)
def test_a_readers_finding_is_found(plan: str, rule: str, clause: str, words: str) -> None:
    """The rule names the clause and says what is wrong there."""
    assert [
        one
        for one in FOUND[plan]
        if one.rule == rule and clause in {at.clause for at in one.spots} and words in one.message
    ]


@pytest.mark.parametrize("plan", SHIPPED, ids=lambda plan: plan.meta.id)
def test_every_quote_stands_in_the_plan(plan: Plan) -> None:
    """Each place of a finding gives a line of the source and words that stand there."""
    known = {clause.id: clause for one in SHIPPED for clause in one.clauses}
    for one in FOUND[plan.meta.id]:
        assert one.spots
        for at in one.spots:
            clause = known[at.clause]
            printed = (clause.text, clause.body, *clause.path, "、".join(ref.printed for ref in clause.units))
            assert any(at.quote in text.replace("\n", " ") for text in printed), at


def test_findings_are_few_enough_to_read() -> None:
    """No rule floods the report."""
    assert 15 <= len(FOUND["banan"]) <= 25
    assert 30 <= len(FOUND["yuzhong"]) <= 45


def rules(text: str) -> list[str]:
    """Return the rules that find something in a small plan."""
    return [one.rule for one in findings(parse(text, end=2027))]


def test_a_plan_in_order_has_no_findings() -> None:
    """A plan that agrees with itself is left alone."""
    assert (
        rules(
            "一、目标\n主要指标\n\t序号\t主要指标\t2023年\t2027年\n\n\t1\t文化馆（个）\t2\t5\n\n二、任务\n"
            "（一）建设文化馆。新建文化馆3个。（责任单位：区文旅委）\n"
        )
        == []
    )


def test_additions_must_make_the_total() -> None:
    """2 and 4 new ones are not 5."""
    text = (
        "一、目标\n主要指标\n\t序号\t主要指标\t2023年\t2027年\n\n\t1\t文化馆（个）\t2\t5\n\n二、任务\n"
        "（一）建设文化馆。新建文化馆4个。（责任单位：区文旅委）\n"
    )
    assert rules(text) == ["sum"]


def test_parts_must_make_the_whole() -> None:
    """8 and 10 are not 20."""
    text = (
        "附件\n任务清单\n\t序号\t工作内容\t2023年情况\t任务目标\t责任部门\n\n"
        "\t（一）\t人才\t现有名师20名，其中市级8名、区级10名。\t1.1 培养名师。\t区教委\n\n"
    )
    assert rules(text) == ["parts"]


def test_open_brackets_are_found() -> None:
    """A bracket that never closes is shown."""
    assert "brackets" in rules("一、任务\n（一）建设“文化馆。新建3个。（责任单位：区文旅委）\n")


def test_the_command_prints_every_place() -> None:
    """With --all each finding is one numbered sentence, its places below it; a file is read without being added."""
    result = CliRunner().invoke(app, ["lint", "--district", "渝中区", "--all"])
    assert result.exit_code == 0
    assert "1. 指标“重庆市名中医”的基期值，指标表写 4，附件现状写“市名中医5名”。" in result.stdout
    assert "    渝中 四(一)现状（第 224 行）“现有市名中医5名”" in result.stdout
    path = str(resources.files("corpus").joinpath("plans", "banan", "text.txt"))
    assert "区科技局、区科委" in CliRunner().invoke(app, ["lint", path, "--all"]).stdout
    assert CliRunner().invoke(app, ["lint", "/no/such.txt"]).exit_code == 1


def test_the_command_tells_the_gravest_five_first() -> None:
    """Without --all a person reads five sentences, figures before punctuation, and how many more there are."""
    told = CliRunner().invoke(app, ["lint", "yuzhong"]).stdout.splitlines()
    assert len(told) == 1 + 5 + 1
    assert told[1].startswith("1. 指标“重庆市名中医”的基期值")
    assert "--all" in told[-1]
    assert CliRunner().invoke(app, ["lint", "nobody"]).exit_code == 1


def test_findings_are_values() -> None:
    """Two runs over one plan give equal findings."""
    again: tuple[LintFinding, ...] = findings(SHIPPED[0], SHIPPED[1:])
    assert again == FOUND["banan"]
