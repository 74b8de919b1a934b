"""Runs every check, each within its time and none at the cost of another, and prints what they found."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict

import typer
from pydantic import ValidationError

from bot.doctor import calendar, here, platforms, stored
from bot.doctor.finding import DoctorFinding, Level, broken
from bot.isolation import isolated
from bot.logs import Scrub
from bot.messages import say, table
from bot.settings import SettingError, Settings, load_settings

SECONDS = 60.0
"""For one check; loading a model on a slow disk takes longest."""

Check = Callable[[Settings], list[DoctorFinding]]
AsyncCheck = Callable[[Settings], Awaitable[list[DoctorFinding]]]

HERE: dict[str, Check] = {
    "channels": here.check_channels,
    "folder": here.check_folder,
    "keys": here.check_keys,
    "model": here.check_model,
    "index": here.check_index,
    "type": here.check_type,
    "calendar": calendar.check_calendar,
}
AWAY: dict[str, AsyncCheck] = {
    "store": stored.check_store,
    "clock": platforms.check_clock,
    "telegram": platforms.check_telegram,
    "wecom-aibot": platforms.check_aibot,
    "wecom-app": platforms.check_app,
    "wecom-robot": platforms.check_robot,
}


def report(*, as_json: bool) -> int:
    """Print the report; returns 1 when something is broken."""
    settings, wrong = _settings()
    found = [*here.check_settings(wrong), *asyncio.run(examine(settings))]
    order = list(table("doctor_subjects"))
    scrub = Scrub(settings.secrets())
    broken_ones = sum(one.level is Level.BROKEN for one in found)
    for one in sorted(found, key=lambda one: order.index(one.subject)):
        if as_json:
            typer.echo(scrub.clean(json.dumps(asdict(one), ensure_ascii=False)))
            continue
        mark, subject = say(f"doctor.{one.level}"), table("doctor_subjects")[one.subject]
        typer.echo(scrub.clean(say("doctor.line", mark=mark, subject=subject, text=one.text)))
    if not as_json:
        typer.echo(_sum(found, broken_ones))
    if say("doctor.late", seconds=round(SECONDS)) in {one.text for one in found}:
        # A thread that hangs would keep the process from ending.
        sys.stdout.flush()
        os._exit(1)
    return 1 if broken_ones else 0


def _sum(found: list[DoctorFinding], broken_ones: int) -> str:
    if broken_ones:
        return say("doctor.some_broken", count=broken_ones)
    if any(one.text == say("doctor.no_channel") for one in found):
        return say("doctor.no_channel_yet")
    return say("doctor.some_look" if any(one.level is Level.LOOK for one in found) else "doctor.all_fine")


async def examine(settings: Settings, seconds: float = SECONDS) -> list[DoctorFinding]:
    """Run every check at once; one that fails or takes too long is a finding of its own."""
    pool = ThreadPoolExecutor(len(HERE))
    loop = asyncio.get_running_loop()
    work: dict[str, Awaitable[list[DoctorFinding]]] = {subject: check(settings) for subject, check in AWAY.items()}
    work |= {subject: loop.run_in_executor(pool, check, settings) for subject, check in HERE.items()}
    timed = [asyncio.wait_for(check, seconds) for check in work.values()]
    outcomes = await asyncio.gather(*map(isolated, timed))
    found: list[DoctorFinding] = []
    for subject, outcome in zip(work, outcomes, strict=True):
        if isinstance(outcome, TimeoutError):
            found.append(broken(subject, "late", seconds=round(seconds)))
        elif isinstance(outcome, Exception):
            found.append(broken(subject, "failed", error=type(outcome).__name__))
        else:
            found += outcome
    pool.shutdown(wait=False, cancel_futures=True)
    return found


def _settings() -> tuple[Settings, list[str]]:
    """Return the settings, wrong ones at their defaults, and what is wrong with those."""
    try:
        return load_settings(), []
    except SettingError as error:
        wrong = str(error).splitlines()
    try:
        Settings()
    except ValidationError as error:
        names = {str(one["loc"][0]) for one in error.errors(include_input=False) if one["loc"]}
        return Settings(**{name: Settings.model_fields[name].get_default() for name in names}), wrong
    return Settings(), wrong
