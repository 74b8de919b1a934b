"""The first line says the thing itself, and what stands below it is about what was asked."""

from __future__ import annotations

import pytest

from bot.answering.answer import AnswerKind, Entry
from bot.conversation.answerer import Answerer
from tests.ask.chatting import Chat, Clock, answerer_over, parse, text

COUNTY = """{name}民生方案

一、重点任务

（一）扩建学校。一是建好校舍。到2027年新建小学{schools}所，改建校舍{houses}栋。二是修好道路。到2027年整修道路{roads}公里。（责任单位：县教委、县交通局、县财政局、县民政局、县水利局、县体育局）

（二）做好资金保障。统筹安排经费{money}万元。（责任单位：县财政局）
"""
BARE = """丙县民生方案

一、重点任务

（一）绿化山林。植树造林。（责任单位：县林业局）
"""


@pytest.fixture(scope="module")
def counties(tmp_path_factory: pytest.TempPathFactory) -> Answerer:
    """Two counties whose plans count the same things, and one that counts none of them."""
    plans = [
        parse(COUNTY.format(name="甲县", schools=3, houses=5, roads=40, money=100), "甲县"),
        parse(COUNTY.format(name="乙县", schools=4, houses=6, roads=50, money=200), "乙县"),
        parse(BARE, "丙县"),
    ]
    return answerer_over(tmp_path_factory.mktemp("counties"), Clock(), *plans)


def entries(chat: Chat, message: str) -> list[Entry]:
    """Return the entries of an answer."""
    return [entry for section in chat.fresh(message).sections for entry in section.entries]


def test_a_topic_is_said_and_not_counted(chat: Chat) -> None:
    """The plan's own words open the answer, with their place; no number of clauses stands for them."""
    answer = chat.fresh("巴南区隔离病区怎么建")
    assert answer.headline == (
        "巴南区：区中医院规范设置感染性疾病科室和隔离病区……（附件 一（二）1）；"
        "责任单位：区发展改革委、区财政局、区卫生健康委、区疾控局"
    )
    assert "责任单位：区发展改革委" in text(answer)


def test_each_plan_says_its_own(chat: Chat) -> None:
    """Two plans that speak of it are told with their districts."""
    line = chat.fresh("治未病").headline
    assert line.startswith("巴南区：加强区中医院治未病科规范化建设")
    assert "；渝中区：加强公立中医医院治未病科室建设" in line


def test_a_name_that_stands_in_one_task_is_said(chat: Chat) -> None:
    """Of a name that one task of a plan prints, the words stand in the first line; of several, the number."""
    assert "医院信息" not in chat.fresh("区中医院要做什么").headline
    assert chat.fresh("区中医院要做什么").headline == "写到“区中医院”，巴南区：8项"
    assert "新建市中医药文化宣传教育基地1个" in chat.fresh("渝中区中医药文化宣传有哪些要求").headline


def test_what_the_first_line_says_is_not_said_again(counties: Answerer) -> None:
    """A line that stands whole in the first one is left out of its entry."""
    answer = Chat(counties, Clock()).ask("丙县植树造林怎么做")
    assert "植树造林" in answer.headline
    assert text(answer).count("植树造林") == 1


def test_a_line_that_is_cut_does_not_end_with_a_time(chat: Chat) -> None:
    """到2027年 belongs to what is left out."""
    for message in ("卫健委负责什么", "信息化怎么搞", "治未病"):
        assert "到2027年……" not in text(chat.fresh(message))
        assert "\n……\n" not in text(chat.fresh(message))


def test_of_many_units_each_has_its_own_targets(counties: Answerer) -> None:
    """The task of six shows a unit what its own sentence sets; who only pays sees no other's figures."""
    chat = Chat(counties, Clock())
    school = entries(chat, "甲县教委负责什么")[0]
    assert "校舍" in school.summary
    assert "道路" not in "".join(one.name for one in school.figures)
    paid = {entry.title: entry for entry in entries(chat, "甲县财政局负责什么")}
    assert paid["扩建学校"].figures == ()
    assert paid["做好资金保障"].summary


def test_figures_asked_for_are_all_shown(counties: Answerer) -> None:
    """相关指标 after a list shows what was left out."""
    chat = Chat(counties, Clock())
    chat.ask("甲县财政局负责什么")
    shown = [
        one.name for section in chat.ask("相关指标").sections for entry in section.entries for one in entry.figures
    ]
    assert any("道路" in name for name in shown)


def test_two_are_compared_though_a_third_counts_nothing(counties: Answerer) -> None:
    """A comparison that names no district is of those that have the figure."""
    answer = Chat(counties, Clock()).ask("两个县新建小学目标差多少")
    assert answer.kind is AnswerKind.COMPARE
    assert "甲县" in answer.headline
    assert "4所" in answer.headline


def test_things_of_which_one_says_how_many_may_be_people(chat: Chat) -> None:
    """名中医有几个 is about 名中医, whom plans count by 人, and not about their workshops."""
    assert chat.fresh("渝中区名中医2023年有几个").headline.startswith("渝中区 重庆市名中医：2023年 4人")


def test_who_follows_a_name(chat: Chat) -> None:
    """谁负责 after what a name was asked for names the units first."""
    one = chat.other()
    one.ask("中医药文化宣传有哪些要求")
    answer = one.ask("谁负责")
    assert answer.kind is AnswerKind.WHO
    assert answer.headline.startswith("巴南区：区卫生健康委、区文化旅游委")


def test_who_shows_only_what_names_units(chat: Chat) -> None:
    """A general aim without units is no answer to who."""
    one = chat.other("巴南区")
    one.ask("名中医有多少")
    assert all(entry.units for section in one.ask("谁负责").sections for entry in section.entries)


def test_sources_take_little_room(chat: Chat) -> None:
    """One plan is named by its title without the years, several by district and subject; each has its day."""
    one = text(chat.fresh("巴南区隔离病区怎么建")).splitlines()[-1]
    assert one == "来源：《重庆市巴南区中医药振兴发展重大工程实施方案》（2024-05-08）"
    two = text(chat.fresh("治未病")).splitlines()[-1]
    assert two.startswith("来源：巴南区·中医药振兴发展重大工程（2024-05-08）、渝中区·中医药振兴发展")
    assert two.endswith("（2024-07-23）")
    assert len(two) <= 64
    long = text(chat.fresh("渝中区教委负责什么")).splitlines()[-1]
    assert long.startswith("来源：渝中区·中医药振兴发展")
