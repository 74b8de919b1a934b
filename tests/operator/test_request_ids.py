"""One id leads through the log from a message to its reply, and neither words nor people stand in it."""

from __future__ import annotations

from pathlib import Path

from bot.turns import request_id
from tests.bot_process import BotProcess
from tests.fake_telegram.server import FakeTelegram
from tests.fake_telegram.world import Fault, Person

PERSON = 93417752


async def test_every_line_about_a_message_bears_its_id(tmp_path: Path) -> None:
    """Received, answered by the model's thread, refused markup, done: the same id; the next message has another."""
    async with FakeTelegram() as fake:
        settings = {"WENCE_TELEGRAM_TOKEN": fake.world.token, "WENCE_TELEGRAM_BASE_URL": fake.base_url}
        async with BotProcess(tmp_path, settings) as bot:
            person = Person(fake.world, PERSON, fake.world.chat(PERSON))
            fake.world.faults["sendMessage"] = [Fault(400, "Bad Request: can't parse entities")]
            for number, text in enumerate(("机密的问题", "出错"), start=1):
                await person.say(text)
                await person.answer(number)
            await bot.logged_times("done", 2)
            log = list(bot.log)
    answered, broken = (
        [line["event"] for line in log if line.get("request") == request_id("telegram", str(1000 + n))] for n in (0, 1)
    )
    assert answered == ["received", "answered", "telegram refused the markup", "done"]
    assert broken == ["received", "an update could not be answered", "done"]
    sorry = (await person.answer(2))["text"]
    assert request_id("telegram", "1001") in sorry
    written = str(log) + bot.words
    assert "机密" not in written
    assert str(PERSON) not in written
