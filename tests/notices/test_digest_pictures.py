"""The digest's chart: what it shows, and that a digest is neither sent again for it nor kept back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.conversation.answerer import Answerer
from bot.notices.digest import digest_notice
from bot.notices.due_targets import DueTargets
from bot.notices.following import Subject, SubjectKind
from bot.notices.ledger import Ledger
from bot.notices.sending import NoticeRefusedError
from bot.render.card.draw import draw
from tests.notices.fakes import FakePlatform, Post, notice

TODAY = date(2026, 11, 23)
FOLLOWED = (
    Subject(SubjectKind.UNIT, "区教委", "渝中区", "渝中区区教委"),
    Subject(SubjectKind.DISTRICT, "巴南区", "巴南区", "巴南区"),
)


def test_a_digest_counts_down_what_is_followed(plans_answerer: Answerer) -> None:
    """Each subject has a bar from its plan's start to what is due next, with the days of the text beside it."""
    digest = digest_notice(plans_answerer.shelf, FOLLOWED, (), DueTargets(plans_answerer.shelf, TODAY))[-1]
    lines = [line for section in digest.sections for line in section.lines]
    assert [one.name for one in digest.countdowns] == ["渝中区区教委", "巴南区"]
    for one, line in zip(digest.countdowns, lines, strict=False):
        assert f"还有{(one.due - one.today).days}天" in line
        assert one.start == date(2024, 1, 1)
    assert digest.picture
    assert "任务摘要" in draw(digest).alt


def test_a_digest_of_nothing_dated_has_no_chart(plans_answerer: Answerer) -> None:
    """Where no day is stated there is nothing to count down."""
    followed = (Subject(SubjectKind.INDICATOR, "没有的指标", "", "没有的指标"),)
    digest = digest_notice(plans_answerer.shelf, followed, (), DueTargets(plans_answerer.shelf, TODAY))[-1]
    assert not digest.picture
    assert digest.countdowns == ()


async def test_a_digests_picture_follows_its_words(
    post: Post, platform: FakePlatform, plans_answerer: Answerer
) -> None:
    """The chart survives the outbox and goes out behind the text, to the same chat."""
    parts = digest_notice(plans_answerer.shelf, FOLLOWED, (), DueTargets(plans_answerer.shelf, TODAY))
    await post.plan(replace(notice("摘要"), parts=parts))
    await post.send()
    await post.delivery.drain(10)
    assert platform.pictures == [platform.log[-1]]


async def test_a_picture_that_fails_leaves_the_digest_sent(
    post: Post, platform: FakePlatform, plans_answerer: Answerer
) -> None:
    """The words are noted as sent and never go out twice for a picture's sake."""
    platform.picture_error = NoticeRefusedError("no")
    parts = digest_notice(plans_answerer.shelf, FOLLOWED, (), DueTargets(plans_answerer.shelf, TODAY))
    await post.plan(replace(notice("摘要"), parts=parts))
    await post.send()
    await post.delivery.drain(10)
    await post.send()
    assert len(platform.log) == len(parts)
    assert platform.pictures == []
    assert await Ledger(post.outbox.store).counts() == {("fake", "sent"): len(parts)}


async def test_other_notices_have_no_picture(post: Post, platform: FakePlatform) -> None:
    """A deadline's notice is words alone."""
    await post.plan(notice("一"))
    await post.send()
    await post.delivery.drain(10)
    assert platform.pictures == []
