"""Who may ask, and how often."""

from __future__ import annotations

import pytest

from bot.channels.context import ChannelContext
from bot.channels.telegram import make
from bot.channels.wecom.make import make_aibot
from bot.conversation.asking import Asker
from bot.settings import SettingError, Settings
from tests.telegram_bot import Scene

NOT_ALLOWED = "抱歉，您还没有使用权限。请联系管理员，或发送邀请码。"
TOO_OFTEN = "提问太频繁了，请过一分钟再试。"


async def test_listed_users_and_chats_may_ask_and_others_get_one_line(scene: Scene) -> None:
    """An allow-list lets in its users anywhere and everybody in its groups."""
    listed, stranger = scene.person(1), scene.person(2)
    group, elsewhere = scene.member(2, -100), scene.member(2, -200)
    async with scene.bot(telegram_allowed_users=(1,), telegram_allowed_chats=(-100,)):
        await listed.say("你好")
        await stranger.say("你好")
        await group.say("@wence_test_bot 你好")
        await elsewhere.say("@wence_test_bot 你好")
        assert (await listed.answer())["text"].startswith("你好")
        assert (await stranger.answer())["text"] == NOT_ALLOWED
        assert (await group.answer())["text"].startswith("你好")
        assert (await elsewhere.answer())["text"] == NOT_ALLOWED


async def test_the_invitation_code_lets_in_for_good(scene: Scene) -> None:
    """Who has sent the code may ask from then on, also after a restart; a wrong one opens nothing."""
    person, other = scene.person(1), scene.person(2)
    async with scene.bot(telegram_invitation_code="open-sesame"):
        await person.say("open-sesam")
        assert (await person.answer())["text"] == NOT_ALLOWED
        await person.say("/start open-sesame")
        assert (await person.answer(2))["text"].startswith("已验证")
        await other.say("你好")
        assert (await other.answer())["text"] == NOT_ALLOWED
    async with scene.bot(telegram_invitation_code="open-sesame"):
        await person.say("你好")
        assert (await person.answer(3))["text"].startswith("你好")


async def test_the_code_in_a_group_lets_the_group_in(scene: Scene) -> None:
    """Sent in a group, the code is for everybody there and nowhere else."""
    one, two, alone = scene.member(1), scene.member(2), scene.person(2)
    async with scene.bot(telegram_invitation_code="open-sesame"):
        await one.say("@wence_test_bot open-sesame")
        await one.answer()
        await two.say("@wence_test_bot 你好")
        assert (await two.answer(2))["text"].startswith("你好")
        await alone.say("你好")
        assert (await alone.answer())["text"] == NOT_ALLOWED


async def test_strangers_can_neither_press_nor_list(scene: Scene) -> None:
    """Buttons and inline mode keep to the same list."""
    listed, stranger = scene.member(1), scene.member(2)
    async with scene.bot(telegram_allowed_users=(1,)):
        await listed.say("@wence_test_bot 列表20")
        answer = await listed.answer()
        press = await stranger.press(answer, "下一页 ›")
        await scene.world.until(lambda: press in scene.world.press_answers)
        query = await stranger.type_inline("中医馆")
        await scene.world.until(lambda: query in scene.world.inline_answers)
    assert scene.world.press_answers[press]["text"] == NOT_ALLOWED
    assert scene.world.edits == []
    assert scene.world.inline_answers[query]["results"] == []
    assert int(scene.world.inline_answers[query]["cache_time"]) == 0


async def test_who_asks_too_often_is_told_once_and_others_are_answered(scene: Scene) -> None:
    """The limit is a person's own, is told, and is not itself a way to flood a chat."""
    hasty, calm = scene.person(1), scene.person(2)
    async with scene.bot(questions_per_minute=3):
        for number in range(8):
            await hasty.say(f"第{number}问")
        await hasty.answer(4)
        press = await hasty.press_data(hasty.answers()[0], "x")
        await calm.say("你好")
        assert (await calm.answer())["text"].startswith("你好")
        await scene.world.until(lambda: press in scene.world.press_answers)
    assert [a["text"].splitlines()[0] for a in hasty.answers()] == ["第0问", "第1问", "第2问", TOO_OFTEN]


async def test_strangers_are_refused_now_and_then_only(scene: Scene) -> None:
    """However much they write: one line a minute, and others are answered."""
    stranger, known = scene.person(1), scene.person(2)
    async with scene.bot(telegram_allowed_users=(2,)):
        for number in range(20):
            await stranger.say(f"第{number}问")
        await known.say("你好")
        await known.answer()
        await stranger.say("还在吗")
        await scene.world.until(lambda: not scene.world.updates)
        await known.say("再见")
        await known.answer(2)
    assert len(stranger.answers()) == 1


async def test_a_code_cant_be_tried_out(scene: Scene) -> None:
    """After ten wrong ones not even the right one is taken."""
    guesser, guest = scene.person(1), scene.person(2)
    async with scene.bot(telegram_invitation_code="open-sesame"):
        for number in range(10):
            await guesser.say(f"open-{number}")
        await guesser.say("open-sesame")
        await guesser.say("中医馆")
        await guest.say("open-sesame")
        assert (await guest.answer())["text"].startswith("已验证")
        await scene.world.until(lambda: not scene.world.updates)
    assert len(guesser.answers()) == 1
    assert scene.answerer.asked == []


@pytest.mark.parametrize("setting", ["telegram_invitation_code", "wecom_invitation_code"])
async def test_a_code_that_can_be_guessed_is_no_setting(scene: Scene, setting: str) -> None:
    """A short one is refused by name at the start."""
    given = {"telegram_token": scene.world.token, "wecom_bot_id": "bot", "wecom_bot_secret": "secret", setting: "1234"}
    context = ChannelContext(Settings.model_validate(given), scene.store, Asker(lambda: scene.answerer))
    with pytest.raises(SettingError, match=f"WENCE_{setting.upper()}.*至少 8 个字符"):
        (make if setting.startswith("telegram") else make_aibot)(context)
    context.asker.close()
