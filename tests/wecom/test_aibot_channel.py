"""Members ask the AI bot: what they see, in private and in groups."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import time
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from bot.answering.answer import Answer, AnswerKind
from bot.channels import supervise
from bot.channels.wecom.aibot import channel as aibot_channel
from bot.channels.wecom.aibot.frames import AibotMessage, Chat
from bot.conversation.session import ChatSession
from bot.conversation.unanswered import UnansweredRecorder
from bot.store.database import Store
from bot.store.inbox import Update
from bot.store.unanswered import UnansweredLog
from bot.turns import request_id
from tests.fake_wecom.robot import FakeRobot
from tests.fake_wecom.rules import Rates
from tests.wecom.office import aibot
from tests.wecom.scripted import CLAUSE, Scripted


def markdown(robot: FakeRobot) -> list[str]:
    """Return the texts that were pushed, oldest first."""
    return [body["markdown"]["content"] for body in robot.pushed if body["msgtype"] == "markdown"]


def cards(robot: FakeRobot) -> list[dict[str, Any]]:
    """Return the cards that were sent, oldest first, as they look now."""
    return list(robot.cards.values())


def labels(card: dict[str, Any]) -> list[str]:
    """Return a card's buttons."""
    return [button["text"] for button in card["button_list"]]


async def test_answer_with_buttons(robot: FakeRobot, store: Store) -> None:
    """A question gets one finished answer and a card: next page, an entry in full, what the answer offers."""
    async with aibot(robot, store):
        asked = await robot.say("li", "教委负责什么")
        await robot.until(lambda: cards(robot))
        assert len(asked.contents) == 1
        assert asked.answer.startswith("**教委负责什么：12项**（第1/")
        assert asked.answer.endswith("来源：《渝中区促进中医药发展方案》（2024-05-01）")
        assert labels(cards(robot)[0])[:3] == ["下一页", "展开1", "只看巴南区"]
        assert cards(robot)[0]["main_title"]["title"] == "教委负责什么：12项"
        assert not robot.refused


async def test_first_page_fits_a_phone(robot: FakeRobot, store: Store) -> None:
    """A page is at most a screen long, and entries are not cut in two."""
    async with aibot(robot, store):
        asked = await robot.say("li", "教委负责什么")
        await robot.until(asked.finished.is_set)
        assert len(asked.answer.encode()) <= 2048
        assert len(asked.answer.splitlines()) <= 25
        assert asked.answer.count("责任单位：**区教委**") == asked.answer.count("· 第")


async def test_pressing_a_button_says_its_words(robot: FakeRobot, store: Store) -> None:
    """Next page: the card tells what was chosen and keeps its buttons, the page comes as a message with its own."""
    async with aibot(robot, store):
        await robot.say("li", "教委负责什么")
        await robot.until(lambda: cards(robot))
        await robot.press("li", cards(robot)[0]["task_id"], "下一页")
        await robot.until(lambda: len(cards(robot)) == 2)
        assert cards(robot)[0]["main_title"]["title"] == "已选：下一页"
        assert labels(cards(robot)[0])[0] == "下一页"
        assert "（第2/" in markdown(robot)[0]
        assert "上一页" in labels(cards(robot)[1])
        await robot.press("li", cards(robot)[1]["task_id"], "下一页")
        await robot.until(lambda: len(markdown(robot)) == 2)
        assert "（第3/" in markdown(robot)[1]


