"""Who leads: a plan that tells lead units from those that take part is answered so."""

from __future__ import annotations

import pytest

from bot.conversation.answerer import Answerer
from tests.ask.chatting import Chat, Clock, answerer_over, parse

PLAN = """甲区河道整治方案

一、重点任务

（一）整治东河。清理东河垃圾。

牵头单位：区水利局

配合单位：区财政局、区城管局

（二）修复西湖。修复西湖岸线。

牵头单位：区财政局

配合单位：区水利局
"""


@pytest.fixture(scope="module")
def led(tmp_path_factory: pytest.TempPathFactory) -> Answerer:
    """An answerer over a plan with lead units."""
    return answerer_over(tmp_path_factory.mktemp("led"), Clock(), parse(PLAN, "甲区"))


def test_who_leads_names_the_lead_alone(led: Answerer) -> None:
    """整治东河谁牵头 is answered with 区水利局, not with those that take part."""
    answer = Chat(led, Clock()).ask("整治东河谁牵头")
    assert "区水利局牵头" in answer.headline
    assert "区财政局" not in answer.headline
    assert "牵头：区水利局" in answer.sections[0].entries[0].notes


def test_what_a_unit_leads_leaves_out_what_it_only_joins(led: Answerer) -> None:
    """区财政局 leads one of the two clauses that name it."""
    assert len(Chat(led, Clock()).ask("区财政局负责什么").citations) == 2
    assert [one.path[-1] for one in Chat(led, Clock()).ask("区财政局牵头哪些任务").citations] == ["（二）修复西湖"]
