"""What stands ready when the bot starts: the menu, /start, deep links, commands."""

from __future__ import annotations

import asyncio
import base64

import pytest

from bot.channels import supervise
from bot.channels.supervise import Condition
from bot.channels.telegram import polling
from bot.messages import table
from tests.fake_telegram.world import Fault
from tests.http_proxy import http_proxy
from tests.telegram_bot import Scene

COMMANDS = ["start", "help", "duty", "who", "target", "clause", "plans", "units", "card", "district"]
COMMANDS += ["follow", "following", "unfollow", "digest", "lint", "about"]


async def test_the_command_menu_is_set_in_chinese(scene: Scene) -> None:
    """Telegram is given every command with a Chinese line."""
    async with scene.bot():
        assert sorted(c["command"] for c in scene.world.menus["default"]) == sorted(COMMANDS)
        assert all(
            any("一" <= letter <= "鿿" for letter in c["description"])
            for menu in scene.world.menus.values()
            for c in menu
        )


async def test_start_offers_three_questions_and_asks_for_the_district_once(scene: Scene) -> None:
    """The first /start has three questions and the districts to tap; the next one has only the questions."""
    person = scene.person()
    async with scene.bot():
        await person.say("/start")
        first = await person.answer()
        labels = [b["text"] for row in first["reply_markup"]["inline_keyboard"] for b in row]
        assert labels == ["列表3", "列表20", "中医馆目标是多少", "巴南区", "渝中区", "全部"]
        await person.press(first, "渝中区")
        await scene.world.until(lambda: first["text"].startswith("默认的区已设为：渝中区"))
        await person.say("/start")
        again = await person.answer(2)
        labels = [b["text"] for row in again["reply_markup"]["inline_keyboard"] for b in row]
        assert labels == ["列表3", "列表20", "中医馆目标是多少"]
        await person.press(again, "中医馆目标是多少")
        await scene.world.until(lambda: again["text"].startswith("中医馆目标是多少@渝中区"))


def link(question: str) -> str:
    """Make a deep link's payload."""
    return "q_" + base64.urlsafe_b64encode(question.encode()).decode().rstrip("=")


@pytest.mark.parametrize("question", ["渝中 4.2.2", "区教委负责什么", "巴南 一(一)2"])
async def test_a_deep_link_opens_a_clause_or_a_unit(scene: Scene, question: str) -> None:
    """?start=… asks what the link was made for."""
    person = scene.person()
    async with scene.bot():
        await person.say(f"/start {link(question)}")
        assert (await person.answer())["text"].startswith(question)


@pytest.mark.parametrize("payload", ["nonsense", "q_", "q_!!!", "q_____", "q_gA", "q_你好"])
async def test_a_broken_deep_link_greets(scene: Scene, payload: str) -> None:
    """A payload that means nothing is an ordinary /start."""
    person = scene.person()
    async with scene.bot():
        await person.say(f"/start {payload}")
        assert (await person.answer())["text"].startswith("您好")


@pytest.mark.parametrize(
    ("command", "beginning"),
    [
        ("/duty 教委", "教委负责什么"),
        ("/who 古籍保护", "古籍保护由谁负责"),
        ("/target 中医馆", "中医馆目标是多少"),
        ("/clause 4.2.2", "任务4.2.2"),
        ("/plans", "有哪些方案"),
        ("/units", "有哪些责任单位"),
        ("/lint", "方案里有哪些矛盾"),
        ("/duty", "请在命令后写上内容，例如 /duty 区教委"),
        ("/help", "直接打字提问，也可以用这些命令："),
        ("/about", "问策"),
        ("/nothing", "没有 /nothing 这个命令。"),
    ],
)
async def test_a_command_is_a_short_way_to_ask(scene: Scene, command: str, beginning: str) -> None:
    """Each command asks its question; one that lacks its word, or isn't there, says so."""
    person = scene.person()
    async with scene.bot():
        await person.say(command)
        assert (await person.answer())["text"].startswith(beginning)


def test_every_command_has_its_line_and_its_way() -> None:
    """The menu, the questions and the examples in the data file name the same commands."""
    assert list(table("commands")) == COMMANDS
    own = {"start", "help", "district", "about", "follow", "following", "unfollow", "digest"}
    assert set(table("command_questions")) == set(COMMANDS) - own
    with_argument = {name for name, question in table("command_questions").items() if "{x}" in question}
    assert set(table("command_examples")) == with_argument


async def test_start_up_needs_only_the_essential_methods(scene: Scene) -> None:
    """A server that can neither set a menu nor delete a webhook still gets its questions answered."""
    person = scene.person()
    for method in ("setMyCommands", "deleteWebhook"):
        scene.world.fail(method, Fault(404, "Not Found: method not found"))
    async with scene.bot():
        await person.say("中医馆")
        await person.answer()


async def test_a_bad_token_ends_the_channel(scene: Scene) -> None:
    """A token that Telegram refuses is not tried for ever."""
    async with scene.bot(telegram_token="1:wrong") as supervisor:
        assert supervisor.condition is Condition.REFUSED


async def test_a_token_revoked_while_running_ends_the_channel(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """The channel ends as well when its token stops being good."""
    monkeypatch.setattr(polling, "FIRST_PAUSE", 0.05)
    async with scene.bot() as supervisor:
        scene.world.token = "another"
        # Ends the request that waits.
        scene.world.polling += 1
        await scene.world.tell_all()
        async with asyncio.timeout(20):
            while supervisor.condition is not Condition.REFUSED:
                await asyncio.sleep(0.01)


async def test_a_platform_that_is_away_at_the_start_is_waited_for(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No network at start-up is not the end: the bot logs in when it can."""
    monkeypatch.setattr(supervise, "FIRST_PAUSE", 0.05)
    person = scene.person()
    scene.world.fail("getMe", Fault(0), Fault(502))
    await person.say("中医馆")
    async with scene.bot():
        await person.answer()


async def test_requests_go_through_the_proxy(scene: Scene) -> None:
    """With a proxy set, nothing is asked of Telegram directly."""
    person = scene.person()
    async with http_proxy() as proxy:
        base = scene.fake.base_url.replace("127.0.0.1", "telegram.invalid")
        async with scene.bot(telegram_base_url=base, telegram_proxy=proxy.url):
            await person.say("中医馆")
            await person.answer()
    assert {"getMe", "getUpdates", "sendMessage"} <= {line.rpartition("/")[2] for line in proxy.seen}
