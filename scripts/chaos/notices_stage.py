"""What the bench of notices stands on: fake platforms that note what they get, and somebody who asks on them."""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bot.channels.telegram.limits import GROUP_MESSAGES_PER_MINUTE, MESSAGES_PER_SECOND
from bot.channels.wecom.limits import CONVERSATION_A_MINUTE, MEMBER_A_MINUTE, ROBOT_A_MINUTE
from bot.settings import load_settings
from scripts.chaos.fakes import AES_KEY, TOKEN, settings_on
from tests.fake_telegram.server import FakeTelegram
from tests.fake_telegram.world import Person
from tests.fake_wecom.api import FakeApi
from tests.fake_wecom.caller import FakeCaller
from tests.fake_wecom.robot import FakeRobot

ROBOTS = tuple(f"robot-key-{number}" for number in range(10))
Chats = list[tuple[str, int]]
"""Chats and how many notices each gets."""


def share(total: int) -> dict[str, Chats]:
    """Return who gets the notices: many chats with one, some with as many as reach the limits of one chat."""
    part = total // 100
    return {
        "telegram": [*((f"-{1000 + n}", 15) for n in range(part * 6 // 15)), *((str(10_000 + n), 1)
                     for n in range(part * 54))],
        "wecom-app": [*((f"busy-{n}", 25) for n in range(part * 5 // 25)), *((f"member-{n}", 1)
                      for n in range(part * 20))],
        "wecom-aibot": [*((f"group:g{n}", 40) for n in range(part * 8 // 40)), *((f"single:s{n}", 1)
                        for n in range(part * 2))],
        "wecom-robot": [(name, part * 5 // len(ROBOTS)) for name in ROBOTS],
    }  # fmt: skip


@dataclass(slots=True)
class Stage:
    """The fake platforms, and who asks on them."""

    telegram: FakeTelegram
    robot: FakeRobot
    office: FakeApi
    api_url: str
    came: dict[str, list[tuple[str, float]]] = field(default_factory=lambda: defaultdict(list))
    """What each platform got: chats and monotonic seconds."""

    def settings(self, folder: Path) -> dict[str, str]:
        """Return what makes the bot run on it."""
        robots = " ".join(f"{name}={self.api_url}/cgi-bin/webhook/send?key={name}" for name in ROBOTS)
        return {
            "WENCE_DATABASE_URL": f"sqlite:///{folder / 'wence.db'}",
            "WENCE_MODEL": load_settings().model,
            **settings_on(self.telegram, self.robot, self.office, self.api_url),
            "WENCE_WECOM_ROBOT_URL": robots,
        }

    def prepare(self, chats: dict[str, Chats]) -> None:
        """Let the platforms know these chats, and note when each gets a message."""
        for chat, _ in chats["telegram"]:
            self.telegram.world.chat(int(chat), "supergroup" if chat.startswith("-") else "private")
        self.office.members = {chat: [2] for chat in ["asking", *(chat for chat, _ in chats["wecom-app"])]}
        self.office.robot_keys = set(ROBOTS)
        for chat, _ in chats["wecom-aibot"]:
            kind, _, name = chat.partition(":")
            self.robot.know(name, group=kind == "group")
        self.office.inbox = _Noted(self.came["wecom-app"], lambda one: one.to)
        self.robot.pushed = _Noted(self.came["wecom-aibot"], lambda body: body["chatid"])

    def peaks(self) -> dict[str, tuple[str, int, int]]:
        """Return for each limit what it is called, the most that came within its span, and the ceiling."""
        sent = [(str(call.params["chat_id"]), call.at) for call in self.telegram.world.calls
                if call.method == "sendMessage"]  # fmt: skip
        groups = [one for one in sent if one[0].startswith("-")]
        app = [one for one in self.came["wecom-app"] if one[0] not in ROBOTS]
        robots = [one for one in self.came["wecom-app"] if one[0] in ROBOTS]
        return {
            "telegram": ("in all, a second", most([("", at) for _, at in sent], 1), MESSAGES_PER_SECOND),
            "telegram-group": ("a group, a minute", most(groups, 60), GROUP_MESSAGES_PER_MINUTE),
            "wecom-app": ("a member, a minute", most(app, 60), MEMBER_A_MINUTE),
            "wecom-aibot": (
                "a conversation, a minute",
                most(self.came["wecom-aibot"], 60),
                CONVERSATION_A_MINUTE,
            ),
            "wecom-robot": ("a robot, a minute", most(robots, 60), ROBOT_A_MINUTE),
        }


class _Noted(list):  # type: ignore[type-arg]
    """A list that notes when something was added, and to which chat."""

    def __init__(self, times: list[tuple[str, float]], chat: Callable[..., str]) -> None:
        super().__init__()
        self._times, self._chat = times, chat

    def append(self, one: object) -> None:
        super().append(one)
        self._times.append((self._chat(one), time.monotonic()))


def most(came: Iterable[tuple[str, float]], seconds: float) -> int:
    """Return the most messages that one chat got within so many seconds."""
    by_chat: dict[str, list[float]] = defaultdict(list)
    for chat, at in came:
        by_chat[chat].append(at)
    best = 0
    for times in by_chat.values():
        first = 0
        times.sort()
        for last, at in enumerate(times):
            while times[first] <= at - seconds:
                first += 1
            best = max(best, last - first + 1)
    return best


class Asking:
    """Somebody who asks on each platform in turns."""

    def __init__(self, stage: Stage, url: str) -> None:
        world = stage.telegram.world
        self._person = Person(world, 1, world.chat(1))
        self._robot = stage.robot
        self._caller = FakeCaller(f"{url}/wecom/callback", TOKEN, AES_KEY, stage.office.corp_id, stage.office.agent_id)
        self._answers = 0
        self._conversations = 0

    async def ask(self, channel: str, question: str) -> float:
        """Ask, wait for the answer, and return the seconds that it took."""
        began = time.monotonic()
        if channel == "telegram":
            self._answers += 1
            await self._person.say(question)
            await self._person.answer(self._answers)
        elif channel == "wecom-aibot":
            self._conversations += 1
            asked = await self._robot.say(f"asking-{self._conversations}", question)
            await self._robot.until(asked.finished.is_set)
        else:
            await self._caller.say("asking", question)
        return time.monotonic() - began


ASKED = ("telegram", "wecom-aibot", "wecom-app")
