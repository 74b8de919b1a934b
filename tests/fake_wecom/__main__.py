"""``python -m tests.fake_wecom``: a WeCom in a terminal, to talk to the bot without a corporation or a phone.

It serves the AI bot's long connection and the HTTP API on loopback, prints the settings with which to start the bot
beside it, and plays members: a line is what a member says.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from dataclasses import dataclass
from typing import Any

from tests.fake_wecom.api import FakeApi
from tests.fake_wecom.robot import Asked, FakeRobot
from tests.fake_wecom.serving import serving

HELP = """\
  文字            以成员 li 的身份发给智能机器人
  /group 文字     在群 group-1 里 @机器人
  /as NAME 文字   以另一成员的身份
  /press N        按最近一张卡片的第 N 个按钮
  /enter          打开单聊（欢迎语）
  /drop           断开机器人的连接
  /quit           结束（或 Ctrl-D）"""


@dataclass
class Terminal:
    """Prints what members see, and does what the person at the keyboard says."""

    robot: FakeRobot
    card: dict[str, Any] | None = None
    group: str = ""
    """Where the card was sent; empty for a single chat."""

    async def show(self) -> None:
        """Print new states of answers, pushes and changed cards until cancelled."""
        shown: dict[str, int] = {}
        bubbles: set[str] = set()
        pushed, updated = 0, 0
        while True:
            for asked in list(self.robot.asked.values()):
                for content in asked.contents[shown.get(asked.req_id, 0) :]:
                    say(f"{asked.chat}", content)
                shown[asked.req_id] = len(asked.contents)
                if asked.card and asked.req_id not in bubbles:
                    bubbles.add(asked.req_id)
                    self._show_card(asked.card, asked.chat, "" if asked.chat == asked.user else asked.chat)
            for body in self.robot.pushed[pushed:]:
                self._show_push(body)
            for body in self.robot.updates[updated:]:
                say("card", body["template_card"]["main_title"]["title"])
            pushed, updated = len(self.robot.pushed), len(self.robot.updates)
            await asyncio.sleep(0.05)

    def _show_push(self, body: dict[str, Any]) -> None:
        if body["msgtype"] == "markdown":
            say(body["chatid"], body["markdown"]["content"])
            return
        self._show_card(body["template_card"], body["chatid"], body["chatid"] if body["chat_type"] == 2 else "")

    def _show_card(self, card: dict[str, Any], chat: str, group: str) -> None:
        self.card, self.group = card, group
        buttons = " ".join(f"[{n} {button['text']}]" for n, button in enumerate(card["button_list"], 1))
        say(chat, f"{card['main_title']['title']}\n{buttons}")

    async def obey(self, line: str) -> Asked | None:
        """Do what one line says."""
        command, _, rest = line.partition(" ")
        match command:
            case "/group":
                return await self.robot.say("li", rest, chat="group-1")
            case "/as":
                name, _, words = rest.partition(" ")
                return await self.robot.say(name, words)
            case "/enter":
                return await self.robot.enter("li")
            case "/drop":
                await self.robot.end(None)
            case "/press" if self.card is not None and rest.isdecimal():
                return await self._press(int(rest))
            case _ if line.startswith("/"):
                print(HELP)
            case _ if line:
                return await self.robot.say("li", line)
        return None

    async def _press(self, number: int) -> Asked | None:
        buttons = self.card["button_list"] if self.card else []
        if not self.card or not 0 < number <= len(buttons):
            print(HELP)
            return None
        return await self.robot.press("li", self.card["task_id"], buttons[number - 1]["text"], self.group)


def say(who: str, text: str) -> None:
    """Print one message."""
    print(f"\n── {who} ──\n{text}", flush=True)


async def main() -> None:
    """Serve until the person leaves."""
    parser = argparse.ArgumentParser(description="企业微信的测试替身")
    parser.add_argument("--port", type=int, default=18900, help="长连接的端口，接口用下一个；0 为任选")
    port: int = parser.parse_args().port
    platform = FakeApi()
    robot = await FakeRobot().start(port)
    async with serving(platform.app(), port + 1 if port else 0) as url:
        print(f"另开一个终端启动机器人：\nWENCE_WECOM_BOT_ID={robot.bot_id} WENCE_WECOM_BOT_SECRET={robot.secret} \\")
        print(f"WENCE_WECOM_BOT_URL={robot.url} WENCE_WECOM_API_URL={url} python -m bot run\n\n{HELP}", flush=True)
        terminal = Terminal(robot)
        showing = asyncio.create_task(terminal.show())
        try:
            while (line := (await asyncio.to_thread(sys.stdin.readline))) and line.strip() != "/quit":
                await terminal.obey(line.strip())
        finally:
            await asyncio.sleep(0.2)
            showing.cancel()
            await asyncio.gather(showing, return_exceptions=True)
            await robot.stop()


if __name__ == "__main__":
    asyncio.run(main())
