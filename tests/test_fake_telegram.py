"""The fake platform is honest: its JSON is what a second library knows, and it refuses what Telegram refuses."""

from __future__ import annotations

import base64
from typing import Any

import aiogram.types as second
import httpx
import pytest

from tests.fake_telegram.markup import MarkupError, find_entities, parse_html
from tests.fake_telegram.server import FakeTelegram
from tests.fake_telegram.world import BOT, Fault, Person

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
"""The smallest PNG there is."""


async def call(fake: FakeTelegram, method: str, **params: object) -> dict[str, Any]:
    """Call a method as a bot would."""
    async with httpx.AsyncClient() as client:
        response = await client.post(f"{fake.base_url}{fake.world.token}/{method}", json=params)
        answer: dict[str, Any] = response.json()
        assert answer["ok"] is (response.status_code == 200)
        return answer


async def test_its_updates_are_what_aiogram_knows() -> None:
    """Every kind of update that the tests send, and every result, is read by another library's types without rest."""
    async with FakeTelegram() as fake:
        world = fake.world
        person = Person(world, 2, world.chat(-100, "supergroup", is_forum=True))
        question = await person.say("/duty@wence_test_bot 教委", message_thread_id=5, is_topic_message=True)
        await person.edit(question, "@wence_test_bot 教委")
        keyboard = {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]}
        more = {"chat_id": -100, "parse_mode": "HTML", "reply_parameters": {"message_id": 1}, "reply_markup": keyboard}
        sent = (await call(fake, "sendMessage", text="<b>好</b>", message_thread_id=5, **more))["result"]
        photo = {"chat_id": "-100", "caption": "<b>图</b>", "parse_mode": "HTML", "message_thread_id": "5"}
        async with httpx.AsyncClient() as client:
            url = f"{fake.base_url}{fake.world.token}/sendPhoto"
            shown = (await client.post(url, data=photo, files={"photo": ("card.png", PIXEL)})).json()["result"]
        assert world.photos[shown["photo"][-1]["file_id"]] == PIXEL
        assert _extra(second.Message.model_validate(shown)) == []
        assert shown["caption_entities"] == [{"type": "bold", "offset": 0, "length": 1}]
        await person.press(world.chats[-100].messages[sent["message_id"]], "a")
        await person.type_inline("中")
        updates = (await call(fake, "getUpdates"))["result"]
        read = [second.Update.model_validate(update) for update in updates]
        assert [update.event_type for update in read] == ["message", "edited_message", "callback_query", "inline_query"]
        assert all(_extra(update) == [] for update in read)
        assert _extra(second.Message.model_validate(sent)) == []
        assert _extra(second.User.model_validate((await call(fake, "getMe"))["result"])) == []
        member = (await call(fake, "getChatMember", chat_id=-100, user_id=2))["result"]
        assert _extra(second.ChatMemberMember.model_validate(member)) == []
        person.place.administrators.add(2)
        admin = (await call(fake, "getChatMember", chat_id=-100, user_id=2))["result"]
        assert _extra(second.ChatMemberAdministrator.model_validate(admin)) == []


def _extra(value: object) -> list[str]:
    """Return the names of fields that the second library does not know, at any depth."""
    found: list[str] = []
    if isinstance(value, second.TelegramObject):
        found += value.model_extra or {}
        for name in type(value).model_fields:
            found += _extra(getattr(value, name))
    elif isinstance(value, list):
        for item in value:
            found += _extra(item)
    return found


