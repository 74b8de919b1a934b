"""When notices are planned: local time, China's working days (holidays and moved weekends), quiet hours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

import holidays
from apscheduler.triggers.cron import CronTrigger

from bot.zone import ZONE

_LONGEST_HOLIDAY = timedelta(days=20)
"""Longer than any run of days off."""
_TWO_MONTHS = timedelta(days=62)

Every = Literal["off", "weekly", "monthly"]
Quiet = tuple[time, time]
"""From when to when nothing is sent; equal for never."""
NEVER: Quiet = (time(0), time(0))


@dataclass(frozen=True, slots=True)
class CalendarRules:
    """The operator's settings of time."""

    at: time = time(9, 0)
    digest: Every = "weekly"
    quiet: Quiet = (time(21, 0), time(8, 0))


def is_working(day: date) -> bool:
    """Whether offices work on ``day``; of years not announced yet, by the law's own days."""
    return holidays.country_holidays("CN", years=day.year).is_working_day(day)


def working_day_before(day: date) -> date:
    """Return ``day``, or the last working day before it."""
    while not is_working(day):
        day -= timedelta(days=1)
    return day


def working_day_after(day: date) -> date:
    """Return ``day``, or the first working day after it."""
    while not is_working(day):
        day += timedelta(days=1)
    return day


def mornings(rules: CalendarRules, since: datetime, until: datetime) -> Iterator[datetime]:
    """Yield the moments of the daily notices after ``since`` up to ``until``, working days only."""
    daily = CronTrigger(hour=rules.at.hour, minute=rules.at.minute, timezone=ZONE)
    yield from (moment for moment in _fires(daily, since, until) if is_working(moment.date()))


def digest_times(rules: CalendarRules, since: datetime, until: datetime) -> Iterator[datetime]:
    """Yield the moments of the digests in the same span: Mondays or first days of a month, or the working day after."""
    if rules.digest == "off":
        return
    clock = {"hour": rules.at.hour, "minute": rules.at.minute, "timezone": ZONE}
    trigger = CronTrigger(day_of_week="mon", **clock) if rules.digest == "weekly" else CronTrigger(day=1, **clock)
    seen = set()
    for moment in _fires(trigger, since - _LONGEST_HOLIDAY, until):
        moved = datetime.combine(working_day_after(moment.date()), rules.at, ZONE)
        if since < moved <= until and moved not in seen:
            seen.add(moved)
            yield moved


def last_digest(rules: CalendarRules, at: datetime) -> datetime:
    """Return the moment of the digest before the one at ``at``."""
    return max(digest_times(rules, at - _TWO_MONTHS, at - timedelta(seconds=1)), default=at - _TWO_MONTHS)


def is_published(year: int) -> bool:
    """Whether the State Council's days off of ``year`` are known here."""
    return any(when.year == year for when in holidays.country_holidays("CN", years=year).weekend_workdays)


def is_quiet(quiet: Quiet, moment: datetime) -> bool:
    """Whether ``moment`` falls into the quiet hours."""
    start, end = quiet
    now = moment.astimezone(ZONE).time()
    return start <= now < end if start <= end else now >= start or now < end


def after_quiet(quiet: Quiet, moment: datetime) -> datetime:
    """Return ``moment``, or the end of the quiet hours in which it falls, on whatever day."""
    moment = moment.astimezone(ZONE)
    if not is_quiet(quiet, moment):
        return moment
    end = quiet[1]
    day = moment.date() + timedelta(days=1) if moment.time() >= end else moment.date()
    return datetime.combine(day, end, ZONE)


def speakable(rules: CalendarRules, moment: datetime) -> datetime:
    """Return ``moment``, or the end of the quiet hours and days off in which it falls; without the first, the same."""
    then = after_quiet(rules.quiet, moment)
    start, end = rules.quiet
    if start == end or is_working(then.date()):
        return then
    return datetime.combine(working_day_after(then.date()), end, ZONE)


def _fires(trigger: CronTrigger, since: datetime, until: datetime) -> Iterator[datetime]:
    moment = trigger.get_next_fire_time(None, since + timedelta(microseconds=1))
    while moment is not None and moment <= until:
        yield moment
        moment = trigger.get_next_fire_time(moment, moment + timedelta(microseconds=1))
