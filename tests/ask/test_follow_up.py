"""The last question changed by one of its parts."""

from __future__ import annotations

import pytest

from bot.answering.answer import Answer, AnswerKind
from corpus.model import Plan
from tests.ask.chatting import Chat, ids, naming, text


def expanded(answer: Answer) -> list[int]:
    """Return the numbers of the entries shown in full."""
    return [entry.number for section in answer.sections for entry in section.entries if entry.expanded]


@pytest.mark.parametrize("message", ["那渝中呢", "渝中呢？", "换成渝中区", "只看渝中", "渝中区"])
def test_another_district(chat: Chat, yuzhong: Plan, message: str) -> None:
    """The same question about the other district."""
    chat.ask("巴南区教委有哪些任务")
    assert ids(chat.ask(message)) == naming(yuzhong, "区教委")


@pytest.mark.parametrize("message", ["那巴南的", "巴南的呢", "那巴南呢"])
def test_after_a_district_without_a_plan(chat: Chat, banan: Plan, message: str) -> None:
    """A declined question about another district is asked again of one that has a plan."""
    assert not chat.ask("江北教委任务有哪些").answered
    assert ids(chat.ask(message)) == naming(banan, "区教委")


def test_back_to_both_districts(chat: Chat) -> None:
    """两个区都看 widens a narrowed question again."""
    whole = ids(chat.ask("区教委负责什么"))
    assert {one.district for one in chat.ask("只看巴南").citations} == {"巴南区"}
    assert ids(chat.ask("两个区都看")) == whole


def test_the_figures_of_a_list(chat: Chat) -> None:
    """相关指标 keeps the clauses of a list that have a number to be reached, and says so."""
    whole = ids(chat.ask("区教委负责什么"))
    answer = chat.ask(next(choice.say for choice in chat.ask("区教委负责什么").choices if choice.label == "相关指标"))
    assert ids(answer) < whole
    assert all(one.targets for one in answer.citations)
    assert "只列有数量目标的条款。" in answer.notes


def test_what_a_choice_says_works(chat: Chat) -> None:
    """Each choice under an answer narrows it as its label says."""
    choices = chat.ask("区教委负责什么").choices
    assert [choice.label for choice in choices] == ["相关指标", "看图", "只看巴南区", "只看渝中区"]
    for choice in choices[2:]:
        assert {one.district for one in chat.ask(choice.say).citations} == {choice.label.removeprefix("只看")}


@pytest.mark.parametrize("message", ["那财政局呢", "财政局呢"])
def test_another_unit(chat: Chat, banan: Plan, message: str) -> None:
    """The same question about another unit keeps the district."""
    chat.ask("巴南区教委有哪些任务")
    assert ids(chat.ask(message)) == naming(banan, "区财政局")


def test_from_who_to_how_much(chat: Chat) -> None:
    """指标呢 asks for the figures of what the last question was about."""
    chat.ask("巴南中医馆哪些单位负责")
    answer = chat.ask("指标呢")
    assert answer.kind is AnswerKind.TARGET
    assert answer.headline == "巴南区 中医馆：2023年 23个 → 2027年 24个（主要指标 5）"


@pytest.mark.parametrize("message", ["归哪些部门", "谁负责", "还有哪些单位"])
def test_from_how_much_to_who(chat: Chat, message: str) -> None:
    """归哪些部门 asks who is responsible for it."""
    chat.ask("渝中精品中医馆有几个")
    answer = chat.ask(message)
    assert answer.kind is AnswerKind.WHO
    assert answer.headline.startswith("渝中区：")
    assert "区卫健委、区发改委" in answer.headline


def test_which_other_units_share_duties(chat: Chat, banan: Plan) -> None:
    """After a unit's duties 还有哪些单位 names all units of each, where the list only counted them."""
    assert "区教委 等4家" in text(chat.ask("巴南区教委有哪些任务"))
    clause = next(clause for clause in banan.clauses if clause.id == "巴南 三(一)")
    read = text(chat.ask("还有哪些单位"))
    assert all(ref.name in read for ref in clause.units)
    assert "等4家" not in read


def test_another_year(chat: Chat) -> None:
    """2023年呢 asks for the same figure at the start."""
    chat.ask("2027年巴南中医馆目标是多少")
    assert "2023年 23个" in chat.ask("2023年呢").headline


@pytest.mark.parametrize("message", ["第3条", "展开3", "展开第三条", "第三条全文", "看第3条", "展开３"])
def test_one_entry_in_full(chat: Chat, banan: Plan, message: str) -> None:
    """The third entry of the last answer, word for word and alone; its number stays."""
    chat.ask("巴南区教委有哪些任务")
    answer = chat.ask(message)
    clause = next(clause for clause in banan.clauses if clause.id == "巴南 三(二)")
    assert expanded(answer) == [3]
    assert clause.text in text(answer)


def test_entries_can_be_opened_one_after_the_other(chat: Chat) -> None:
    """Opening one entry does not lose the list."""
    chat.ask("巴南区教委有哪些任务")
    assert expanded(chat.ask("展开3")) == [3]
    assert expanded(chat.ask("展开5")) == [5]
    assert len(chat.ask("只看渝中").sections[0].entries) == 2


def test_an_entry_that_is_not_there(chat: Chat) -> None:
    """The list stays, with a line that says it has no such entry."""
    answer = (chat.ask("渝中区教委有哪些任务"), chat.ask("展开9"))[1]
    assert expanded(answer) == []
    assert "这里没有第9条。" in answer.notes


def test_everything_in_full(chat: Chat) -> None:
    """全文 opens every entry."""
    chat.ask("渝中区教委有哪些任务")
    assert expanded(chat.ask("全文")) == [1, 2]


def test_pages(chat: Chat) -> None:
    """下一页 and 上一页 turn the pages of the same answer, never before the first."""
    first = chat.ask("区卫健委负责什么")
    assert (first.page, chat.ask("下一页").page, chat.ask("下一页").page) == (1, 2, 3)
    assert chat.ask("上一页").page == 2
    assert chat.ask("上一页").page == 1
    again = chat.ask("上一页")
    assert again.page == 1
    assert ids(again) == ids(first)


def test_a_new_question_begins_at_page_one(chat: Chat) -> None:
    """The page belongs to one answer."""
    chat.ask("区卫健委负责什么")
    chat.ask("下一页")
    assert chat.ask("区财政局负责什么").page == 1


def test_a_whole_question_starts_afresh(chat: Chat, yuzhong: Plan) -> None:
    """Nothing of the last question sticks to one that stands on its own."""
    chat.ask("巴南区科技局在人才方面有什么任务")
    assert naming(yuzhong, "区教委") <= ids(chat.ask("区教委负责什么"))


def test_small_talk_in_between_loses_nothing(chat: Chat, yuzhong: Plan) -> None:
    """A thank-you between question and follow-up is no question."""
    chat.ask("巴南区教委有哪些任务")
    chat.ask("谢谢")
    assert ids(chat.ask("那渝中呢")) == naming(yuzhong, "区教委")


@pytest.mark.parametrize("message", ["那渝中呢", "指标呢", "第3条", "展开3", "下一页", "只看巴南", "全文"])
def test_without_a_question_before(chat: Chat, message: str) -> None:
    """A follow-up to nothing says that there is nothing to go on with, and offers questions."""
    answer = chat.ask(message)
    assert not answer.answered
    assert "没有上一个问题" in answer.headline
    assert len(answer.choices) == 3
