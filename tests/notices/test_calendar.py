"""What is told when: deadlines, digests and changes, by the shipped plans and a clock that the test turns."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time

import pytest
from structlog.testing import capture_logs

from bot.notices.following import Followings, Subject, SubjectKind
from bot.notices.planner import Planner
from bot.notices.workdays import NEVER, CalendarRules, digest_times, mornings, speakable, working_day_before
from bot.query.plan_repository import PlanRepository
from bot.store.database import Store
from corpus.library.shipped import load_shipped_plans
from corpus.model import Plan
from tests.memory_catalogue import MemoryCatalogue
from tests.notices.fakes import ZONE, Clock, FakePlatform, Post

YUZHONG = Subject(SubjectKind.DISTRICT, "渝中区", "渝中区", "渝中区")
TEACHERS = Subject(SubjectKind.UNIT, "区教委", "", "区教委")
RULES = CalendarRules(digest="off")


class Office:
    """A group that follows something, the planner, and the platform it hears through."""

    def __init__(self, store: Store, rules: CalendarRules = RULES) -> None:
        self.clock = Clock()
        self.platform = FakePlatform()
        self.post = Post(store, self.clock, self.platform)
        self.plans = load_shipped_plans()
        self.planner = Planner(self.post.outbox, self._shelf, rules, "one")

    async def _shelf(self) -> PlanRepository:
        return PlanRepository(MemoryCatalogue(self.plans))

    async def follow(self, *subjects: Subject, chat: str = "-1") -> None:
        """Let a chat follow."""
        async with self.post.outbox.store.begin() as tx:
            for subject in subjects:
                await Followings(self.post.outbox.store).follow("fake", chat, subject, tx)

    async def at(self, year: int, month: int, day: int, hour: int = 9, minute: int = 0) -> list[str]:
        """Return what the platform took since the last look, the whole text of each message."""
        self.clock.at = datetime(year, month, day, hour, minute, tzinfo=ZONE)
        before = len(self.platform.log)
        await self.planner.tick()
        await self.post.send()
        return [headline for _, headline in self.platform.log[before:]]


@pytest.fixture
def office(store: Store) -> Office:
    """An office without digests."""
    return Office(store)


async def test_a_deadline_is_told_180_90_30_and_7_days_ahead(office: Office) -> None:
    """渝中 has one target due on 31 May 2027; its followers hear of it four times, each on a working day."""
    await office.follow(YUZHONG)
    await office.at(2026, 11, 1, 8)
    told = []
    day = date(2026, 11, 2)
    while day < date(2027, 6, 2):
        if await office.at(day.year, day.month, day.day):
            told.append(day)
        day = date.fromordinal(day.toordinal() + 1)
    ahead = [working_day_before(date.fromordinal(date(2027, 5, 31).toordinal() - days)) for days in (180, 90, 30, 7)]
    assert told == ahead


async def test_a_restart_of_thirty_seconds_drops_no_notice(office: Office) -> None:
    """A planner that was away at nine o'clock plans the morning's notice when it is back, once."""
    await office.follow(YUZHONG)
    await office.at(2026, 12, 2, 8, 59)
    assert len(await office.at(2026, 12, 2, 9, 1)) == 1
    assert await office.at(2026, 12, 2, 9, 2) == []


async def test_an_outage_of_days_is_told_as_missed(office: Office) -> None:
    """What was due while the machine was off is not sent days late, and not silently dropped."""
    await office.follow(YUZHONG)
    await office.at(2026, 12, 1, 8)
    (line,) = await office.at(2026, 12, 5, 12)
    assert "12月2日09:00" in line


async def test_two_planners_plan_one_notice(office: Office) -> None:
    """Replicas that plan the same morning put one message into the outbox."""
    await office.follow(YUZHONG)
    await office.at(2026, 12, 1, 8)
    other = Planner(office.post.outbox, office._shelf, RULES, "two")
    office.clock.at = datetime(2026, 12, 2, 9, 0, tzinfo=ZONE)
    assert await office.planner.tick() == 1
    assert await other.tick() == 0


async def test_a_replaced_plan_is_told_to_whom_it_touches(office: Office) -> None:
    """Who follows a unit of the changed clause hears it with the words before and after; others hear nothing."""
    await office.follow(TEACHERS, chat="-1")
    await office.follow(Subject(SubjectKind.UNIT, "区体育局", "", "区体育局"), chat="-2")
    assert await office.at(2027, 3, 1) == []
    old = office.plans[0]
    at, clause = next(
        (number, one) for number, one in enumerate(old.clauses)
        if {ref.name for ref in one.units} & {unit.name for unit in old.units if unit.key == "区教委"}
        and not {ref.name for ref in one.units} & {unit.name for unit in old.units if unit.key == "区体育局"}
    )  # fmt: skip
    changed = replace(clause, text=clause.text[:9] + "大力" + clause.text[9:], body=f"大力{clause.body}")
    clauses = (*old.clauses[:at], changed, *old.clauses[at + 1 :])
    office.plans = (replace(old, clauses=clauses, sha256="new"), *office.plans[1:])
    assert len(await office.at(2027, 3, 1, 10)) == 1
    assert office.platform.log[-1][0] == "-1"
    assert await office.at(2027, 3, 1, 11) == []


async def test_an_added_and_a_removed_plan_are_told(office: Office) -> None:
    """Followers of a district hear when its plan is taken away and when it comes back."""
    await office.follow(YUZHONG)
    await office.at(2027, 3, 1)
    both = office.plans
    office.plans = tuple(plan for plan in both if plan.meta.district != "渝中区")
    (removed,) = await office.at(2027, 3, 1, 10)
    assert "已撤下" in removed
    office.plans = both
    (added,) = await office.at(2027, 3, 1, 11)
    assert "新收录" in added


async def test_a_plan_that_changes_twice_within_a_minute_is_told_twice(office: Office) -> None:
    """The second change is another notice, though it is planned for the same minute."""
    await office.follow(YUZHONG)
    await office.at(2027, 3, 1)
    both = office.plans
    office.plans = both[:1]
    assert len(await office.at(2027, 3, 1, 10)) == 1
    office.plans = both
    assert len(await office.at(2027, 3, 1, 10)) == 1


async def test_a_change_at_night_waits_for_the_morning(office: Office) -> None:
    """Nothing that came about by itself is sent in the quiet hours."""
    await office.follow(YUZHONG)
    await office.at(2027, 3, 1)
    office.plans = office.plans[:1]
    assert await office.at(2027, 3, 1, 22) == []
    assert len(await office.at(2027, 3, 2, 8)) == 1


async def test_a_digest_comes_once_a_week(store: Store) -> None:
    """However often the planner looks, the week's digest is one message."""
    office = Office(store, CalendarRules(digest="weekly"))
    await office.follow(TEACHERS)
    await office.at(2027, 12, 5, 9)
    (digest,) = await office.at(2027, 12, 6, 9, 1)
    assert "任务摘要" in digest
    assert await office.at(2027, 12, 6, 9, 2) == []
    assert await office.at(2027, 12, 7) == []


