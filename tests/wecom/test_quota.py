"""Counting what goes out: never more than the platform takes, and no endless waits."""

from __future__ import annotations

import asyncio
import time

import pytest

from bot.channels.wecom.errors import AwayError
from bot.channels.wecom.quota import Quota


async def test_no_window_is_ever_exceeded() -> None:
    """Callers at once get their turns one window after the other."""
    quota = Quota((3, 1), (100, 60))
    times: list[float] = []

    async def send() -> None:
        await quota.slot("li")
        times.append(time.monotonic())

    await asyncio.gather(*(send() for _ in range(5)))
    times.sort()
    assert times[3] - times[0] >= 0.9
    assert times[4] - times[1] >= 0.9


async def test_keys_do_not_wait_for_each_other() -> None:
    """A full conversation holds back no other."""
    quota = Quota((1, 60))
    await quota.slot("li")
    await quota.slot("wang", patience=0.0)
    assert (quota.left("li"), quota.left("wang"), quota.left("zhao")) == (0, 0, 1)


async def test_impatient_callers_are_told() -> None:
    """Who must not wait long is sent away, also when it is the platform that says so."""
    quota = Quota((1, 60))
    quota.fill("li")
    with pytest.raises(AwayError, match="full"):
        await quota.slot("li", patience=1.0)


@pytest.mark.parametrize("days", [1, -1])
async def test_a_clock_that_is_set_opens_and_shuts_nothing(monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    """Somebody sets the machine's clock a day ahead or back: the window is as full as before, and no longer shut."""
    quota = Quota((2, 60), (1000, 3600))
    for _ in range(2):
        await quota.slot("li")
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + days * 86400)
    assert quota.left("li") == 0
    assert 50 < quota.wait("li") <= 60
    assert quota.left("wang") == 2
