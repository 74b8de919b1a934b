"""Groups: whom the bot answers, where, how shortly, and about which district."""

from __future__ import annotations

import asyncio

import pytest

from bot.store.chats import Chats
from tests.fake_telegram.world import BOT, Json
from tests.telegram_bot import Scene


async def test_a_group_is_answered_when_it_speaks_to_the_bot(scene: Scene) -> None:
    """Commands, mentions and replies are answered, in reply to who asked."""
    person = scene.member(1)
    async with scene.bot():
        asked = [await person.say("/duty 教委")]
        answer = await person.answer()
        asked.append(await person.say("请问 @Wence_Test_Bot 中医馆？"))
        asked.append(await person.say("渝中呢", reply_to=answer))
        asked.append(await person.say("/duty@wence_test_bot 财政局"))
        await person.answer(4)
    answers = person.answers()
    assert [a["text"].splitlines()[0] for a in answers] == [
        "教委负责什么",
        "请问  中医馆？",
        "教委负责什么→渝中呢",
        "财政局负责什么",
    ]
    assert [a["reply_to_message"]["message_id"] for a in answers] == [a["message_id"] for a in asked]


QUIET: list[Json] = [
    {"text": "中医馆"},
    # Looks like a mention, but Telegram marks none.
    {"text": "写信给 x@wence_test_bot.cn", "entities": []},
    {"text": "@wence_test_bots 你好", "entities": [{"type": "mention", "offset": 0, "length": 16}]},
    {"text": "/duty@another_bot 教委", "entities": [{"type": "bot_command", "offset": 0, "length": 17}]},
    {"text": "/weather", "entities": [{"type": "bot_command", "offset": 0, "length": 8}]},
    # What somebody posted through the bot's own inline mode.
    {"text": "@wence_test_bot x", "entities": [{"type": "mention", "offset": 0, "length": 15}], "via_bot": BOT},
    {
        "text": "@wence_test_bot x",
        "entities": [{"type": "mention", "offset": 0, "length": 15}],
        "is_automatic_forward": True,
    },
    {"dice": {"emoji": "🎲", "value": 3}},
    {"new_chat_title": "新群名"},
]


async def test_a_group_that_talks_to_others_is_left_alone(scene: Scene) -> None:
    """Privacy mode off or on: what is not for the bot gets no answer."""
    person = scene.member(1)
    async with scene.bot():
        for fields in QUIET:
            await person.post(fields)
        await person.say("@wence_test_bot 完")
        answer = await person.answer()
    assert answer["text"].startswith("完")
    assert len(person.answers()) == 1


async def test_other_bots_are_not_answered(scene: Scene) -> None:
    """Two bots in a group can't talk each other to death."""
    person = scene.member(1)
    async with scene.bot():
        robot = {"id": 9, "is_bot": True, "first_name": "另一个"}
        await scene.world.push(message=scene.world.new_message(person.place, robot, {"text": "/help"}))
        await person.say("@wence_test_bot 完")
        assert (await person.answer())["text"].startswith("完")


async def test_a_mention_after_emoji_is_cut_out_at_the_right_place(scene: Scene) -> None:
    """Entity offsets are UTF-16 units: what stands before and after the name is kept whole."""
    person = scene.member(1)
    async with scene.bot():
        await person.say("😀😀 @wence_test_bot 中医馆")
        assert (await person.answer())["text"].startswith("😀😀  中医馆")


async def test_a_bare_mention_hands_over_the_question_it_replies_to(scene: Scene) -> None:
    """Replying to somebody's question with the bot's name has that question answered."""
    one, two = scene.member(1), scene.member(2)
    async with scene.bot():
        question = await one.say("中医馆有几个")
        await two.say("@wence_test_bot", reply_to=question)
        assert (await two.answer())["text"].startswith("中医馆有几个")


async def test_topics_are_answered_in_their_thread(scene: Scene) -> None:
    """In a forum the answer stands in the topic of the question."""
    person = scene.member(1, is_forum=True)
    async with scene.bot():
        await person.say("/units", message_thread_id=77, is_topic_message=True)
        assert (await person.answer())["message_thread_id"] == 77
        # A topic that the bot itself opened: every message there “replies” to its opening.
        opening = {
            "message_id": 80,
            "date": 0,
            "chat": person.place.json,
            "from": BOT,
            "forum_topic_created": {"name": "a", "icon_color": 1},
        }
        await person.say("大家好", reply_to=opening, message_thread_id=80, is_topic_message=True)
        await person.say("@wence_test_bot 完", message_thread_id=80, is_topic_message=True)
        assert (await person.answer(2))["text"].startswith("完")