async def test_a_digest_that_says_nothing_new_is_not_sent(store: Store) -> None:
    """No change, and nothing due within a month: the week goes by in silence."""
    office = Office(store, CalendarRules(digest="weekly"))
    await office.follow(TEACHERS)
    await office.at(2027, 3, 7, 9)
    assert await office.at(2027, 3, 8, 9, 1) == []


async def test_a_notice_planned_for_the_quiet_hours_comes_when_they_end(store: Store) -> None:
    """An office that sets its notices to six in the morning hears them at eight."""
    office = Office(store, CalendarRules(at=time(6), digest="weekly"))
    await office.follow(YUZHONG)
    await office.at(2026, 12, 1, 5)
    assert await office.at(2026, 12, 2, 6, 1) == []
    (reminder,) = await office.at(2026, 12, 2, 8)
    assert "到期提醒" in reminder


async def test_a_digest_planned_for_the_quiet_hours_comes_when_they_end(store: Store) -> None:
    """So does the week's digest."""
    office = Office(store, CalendarRules(at=time(6), digest="weekly"))
    await office.follow(TEACHERS)
    await office.at(2027, 12, 5, 9)
    assert await office.at(2027, 12, 6, 7) == []
    assert any("任务摘要" in one for one in await office.at(2027, 12, 6, 8))


