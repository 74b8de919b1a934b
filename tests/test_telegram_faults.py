"""Limits and faults: what Telegram refuses, what the network loses, what the bot's own code gets wrong."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

import pytest
from sqlalchemy.exc import OperationalError
from telegram import Bot
from telegram.request import HTTPXRequest

from bot.channels.telegram import polling
from bot.channels.telegram.rate_limiter import ChatRateLimiter
from bot.conversation.session import ChatSession
from bot.conversation.surface import Presented, Utterance
from bot.store.inbox import Update
from bot.turns import request_id
from tests.fake_telegram.world import Fault
from tests.telegram_bot import Scene

SORRY = "抱歉，这条消息处理时出错，已记录（编号 {}）。"


async def test_a_429_holds_back_the_chat_it_is_about_and_no_other(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others are answered while that chat waits."""
    monkeypatch.setattr("bot.channels.supervise.DRAIN_SECONDS", 0.1)
    held, *others = [scene.person(number) for number in range(1, 6)]
    async with scene.bot():
        scene.world.fail("sendMessage", Fault(429, retry_after=600))
        await held.say("你好")
        await scene.world.until(lambda: not scene.world.faults["sendMessage"])
        for person in others:
            await person.say("你好")
            await person.answer()
        assert held.answers() == []
    assert scene.world.violations == []


async def test_a_429_of_the_whole_bot_holds_back_everybody(scene: Scene) -> None:
    """When a second chat is refused meanwhile, nobody else is tried until the time has passed."""
    people = [scene.person(number) for number in range(1, 6)]
    async with scene.bot():
        scene.world.fail("sendMessage", Fault(429, retry_after=3, everywhere=True))
        await people[0].say("你好")
        await scene.world.until(lambda: bool(scene.world.closed))
        await asyncio.sleep(0.4)
        await people[1].say("你好")
        await scene.world.until(lambda: bool(scene.world.violations))
        for person in people[2:]:
            await person.say("你好")
        for person in people:
            await person.answer()
    assert len(scene.world.violations) == 1
    assert [len(person.answers()) for person in people] == [1] * 5


