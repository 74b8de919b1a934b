"""A clause asked for by its number comes whole."""

from __future__ import annotations

import pytest

from corpus.model import Plan
from tests.ask.chatting import Chat, ids, text


@pytest.mark.parametrize("message", ["任务4.2.2", "4.2.2", "附件4.2.2写的啥", "渝中4.2.2是什么"])
def test_an_annex_row_comes_verbatim(chat: Chat, yuzhong: Plan, message: str) -> None:
    """The row stands in the answer word for word, with the body clause it carries out."""
    answer = chat.ask(message)
    row = next(clause for clause in yuzhong.clauses if clause.id == "渝中 4.2.2")
    assert answer.citations[0].id == row.id
    assert row.text in text(answer)
    assert "渝中 五(二)" in ids(answer)


def test_part_and_item_name_a_clause_in_each_plan(chat: Chat) -> None:
    """第五部分第二条 is 五（二）, in both plans."""
    assert {"巴南 五(二)", "渝中 五(二)"} <= ids(chat.ask("第五部分第二条"))


def test_a_district_picks_one_of_them(chat: Chat) -> None:
    """With a district, only its clause comes."""
    answer = chat.ask("渝中第六部分第一条讲什么")
    assert answer.citations[0].id == "渝中 六(一)"
    assert {one.district for one in answer.citations} == {"渝中区"}


@pytest.mark.parametrize("message", ["任务9.9.9", "第九十部分第二条"])
def test_a_number_that_does_not_exist_is_declined(chat: Chat, message: str) -> None:
    """A wrong number gets one line and no other clause."""
    answer = chat.ask(message)
    assert not answer.answered
    assert not answer.citations
    assert "没有编号为" in answer.headline
