"""Updates that can't be read or stored: set aside, counted, and nobody else's matter."""

from __future__ import annotations

import pytest

from bot.store.inbox import set_aside
from tests.poison import TELEGRAM, post_poison
from tests.telegram_bot import Scene


@pytest.mark.parametrize("kind", TELEGRAM)
async def test_an_update_that_cant_be_read_stops_nobody(
    any_scene: Scene, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is set aside with one log line; others, and the same chat, are answered; a restart does not try it again."""
    sender, other = any_scene.person(1), any_scene.person(2)
    async with any_scene.bot():
        await post_poison(sender, kind)
        await other.say("你好")
        await sender.say("再见")
        assert (await other.answer())["text"].startswith("你好")
        assert (await sender.answer())["text"].startswith("再见")
        await any_scene.world.until(lambda: not any_scene.world.updates)
    async with any_scene.bot():
        await other.say("还在吗")
        await other.answer(2)
    assert await set_aside(any_scene.store) == {"telegram": 1}
    assert capsys.readouterr().out.count("an update was set aside") == 1
    assert len(sender.answers()) == 1


@pytest.mark.parametrize("kind", TELEGRAM)
async def test_the_webhook_takes_what_cant_be_read(scene: Scene, kind: str) -> None:
    """Refused it would come again for ever, before everything else."""
    sender, other = scene.person(1), scene.person(2)
    async with scene.webhook_bot():
        await post_poison(sender, kind)
        await other.say("你好")
        assert (await other.answer())["text"].startswith("你好")
    assert await set_aside(scene.store) == {"telegram": 1}


@pytest.mark.parametrize("words", ["中医\x00馆", "中医\ud83d馆", "中医馆\udc4d", "\ud83d\udc4d"])
async def test_text_that_no_database_takes_is_cleaned_and_answered(any_scene: Scene, words: str) -> None:
    """NUL and half a pair of surrogates are left out; the question is answered, and followed up."""
    person = any_scene.person()
    any_scene.world.raw = {"«words»": '"' + "".join(f"\\u{ord(c):04x}" for c in words) + '"'}
    async with any_scene.bot():
        await person.post({"text": "«words»"})
        answer = await person.answer()
        await person.say("目标呢")
        assert "目标呢" in (await person.answer(2))["text"]
    assert "\0" not in answer["text"]
    assert await set_aside(any_scene.store) == {}
