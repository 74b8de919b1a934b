"""Secrets never reach the log, wherever they hide."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot import logs

SECRET = "sw0rdfish-and-more"
TOKEN = "123456:AAunconfigured-token-0123456789abcdef"


@pytest.fixture(autouse=True)
def _restore() -> Iterator[None]:
    """Give the process's logging back as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


def test_secrets_are_scrubbed_from_every_part_of_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    """In the event, in values, in nested ones, in tracebacks, from this code and from a library's."""
    logs.set_up("debug", "json", [SECRET])
    log = structlog.get_logger("bot")
    log.info(SECRET, url=f"https://x/{SECRET}", nested={SECRET: [SECRET, (SECRET,)]})
    try:
        int(SECRET)
    except ValueError:
        log.exception("failed")
    logging.getLogger("library").warning("GET https://api.telegram.org/bot%s/getMe", TOKEN)
    lines = capsys.readouterr().err
    assert SECRET not in lines
    assert TOKEN not in lines
    assert "ValueError" in lines
    assert [json.loads(line)["level"] for line in lines.splitlines()] == ["info", "error", "warning"]


def test_a_line_tells_which_update_it_is_about(capsys: pytest.CaptureFixture[str]) -> None:
    """What is bound while an update is answered stands in every line of the time, a library's too."""
    logs.set_up("info", "json", [])
    with structlog.contextvars.bound_contextvars(update="77"):
        logging.getLogger("library").warning("slow")
    assert json.loads(capsys.readouterr().err)["update"] == "77"


def test_a_terminal_gets_text(capsys: pytest.CaptureFixture[str]) -> None:
    """The console form is for reading and scrubs the same."""
    logs.set_up("info", "console", [SECRET])
    structlog.get_logger("bot").info("hello", password=SECRET)
    line = capsys.readouterr().err
    assert "hello" in line
    assert SECRET not in line
