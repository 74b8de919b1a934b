"""The calendar by which notices go out: whether the year's holidays are known to this program."""

from __future__ import annotations

from datetime import date, datetime

from bot.doctor.finding import DoctorFinding, look
from bot.notices.workdays import is_published
from bot.settings import Settings
from bot.zone import ZONE

_PUBLISHED = (11, 20)
"""Month and day by which the State Council has published the days off of the next year."""


def check_calendar(_settings: Settings) -> list[DoctorFinding]:
    """Tell of holidays that this program does not know: notices then go by the law's own days."""
    return unknown_years(datetime.now(ZONE).date())


def unknown_years(today: date) -> list[DoctorFinding]:
    """Return a finding for this year, and late in it for the next, where its holidays are not known."""
    years = [today.year, today.year + 1] if (today.month, today.day) >= _PUBLISHED else [today.year]
    return [look("calendar", "holidays_unknown", year=year) for year in years if not is_published(year)]
