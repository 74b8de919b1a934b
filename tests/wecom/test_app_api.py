"""The self-built app's API and the group robot: tokens, limits, refusals."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from structlog.testing import capture_logs

from bot.channels.wecom.app.api import AppApi, AppMarkup
from bot.channels.wecom.app.departments import Departments
from bot.channels.wecom.app.menu import menu_buttons
from bot.channels.wecom.app.token import AccessToken
from bot.channels.wecom.errors import AwayError, UnreachableError, WeComRefusedError
from bot.channels.wecom.http import Http
from bot.channels.wecom.robot import GroupRobot, read_key
from tests.fake_wecom.api import FakeApi
from tests.fake_wecom.serving import serving

QUICK = (0.01, 0.02)


@pytest.fixture
def platform() -> FakeApi:
    """Return the platform's side."""
    return FakeApi()


@pytest.fixture
async def http(platform: FakeApi) -> AsyncIterator[Http]:
    """Serve the platform and return the way to it."""
    async with serving(platform.app()) as url:
        http = Http(url)
        yield http
        await http.close()


@pytest.fixture
def api(platform: FakeApi, http: Http) -> AppApi:
    """Return an app's API."""
    return AppApi(http, AccessToken(http, platform.corp_id, platform.secret), platform.agent_id, QUICK)


async def test_many_callers_fetch_one_token(platform: FakeApi, api: AppApi) -> None:
    """Messages sent at once share one access_token."""
    await asyncio.gather(*(api.send("li", f"第{n}条", AppMarkup.TEXT) for n in range(20)))
    assert platform.tokens_fetched == 1
    assert len(platform.inbox) == 20


async def test_token_that_dies_early_is_fetched_once(platform: FakeApi, api: AppApi) -> None:
    """When the platform ends a token before its time, all callers together fetch one new one, and nothing is lost."""
    await api.send("li", "第一条", AppMarkup.TEXT)
    platform.kill_token()
    await asyncio.gather(*(api.send("li", f"第{n}条", AppMarkup.TEXT) for n in range(10)))
    assert platform.tokens_fetched == 2
    assert len(platform.inbox) == 11


async def test_token_is_renewed_before_its_end(platform: FakeApi, http: Http) -> None:
    """A token at its end is not used any more."""
    platform.token_life = 0
    token = AccessToken(http, platform.corp_id, platform.secret)
    await token.get()
    await token.get()
    assert platform.tokens_fetched == 2


@pytest.mark.parametrize("code", [40001, 40014, 42001])
async def test_refused_token_is_not_fetched_again_and_again(platform: FakeApi, api: AppApi, code: int) -> None:
    """A platform that refuses every token is asked for one more, then the refusal goes up."""
    await api.send("li", "一", AppMarkup.TEXT)
    platform.refuse_tokens = code
    with pytest.raises(WeComRefusedError, match=str(code)):
        await api.send("li", "二", AppMarkup.TEXT)
    assert platform.tokens_fetched == 2


async def test_frequency_limit_waits_and_keeps_the_token(platform: FakeApi, api: AppApi) -> None:
    """45009 means to wait: the message goes out later, with the same token."""
    await api.send("li", "一", AppMarkup.TEXT)
    platform.fail_next = [45009, 45009]
    await api.send("li", "二", AppMarkup.TEXT)
    assert [received.content for received in platform.inbox] == ["一", "二"]
    assert platform.tokens_fetched == 1


async def test_lost_answer_makes_no_second_message(platform: FakeApi, api: AppApi) -> None:
    """A message whose answer was lost is sent again, and the platform's duplicate check drops it."""
    await api.send("li", "一", AppMarkup.TEXT)
    platform.lose_next_answer = True
    await api.send("li", "二", AppMarkup.TEXT)
    assert [received.content for received in platform.inbox] == ["一", "二"]
    assert platform.calls.count("/cgi-bin/message/send") == 3


async def test_server_that_stays_away_is_told(platform: FakeApi, api: AppApi) -> None:
    """After a few tries the failure goes up, without the token in it."""
    await api.send("li", "一", AppMarkup.TEXT)
    platform.fail_next = [0, 0, 0]
    with capture_logs() as logs, pytest.raises(UnreachableError) as error:
        await api.send("li", "二", AppMarkup.TEXT)
    assert str(error.value) == "HTTP 502"
    assert platform._token not in str(logs) + str(error.value)


