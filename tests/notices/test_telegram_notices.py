"""Notices in Telegram, from the button under an answer to what becomes of a message."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from bot.answering.answer import Answer, AnswerKind, Choice
from bot.conversation.answerer import Answerer
from bot.notices.following import Followings, Subject, SubjectKind
from bot.notices.outbox import Notice, Outbox
from bot.store.tables import outbox
from tests.fake_telegram.world import Fault, Json, Person
from tests.telegram_bot import Scene

GROUP = "-100"
TEACHERS = Subject(SubjectKind.UNIT, "区教委", "", "区教委")


async def follow(scene: Scene, *chats: str) -> None:
    """Let chats follow the teachers."""
    async with scene.store.begin() as tx:
        for chat in chats:
            await Followings(scene.store).follow("telegram", chat, TEACHERS, tx)


async def followers(scene: Scene) -> list[str]:
    """Return the chats that follow something."""
    return [one.chat for one in await Followings(scene.store).everybody()]


async def plan(scene: Scene, *headlines: str, chat: str = GROUP, at: datetime | None = None) -> None:
    """Plan notices for now, or for another time."""
    now = at or datetime.now(UTC)
    choices = (Choice("区教委的全部任务", "区教委负责什么"),)
    body = [Answer(AnswerKind.FACT, answered=True, headline=line, choices=choices) for line in headlines]
    async with scene.store.begin() as tx:
        notices = [Notice(f"test:{one.headline}", now, "telegram", chat, (one,), 3600) for one in body]
        await Outbox(scene.store).add(notices, tx)


async def until(scene: Scene, *states: str) -> None:
    """Wait until the outbox's rows are in these states, in their order."""
    found: list[str] = []
    end = time.monotonic() + 20
    while found != list(states):
        assert time.monotonic() < end, found
        await asyncio.sleep(0.02)
        async with scene.store.read() as tx:
            found = list((await tx.execute(select(outbox.c.state).order_by(outbox.c.id))).scalars())


async def told(scene: Scene, person: Person, answer: Json) -> str:
    """Press the button to follow; returns the words in the box."""
    query = await person.press(answer, "关注区教委")
    await scene.world.until(lambda: query in scene.world.press_answers)
    return str(scene.world.press_answers[query]["text"])


async def test_the_button_under_an_answer_follows(scene: Scene, plans_answerer: Answerer) -> None:
    """A member is told to ask an administrator; an administrator's press follows the unit and keeps the list."""
    async with scene.bot(plans_answerer):
        admin = scene.member(1, admin=True)
        await admin.say("/duty 区教委")
        answer = await admin.answer()
        before = answer["text"]
        assert "管理员" in await told(scene, scene.member(2), answer)
        assert "已关注区教委" in await told(scene, admin, answer)
        assert answer["text"] == before
        assert await Followings(scene.store).of("telegram", GROUP) == (TEACHERS,)


async def test_a_notice_arrives_with_its_button(scene: Scene) -> None:
    """It is a message of its own in the group, and what can be asked about it is a tap away."""
    member = scene.member(1)
    await plan(scene, "到期提醒")
    async with scene.bot():
        await until(scene, "sent")
        message = await member.answer()
        assert message["text"] == "到期提醒"
        await member.press(message, "区教委的全部任务")
        await scene.world.until(lambda: message["text"] != "到期提醒")


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        (Fault(403, "Forbidden: bot was kicked from the supergroup chat"), "failed"),
        (Fault(400, "Bad Request: chat not found"), "failed"),
        (Fault(0, after=True), "unknown"),
        (Fault(429, "Too Many Requests", retry_after=1), "sent"),
    ],
)
async def test_what_telegram_says_decides(scene: Scene, fault: Fault, state: str) -> None:
    """A kick ends the following; a lost answer is unknown and not sent again; a 429 is obeyed."""
    member = scene.member(1)
    await follow(scene, GROUP)
    await plan(scene, "一")
    async with scene.bot():
        scene.world.fail("sendMessage", fault)
        await until(scene, state)
    followed = await Followings(scene.store).of("telegram", GROUP)
    assert followed == (() if state == "failed" else (TEACHERS,))
    assert len(member.answers()) == (0 if state == "failed" else 1)


async def becomes(scene: Scene, *chats: str) -> None:
    """Wait until these chats, and no others, follow something."""
    end = time.monotonic() + 20
    while sorted(await followers(scene)) != sorted(chats):
        assert time.monotonic() < end, await followers(scene)
        await asyncio.sleep(0.02)


