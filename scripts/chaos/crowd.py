"""People who ask on three fake platforms while the bot is broken, and what came back to each of them.

Each asks a few questions in a row and presses a button below an answer. A question is lost when its answer never
came, and doubled when it came twice; answers are told apart by their first lines, which ``learn`` finds out.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.channels.wecom.app.callback import PATH
from bot.messages import say
from scripts.chaos.fakes import AES_KEY, TOKEN, settings_on
from tests.fake_telegram.server import FakeTelegram
from tests.fake_telegram.world import Person
from tests.fake_wecom.api import FakeApi
from tests.fake_wecom.caller import FakeCaller
from tests.fake_wecom.robot import Asked, FakeRobot
from tests.fake_wecom.serving import serving

PATIENCE = 900.0
"""Seconds after which an answer is lost."""
PRESS_AGAIN = 20.0
"""Seconds after which somebody presses a button once more on which nothing happened."""
_LOOK = 0.1
_PRESSED = "template_card_event"


@dataclass(slots=True)
class Tally:
    """What became of what was asked in one channel."""

    asked: int = 0
    lost: int = 0
    doubled: int = 0
    pressed: int = 0
    presses_lost: int = 0
    pressed_again: int = 0
    """A press is sent once: one that came as the bot died is gone, and people press again."""
    answers: int = 0
    """So far."""


@dataclass(slots=True)
class Crowd:
    """The platforms and who asks there."""

    telegram: FakeTelegram
    robot: FakeRobot
    office: FakeApi
    caller: FakeCaller
    api_url: str
    questions: tuple[str, ...]
    """Answered with different first lines; the first with buttons below."""
    heads: dict[str, list[str]] = field(default_factory=dict)
    """First lines of the answers to ``questions``, by channel."""
    tallies: dict[str, Tally] = field(default_factory=dict)
    people: int = 0
    patience: float = PATIENCE

    def settings(self, folder: Path, database: str) -> dict[str, str]:
        """Return what makes a bot serve it."""
        return {
            "WENCE_DATA_DIR": str(folder),
            "WENCE_DATABASE_URL": database,
            "WENCE_HTTP_PORT": str(self.port),
            **settings_on(self.telegram, self.robot, self.office, self.api_url),
        }

    @property
    def port(self) -> int:
        """Where the bot must listen for callbacks."""
        return int(self.caller.url.rsplit(":", 1)[1].partition("/")[0])

    @property
    def asked(self) -> int:
        """How many messages of the channel that has fewest were asked to the end."""
        return min(tally.asked for tally in self.tallies.values())

    @property
    def answers(self) -> int:
        """How many answers have come, on any platform."""
        return sum(tally.answers for tally in self.tallies.values())

    async def learn(self) -> None:
        """Ask every question once of a bot that nobody disturbs, and keep how its answers begin."""
        for channel, ask in self._ways().items():
            self.tallies[channel] = Tally()
            self.heads[channel] = await ask("learning-" + channel, self._number(), learning=True)
            if len(set(self.heads[channel])) != len(self.questions):
                raise RuntimeError(f"{channel}: the answers begin alike: {self.heads[channel]}")
        self.tallies = {channel: Tally() for channel in self._ways()}

    async def ask(self, channel: str) -> None:
        """Have one more person ask everything in a channel, and count what came back."""
        number = self._number()
        await self._ways()[channel](f"{channel}-{number}", number, learning=False)

    def _number(self) -> int:
        self.people += 1
        return self.people

    def _ways(self) -> dict[str, Callable[..., Awaitable[list[str]]]]:
        return {"telegram": self._by_telegram, "wecom-aibot": self._by_robot, "wecom-app": self._by_app}

    def _count(self, channel: str, came: Sequence[str]) -> None:
        """Compare the first lines that one person got with those that had to come."""
        tally, times = self.tallies[channel], Counter(came)
        tally.asked += len(self.questions)
        tally.lost += sum(not times[head] for head in self.heads[channel])
        tally.doubled += sum(max(times[head] - 1, 0) for head in self.heads[channel])

    async def _wait(self, channel: str, count: Callable[[], int], wanted: int) -> None:
        """Wait until so many have come, and count them meanwhile."""
        before = 0
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self.patience):
                while before < wanted:
                    now = count()
                    self.tallies[channel].answers += max(now - before, 0)
                    before = max(now, before)
                    await asyncio.sleep(_LOOK)

    async def _by_telegram(self, _name: str, number: int, *, learning: bool) -> list[str]:
        world = self.telegram.world
        person = Person(world, number, world.chat(number))
        for question in self.questions:
            await person.say(question)

        # As they were first: a press changes the message that it is below.
        first: dict[int, str] = {}

        def heads() -> list[str]:
            for message in person.answers():
                if message.get("text"):
                    first.setdefault(message["message_id"], head_of(message["text"]))
            return list(first.values())

        def found() -> int:
            known = self.heads.get("telegram")
            return len(set(heads()) & set(known)) if known else len(heads())

        await self._wait("telegram", found, len(self.questions))
        if learning:
            return heads()
        await self._press_telegram(person)
        self._count("telegram", heads())
        return heads()

    async def _press_telegram(self, person: Person) -> None:
        head = self.heads["telegram"][0]
        below = next((m for m in person.answers() if m.get("text") and head_of(m["text"]) == head), None)
        if below is None:
            return
        tally = self.tallies["telegram"]
        tally.pressed += 1
        data = below["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
        query = await person.press_data(below, data)
        answered = self.telegram.world.press_answers
        tally.presses_lost += not await self._until(lambda: query in answered, self.patience)

    async def _by_robot(self, name: str, _number: int, *, learning: bool) -> list[str]:
        asked = [await self.robot.say(name, question) for question in self.questions]
        await self._wait("wecom-aibot", lambda: sum(one.finished.is_set() for one in asked), len(asked))
        if learning:
            return [head_of(one.answer) for one in asked]
        tally = self.tallies["wecom-aibot"]
        await self._press_robot(name, asked)
        tally.asked += len(asked)
        tally.lost += sum(not one.finished.is_set() for one in asked)
        tally.doubled += sum(self._robot_extra(one) for one in asked)
        tally.doubled += sum(
            head_of(body["markdown"]["content"]) in self.heads["wecom-aibot"]
            for body in self._pushed(name)
            if body["msgtype"] == "markdown"
        )
        return []

    def _robot_extra(self, one: Asked) -> int:
        """Return how many answers beyond the first stood in a stream; “正在查询…” is none."""
        return max(sum(head_of(text) in self.heads["wecom-aibot"] for text in one.contents) - 1, 0)

    def _pushed(self, name: str) -> list[dict[str, Any]]:
        return [body for body in self.robot.pushed if body["chatid"] == name]

    def _cards(self, name: str, asked: Sequence[Asked]) -> list[dict[str, Any]]:
        """Return the cards below one's answers: in the same bubble, or pushed where a stream had run out."""
        beside = [one.card for one in asked if one.card]
        return beside + [body["template_card"] for body in self._pushed(name) if body["msgtype"] == "template_card"]

    async def _press_robot(self, name: str, asked: Sequence[Asked]) -> None:
        """Press a card's first button until its answer is pushed."""
        if not await self._until(lambda: bool(self._cards(name, asked)), 60.0):
            return
        tally = self.tallies["wecom-aibot"]
        card = self._cards(name, asked)[0]
        before = len([b for b in self._pushed(name) if b["msgtype"] == "markdown"])
        tally.pressed += 1
        for again in range(int(self.patience / PRESS_AGAIN)):
            await self._until(lambda: self.robot.online, self.patience)
            await self.robot.press(name, card["task_id"], card["button_list"][0]["text"])
            came = lambda: len([b for b in self._pushed(name) if b["msgtype"] == "markdown"]) > before  # noqa: E731
            if await self._until(came, PRESS_AGAIN):
                tally.pressed_again += again
                return
        tally.presses_lost += 1

    async def _by_app(self, name: str, number: int, *, learning: bool) -> list[str]:
        self.office.members[name] = [2]
        passive: list[str] = []

        def heads() -> list[str]:
            came = [*passive, *(one.content for one in self.office.inbox if one.to == name)]
            return [head_of(text) for text in came]

        for at, question in enumerate(self.questions):
            # The platform tries four times; here it goes on, so that what was never taken is not called lost.
            while (got := await self.caller.say(name, question, f"{number}{at:04}")).status != 200:
                await asyncio.sleep(0.2)
            if got.content:
                passive.append(got.content)
        known = self.heads.get("wecom-app")
        await self._wait("wecom-app", lambda: len(set(heads()) & set(known or heads())), len(self.questions))
        if not learning:
            await self._press_app(name, number)
            self._count("wecom-app", heads())
        return [head for at, head in enumerate(heads()) if head not in heads()[:at]][: len(self.questions)]

    async def _press_app(self, name: str, number: int) -> None:
        """Press a card's first button; the platform's event is taken as often as it takes, and is one."""
        card = next((card for to, card in self.office.cards if to == name), None)
        if card is None:
            return
        tally = self.tallies["wecom-app"]
        tally.pressed += 1
        before = {one.content for one in self.office.inbox if one.to == name}
        key = card["button_list"][0]["key"]
        while (await self.caller.event(name, _PRESSED, key, number)).status != 200:
            await asyncio.sleep(0.2)
        came = lambda: any(one.to == name and one.content not in before for one in self.office.inbox)  # noqa: E731
        tally.presses_lost += not await self._until(came, self.patience)

    async def _until(self, happened: Callable[[], bool], seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                while not happened():
                    await asyncio.sleep(_LOOK)
        except TimeoutError:
            return False
        return True


def head_of(text: str) -> str:
    """Return how an answer begins, without markup: with the platform's line before it left out."""
    lines = [line.replace("*", "").strip("# >") for line in text.splitlines() if line.strip()]
    return lines[0] if lines and lines[0] != say("wecom.working") else ""


@contextlib.asynccontextmanager
async def crowd(questions: Sequence[str]) -> AsyncIterator[Crowd]:
    """Set up the platforms; nobody asks yet."""
    office = FakeApi()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    caller = FakeCaller(f"http://127.0.0.1:{port}{PATH}", TOKEN, AES_KEY, office.corp_id, office.agent_id)
    async with FakeTelegram() as telegram, FakeRobot() as robot, serving(office.app()) as api_url:
        yield Crowd(telegram, robot, office, caller, api_url, tuple(questions))