@pytest.mark.parametrize(
    ("params", "refusal"),
    [
        ({"text": ""}, "message text is empty"),
        ({"text": "字" * 4097}, "message is too long"),
        ({"text": "😀" * 2049}, "message is too long"),
        ({"text": "a < b", "parse_mode": "HTML"}, "can't parse entities"),
        ({"text": "<b>a", "parse_mode": "HTML"}, "can't parse entities"),
        ({"text": "<b><i>a</b></i>", "parse_mode": "HTML"}, "can't parse entities"),
        ({"text": "a", "chat_id": 99}, "chat not found"),
        ({"text": "a", "reply_parameters": {"message_id": 9}}, "message to be replied not found"),
        (
            {"text": "a", "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "字" * 22}]]}},
            "BUTTON_DATA_INVALID",
        ),
    ],
)
async def test_it_refuses_messages_that_telegram_refuses(params: dict[str, object], refusal: str) -> None:
    """Lengths, markup and buttons are checked."""
    async with FakeTelegram() as fake:
        fake.world.chat(1)
        answer = await call(fake, "sendMessage", **{"chat_id": 1, **params})
        assert answer["error_code"] == 400
        assert refusal in answer["description"]
        assert (await call(fake, "sendMessage", chat_id=1, text="字" * 4096))["ok"]


async def test_it_refuses_other_calls_that_telegram_refuses() -> None:
    """Edits that change nothing, queries it never sent, tokens it never gave, methods it has not."""
    async with FakeTelegram() as fake:
        fake.world.chat(1)
        sent = (await call(fake, "sendMessage", chat_id=1, text="a"))["result"]["message_id"]
        same = await call(fake, "editMessageText", chat_id=1, message_id=sent, text="a")
        assert "message is not modified" in same["description"]
        assert (await call(fake, "editMessageText", chat_id=1, message_id=sent, text="b"))["ok"]
        assert "IMAGE_PROCESS_FAILED" in (await call(fake, "sendPhoto", chat_id=1, photo="no picture"))["description"]
        assert "too old" in (await call(fake, "answerCallbackQuery", callback_query_id="1"))["description"]
        assert "too old" in (await call(fake, "answerInlineQuery", inline_query_id="1", results=[]))["description"]
        assert (await call(fake, "sendVideo"))["error_code"] == 404
        fake.world.fail("getMe", Fault(429, retry_after=3))
        assert (await call(fake, "getMe"))["parameters"] == {"retry_after": 3}
        fake.world.token = "another"
        async with httpx.AsyncClient() as client:
            assert (await client.get(f"{fake.base_url}wrong/getMe")).status_code == 401


async def test_updates_stay_until_they_are_confirmed() -> None:
    """An offset confirms what is before it; without one everything comes again."""
    async with FakeTelegram() as fake:
        person = Person(fake.world, 1, fake.world.chat(1))
        await person.say("甲")
        await person.say("乙")
        for _ in range(2):
            assert [u["update_id"] for u in (await call(fake, "getUpdates"))["result"]] == [1000, 1001]
        assert [u["update_id"] for u in (await call(fake, "getUpdates", offset=1001))["result"]] == [1001]
        assert (await call(fake, "getUpdates", offset=1002))["result"] == []


async def test_a_dropped_connection_is_one() -> None:
    """The fault that drops the connection gives no answer at all."""
    async with FakeTelegram() as fake:
        fake.world.fail("getMe", Fault(0))
        with pytest.raises(httpx.RemoteProtocolError):
            await call(fake, "getMe")
        assert (await call(fake, "getMe"))["result"] == BOT


def test_entities_are_found_as_telegram_finds_them() -> None:
    """Commands and mentions, with offsets in UTF-16 units; an address is no mention."""
    assert find_entities("😀 /duty@wence_test_bot a@wence_bot.cn @wence_bot") == [
        {"type": "bot_command", "offset": 3, "length": 20},
        {"type": "mention", "offset": 39, "length": 10},
    ]
    assert parse_html('<b>😀</b>&lt;<a href="https://a.b/?c&amp;d">x</a>') == (
        "😀<x",
        [
            {"type": "bold", "offset": 0, "length": 2},
            {"type": "text_link", "offset": 3, "length": 1, "url": "https://a.b/?c&d"},
        ],
    )
    with pytest.raises(MarkupError):
        parse_html("<script>")