async def test_invalid_members_are_reported(platform: FakeApi, api: AppApi) -> None:
    """A message to somebody outside the app's range names them, alone or among others."""
    assert (await api.send("nobody", "一", AppMarkup.TEXT)).invalid == ("nobody",)
    assert (await api.send("li|nobody", "一", AppMarkup.TEXT)).invalid == ("nobody",)
    assert [received.to for received in platform.inbox] == ["li"]


async def test_untrusted_address_is_told_at_once(platform: FakeApi, api: AppApi) -> None:
    """A machine outside the trusted addresses is told what is missing; what was to be sent can go once it is."""
    platform.trusted = False
    with pytest.raises(AwayError, match=r"60020.*企业可信 IP"):
        await api.send("li", "一", AppMarkup.TEXT)
    assert platform.calls.count("/cgi-bin/message/send") == 1
    platform.trusted = True
    await api.send("li", "一", AppMarkup.TEXT)
    assert len(platform.inbox) == 1


async def test_group_chat_of_the_app(platform: FakeApi, api: AppApi) -> None:
    """A group chat that the app made can be pushed to; another one can't."""
    chat = await api.create_chat("中医药工作", ("li", "wang"))
    await api.send_to_chat(chat, "**本月到期：2项**", AppMarkup.MARKDOWN)
    assert (platform.inbox[0].to, platform.inbox[0].kind) == (chat, "markdown")
    with pytest.raises(WeComRefusedError, match="86003"):
        await api.send_to_chat("other", "x", AppMarkup.TEXT)


async def test_menu_is_created(platform: FakeApi, api: AppApi) -> None:
    """The menu from the messages' file is one that the platform takes."""
    await api.create_menu(menu_buttons())
    assert platform.menu is not None
    assert {"type": "click", "name": "怎么用", "key": "怎么用"} in platform.menu["button"]


async def test_departments_include_those_below(platform: FakeApi, api: AppApi) -> None:
    """A member of a department below a listed one may ask, others may not, and an answer is remembered."""
    platform.members = {"li": [2], "wang": [3], "zhao": [9]}
    platform.below[1] = [1, 2]
    departments = Departments(api, (1,))
    assert [await departments.admits(user) for user in ("li", "wang", "zhao", "nobody")] == [True, False, False, False]
    calls = len(platform.calls)
    assert await departments.admits("li")
    assert len(platform.calls) == calls


async def test_robot_refuses_what_is_too_long(platform: FakeApi, http: Http) -> None:
    """A text beyond the platform's bytes is refused here, and one of exactly so many goes out."""
    robot = GroupRobot(http, "robot-key-1")
    with pytest.raises(ValueError, match="4096"):
        await robot.push("教" * 1366)
    with pytest.raises(ValueError, match="2048"):
        await robot.push_to_all("教" * 683)
    await robot.push("教" * 1365)
    assert len(platform.inbox) == 1


async def test_robot_tells_errcodes_without_its_key(platform: FakeApi, http: Http) -> None:
    """A wrong key and an unreachable server are told; the key is not."""
    with pytest.raises(WeComRefusedError) as refusal:
        await GroupRobot(http, "wrong-key-1").push("x")
    assert refusal.value.code == 93000
    assert "wrong-key-1" not in str(refusal.value)
    with pytest.raises(UnreachableError) as away:
        await GroupRobot(Http("http://127.0.0.1:9"), "robot-key-1").push("x")
    assert "robot-key-1" not in str(away.value)


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7aoc-4bc4-97a0", "693a91f6-7aoc-4bc4-97a0"),
        ("693a91f6-7aoc-4bc4-97a0", "693a91f6-7aoc-4bc4-97a0"),
    ],
)
def test_key_is_read_from_address_or_alone(given: str, key: str) -> None:
    """The webhook may be given as WeCom shows it, or as its key."""
    assert read_key(given) == key


@pytest.mark.parametrize("given", ["", "https://example.org/", "short", "has blanks in it"])
def test_other_addresses_are_refused(given: str) -> None:
    """What is no webhook is refused."""
    with pytest.raises(ValueError, match="webhook"):
        read_key(given)