@pytest.mark.parametrize("fault", [Fault(502), Fault(0)])
async def test_a_lost_request_is_made_again(scene: Scene, fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    """A gateway error or a connection dropped in the middle loses neither an update nor an answer."""
    monkeypatch.setattr("bot.channels.dispatch.FIRST_PAUSE", 0.05)
    monkeypatch.setattr(polling, "FIRST_PAUSE", 0.05)
    person = scene.person()
    async with scene.bot():
        scene.world.fail("getUpdates", fault, fault)
        for count, words in enumerate(("第一问", "第二问"), 1):
            scene.world.fail("sendMessage", fault)
            await person.say(words)
            await person.answer(count)
    assert [a["text"].splitlines()[0] for a in person.answers()] == ["第一问", "第二问"]


async def test_a_token_that_is_refused_while_sending_costs_no_answer(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A 401 pauses the channel; what was being answered, and a press, wait and are answered after."""
    monkeypatch.setattr("bot.channels.supervise.REFUSED_PAUSE", 0.05)
    people = [scene.person(number) for number in (1, 2)]
    async with scene.bot():
        scene.world.fail("sendMessage", *[Fault(401, "Unauthorized")] * 2)
        for person in people:
            await person.say("列表20")
        answers = [await person.answer() for person in people]
        scene.world.fail("editMessageText", Fault(401, "Unauthorized"))
        await people[0].press(answers[0], "下一页 ›")
        await scene.world.until(lambda: "（第2/" in answers[0]["text"])
    assert [answer["text"].startswith("共20项") for answer in answers] == [True, True]
    assert [len(person.answers()) for person in people] == [1, 1]


async def test_an_answer_with_a_crash_after_it_comes_three_times_at_most(
    any_scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However often the bot dies between an answer and its note; then the next question is answered."""
    sent = asyncio.Event()

    async def dies(*_: object) -> None:
        sent.set()
        await asyncio.Event().wait()

    monkeypatch.setattr("bot.channels.supervise.DRAIN_SECONDS", 0.0)
    monkeypatch.setattr("bot.store.inbox.FIRST_PAUSE", 0.0)
    person = any_scene.person()
    await person.say("第一问")
    with monkeypatch.context() as crash:
        crash.setattr(ChatSession, "_keep", dies)
        for _ in range(3):
            sent.clear()
            async with any_scene.bot():
                await asyncio.wait_for(sent.wait(), 20)
    async with any_scene.bot():
        await person.say("第二问")
        await person.answer(4)
    assert [a["text"].splitlines()[0] for a in person.answers()] == ["第一问"] * 3 + ["第二问"]


async def test_an_answer_that_the_database_did_not_note_is_not_sent_again(
    any_scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database is away from just after an answer until a moment later: it is noted then, and stands there once."""
    monkeypatch.setattr("bot.conversation.session._DATABASE", (0.01, 0.05))
    monkeypatch.setattr("bot.channels.dispatch.FIRST_PAUSE", 0.01)
    keep, failures = ChatSession._try_to_keep, [ConnectionError(), OperationalError("", None, Exception())]

    async def away(session: ChatSession, said: Utterance, presented: Presented) -> None:
        if failures:
            raise failures.pop()
        await keep(session, said, presented)

    monkeypatch.setattr(ChatSession, "_try_to_keep", away)
    person = any_scene.person()
    async with any_scene.bot():
        for words in ("第一问", "第二问"):
            await person.say(words)
        await person.answer(2)
    assert [a["text"].splitlines()[0] for a in person.answers()] == ["第一问", "第二问"]


async def test_a_slow_confirmation_is_no_failure(scene: Scene) -> None:
    """What the platform does at once and confirms after six seconds is done once."""
    person = scene.person()
    async with scene.bot():
        scene.world.fail("sendMessage", Fault(200, after=True, delay=6))
        await person.say("第一问")
        await person.say("第二问")
        await person.answer(2)
    assert [a["text"].splitlines()[0] for a in person.answers()] == ["第一问", "第二问"]


@pytest.mark.parametrize("fault", [Fault(200, after=True, delay=1.5), Fault(0, after=True)])
async def test_a_message_that_is_never_confirmed_comes_twice_at_most(
    scene: Scene, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However often the confirmation gets lost: one more copy, then the next question, in the state of this one."""
    monkeypatch.setattr("bot.channels.telegram.limits.READ_SECONDS", 1.0)
    person = scene.person()
    async with scene.bot():
        scene.world.fail("sendMessage", *[fault] * 2)
        await person.say("列表20")
        await person.answer(2)
        await person.say("第四个呢")
        assert (await person.answer(3))["text"].startswith("列表20→第四个呢")
    assert len(person.answers()) == 3


async def test_an_update_that_crashes_its_handler_is_answered_with_one_line(
    scene: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    """A mistake in the code is logged with the update's id, told in one line, and stops nothing."""
    person = scene.person()
    async with scene.bot():
        await person.say("出错")
        number = (await person.answer())["text"]
        await person.say("列表20")
        answer = await person.answer(2)
        await person.say("你好")
        await person.answer(3)
    assert number == SORRY.format(request_id("telegram", "1000"))
    assert answer["text"].startswith("共20项")
    assert "ZeroDivisionError" in capsys.readouterr().out


async def test_a_press_that_crashes_its_handler_says_so(scene: Scene) -> None:
    """The same for a button: its box names the update."""
    person = scene.person()
    async with scene.bot():
        await person.say("列表20")
        answer = await person.answer()
        scene.answerer.broken = True
        press = await person.press(answer, "下一页 ›")
        await scene.world.until(lambda: press in scene.world.press_answers)
    assert scene.world.press_answers[press]["text"] == SORRY.format(request_id("telegram", "1001"))


async def test_updates_are_kept_before_they_are_confirmed(scene: Scene) -> None:
    """While the inbox is still being written, Telegram has the updates too and would send them again."""
    person = scene.person()
    held: list[set[int]] = []
    reached: list[bool] = []

    async def accept(updates: Sequence[Update]) -> None:
        await asyncio.sleep(0.2)
        waiting = {str(update["update_id"]) for update in scene.world.updates}
        held.append({int(update.key) for update in updates if update.key in waiting})

    for text in ("甲", "乙"):
        await person.say(text)
    request = HTTPXRequest()
    async with Bot(scene.world.token, base_url=scene.fake.base_url, get_updates_request=request) as telegram:
        source = polling.UpdateSource(request, telegram.base_url)
        polls = asyncio.create_task(polling.poll(source, telegram, accept, reached.append))
        await scene.world.until(lambda: not scene.world.updates)
        polls.cancel()
        await asyncio.gather(polls, return_exceptions=True)
    assert held == [{1000, 1001}]
    assert reached == [True]


async def test_duplicate_updates_are_answered_once(scene: Scene) -> None:
    """An update that Telegram sends again, even much later, is known."""
    person = scene.person()
    async with scene.bot():
        await person.say("你好")
        await person.answer()
        update = {"update_id": 1000, "message": person.place.messages[1]}
        async with scene.world.changed:
            scene.world.updates.append(update)
            scene.world.changed.notify_all()
        await person.say("再见")
        await person.answer(2)
    assert [a["text"].splitlines()[0] for a in person.answers()] == ["你好", "再见"]


async def test_what_came_while_the_bot_was_down_is_answered_or_told_to_be_too_old(scene: Scene) -> None:
    """A recent message is answered when the bot is back; an old one gets a note, and never an answer."""
    recent, old = scene.person(1), scene.person(2)
    await recent.say("你好")
    await old.say("中医馆", date=int(time.time()) - 7 * 3600)
    async with scene.bot():
        assert (await recent.answer())["text"].startswith("你好")
        assert (await old.answer())["text"].startswith("机器人刚恢复运行")
        await old.say("你好")
        assert (await old.answer(2))["text"].startswith("你好")
    assert "中医馆" not in scene.answerer.asked


async def test_a_bot_that_was_thrown_out_goes_on_elsewhere(scene: Scene) -> None:
    """Blocked in one chat, the bot answers the others, and does not try that one for ever."""
    gone, here = scene.person(1), scene.person(2)
    scene.world.fail("sendMessage", Fault(403, "Forbidden: bot was blocked by the user"))
    async with scene.bot():
        await gone.say("你好")
        await scene.world.until(lambda: not scene.world.faults["sendMessage"])
        await here.say("你好")
        await here.answer()
        await gone.say("还在吗")
        assert (await gone.answer())["text"].startswith("还在吗")
    assert len(gone.answers()) == 1


async def test_another_poller_is_waited_out(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """A conflict with another process that polls the same bot does not end this one."""
    monkeypatch.setattr(polling, "FIRST_PAUSE", 0.05)
    person = scene.person()
    async with scene.bot():
        scene.world.polling += 1
        await scene.world.tell_all()
        await person.say("你好")
        await person.answer()


async def test_a_webhook_that_is_still_set_is_taken_away(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody set a webhook for this bot: polling can't work until it is gone, so it goes."""
    monkeypatch.setattr(polling, "FIRST_PAUSE", 0.05)
    person = scene.person()
    scene.world.webhook = {"url": "http://127.0.0.1:9/", "secret": ""}
    scene.world.fail("deleteWebhook", Fault(500))
    async with scene.bot():
        await person.say("你好")
        await person.answer()


async def test_a_burst_with_429s_is_answered_completely_and_in_order(any_scene: Scene) -> None:
    """A hundred messages from twenty chats at once: none lost, none doubled, each chat in its order, every 429 kept."""
    crowd = [any_scene.person(number) for number in range(1, 21)]
    for number in range(5):
        for person in crowd:
            await person.say(f"第{number}问")
    async with any_scene.bot():
        await any_scene.world.until(lambda: sum(len(person.answers()) for person in crowd) >= 20)
        any_scene.world.fail("sendMessage", Fault(429, retry_after=1))
        for person in crowd:
            await person.answer(5)
    for person in crowd:
        assert [answer["text"].splitlines()[0] for answer in person.answers()] == [f"第{n}问" for n in range(5)]
    assert any_scene.world.violations == []


async def test_typing_takes_no_messages_place() -> None:
    """Of a group's twenty messages a minute none is spent on showing “typing…”."""
    limiter = ChatRateLimiter()

    async def send() -> bool:
        return True

    for _ in range(25):
        assert await limiter.process_request(send, (), {}, "sendChatAction", {"chat_id": -1}, None)
    assert limiter._get_group_limiter(-1).has_capacity(20)
    await limiter.process_request(send, (), {}, "sendMessage", {"chat_id": -1}, None)
    assert not limiter._get_group_limiter(-1).has_capacity(20)


async def test_a_flood_of_429_gives_up_on_nothing(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """However often Telegram asks for a pause, the answer comes in the end."""
    monkeypatch.setattr("bot.channels.telegram.limits.RETRIES", 0)
    monkeypatch.setattr("bot.channels.dispatch.FIRST_PAUSE", 0.05)
    person = scene.person()
    scene.world.fail("sendMessage", *[Fault(429, retry_after=1)] * 2)
    async with scene.bot():
        await person.say("你好")
        await person.answer()
    assert scene.world.violations == []


async def test_a_token_that_is_revoked_while_sending_loses_no_question(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Telegram takes an answer no more: the channel pauses, and the question is answered after that."""
    monkeypatch.setattr("bot.channels.supervise.REFUSED_PAUSE", 0.05)
    person = scene.person()
    async with scene.bot():
        scene.world.fail("sendMessage", Fault(401, "Unauthorized"))
        await person.say("你好")
        assert (await person.answer())["text"].startswith("你好")
    assert len(person.answers()) == 1


@pytest.mark.parametrize("payload", ["q_你好", "q_%%", "q_____", "q_gICA"])
async def test_a_link_that_holds_no_question_greets(scene: Scene, payload: str) -> None:
    """Whatever stands behind /start, who opens the bot is greeted."""
    person = scene.person()
    async with scene.bot():
        await person.say(f"/start {payload}")
        assert (await person.answer())["text"].startswith("您好，我是问策")