async def test_a_press_with_a_crash_after_its_answer_is_answered_three_times_at_most(
    robot: FakeRobot, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is pushed is not known as the same by the platform: however often the bot dies after it, no fourth copy."""
    pushed = asyncio.Event()

    async def dies(*_: object) -> None:
        pushed.set()
        await asyncio.Event().wait()

    monkeypatch.setattr("bot.store.inbox.FIRST_PAUSE", 0.0)
    async with aibot(robot, store):
        await robot.say("li", "教委负责什么")
        await robot.until(lambda: cards(robot))
    with monkeypatch.context() as crash:
        crash.setattr("bot.channels.supervise.DRAIN_SECONDS", 0.0)
        crash.setattr(ChatSession, "_keep", dies)
        for number in range(3):
            pushed.clear()
            async with aibot(robot, store):
                await robot.connected()
                if not number:
                    await robot.press("li", cards(robot)[0]["task_id"], "下一页")
                await asyncio.wait_for(pushed.wait(), 20)
    async with aibot(robot, store):
        await robot.connected()
        asked = await robot.say("li", "财政局负责什么")
        await robot.until(asked.finished.is_set)
    assert len([words for words in markdown(robot) if "（第2/" in words]) == 3


async def test_old_buttons_mean_the_message_above_them(robot: FakeRobot, store: Store) -> None:
    """A card pressed after other questions, and after a restart, still turns its own answer's page."""
    async with aibot(robot, store):
        await robot.say("li", "教委负责什么")
        await robot.until(lambda: cards(robot))
        await robot.say("li", "财政局负责什么")
        await robot.until(lambda: len(cards(robot)) == 2)
    async with aibot(robot, store):
        await robot.press("li", cards(robot)[0]["task_id"], "下一页")
        await robot.until(lambda: markdown(robot))
        assert markdown(robot)[0].startswith("**教委负责什么：12项**（第2/")


async def test_entry_in_full_is_whole(robot: FakeRobot, store: Store) -> None:
    """The verbatim text comes in one message, and nothing in it can call everyone."""
    async with aibot(robot, store):
        await robot.say("li", "教委负责什么")
        asked = await robot.say("li", "展开3")
        await robot.until(asked.finished.is_set)
        assert len(CLAUSE.encode()) > 4096
        assert CLAUSE.replace("<", "＜").replace(">", "＞") in asked.answer
        assert "<@" not in asked.answer


async def test_slow_answer_shows_that_it_is_looked_for(robot: FakeRobot, store: Store) -> None:
    """What takes over a second shows 正在查询 first, in the same message; others are not kept waiting."""
    async with aibot(robot, store):
        slow = await robot.say("li", "慢慢找 短")
        quick = await robot.say("wang", "教委 短")
        await robot.until(quick.finished.is_set)
        assert not slow.finished.is_set()
        await robot.until(slow.finished.is_set)
        assert slow.contents[0] == "正在查询…"
        assert slow.contents[1].startswith("**慢慢找 短：12项**")
        assert len(quick.contents) == 1


async def test_group_page_is_ten_lines(robot: FakeRobot, store: Store) -> None:
    """In a group the first page has at most ten lines, and the question is what stands beside the bot's name."""
    async with aibot(robot, store):
        asked = await robot.say("li", "教委负责什么", chat="group-1")
        await robot.until(asked.finished.is_set)
        assert asked.answer.startswith("**教委负责什么：12项**")
        assert len(asked.answer.splitlines()) <= 10


async def test_follow_ups_in_a_group_are_each_persons_own(robot: FakeRobot, store: Store) -> None:
    """下一页 turns the page of the one who says it."""
    async with aibot(robot, store):
        await robot.say("li", "教委负责什么", chat="group-1")
        await robot.say("wang", "财政局负责什么", chat="group-1")
        mine = await robot.say("li", "下一页", chat="group-1")
        await robot.until(mine.finished.is_set)
        assert mine.answer.startswith("**教委负责什么：12项**（第2/")


async def test_words_take_the_place_of_buttons(robot: FakeRobot, store: Store) -> None:
    """When a conversation is near its limit, the answer says what to type instead of sending a card."""
    async with aibot(robot, store):
        answers = [await robot.say("li", f"问题{number}") for number in range(28)]
        await robot.until(lambda: all(asked.finished.is_set() for asked in answers))
        assert answers[-1].answer.endswith("回复“下一页”“展开1”“只看巴南区”")
        assert 1 <= len(cards(robot)) < len(answers)
        assert not robot.refused


async def test_platforms_own_limit_is_waited_for(robot: FakeRobot, store: Store) -> None:
    """A conversation that the platform calls full is left alone for a minute; its answer stays in the inbox."""
    robot.rates = Rates((1, 60.0))
    async with aibot(robot, store) as channel:
        first = await robot.say("li", "教委 短")
        second = await robot.say("li", "财政局 短")
        other = await robot.say("wang", "教委 短")
        await robot.until(lambda: first.finished.is_set() and other.finished.is_set() and robot.refused)
        await robot.until(lambda: channel._outgoing.left(Chat("li", group=False)) == 0)
        assert not second.contents
        assert len(robot.refused) == 1


async def test_photo_gets_the_help_line(robot: FakeRobot, store: Store) -> None:
    """A picture without words is answered like an empty message."""
    async with aibot(robot, store):
        asked = await robot.ask("li", "", {"msgtype": "image", "image": {"url": "https://example.org/x"}})
        await robot.until(asked.finished.is_set)
        assert asked.answer.startswith("**直接打字提问。**")


async def test_welcome_on_first_entry(robot: FakeRobot, store: Store) -> None:
    """Who opens the chat is greeted at once, with questions to press that are answered."""
    async with aibot(robot, store):
        entered = await robot.enter("li")
        await robot.until(entered.finished.is_set)
        (welcome,) = cards(robot)
        assert welcome["main_title"]["title"] == entered.answer == "问策：按政府方案原文回答"
        assert welcome["sub_title_text"] == "直接打字提问。"
        await robot.press("li", welcome["task_id"], "教委负责什么")
        await robot.until(lambda: markdown(robot))
        assert markdown(robot)[0].startswith("**教委负责什么：12项")


async def test_same_message_twice_is_answered_once(robot: FakeRobot, store: Store) -> None:
    """A message that the platform sends again is known by its msgid."""
    answerer = Scripted()
    async with aibot(robot, store, answerer):
        first = await robot.say("li", "教委 短", msgid="same")
        await robot.until(first.finished.is_set)
        await robot.say("li", "教委 短", msgid="same")
        last = await robot.say("li", "财政局 短")
        await robot.until(last.finished.is_set)
        assert answerer.asked == ["教委 短", "财政局 短"]


async def test_burst_is_answered_in_order(robot: FakeRobot, store: Store) -> None:
    """Many conversations at once: every message is answered, each conversation in its order."""
    answerer = Scripted()
    async with aibot(robot, store, answerer):
        sent = [await robot.say(f"user-{n % 20}", f"{n % 20}:{n // 20} 短") for n in range(200)]
        await robot.until(lambda: all(asked.finished.is_set() for asked in sent), 60)
    for user in range(20):
        assert [text for text in answerer.asked if text.startswith(f"{user}:")] == [f"{user}:{k} 短" for k in range(10)]
    for n, asked in enumerate(sent):
        # On a busy machine a line that it is being looked for may come first.
        assert f"{n % 20}:{n // 20} 短" in asked.contents[-1]


async def test_forgotten_req_id_is_pushed_instead(robot: FakeRobot, store: Store) -> None:
    """An answer that can't reach its message any more comes as a message of its own."""
    async with aibot(robot, store):
        robot.forget_req_ids, robot.resend = True, False
        asked = await robot.say("li", "慢慢找 短")
        await asyncio.sleep(0.3)
        await robot.end(None)
        await robot.until(lambda: markdown(robot))
        assert markdown(robot)[0].startswith("**慢慢找 短：12项**")
        assert not asked.contents


async def test_lost_ack_makes_no_second_answer(robot: FakeRobot, store: Store) -> None:
    """An answer that arrived without its ack is not given again as another message."""
    async with aibot(robot, store):
        await robot.say("li", "教委 短")
        await robot.until(robot.asked["req-1"].finished.is_set)
        robot.mute = True
        asked = await robot.say("li", "财政局 短")
        await robot.until(asked.finished.is_set)
        await robot.end(None)
        robot.mute = False
        later = await robot.say("li", "人社局 短")
        await robot.until(later.finished.is_set)
        assert len(asked.contents) == 1
        assert not markdown(robot)


async def test_message_outlives_a_database_that_is_away(robot: FakeRobot, store: Store) -> None:
    """What can't be written into the inbox at once is written later: the platform may not send it again."""
    async with aibot(robot, store) as channel:
        kept: list[str] = []

        async def flaky(updates: Sequence[Update]) -> None:
            kept.append(updates[0].key)
            if len(kept) == 1:
                raise OperationalError("INSERT", {}, sqlite3.OperationalError("locked"))

        message = AibotMessage("m-2", "req-2", "li", Chat("li", group=False), "教委")
        await channel._take([message], flaky)
        assert kept == ["m-2", "m-2"]


async def test_double_tap_is_one_press(robot: FakeRobot, store: Store) -> None:
    """Two quick taps on a button bring one page."""
    answerer = Scripted()
    async with aibot(robot, store, answerer):
        await robot.say("li", "慢慢教委")
        await robot.until(lambda: cards(robot))
        task = cards(robot)[0]["task_id"]
        await robot.press("li", task, "展开1")
        await robot.press("li", task, "展开1")
        last = await robot.say("li", "财政局 短")
        await robot.until(last.finished.is_set)
        assert answerer.asked.count("展开1") == 1


async def test_expired_button_says_so(robot: FakeRobot, store: Store) -> None:
    """A button that the store doesn't know any more asks for the question again."""
    async with aibot(robot, store):
        await robot.say("li", "教委负责什么")
        await robot.until(lambda: cards(robot))
        key = cards(robot)[0]["button_list"][0]["key"]
        cards(robot)[0]["button_list"][0]["key"] = key.replace(key[:16], "forgotten-before")
        await robot.press("li", cards(robot)[0]["task_id"], "下一页")
        await robot.until(lambda: markdown(robot))
        assert markdown(robot) == ["这个按钮已过期，请重新提问。"]


async def test_mistake_in_the_answerer_is_apologised_for(robot: FakeRobot, store: Store) -> None:
    """A question that breaks something gets one line with a number, and the next is answered."""
    async with aibot(robot, store):
        broken = await robot.say("li", "坏了")
        asked = await robot.say("li", "教委 短")
        await robot.until(asked.finished.is_set)
        await robot.until(broken.finished.is_set)
        number = request_id("wecom-aibot", broken.msgid)
        assert broken.contents == [f"抱歉，这条消息处理时出错，已记录（编号 {number}）。"]


async def test_old_message_is_told_so(robot: FakeRobot, store: Store) -> None:
    """A message from long before the bot was back is not answered any more."""
    async with aibot(robot, store, stale_after=600):
        fields = {"msgtype": "text", "text": {"content": "教委"}, "create_time": int(time.time()) - 700}
        asked = await robot.ask("li", "", fields)
        await robot.until(asked.finished.is_set)
        assert asked.answer.startswith("机器人刚恢复运行")


async def test_asking_too_often_is_told_once(robot: FakeRobot, store: Store) -> None:
    """Beyond the rate per person one refusal is told, then there is silence."""
    async with aibot(robot, store, questions_per_minute=2):
        asked = [await robot.say("li", f"教委{n} 短") for n in range(5)]
        other = await robot.say("wang", "教委 短")
        await robot.until(lambda: other.finished.is_set() and asked[2].finished.is_set())
        assert asked[2].answer.startswith("提问太频繁了")
        await asyncio.sleep(0.1)
        assert not asked[3].contents
        assert not asked[4].contents


async def test_only_listed_members_and_groups_may_ask(robot: FakeRobot, store: Store) -> None:
    """With a list, others get one line, wherever they ask; whoever brings the code is let in."""
    async with aibot(
        robot, store, wecom_allowed_users="li", wecom_allowed_chats="group-1", wecom_invitation_code="kaimen-2024"
    ):
        asked = {
            "listed": await robot.say("li", "教委 短"),
            "in a listed group": await robot.say("wang", "教委 短", chat="group-1"),
            "elsewhere": await robot.say("wang", "教委 短", chat="group-2"),
            "stranger": await robot.say("zhao", "教委 短"),
            "with the code": await robot.say("zhao", "kaimen-2024"),
            "after the code": await robot.say("zhao", "教委 短"),
        }
        await robot.until(lambda: all(one.finished.is_set() for one in asked.values()))
        answered = [name for name, one in asked.items() if one.answer.startswith("**教委 短")]
        assert answered == ["listed", "in a listed group", "after the code"]
        assert asked["stranger"].answer.startswith("抱歉，您还没有使用权限")
        entered = await robot.enter("sun")
        await robot.until(entered.finished.is_set)
        assert entered.answer.startswith("抱歉，您还没有使用权限")


async def test_push_reaches_a_conversation(robot: FakeRobot, store: Store) -> None:
    """A notice reaches a member and a group where someone has spoken to the bot."""
    notice = Answer(AnswerKind.DEADLINE, answered=True, headline="本月到期：2项")
    async with aibot(robot, store) as channel:
        first = await robot.say("li", "教委 短")
        second = await robot.say("li", "教委 短", chat="group-1")
        await robot.until(lambda: first.finished.is_set() and second.finished.is_set())
        await channel.send_notice("single:li", notice)
        await channel.send_notice("group:group-1", notice)
        assert [(body["chatid"], body["chat_type"]) for body in robot.pushed] == [("li", 1), ("group-1", 2)]
        assert markdown(robot) == ["**本月到期：2项**"] * 2


async def test_replaced_bot_stays_away_and_comes_back(
    robot: FakeRobot, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bot that another connection has replaced comes back after its pause, not at once."""
    monkeypatch.setattr(aibot_channel, "_AWAY", (0.4, 1.0))
    async with aibot(robot, store):
        other = FakeRobotRival(robot)
        await other.take_over()
        began = time.monotonic()
        await robot.until(lambda: robot.logins == 3)
        assert time.monotonic() - began >= 0.4


async def test_second_replica_stands_by_and_takes_over(
    robot: FakeRobot, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two replicas hold one connection between them; when the holder goes, the other connects and answers."""
    monkeypatch.setattr(supervise, "EVERY", 0.05)
    async with contextlib.AsyncExitStack() as stack:
        async with aibot(robot, store, holder="one"):
            await stack.enter_async_context(aibot(robot, store, holder="two"))
            await asyncio.sleep(0.3)
            assert robot.logins == 1
        asked = await robot.say("li", "教委 短")
        await robot.until(asked.finished.is_set)
        assert robot.logins == 2


class FakeRobotRival:
    """Another program with the same bot's secret."""

    def __init__(self, robot: FakeRobot) -> None:
        self.robot = robot

    async def take_over(self) -> None:
        """Subscribe, which ends the connection of whoever was there."""
        from bot.channels.wecom.aibot.connection import AibotConnection, open_socket
        from bot.channels.wecom.aibot.frames import Command
        from bot.channels.wecom.aibot.mentions import Mentions

        async with open_socket(self.robot.url) as socket:
            connection = AibotConnection(socket, 2.0, Mentions())

            async def ignore(_: object) -> None:
                pass

            reading = asyncio.create_task(connection.run(ignore, 30.0))
            await connection.request(Command.SUBSCRIBE, {"bot_id": self.robot.bot_id, "secret": self.robot.secret})
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)


async def test_buttons_stand_in_the_bubble_of_the_answer(robot: FakeRobot, store: Store) -> None:
    """One frame carries both, so an answer takes one of the thirty messages of a minute, and not two."""
    async with aibot(robot, store):
        asked = await robot.say("li", "教委负责什么")
        await robot.until(asked.finished.is_set)
        assert asked.card is not None
        assert labels(asked.card)[0] == "下一页"
        assert robot.pushed == []


async def test_a_stream_that_is_over_has_its_card_pushed(robot: FakeRobot, store: Store) -> None:
    """Where the answer can only be pushed, its buttons follow it."""
    async with aibot(robot, store):
        robot.refusals["aibot_respond_msg"] = [846605]
        await robot.say("li", "教委负责什么")
        await robot.until(lambda: len(robot.pushed) == 2)
    assert [body["msgtype"] for body in robot.pushed] == ["markdown", "template_card"]


@pytest.mark.parametrize(("kind", "kept"), [(2, ["慢慢教委 短"]), (1, []), (3, [])])
async def test_what_a_member_finds_wrong_is_kept_for_the_operator(
    robot: FakeRobot, store: Store, kind: int, kept: list[str]
) -> None:
    """👎 under an answer, also one that was waited for, lists its question; 👍 and a second thought do not."""
    recorder = UnansweredRecorder(UnansweredLog(store), b"key", keep=True, days=30)
    running = asyncio.create_task(recorder.run())
    async with aibot(robot, store, unanswered=recorder):
        asked = await robot.say("li", "慢慢教委 短")
        after = await robot.say("li", "财政局 短")
        await robot.until(after.finished.is_set)
        await robot.rate(asked, kind)
        last = await robot.say("li", "财政局 短")
        await robot.until(last.finished.is_set)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert [group.question for group in await UnansweredLog(store).groups(1, 9)] == kept
