"""Units as people name them, and every clause that names them."""

from __future__ import annotations

import pytest

from bot.answering.answer import AnswerKind
from corpus.model import Plan
from tests.ask.chatting import Chat, ids, naming, text

SAID = {
    "区教委": ("区教委", "区教委"),
    "教委": ("区教委", "区教委"),
    "教育局": ("区教委", "区教委"),
    "教育委": ("区教委", "区教委"),
    "区教育委员会": ("区教委", "区教委"),
    "卫健": ("区卫生健康委", "区卫健委"),
    "卫计委": ("区卫生健康委", "区卫健委"),
    "发改": ("区发展改革委", "区发改委"),
    "市监局": ("区市场监管局", "区市场监督管理局"),
    "工商局": ("区市场监管局", "区市场监督管理局"),
    "文旅局": ("区文化旅游委", "区文旅委"),
    "财政": ("区财政局", "区财政局"),
    "人社": ("区人力社保局", "区人社局"),
    "科委": ("区科技局", "区科技局"),
    "住建委": ("区住房城乡建委", "区住建委"),
    "宣传部": ("区委宣传部", "区委宣传部"),
    "大数据局": ("区大数据局", "区大数据局"),
}


@pytest.mark.parametrize("said", SAID)
def test_a_spoken_form_means_the_office_of_each_district(chat: Chat, banan: Plan, yuzhong: Plan, said: str) -> None:
    """Whatever an office is called, every clause that names it comes and no other."""
    answer = chat.ask(f"{said}负责什么")
    in_banan, in_yuzhong = SAID[said]
    assert answer.kind is AnswerKind.DUTIES
    assert ids(answer) == naming(banan, in_banan) | naming(yuzhong, in_yuzhong)


@pytest.mark.parametrize("place", ["body", "annex"])
def test_every_unit_of_every_plan_is_answered_whole(chat: Chat, banan: Plan, yuzhong: Plan, place: str) -> None:
    """For each unit in a plan's directory, the duties of that district are exactly the clauses that print it."""
    for plan in (banan, yuzhong):
        for unit in plan.units:
            answer = chat.fresh(f"{unit.name}负责什么", plan.meta.district)
            mine = {one.id for one in answer.citations if one.place == place and one.district == plan.meta.district}
            printed = {clause.id for clause in plan.clauses if clause.place.value == place}
            assert mine >= naming(plan, unit.name) & printed, unit.name
            if not unit.collective and unit.name != "南纪门街道":
                assert mine == naming(plan, unit.name) & printed, unit.name


@pytest.mark.parametrize(
    "message", ["教委的任务", "教委要做哪些", "区教委有什么活", "区教委", "教委都管些什么呢", "请问一下区教委的职责"]
)
def test_the_way_of_asking_does_not_matter(chat: Chat, message: str) -> None:
    """Duties are asked for in many words, or in none."""
    assert ids(chat.fresh(message)) == ids(chat.fresh("区教委负责什么"))


@pytest.mark.parametrize(
    ("message", "district"),
    [("巴南教委负责什么", "巴南区"), ("渝中的科技局要干啥", "渝中区"), ("渝中区财政局负责什么", "渝中区")],
)
def test_a_district_before_the_unit_narrows_the_answer(chat: Chat, message: str, district: str) -> None:
    """A district said with the unit leaves the other one out."""
    assert {one.district for one in chat.ask(message).citations} == {district}


def test_the_same_name_in_two_districts_is_two_offices(chat: Chat) -> None:
    """Both districts stand apart, each with its own count, in the plans' order."""
    answer = chat.ask("区教委负责什么")
    assert answer.headline == "巴南区：区教委 6项；渝中区：区教委 2项"
    assert [section.heading for section in answer.sections] == ["巴南区", "渝中区"]


