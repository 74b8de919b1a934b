"""Lists: plans, units, indicators, facts about the document, contradictions."""

from __future__ import annotations

import pytest

from bot.answering.answer import AnswerKind
from corpus.model import Plan
from tests.ask.chatting import Chat, ids, text


def test_which_plans(chat: Chat, banan: Plan, yuzhong: Plan) -> None:
    """Both plans with title, date and size."""
    read = text(chat.ask("有哪些方案"))
    assert "共收录2份方案" in read
    for plan in (banan, yuzhong):
        assert f"{plan.meta.title}（{plan.meta.issued}印发" in read


@pytest.mark.parametrize("message", ["有哪些责任单位", "都有哪些责任单位", "责任单位名单"])
def test_which_units(chat: Chat, banan: Plan, yuzhong: Plan, message: str) -> None:
    """Every unit of the directory with the number of clauses that name it."""
    answer = chat.ask(message)
    assert answer.headline == "巴南区责任单位28个；渝中区责任单位19个"
    read = text(answer)
    assert all(f"{unit.name}（" in read for plan in (banan, yuzhong) for unit in plan.units)
    assert "区教委（6）" in read


def test_units_of_one_district(chat: Chat) -> None:
    """A district narrows the list."""
    assert chat.ask("渝中区有哪些责任单位").headline == "渝中区责任单位19个"


def test_main_indicators(chat: Chat, banan: Plan, yuzhong: Plan) -> None:
    """Every row of both tables, cited, with both of its values."""
    answer = chat.ask("主要指标")
    assert ids(answer) == {row.id for plan in (banan, yuzhong) for row in plan.indicators}
    assert "中医馆：2023年 23个 → 2027年 24个" in text(answer)


@pytest.mark.parametrize(
    ("message", "line"),
    [
        ("渝中那个方案什么时候印发的", "渝中区：2024年7月23日印发"),
        ("巴南方案是谁印发的", "巴南区：重庆市巴南区人民政府办公室印发"),
        ("巴南方案的实施期限", "巴南区：2024—2027年"),
        ("渝中方案全称", "渝中区：《渝中区关于贯彻落实《重庆市中医药振兴发展重大工程实施方案》的工作措施》"),
    ],
)
def test_facts_about_the_document(chat: Chat, message: str, line: str) -> None:
    """When, by whom, for how long, under which title."""
    answer = chat.ask(message)
    assert answer.kind is AnswerKind.FACT
    assert answer.headline == line


def test_contradictions_with_both_places(chat: Chat) -> None:
    """Every contradiction names the two places and what each says."""
    answer = chat.ask("渝中方案里有哪些矛盾")
    line = next(line for section in answer.sections for line in section.lines if "附件现状写“市名中医5名”" in line)
    assert "渝中 指标2“" in line
    assert "渝中 四(一)现状“" in line
    assert [section.heading[:3] for section in answer.sections] == ["渝中区"]


def test_contradictions_of_a_topic(chat: Chat) -> None:
    """A topic leaves only what concerns it."""
    answer = chat.ask("名中医有哪些矛盾")
    lines = [line for section in answer.sections for line in section.lines]
    assert lines
    assert all("名中医" in line for line in lines)


def test_several_questions_in_one_message(chat: Chat) -> None:
    """Each is answered under its own words, entries numbered through."""
    answer = chat.ask("区体育局负责什么？古籍保护谁负责？")
    assert answer.kind is AnswerKind.MULTI
    assert {"巴南 六(二)", "巴南 三(一)", "渝中 四(一)"} <= ids(answer)
    headings = [section.heading for section in answer.sections]
    assert headings.index("区体育局负责什么") < headings.index("古籍保护谁负责")
    numbers = [entry.number for section in answer.sections for entry in section.entries]
    assert numbers == list(range(1, len(numbers) + 1))


def test_the_second_question_goes_on_with_the_first(chat: Chat) -> None:
    """谁负责 after 中医馆目标 asks who is responsible for that, under its own heading."""
    answer = chat.ask("巴南2027年中医馆目标是多少？谁负责？")
    assert [section.heading for section in answer.sections if not section.entries][-1] == "谁负责"
    assert "巴南区：区发展改革委、区卫生健康委" in text(answer)


@pytest.mark.parametrize("joint", ["，另外", "。顺便问下", "\n", "；"])
def test_questions_are_told_apart_by_more_than_a_question_mark(chat: Chat, joint: str) -> None:
    """A line break, a semicolon or 另外 begins another question."""
    answer = chat.ask(f"巴南体育局负责什么{joint}渝中医保局负责什么")
    assert answer.kind is AnswerKind.MULTI
    assert {one.district for one in answer.citations} == {"巴南区", "渝中区"}


def test_one_question_stays_whole(chat: Chat) -> None:
    """A greeting or an aside makes no second question."""
    assert chat.ask("你好！请问区教委负责什么？谢谢。").kind is AnswerKind.DUTIES
