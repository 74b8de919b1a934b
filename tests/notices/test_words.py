"""What notices say: each passage once, places and figures as answers write them, nothing false after the end."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from datetime import date, timedelta
from importlib import resources

import pytest

from bot.notices.changes import PlanChange, change_notice
from bot.notices.deadlines import AHEAD, deadline_notice, due_of, told_on
from bot.notices.digest import digest_notice, due_soon, is_worth_telling
from bot.notices.due_targets import DueTargets
from bot.notices.following import Subject, SubjectKind
from bot.notices.subjects import name_in
from bot.query.plan_repository import PlanRepository
from corpus.library.shipped import load_shipped_plans
from tests.memory_catalogue import MemoryCatalogue

PLANS = load_shipped_plans()
SHELF = PlanRepository(MemoryCatalogue(PLANS))
DISTRICTS = tuple(
    Subject(SubjectKind.DISTRICT, name, name, name) for name in dict.fromkeys(plan.meta.district for plan in PLANS)
)
END = max(date(plan.meta.end, 12, 31) for plan in PLANS if plan.meta.end)


def _lines(today: date) -> list[str]:
    notice = deadline_notice(told_on(SHELF, today), DISTRICTS)
    return [line for part in notice for section in part.sections for line in section.lines]


def test_a_passage_is_quoted_once_where_answers_say_it_stands() -> None:
    """Two figures in one sentence are one line; a clause without a number stands in 正文 or 附件, not at ¶2."""
    lines = [line for days in AHEAD for back in range(4) for line in _lines(END - timedelta(days=days + back))]
    told = [line for line in _lines(END - timedelta(days=AHEAD[0])) if line.startswith("·")]
    assert lines
    assert len(told) == len(set(told))
    assert not [line for line in lines if "¶" in line or "按钮" in line]


def test_nothing_is_due_after_a_plan_has_ended() -> None:
    """每年 ends with the plan's period, and the digest says once that the plan is over."""
    after = END + timedelta(days=1)
    assert [due for due in due_of(SHELF, DISTRICTS, after) if due.day > END + timedelta(days=365)] == []
    assert [due for due in due_of(SHELF, DISTRICTS, END - timedelta(days=100)) if due.day.year > END.year] == []
    (digest, *_) = digest_notice(SHELF, DISTRICTS[:1], (), DueTargets(SHELF, after))
    assert "方案已于" in digest.sections[0].lines[0]
    assert is_worth_telling(DISTRICTS[:1], (), due_soon(SHELF, after), END - timedelta(days=6))
    assert not is_worth_telling(DISTRICTS[:1], (), due_soon(SHELF, after + timedelta(days=7)), after)


def test_a_changed_indicator_is_written_as_answers_write_it() -> None:
    """2023年 0个 → 2027年 1个, not 2023:0."""
    old = next(plan for plan in PLANS if plan.indicators)
    row = old.indicators[0]
    year, _ = row.values[-1]
    changed = replace(row, values=(*row.values[:-1], (year, "987")))
    new = replace(old, indicators=(changed, *old.indicators[1:]), sha256="new")
    follower = (Subject(SubjectKind.INDICATOR, row.name, "", row.name),)
    change = PlanChange(old, new)
    (notice,) = change_notice(change, change.pairs(), follower)
    (line,) = [line for line in notice.sections[0].lines if row.name in line and "987" in line]
    assert f"{year}年 987{row.counter}" in line
    assert f"{year}:" not in line


@pytest.mark.parametrize(
    ("district", "unit", "name"),
    [("渝中区", "区教委", "渝中区教委"), ("", "区教委", "区教委"), ("渝中区", "各街道", "渝中区各街道")],
)
def test_a_district_is_not_said_twice(district: str, unit: str, name: str) -> None:
    """渝中区教委, not 渝中区区教委."""
    assert name_in(district, unit) == name


FOR_OPERATORS = {"ask", "cli", "doctor", "gaps", "index", "run", "setting_errors", "web"}
"""Tables of messages that stand in terminals and logs, and on the page that the operator opens with a wrong name."""


def test_members_of_a_chat_read_no_names_of_settings() -> None:
    """WENCE_… says something to who runs the bot, and to nobody else; what a notice says needs no button."""
    tables = tomllib.loads(resources.files("bot").joinpath("messages.toml").read_text(encoding="utf-8"))
    shown = {name: json.dumps(table, ensure_ascii=False) for name, table in tables.items()}
    assert {name for name, words in shown.items() if "WENCE_" in words} <= FOR_OPERATORS
    told = ("notices", "orders", "announcements", "following", "deadlines", "digest", "changes", "receipts")
    assert not [name for name in told if "点按钮" in shown[name]]
