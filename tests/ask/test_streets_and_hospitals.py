"""Who is no responsible unit by name: streets and towns inside a collective, hospitals that clauses are about."""

from __future__ import annotations

import pytest

from bot.answering.answer import AnswerKind
from corpus.model import Plan
from tests.ask.chatting import Chat, ids, naming, text


def test_a_town_answers_through_its_collective(chat: Chat, banan: Plan) -> None:
    """接龙镇 carries what 各镇人民政府 carries, and the answer says through whom."""
    answer = chat.ask("接龙镇负责什么")
    assert naming(banan, "各镇人民政府") <= ids(answer)
    assert "通过“各镇人民政府”" in answer.headline


def test_a_street_by_name_is_told_from_its_collective(chat: Chat, yuzhong: Plan) -> None:
    """What names 南纪门街道 stands apart from what names 各街道."""
    alone, through = chat.ask("南纪门街道负责什么").sections
    named = {quote.clause_id for entry in alone.entries for quote in entry.quotes}
    carried = {quote.clause_id for entry in through.entries for quote in entry.quotes}
    assert named == naming(yuzhong, "南纪门街道")
    assert carried == naming(yuzhong, "各街道") - named
    assert "通过“各街道”" in through.heading


@pytest.mark.parametrize("message", ["渝中南纪门街道负责什么", "渝中区南纪门街道负责什么", "南纪门街道办事处负责什么"])
def test_a_street_is_the_same_with_district_or_office(chat: Chat, message: str) -> None:
    """The district before a street's name, or 办事处 behind it, changes nothing."""
    assert ids(chat.fresh(message)) == ids(chat.fresh("南纪门街道负责什么", "渝中区"))


def test_a_town_in_the_other_district_is_declined_by_its_name(chat: Chat) -> None:
    """渝中 has no towns: the decline names the town, not a piece of the message."""
    answer = chat.ask("渝中接龙镇负责什么")
    assert not answer.answered
    assert answer.headline == "渝中区的方案没有把接龙镇列为责任单位。"


def test_the_collective_itself_can_be_asked_for(chat: Chat, banan: Plan, yuzhong: Plan) -> None:
    """各街道 and 街道办事处 are one thing said in two ways, one in each plan."""
    assert ids(chat.ask("各街道负责什么")) == naming(banan, "街道办事处") | naming(yuzhong, "各街道")


@pytest.mark.parametrize(
    ("message", "clause", "units"),
    [
        ("市七院归谁管", "渝中 7.2.1", "区卫健委、区大数据局"),
        ("区中医院康复科由哪个部门负责", "巴南 一(二)3", "区卫生健康委、区民政局、区财政局"),
    ],
)
def test_who_answers_for_a_hospital(chat: Chat, message: str, clause: str, units: str) -> None:
    """A hospital is no responsible unit; the clauses about it say who answers for it."""
    answer = chat.ask(message)
    assert answer.kind is AnswerKind.WHO
    assert clause in ids(answer)
    assert units in answer.headline


@pytest.mark.parametrize(("hospital", "clause"), [("市七院", "巴南 二(一)"), ("巴南区中医院", "巴南 一(一)1")])
def test_what_the_plan_does_with_a_hospital(chat: Chat, hospital: str, clause: str) -> None:
    """Its clauses come with all their units, not a decline because it has no duties of its own."""
    answer = chat.ask(f"{hospital}要干啥")
    assert answer.answered
    entry = next(
        entry
        for section in answer.sections
        for entry in section.entries
        if clause in {quote.clause_id for quote in entry.quotes}
    )
    assert all(unit in text(answer) for unit in entry.units)
