"""A unit's duties filtered: by topic, by date, by who leads; counted."""

from __future__ import annotations

import pytest

from bot.answering.answer import AnswerKind
from corpus.model import Plan
from tests.ask.chatting import Chat, ids, naming, text


def test_unit_and_topic(chat: Chat, banan: Plan, yuzhong: Plan) -> None:
    """Of the unit's clauses those that speak of the topic stay, and only such."""
    answer = chat.ask("区科技局在人才方面有什么任务")
    mine = naming(banan, "区科技局") | naming(yuzhong, "区科技局")
    assert {"巴南 四(三)", "巴南 七(三)", "渝中 九(二)"} <= ids(answer) < mine
    assert answer.headline.startswith("“人才”方面，")
    assert all("人才" in one.text or "人才" in "".join(one.path) for one in answer.citations)


@pytest.mark.parametrize(
    ("message", "topic"),
    [
        ("区教委负责火箭发射吗", "火箭发射"),
        ("区科技局在非遗方面有什么任务", "非遗"),
        ("区体育局在古籍方面的任务", "古籍"),
    ],
)
def test_a_topic_that_is_not_the_unit_s_is_declined(chat: Chat, message: str, topic: str) -> None:
    """Clauses of the unit about something else are no answer."""
    answer = chat.ask(message)
    assert not answer.answered
    assert not answer.citations
    assert f"“{topic}”方面" in answer.headline


def test_unit_topic_and_district(chat: Chat) -> None:
    """All three filters hold at once."""
    assert ids(chat.ask("渝中区卫健委负责的古籍保护有哪些")) == {"渝中 四(一)", "渝中 3.1"}


def test_unit_and_date(chat: Chat) -> None:
    """A unit's clauses that are due by a date are those among its own."""
    assert ids(chat.ask("渝中区住建委2027年6月前要完成什么")) == {"渝中 1.1.1"}


def test_unit_without_anything_due_is_declined(chat: Chat) -> None:
    """A unit with no clause due by the date gets told so, not all of its clauses."""
    answer = chat.ask("区教委2027年6月前要完成什么")
    assert not answer.answered
    assert "2027年6月前" in answer.headline


def test_how_many(chat: Chat, banan: Plan, yuzhong: Plan) -> None:
    """The number comes first, then the list it counts."""
    answer = chat.ask("区财政局一共负责几项")
    assert answer.kind is AnswerKind.COUNT
    assert answer.headline.startswith("巴南区：区财政局 7项，另有保障措施1项")
    assert ids(answer) == naming(banan, "区财政局") | naming(yuzhong, "区财政局")


def test_how_many_tasks_a_plan_has(chat: Chat) -> None:
    """Without a unit, the plan's tasks are counted."""
    assert chat.ask("两个区各有多少项任务").headline == "巴南区：26项任务；渝中区：22项任务"


def test_leading_is_more_than_taking_part(chat: Chat) -> None:
    """牵头 leaves what a unit is only one of several for; in these plans it leads one paragraph."""
    answer = chat.ask("巴南区卫健委牵头的有哪些")
    assert ids(answer) == {"巴南 正文三(三)"}


def test_who_is_responsible_names_every_unit(chat: Chat, banan: Plan) -> None:
    """谁负责 gets the whole list of units in its first line."""
    answer = chat.ask("巴南古籍保护由谁负责")
    clause = next(clause for clause in banan.clauses if clause.id == "巴南 三(一)")
    assert answer.kind is AnswerKind.WHO
    assert "、".join(ref.name for ref in clause.units) in answer.headline
    assert text(answer).count("、".join(ref.name for ref in clause.units)) == 1