async def test_a_reply_in_the_general_topic_is_answered_there(scene: Scene) -> None:
    """It carries a thread that is no topic: a message sent to that thread would be refused."""
    person = scene.member(1, is_forum=True)
    async with scene.bot():
        await person.say("@wence_test_bot 列表3", message_thread_id=4711)
        assert "message_thread_id" not in await person.answer()


async def test_a_topic_that_is_gone_meanwhile_costs_no_answer(scene: Scene) -> None:
    """Deleted while the answer was on its way: it is given outside of topics."""
    person = scene.member(1, is_forum=True)
    async with scene.bot():
        person.place.deleted_topics.add(77)
        await person.say("@wence_test_bot 你好", message_thread_id=77, is_topic_message=True)
        answer = await person.answer()
    assert (answer["text"].splitlines()[0], "message_thread_id" in answer) == ("你好", False)


@pytest.mark.parametrize("private", [True, False])
async def test_each_topic_has_its_own_conversation(any_scene: Scene, *, private: bool) -> None:
    """A follow-up belongs to the question before it in the same topic, in private chats with topics too."""
    person = any_scene.person() if private else any_scene.member(1, is_forum=True)
    one: Json = {"message_thread_id": 5, "is_topic_message": True}
    other: Json = {"message_thread_id": 6, "is_topic_message": True}
    async with any_scene.bot():
        for count, (words, topic) in enumerate((("甲", one), ("乙", other), ("目标呢", one)), 1):
            await person.say(f"@wence_test_bot {words}", **topic)
            answer = await person.answer(count)
    assert (answer["text"].splitlines()[0], answer["message_thread_id"]) == ("甲→目标呢", 5)


async def test_help_is_short_in_a_group(scene: Scene) -> None:
    """The commands are named within ten lines; what each does is explained in private."""
    person = scene.member(1)
    async with scene.bot():
        await person.say("/help")
        lines = (await person.answer())["text"].splitlines()
    assert len(lines) <= 10
    assert "/duty /who" in "\n".join(lines)


async def test_a_groups_first_page_has_ten_lines(scene: Scene) -> None:
    """A long list is short in a group: ten lines, a line an entry, the rest on further pages."""
    person = scene.member(1)
    async with scene.bot():
        await person.say("@wence_test_bot 列表20")
        answer = await person.answer()
    lines = answer["text"].splitlines()
    assert len(lines) == 10
    assert lines[1] == "1. 巴南 1 · 任务<1>&　中医馆：23 → 24 个"
    assert lines[-1].startswith("来源")


async def test_follow_ups_are_per_person(scene: Scene) -> None:
    """Two people in a group each go on from their own question."""
    one, two = scene.member(1), scene.member(2)
    async with scene.bot():
        await one.say("@wence_test_bot 甲")
        await two.say("@wence_test_bot 乙")
        await one.say("@wence_test_bot 渝中呢")
        await two.say("@wence_test_bot 渝中呢")
        await two.answer(4)
    assert [a["text"].splitlines()[0] for a in one.answers()[2:]] == ["甲→渝中呢", "乙→渝中呢"]


async def test_a_groups_district_is_set_by_its_administrators(any_scene: Scene) -> None:
    """Members may look at the district; only an administrator changes it, and it holds for the whole group."""
    member, admin = any_scene.member(1), any_scene.member(2, admin=True)
    async with any_scene.bot():
        await member.say("/district 渝中")
        assert (await member.answer())["text"] == "只有群管理员可以更改群的设置。"
        await admin.say("/district 渝中")
        assert (await member.answer(2))["text"].startswith("默认的区已设为：渝中区")
        await member.say("@wence_test_bot 中医馆")
        assert (await member.answer(3))["text"].startswith("中医馆@渝中区")
        await member.say("/district")
        now = await member.answer(4)
        assert now["text"] == "默认的区：渝中区"
        query = await member.press(now, "巴南区")
        await any_scene.world.until(lambda: query in any_scene.world.press_answers)
        await admin.press(now, "全部")
        await any_scene.world.until(lambda: now["text"].startswith("默认的区已设为：全部"))
        await member.say("@wence_test_bot 中医馆")
        assert (await member.answer(5))["text"].startswith("中医馆\n")


async def test_an_anonymous_administrator_is_one(scene: Scene) -> None:
    """Who writes in the name of the group may change its settings."""
    person = scene.member(1)
    anonymous = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
    async with scene.bot():
        fields = {
            "text": "/district 巴南",
            "entities": [{"type": "bot_command", "offset": 0, "length": 9}],
            "sender_chat": person.place.json,
        }
        await scene.world.push(message=scene.world.new_message(person.place, anonymous, fields))
        assert (await person.answer())["text"].startswith("默认的区已设为：巴南区")


