"""What people say in a chat about notices, over the shipped plans."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, time

import pytest

from bot.answering.answer import Answer
from bot.conversation.answerer import Answerer
from bot.notices.announcements import Announcements, announced
from bot.notices.following import Followings, Subject, SubjectKind
from bot.notices.subjects import Subjects
from bot.notices.subscription_commands import CommandContext, SubscriptionCommands
from bot.query.chat_state import ChatState
from bot.store.database import Store
from tests.notices.fakes import ZONE, Clock, FakePlatform, Post


@dataclass
class Group:
    """A group whose members say things."""

    subscriptions: SubscriptionCommands
    store: Store
    admin: bool = True
    operator: bool = False
    chat: str = "-1"

    async def say(self, words: str) -> Answer | None:
        """Say something; None when it is no order."""
        return await self.subscriptions.answer(
            words, CommandContext("fake", self.chat, "7", "", self._may_change, self.operator)
        )

    async def hears(self, words: str) -> str:
        """Return the first line of what an order is answered with."""
        answer = await self.say(words)
        assert answer is not None
        return answer.headline

    async def _may_change(self) -> bool:
        return self.admin

    async def follows(self) -> list[str]:
        """Return the names of what the group follows."""
        return [one.name for one in await Followings(self.store).of("fake", self.chat)]


@pytest.fixture
def group(store: Store, plans_answerer: Answerer) -> Group:
    """A group with nothing followed yet."""

    async def subjects() -> Subjects:
        return Subjects(plans_answerer.shelf, plans_answerer.reader)

    return Group(SubscriptionCommands(store, subjects), store)


async def test_units_indicators_districts_and_plans_are_followed(group: Group) -> None:
    """Each can be followed by the name people use, once."""
    for words in ("/follow 教委", "/follow 中医馆", "关注渝中", "/follow banan", "/follow 渝中区卫健委"):
        assert "已关注" in await group.hears(words)
    assert "已经在关注" in await group.hears("/follow 区教委")
    followed = await group.follows()
    assert followed[:3] == ["区教委", "中医馆", "渝中区"]
    assert "实施方案" in followed[3]
    assert followed[4].startswith("渝中区卫")


async def test_only_administrators_change_what_a_group_follows(group: Group) -> None:
    """Another member is told so, and nothing changes."""
    await group.say("/follow 区教委")
    group.admin = False
    assert "管理员" in await group.hears("/follow 渝中区")
    assert "管理员" in await group.hears("/unfollow 区教委")
    assert await group.follows() == ["区教委"]
    assert "1项" in await group.hears("/following")


async def test_unfollowing_ends_one_following(group: Group) -> None:
    """The button under the list says the same as the command."""
    await group.say("/follow 区教委")
    await group.say("/follow 渝中区")
    listed = await group.say("/following")
    assert listed is not None
    assert "已取消" in await group.hears(listed.choices[0].say)
    assert await group.follows() == ["渝中区"]


@pytest.mark.parametrize(
    "words", ["区教委负责什么", "关注区教委负责什么", "关注哪些人才工作做得好", "/duty 区教委", "2027年目标"]
)
async def test_questions_are_no_orders(group: Group, words: str) -> None:
    """What only looks like an order is left to the answerer."""
    assert await group.say(words) is None


async def test_what_no_plan_names_is_not_followed(group: Group) -> None:
    """A unit that nobody knows is told with examples."""
    assert "没有找到" in await group.hears("/follow 交通局大楼食堂")
    assert await group.follows() == []


async def test_a_duties_answer_offers_to_follow_its_unit(group: Group, plans_answerer: Answerer) -> None:
    """The button under a unit's duties follows that unit."""
    offered = group.subscriptions.offer(*plans_answerer.ask("区教委负责什么"))
    button = offered.choices[-1]
    assert button.label == "关注区教委"
    assert "已关注" in await group.hears(button.say)
    count = plans_answerer.ask("古籍保护由谁负责", ChatState())
    assert not any("关注" in choice.label for choice in group.subscriptions.offer(*count).choices)


async def test_a_digest_is_shown_on_demand(group: Group) -> None:
    """It says tasks and days left for what is followed, and nothing is put into the outbox."""
    assert "还没有关注" in await group.hears("/digest now")
    await group.say("/follow 区教委")
    answer = await group.say("/digest now")
    assert answer is not None
    (line, *_) = answer.sections[0].lines
    assert "区教委" in line
    assert "还有" in line


async def test_an_announcement_is_previewed_confirmed_and_sent_once(group: Group) -> None:
    """Nothing is sent before the confirmation, and a second one sends nothing."""
    await group.say("/follow 区教委")
    await replace(group, chat="-2").say("/follow 渝中区教委")
    await replace(group, chat="-3").say("/follow 巴南区财政局")
    assert "运维" in await group.hears("/announce 区教委 明天开会")
    operator = replace(group, operator=True, chat="9")
    preview = await operator.say("/announce 区教委 明天开会\n地点：三楼")
    assert preview is not None
    assert "2个会话" in preview.headline
    platform = FakePlatform()
    post = Post(group.store, Clock(), platform)
    post.outbox.clock = operator.subscriptions._outbox.clock
    await post.send()
    assert platform.log == []
    assert "2个" in await operator.hears(preview.choices[0].say)
    assert "已发送过" in await operator.hears(preview.choices[0].say)
    await post.send()
    assert sorted(chat for chat, _ in platform.log) == ["-1", "-2"]


async def test_an_announcement_at_night_waits_for_the_morning(post: Post, clock: Clock) -> None:
    """Its preview says when it will be sent; on a day off it is not held back by day."""
    subject = Subject(SubjectKind.UNIT, "区教委", "", "区教委")
    async with post.outbox.store.begin() as tx:
        await Followings(post.outbox.store).follow("fake", "-1", subject, tx)
    announcements = Announcements(post.outbox, (time(21), time(8)))
    clock.at = datetime(2027, 3, 5, 22, 0, tzinfo=ZONE)
    preview = await announcements.prepare(subject, "明天九点值班", "cli")
    assert "3月6日08:00" in announced(preview, "区教委")
    await announcements.send(preview.id)
    await post.send()
    assert post.platform.log == []
    clock.at = datetime(2027, 3, 6, 8, 0, tzinfo=ZONE)
    await post.send()
    ((_, told),) = post.platform.log
    assert "3月5日22:00写" in told
    assert (await announcements.prepare(subject, "现在集合", "cli")).later is None


@pytest.mark.parametrize("words", ["渝中区", "巴南区", "banan", "yuzhong", "区教委", "中医馆"])
async def test_a_digest_has_the_full_list_a_tap_away(group: Group, plans_answerer: Answerer, words: str) -> None:
    """Whatever is followed, the button under its digest lists all that the digest has counted."""
    await group.say(f"/follow {words}")
    digest = await group.say("/digest now")
    assert digest is not None
    (button,) = digest.choices
    listed, _ = plans_answerer.ask(button.say)
    assert listed.answered
    if words not in ("区教委", "中医馆"):
        (counted,) = re.findall(r"任务(\d+)项", digest.sections[0].lines[0])
        assert len(listed.citations) == int(counted)
        assert sum(len(section.entries) for section in listed.sections) > 20
