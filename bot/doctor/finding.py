"""What a check has found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.messages import say


class Level(StrEnum):
    """How a matter stands."""

    FINE = "fine"
    UNSET = "unset"
    """Not there because nobody has asked for it; nothing is wrong."""
    LOOK = "look"
    """Works, or will at the next start; worth a look."""
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class DoctorFinding:
    """One line of the doctor's report."""

    subject: str
    """Key of the table ``doctor_subjects``."""
    level: Level
    text: str


def finding(subject: str, level: Level, key: str, **values: object) -> DoctorFinding:
    """Return a finding whose text is ``doctor.key``."""
    return DoctorFinding(subject, level, say(f"doctor.{key}", **values))


def fine(subject: str, key: str, **values: object) -> DoctorFinding:
    """Return that all is well."""
    return finding(subject, Level.FINE, key, **values)


def unset(subject: str, key: str, **values: object) -> DoctorFinding:
    """Return that something is not set."""
    return finding(subject, Level.UNSET, key, **values)


def look(subject: str, key: str, **values: object) -> DoctorFinding:
    """Return that something is worth a look."""
    return finding(subject, Level.LOOK, key, **values)


def broken(subject: str, key: str, **values: object) -> DoctorFinding:
    """Return that something is broken."""
    return finding(subject, Level.BROKEN, key, **values)