@pytest.mark.parametrize("wanted", ["北京", "区"])
async def test_a_district_without_a_plan_is_told(scene: Scene, wanted: str) -> None:
    """An unknown or ambiguous district changes nothing and lists what there is."""
    person = scene.person()
    async with scene.bot():
        await person.say(f"/district {wanted}")
        answer = await person.answer()
        assert "现有：巴南区、渝中区" in answer["text"]
        await person.press(answer, "渝中区")
        await scene.world.until(lambda: answer["text"].startswith("默认的区已设为：渝中区"))


async def test_a_group_that_becomes_a_supergroup_keeps_its_district(scene: Scene) -> None:
    """The new id inherits the old one's settings."""
    old, new = scene.member(2, group=-100, admin=True), scene.member(2, group=-1001)
    async with scene.bot():
        await old.say("/district 渝中")
        await old.answer()
        await old.post({"migrate_to_chat_id": -1001})
        while (await Chats(scene.store, "telegram").load("-1001")).district != "渝中区":
            await asyncio.sleep(0.02)
        await new.say("@wence_test_bot 中医馆")
        assert (await new.answer())["text"].startswith("中医馆@渝中区")


@pytest.mark.parametrize("words", ["收到", "好的👌", "已阅。", "👍", "谢谢"])
async def test_acknowledgements_get_no_answer_in_a_group(scene: Scene, words: str) -> None:
    """In reply to the bot, or with its name: read, and nothing said; a question is answered."""
    member = scene.member(1)
    async with scene.bot():
        await member.say("@wence_test_bot 列表3")
        shown = await member.answer()
        await member.say(words, reply_to=shown)
        await member.say(f"@wence_test_bot {words}")
        await member.say("@wence_test_bot 你好")
        assert (await member.answer(2))["text"].startswith("你好")
    assert scene.answerer.asked == ["列表3", "你好"]


async def test_words_in_reply_to_a_colleague_are_about_what_they_said(scene: Scene) -> None:
    """A follow-up goes on from the colleague's words, or from the part of them that was picked."""
    colleague, member = scene.member(1), scene.member(2)
    said = await colleague.say("中医馆要建几个")
    async with scene.bot():
        await member.say("@wence_test_bot 谁负责呢", reply_to=said)
        assert (await member.answer())["text"].startswith("中医馆要建几个→谁负责呢")
        await member.say("@wence_test_bot 谁负责呢", reply_to=said, quote={"text": "中医馆", "position": 0})
        assert (await member.answer(2))["text"].startswith("中医馆→谁负责呢")


async def test_who_writes_as_a_channel_is_a_person(scene: Scene) -> None:
    """Telegram names its own bot as the sender; the question is answered all the same."""
    member = scene.member(1)
    channel_bot = {"id": 136817688, "is_bot": True, "first_name": "Channel", "username": "Channel_Bot"}
    channel = {"id": -1009, "type": "channel", "title": "办公室"}
    async with scene.bot():
        await member.say("@wence_test_bot 你好", **{"from": channel_bot, "sender_chat": channel})
        assert (await member.answer())["text"].startswith("你好")


async def test_an_unknown_command_that_names_the_bot_is_answered(scene: Scene) -> None:
    """Nobody else will."""
    member = scene.member(1)
    async with scene.bot():
        await member.say("/foo")
        await member.say("/foo@wence_test_bot")
        assert (await member.answer())["text"].startswith("没有 /foo 这个命令。")
    assert len(member.answers()) == 1


async def test_a_group_that_adds_the_bot_is_told_how_to_ask(scene: Scene) -> None:
    """Once, when it is added; becoming an administrator is no news."""
    member = scene.member(1)
    async with scene.bot():
        await scene.world.change_membership(-100, "member", before="left")
        welcome = await member.answer()
        await scene.world.change_membership(-100, "member")
        await member.say("@wence_test_bot 你好")
        assert (await member.answer(2))["text"].startswith("你好")
    assert "@wence_test_bot 区教委负责什么" in welcome["text"]
    assert "/follow" in welcome["text"]


async def test_about_shows_the_numbers_for_the_allow_list(scene: Scene) -> None:
    """An operator who is sent a screenshot can let the group or the person in."""
    member = scene.member(7)
    async with scene.bot():
        await member.say("/about@wence_test_bot")
        assert "本会话编号 -100，您的编号 7" in (await member.answer())["text"]