def test_a_message_s_district_wins_over_the_chat_s(chat: Chat) -> None:
    """Where the chat has a default district, one named in the message is the one asked about."""
    assert {one.district for one in chat.fresh("区教委负责什么", "巴南区").citations} == {"巴南区"}
    assert {one.district for one in chat.fresh("渝中教委负责什么", "巴南区").citations} == {"渝中区"}


def test_both_districts_can_be_asked_for_against_the_default(chat: Chat) -> None:
    """两个区 covers every plan, whatever the chat's district."""
    assert {one.district for one in chat.fresh("两个区教委负责什么", "巴南区").citations} == {"巴南区", "渝中区"}


def test_a_duty_in_prose_is_counted_apart(chat: Chat) -> None:
    """A paragraph that gives a named unit something to do counts, and is told from the tasks with a unit label."""
    answer = chat.ask("巴南区财政局负责什么")
    assert "7项，另有保障措施1项" in answer.headline
    assert "巴南 正文三(二)" in ids(answer)


def test_an_entry_names_the_asked_unit_and_how_many_share_it(chat: Chat) -> None:
    """Place, title and the unit asked for, then how many share it; of fourteen none has all figures."""
    read = text(chat.ask("巴南区教委负责什么"))
    assert "1. 巴南 附件 一（一）2 · 夯实基层中医药服务网底" in read
    assert "精品中医馆达标率" not in read
    assert "责任单位：区教委 等14家" in read
    assert read.endswith("来源：《重庆市巴南区中医药振兴发展重大工程实施方案》（2024-05-08）")


def test_body_and_annex_are_one_entry_with_their_difference(chat: Chat) -> None:
    """What body and annex say twice is read once, and units that stand in only one of them are marked."""
    answer = chat.ask("渝中区卫健委负责什么")
    entry = answer.sections[0].entries[0]
    assert entry.place == "渝中 正文 二（一）1 · 附件 1.1.1 · 附件 1.1.2"
    assert {"渝中 二(一)1", "渝中 1.1.1", "渝中 1.1.2"} <= ids(answer)
    told = {party.place: len(party.units) for entry in answer.sections[0].entries for party in entry.by_place}
    assert told["正文 六（一）"] == 5
    assert told["附件 5.1.1"] == 2


def test_joint_duties_name_all_of_the_units(chat: Chat, banan: Plan, yuzhong: Plan) -> None:
    """Units asked about together share every clause of the answer."""
    answer = chat.ask("教委和文旅委一起负责的有哪些")
    both = naming(banan, "区教委", "区文化旅游委") | naming(yuzhong, "区教委", "区文旅委")
    assert ids(answer) == both
    assert "区教委、区文化旅游委共同负责4项" in answer.headline


def test_three_units_together(chat: Chat, banan: Plan) -> None:
    """Three units are as good as two; a plan without such a clause is left out."""
    answer = chat.ask("教委、文旅委、体育局共同负责什么")
    assert ids(answer) == naming(banan, "区教委", "区文化旅游委", "区体育局")


def test_units_one_by_one(chat: Chat, banan: Plan, yuzhong: Plan) -> None:
    """分别 gives each unit its own list, one below the other, numbered through."""
    answer = chat.ask("教委和体育局分别负责什么")
    assert answer.kind is AnswerKind.MULTI
    assert ids(answer) == naming(banan, "区教委") | naming(banan, "区体育局") | naming(yuzhong, "区教委")
    numbers = [entry.number for section in answer.sections for entry in section.entries]
    assert numbers == list(range(1, len(numbers) + 1))
    assert [section.heading for section in answer.sections if not section.entries] == ["教委", "体育局"]


def test_a_district_before_a_unit_without_a_level_is_only_the_district(chat: Chat, banan: Plan, yuzhong: Plan) -> None:
    """In 巴南区巴洲产发集团 the 区 ends the district's name and begins no unit's."""
    assert ids(chat.ask("巴南区巴洲产发集团负责什么")) == naming(banan, "巴洲产发集团") != set()
    assert ids(chat.ask("渝中区大健康公司负责什么")) == naming(yuzhong, "大健康公司") != set()