@pytest.mark.parametrize(("chat", "status"), [(GROUP, "kicked"), (GROUP, "left"), ("7", "kicked")])
async def test_who_throws_the_bot_out_is_not_followed_for(any_scene: Scene, chat: str, status: str) -> None:
    """A kick, a farewell and a block end the following and what waits at once, with a line in the log."""
    scene = any_scene
    scene.member(1)
    scene.person(7)
    await follow(scene, chat, f"{chat}/5", "8")
    later = datetime.now(UTC) + timedelta(hours=1)
    with capture_logs() as log:
        async with scene.bot():
            await plan(scene, "一", chat=chat, at=later)
            await scene.world.change_membership(int(chat), "member")
            await scene.world.change_membership(int(chat), status)
            await becomes(scene, "8")
            await until(scene, "cancelled")
    (line,) = [line for line in log if "chat is gone" in line["event"]]
    assert (line["chat"], line["followings"], line["cancelled"]) == (chat, 2, 1)
    assert status in line["reason"]


@pytest.mark.parametrize("told", [True, False])
async def test_a_group_that_becomes_a_supergroup_goes_on_following(
    any_scene: Scene, plans_answerer: Answerer, *, told: bool
) -> None:
    """Its new id is learnt from the service messages, or from the refusal of the next notice."""
    scene = any_scene
    scene.world.chat(-5, "group").administrators.add(1)
    async with scene.bot(plans_answerer):
        admin = Person(scene.world, 1, scene.world.chat(-5))
        await admin.say("/follow 区教委")
        await admin.answer()
        await scene.world.migrate(-5, -1005, told=told)
        if told:
            await becomes(scene, "-1005")
        (chat,) = await followers(scene)
        await plan(scene, "一", chat=chat)
        await until(scene, "sent")
        assert await followers(scene) == ["-1005"]
    (message,) = Person(scene.world, 1, scene.world.chat(-1005)).answers()
    assert message["text"] == "一"


async def test_a_topic_of_a_forum_gets_its_own_notices(any_scene: Scene, plans_answerer: Answerer) -> None:
    """What is followed in a topic is told in that topic, and stays unknown to the others."""
    scene = any_scene
    admin = scene.member(1, admin=True, is_forum=True)
    topic: Json = {"message_thread_id": 9, "is_topic_message": True}
    async with scene.bot(plans_answerer):
        await admin.say("/follow 区教委", **topic)
        await admin.answer()
        assert await followers(scene) == [f"{GROUP}/9"]
        await admin.say("/following")
        assert "还没有关注" in (await admin.answer(2))["text"]
        await admin.say("/following", **topic)
        assert "区教委" in (await admin.answer(3))["text"]
        await plan(scene, "一", chat=f"{GROUP}/9")
        notice = await admin.answer(4)
        assert (notice["text"], notice["message_thread_id"]) == ("一", 9)
        admin.place.deleted_topics.add(9)
        await plan(scene, "二", chat=f"{GROUP}/9")
        outside = await admin.answer(5)
        assert (outside["text"], outside.get("message_thread_id")) == ("二", None)
        assert await followers(scene) == [f"{GROUP}/9"]


async def test_notices_leave_a_group_room_for_answers(scene: Scene) -> None:
    """However many topics are told at once, a question in the group is answered before the minute is over."""
    member = scene.member(1, is_forum=True)
    for topic in range(1, 30):
        member.place.topics.add(topic)
        await plan(scene, str(topic), chat=f"{GROUP}/{topic}")
    async with scene.bot():
        await member.answer(15)
        asked = await member.say("/duty 教委")
        quoted = {"message_id": asked["message_id"]}
        await scene.world.until(
            lambda: any(one.get("reply_to_message", {}).items() >= quoted.items() for one in member.answers())
        )
    assert len(member.answers()) < 20


async def test_a_cancelled_following_leaves_the_list(scene: Scene, plans_answerer: Answerer) -> None:
    """The list above the button shows at once what is left, and says so in a box."""
    person = scene.person()
    async with scene.bot(plans_answerer):
        for count, words in enumerate(("/follow 区教委", "/follow 中医馆", "/following"), 1):
            await person.say(words)
            listed = await person.answer(count)
        press = await person.press(listed, "取消区教委")
        await scene.world.until(lambda: press in scene.world.press_answers)
    assert scene.world.press_answers[press]["text"] == "已取消关注区教委。"
    assert "区教委" not in listed["text"]
    assert "中医馆" in listed["text"]


async def test_a_revoked_token_pauses_notices(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """A notice that Telegram refuses with the token waits in the outbox, and goes out when the token is taken again."""
    monkeypatch.setattr("bot.channels.supervise.REFUSED_PAUSE", 0.05)
    member = scene.member(1)
    async with scene.bot():
        scene.world.fail("sendMessage", Fault(401, "Unauthorized"))
        with capture_logs() as log:
            await plan(scene, "到期提醒")
            await until(scene, "sent")
        refused = [line["event"] for line in log if line["log_level"] == "error"]
        assert len(refused) == 1
        assert "WENCE_TELEGRAM_TOKEN" in refused[0]
    assert [one["text"] for one in member.answers()] == ["到期提醒"]
