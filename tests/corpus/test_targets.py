"""Numbers to be reached, in the forms that plans print them."""

from __future__ import annotations

import pytest

from corpus.figures.states import state_figures
from corpus.figures.targets import find_targets

SENTENCES = {
    "到2025年，全市绿化覆盖率达到55%，新建公园12座；到2030年，绿化覆盖率达到60%以上。": [
        ("绿化覆盖率", "=", 55, "%", 2025),
        ("公园", "=", 12, "座", 2025),
        ("绿化覆盖率", ">=", 60, "%", 2030),
    ],
    "到2025年，高标准农田达到300万亩。粮食面积稳定在500万亩左右。": [
        ("高标准农田", "=", 300, "万亩", 2025),
        ("粮食面积", "~", 500, "万亩", 2025),
    ],
    "到2025年、2030年，数字经济增加值分别达到200亿元、500亿元。": [
        ("数字经济增加值", "=", 200, "亿元", 2025),
        ("数字经济增加值", "=", 500, "亿元", 2030),
    ],
    "绿化率2025年达到50%、2030年达到55%。": [("绿化率", "=", 50, "%", 2025), ("绿化率", "=", 55, "%", 2030)],
    "城镇、农村居民参保率分别不低于95%和98%。": [
        ("城镇居民参保率", ">=", 95, "%", 2027),
        ("农村居民参保率", ">=", 98, "%", 2027),
    ],
    "幼儿园、小学、初中入学率均达到99%。": [("幼儿园、小学、初中入学率", "=", 99, "%", 2027)],
    "企业数量翻一番，能耗控制在35吨以内。": [("企业数量", "=", 2, "倍", 2027), ("能耗", "<=", 35, "吨", 2027)],
    "新增登记企业1,200家、带动就业3.5万人。": [
        ("登记企业", "=", 1200, "家", 2027),
        ("带动就业", "=", 3.5, "万人", 2027),
    ],
    "“十四五”末，规上企业≥300家。": [("规上企业", ">=", 300, "家", 2025)],
    "能耗比2020年下降13.5%。": [("能耗", "=", 13.5, "%", 2027)],
    "２０２６年底前，完成改造８０个。": [("改造", "=", 80, "个", 2026)],
}


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_gives_its_targets(sentence: str) -> None:
    """What, comparator, number, counter and year are those of the sentence; 2027 is the plan's last year."""
    found = find_targets(sentence, 2027)
    assert [(one.what, one.comparator, one.value, one.counter, one.year) for one in found] == SENTENCES[sentence]


@pytest.mark.parametrize(
    "sentence",
    [
        "落实国发〔2018〕42号文件，编制3年行动计划。",
        "推进“10个一”工程，召开第3次会议，开通12345热线。",
        "围绕8大板块，建设15分钟便民生活圈，学习《30条措施》。",
        "提升5G和PM2.5监测能力，完善二级以上医院管理。",
    ],
)
def test_numbers_inside_names_are_no_targets(sentence: str) -> None:
    """Numbers of documents, grades, slogans and titles count nothing that is to be reached."""
    assert find_targets(sentence, 2027) == ()


def test_ranges_recurrences_and_verbs_are_kept() -> None:
    """A range has two ends, 每年 recurs, and the plan's own verb stays as printed."""
    (target,) = find_targets("每年力争引进专家3—5名", 2027)
    assert (target.value, target.upper, target.recurrence, target.verb) == (3, 5, "每年", "力争引进")
    assert target.figure == "3—5名"


def test_from_to_gives_a_baseline() -> None:
    """由甲提高到乙 is a target of 乙 with 甲 before it."""
    (target,) = find_targets("到2026年，人均绿地由15.2平方米提高到16.5平方米", 2027)
    assert (target.what, target.value, target.baseline) == ("人均绿地", 16.5, "15.2平方米")


def test_a_state_without_a_number_is_a_target() -> None:
    """2025年12月前建成投用 is due with the last day of November."""
    (target,) = find_targets("图书馆2025年12月前建成投用", 2027)
    assert target.value is None
    assert str(target.deadline) == "2025-11-30"


def test_a_status_gives_its_figures() -> None:
    """Each thing has its number; 各 gives one to each name, 其中 says what a part belongs to."""
    text = "1.现有市级、区级示范校各2所，名师30名，其中市级10名、区级20名。\n2.已建3个工作站。评价为4级。"
    found = [(one.thing, one.figure, one.whole) for one in state_figures(text)]
    assert found == [
        ("市级", "2所", ""),
        ("区级示范校", "2所", ""),
        ("名师", "30名", ""),
        ("市级", "10名", "名师"),
        ("区级", "20名", "名师"),
        ("工作站", "3个", ""),
        ("评价", "4级", ""),
    ]


def test_baselines_come_from_the_table_and_the_status(request: pytest.FixtureRequest) -> None:
    """A target has the table's figure of the earlier year, or else the annex's, body clauses too."""
    library = request.getfixturevalue("library")
    known = {
        (clause_id, target.what): target.baseline
        for clause_id in ("巴南 正文一", "渝中 4.1", "渝中 五(一)", "渝中 5.2.2")
        for target in library[clause_id].targets
    }
    assert known["巴南 正文一", "中医馆"] == "23"
    assert known["渝中 4.1", "重庆市名中医"] == "4"
    assert known["渝中 4.1", "区名中医"] == known["渝中 五(一)", "区名中医"] == "41名"
    assert known["渝中 5.2.2", "中药院内制剂"] == "22种"
    assert known["渝中 4.1", "博士"] == ""


MORE = {
    "培育2个千亿级集群和6个百亿级集群，工业增加值占比35%左右。": [
        ("千亿级集群", 2, "培育"),
        ("百亿级集群", 6, "培育"),
        ("工业增加值占比", 35, ""),
    ],
    "打造一批（不少于20个）示范基地，三年内认定工作站60家以上。": [("示范基地", 20, "打造"), ("工作站", 60, "认定")],
    "绿化率提高2个百分点，达到24%。": [("绿化率", 2, "提高"), ("绿化率", 24, "达到")],
}


@pytest.mark.parametrize("sentence", MORE)
def test_names_and_verbs_are_told_apart(sentence: str) -> None:
    """增加值 and 设置率 hold no verb; a number alone goes on with what the one before it counts."""
    assert [(one.what, one.value, one.verb) for one in find_targets(sentence, 2027)] == MORE[sentence]