class Replica:
    """Another machine on the same database, with plan files of its own."""

    def __init__(self, office: Office, name: str, plans: tuple[Plan, ...]) -> None:
        self.plans = plans
        self.planner = Planner(office.post.outbox, self._shelf, RULES, name)

    async def _shelf(self) -> PlanRepository:
        return PlanRepository(MemoryCatalogue(self.plans))


async def test_replicas_with_different_plans_report_nothing_in_turns(office: Office) -> None:
    """A plan that only one machine has is told when it comes there, and not again by the others' lack of it."""
    both = office.plans
    await office.follow(YUZHONG)
    office.plans = both[:1]
    await office.at(2027, 3, 1)
    other = Replica(office, "two", both[:1])
    assert await other.planner.tick() == 0
    office.plans = both
    assert len(await office.at(2027, 3, 1, 10)) == 1
    with capture_logs() as log:
        for hour in (11, 12):
            assert await other.planner.tick() == 0
            assert await office.at(2027, 3, 1, hour) == []
    assert [line["plans"] for line in log if "plans" in line] == [("yuzhong",)]
    other.plans = both
    assert await other.planner.tick() == 0
    other.plans = both[:1]
    assert await other.planner.tick() == 1


async def test_a_new_machine_learns_beside_others_and_succeeds_who_is_gone(office: Office) -> None:
    """Beside a living replica its own plans are no news; after the last one is gone the difference is told."""
    both = office.plans
    await office.follow(YUZHONG)
    await office.at(2027, 3, 1)
    assert await Replica(office, "two", both[:1]).planner.tick() == 0
    office.clock.pass_(hours=1)
    assert await Replica(office, "three", both[:1]).planner.tick() == 1


def span(*days: tuple[int, int, int]) -> tuple[datetime, datetime]:
    """Return two midnights."""
    start, end = (datetime(*day, tzinfo=ZONE) for day in days)
    return start, end


def test_holidays_move_digests_and_hold_no_deadline_notice() -> None:
    """National Day 2025 (1 to 8 October): no morning notice, the monthly digest on the 9th."""
    days = [moment.day for moment in mornings(CalendarRules(), *span((2025, 10, 1), (2025, 10, 12)))]
    assert days == [9, 10, 11]  # the 11th is a Saturday on which offices work
    (digest,) = digest_times(CalendarRules(digest="monthly"), *span((2025, 9, 28), (2025, 10, 12)))
    assert (digest.month, digest.day, digest.hour) == (10, 9, 9)


@pytest.mark.parametrize(
    ("at", "then"),
    [
        ("2027-03-01 12:00", "2027-03-01 12:00"),
        ("2027-03-01 21:00", "2027-03-02 08:00"),
        ("2027-03-01 07:59", "2027-03-01 08:00"),
        ("2027-03-05 23:00", "2027-03-08 08:00"),
    ],
)
def test_quiet_hours_end_on_a_working_morning(at: str, then: str) -> None:
    """By day it is said at once, in the evening the next working morning."""
    moment = datetime.fromisoformat(at).replace(tzinfo=ZONE)
    assert speakable(CalendarRules(), moment) == datetime.fromisoformat(then).replace(tzinfo=ZONE)


def test_no_quiet_hours_means_at_any_hour() -> None:
    """Equal ends of the quiet hours switch them off, on days off too."""
    at = datetime(2027, 3, 6, 23, 0, tzinfo=ZONE)
    assert speakable(CalendarRules(quiet=NEVER), at) == at
