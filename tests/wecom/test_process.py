"""The bot as a process with WeCom's channels: start, crashes, replicas, the menu's command."""

from __future__ import annotations

import signal
import socket
from pathlib import Path

from tests.bot_process import BotProcess
from tests.fake_wecom.api import FakeApi
from tests.fake_wecom.caller import FakeCaller
from tests.fake_wecom.robot import Asked, FakeRobot
from tests.fake_wecom.serving import serving

KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
ROBOT_URL = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7aoc-4bc4-97a0"


def aibot(robot: FakeRobot, **more: str) -> dict[str, str]:
    """Return the settings of an AI bot on a fake platform."""
    return {
        "WENCE_WECOM_BOT_ID": robot.bot_id,
        "WENCE_WECOM_BOT_SECRET": robot.secret,
        "WENCE_WECOM_BOT_URL": robot.url,
        "WENCE_QUESTIONS_PER_MINUTE": "0",
        **more,
    }


def app(platform: FakeApi, url: str, **more: str) -> dict[str, str]:
    """Return the settings of a self-built app on a fake platform."""
    return {
        "WENCE_WECOM_CORP_ID": platform.corp_id,
        "WENCE_WECOM_APP_AGENT_ID": str(platform.agent_id),
        "WENCE_WECOM_APP_SECRET": platform.secret,
        "WENCE_WECOM_APP_TOKEN": "QDG6eK",
        "WENCE_WECOM_APP_AES_KEY": KEY,
        "WENCE_WECOM_API_URL": url,
        **more,
    }


async def test_three_channels_start_together_and_stop_cleanly(tmp_path: Path) -> None:
    """One process runs the AI bot, the app and the group robot; SIGTERM ends it with code 0, no secret in the log."""
    platform = FakeApi()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    async with FakeRobot() as robot, serving(platform.app()) as url:
        settings = aibot(robot) | app(platform, url) | {"WENCE_WECOM_ROBOT_URL": ROBOT_URL, "WENCE_LOG_LEVEL": "debug"}
        async with BotProcess(tmp_path, settings | {"WENCE_HTTP_PORT": str(port)}) as bot:
            await robot.connected()
            await bot.logged("wecom-app：启动")
            running = {"wecom-aibot": "running", "wecom-app": "running", "wecom-robot": "running"}
            assert (await bot.health())["channels"] == running
            asked = await robot.say("li", "甲")
            await robot.until(asked.finished.is_set)
            caller = FakeCaller(f"http://127.0.0.1:{port}/wecom/callback", "QDG6eK", KEY, platform.corp_id)
            assert (await caller.say("li", "乙")).content.startswith("乙")
            assert await bot.end(signal.SIGTERM) == 0
            for secret in (robot.secret, platform.secret, KEY, "693a91f6", platform._token):
                assert secret not in str(bot.log) + bot.words


async def test_commands_create_the_menu_and_a_group(tmp_path: Path) -> None:
    """``python -m bot wecom menu`` sends the menu; ``wecom group`` makes a group chat that can be pushed to."""
    platform = FakeApi()
    async with serving(platform.app()) as url:
        async with BotProcess(tmp_path, app(platform, url), module="bot", arguments=("wecom", "menu")) as made:
            assert await made.wait() == 0
        words = ("wecom", "group", "中医药工作", "li", "wang")
        async with BotProcess(tmp_path, app(platform, url), module="bot", arguments=words) as made:
            assert await made.wait() == 0
        assert platform.menu is not None
        assert [chat["name"] for chat in platform.chats.values()] == ["中医药工作"]


async def test_kill_9_loses_nothing_and_answers_nothing_twice(tmp_path: Path) -> None:
    """Killed in the middle of a burst, again and again, the bot answers every message, in order, once.

    The platform of this test sends unanswered messages again to the next connection; answers are streams whose ids
    are the same in every try, so that not even one that was under way comes twice.
    """
    async with FakeRobot() as robot:
        asked = [await robot.say(f"user-{n % 10}", f"第{n // 10}问") for n in range(60)]
        done: list[Asked] = []
        for answered in (10, 30):
            async with BotProcess(tmp_path, aibot(robot)) as bot:
                await robot.until(lambda at=answered: sum(a.finished.is_set() for a in asked) >= at, 40)  # type: ignore[misc]
                await bot.end(signal.SIGKILL)
        async with BotProcess(tmp_path, aibot(robot)) as bot:
            await robot.until(lambda: all(a.finished.is_set() for a in asked), 60)
            assert await bot.end(signal.SIGTERM) == 0
        done = sorted(asked, key=lambda a: a.finished_at)
    assert all(sum(text != "正在查询…" for text in a.contents) == 1 for a in asked)
    assert not robot.pushed
    for user in range(10):
        answers = [a.answer for a in done if a.user == f"user-{user}"]
        assert [answer[:5] for answer in answers] == [f"**第{n}问" for n in range(6)]
