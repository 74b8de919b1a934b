"""How often somebody may ask, whatever the machine's clock does."""

from __future__ import annotations

import time

import pytest
from structlog.testing import capture_logs

from bot.conversation.chat_access import AskingPace, ChatAccess
from bot.conversation.counting import Window
from bot.store.chats import Chats
from bot.store.database import Store

DAY = 86_400.0


@pytest.fixture
def gate(store: Store) -> ChatAccess:
    """A gate that lets everybody ask twice a minute."""
    return ChatAccess(Chats(store, "test"), users=(), groups=(), code="a-long-code", per_minute=2)


@pytest.mark.parametrize("jump", [-DAY, DAY])
async def test_a_clock_that_jumps_changes_no_limit(
    gate: ChatAccess, monkeypatch: pytest.MonkeyPatch, jump: float
) -> None:
    """A clock put back by a day holds nobody off for a day; one put forward lets nobody ask more."""
    assert [gate.pace("li") for _ in range(3)] == [AskingPace.FINE, AskingPace.FINE, AskingPace.TELL]
    wall, steady = time.time, time.monotonic
    monkeypatch.setattr(time, "time", lambda: wall() + jump)
    assert gate.pace("li") is AskingPace.QUIET
    monkeypatch.setattr(time, "monotonic", lambda: steady() + 61)
    assert gate.pace("li") is AskingPace.FINE


async def test_a_code_can_be_tried_again_after_a_while(gate: ChatAccess, monkeypatch: pytest.MonkeyPatch) -> None:
    """After ten wrong codes the right one is not taken, which the operator is told once; after ten minutes it is."""
    with capture_logs() as told:
        for _ in range(12):
            gate.is_code("a-wrong-code", "李")
            gate.may_be_refused("李", "chat")
    assert not gate.is_code("a-long-code", "李")
    assert [line["event"] for line in told] == ["somebody tries out the invitation code"]
    assert "李" not in str(told)
    steady = time.monotonic
    monkeypatch.setattr(time, "monotonic", lambda: steady() + 601)
    assert gate.is_code("a-long-code", "李")


def test_who_does_nothing_more_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names of strangers, as many as they like to make up, are not kept for good."""
    window, now = Window(1, 60.0), 0.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    for number in range(20_000):
        now = number * 1.0
        window.hit(str(number))
    assert len(window._times) < 3_000
