"""Hostile messages: the work they cause is counted, and does not grow with their length.

Calls are counted, of Python's functions and of C's. What happens inside one call of a regular expression is not, so
the expressions themselves are looked at: none repeats a repetition, which is what makes one run away.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from types import FrameType
from typing import Any

import pytest

import bot.query
import bot.reading
from bot.reading.datafiles import load
from bot.reading.follow_up import _expand
from tests.ask.chatting import Chat

MOST_CALLS = 120_000
"""Calls for a message of 300 characters at its worst; an ordinary question takes some hundreds to some thousands."""
UNITS = "、".join(f"区{name}局" for name in ("教委财政", "卫健", "科技", "市监", "医保", "人社", "文旅", "发改"))

HOSTILE: dict[str, Callable[[int], str]] = {
    "one character": lambda size: "啊" * size,
    "regular expression bomb": lambda size: "a" * size + "!",
    "endings of units": lambda size: "委员会局办" * (size // 5),
    "unit names": lambda size: ("区教委、区财政局、区卫健委、" * (size // 14 + 1))[:size],
    "near-names by sound": lambda size: ("区教微财证局卫建委" * (size // 9 + 1))[:size],
    "streets": lambda size: ("南纪门街道接龙镇" * (size // 8 + 1))[:size],
    "nested brackets": lambda size: "(" * (size // 2) + "区教委" + ")" * (size // 2),
    "pinyin": lambda size: ("zhongyiguancaizhengju" * (size // 21 + 1))[:size],
    "pinyin in pieces": lambda size: "wo" + " a" * (size // 2),
    "pinyin in Chinese": lambda size: ("中fuze" * (size // 5 + 1))[:size],
    "numbers": lambda size: ("1.1.1.1.1一二三四五六七八九十" * (size // 19 + 1))[:size],
    "years": lambda size: "2027年" * (size // 5),
    "districts": lambda size: "巴南渝中区" * (size // 5),
    "questions": lambda size: "区教委负责什么？" * (size // 8),
    "blanks": lambda size: "区教委" + " " * size + "负责什么",
    "words of the plans": lambda size: ("中医馆古籍保护隔离病区名中医制剂中心" * (size // 18 + 1))[:size],
    "traditional": lambda size: "區衛生健康委負責什麼" * (size // 10),
    "combining marks": lambda size: "区" + "\u0301" * size,
}

_PARSER = import_module("re._parser")
"""What the standard library reads an expression with; it says of it no types."""


def calls(do: Callable[[], object], limit: int = 2_000_000) -> int:
    """Return how many calls ``do`` makes."""
    count = 0

    def note(_frame: FrameType, event: str, _arg: object) -> None:
        nonlocal count
        if event in ("call", "c_call"):
            count += 1
            if count > limit:
                raise RuntimeError

    sys.setprofile(note)
    try:
        do()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("name", HOSTILE)
def test_work_is_bounded_however_long_the_message(chat: Chat, name: str) -> None:
    """Ten thousand characters cost no more calls than three hundred or so, and those no more than a fixed number."""
    make = HOSTILE[name]
    chat.fresh(make(1_500))  # what is made once
    at_the_limit = calls(lambda: chat.fresh(make(1_500)))
    far_beyond = calls(lambda: chat.fresh(make(10_000)))
    assert at_the_limit < MOST_CALLS
    assert far_beyond < max(2 * at_the_limit, 5_000)


def test_thousands_of_units_one_by_one(chat: Chat) -> None:
    """分别 with thousands of names makes an answer of the few that are read."""
    message = "分别" + UNITS * 100
    chat.fresh(message)
    assert calls(lambda: chat.fresh(message)) < 10 * MOST_CALLS


def test_suggestions_are_bounded_too(chat: Chat) -> None:
    """What is typed into an inline query is cut like a message."""
    chat.answerer.suggest("中医" * 750)
    short = calls(lambda: chat.answerer.suggest("中医" * 750))
    assert calls(lambda: chat.answerer.suggest("中医" * 5_000)) < 2 * short


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Yield every regular expression that a message is held against."""
    for room in (bot.reading, bot.query):
        for module in pkgutil.iter_modules(room.__path__):
            loaded = importlib.import_module(f"{room.__name__}.{module.name}")
            for name, value in vars(loaded).items():
                if isinstance(value, re.Pattern):
                    yield f"{module.name}.{name}", value
    for entry in load("declines")["asked"]:
        yield f"declines {entry['kind']}", re.compile(entry["asks"])
    yield "follow_up expand", _expand()


def loops(parsed: Any, inside: bool = False) -> bool:  # noqa: ANN401, FBT001, FBT002 - re's own parse tree
    """Whether an open-ended repetition stands inside another one."""
    for operation, argument in parsed:
        name = str(operation)
        if name in ("MAX_REPEAT", "MIN_REPEAT"):
            _least, most, body = argument
            open_ended = int(most) > 100
            if (open_ended and inside) or loops(body, inside or open_ended):
                return True
        elif name == "SUBPATTERN":
            if loops(argument[-1], inside):
                return True
        elif name == "BRANCH":
            if any(loops(branch, inside) for branch in argument[1]):
                return True
        elif name in ("ASSERT", "ASSERT_NOT") and loops(argument[1], inside):
            return True
    return False


def test_the_test_knows_a_bomb() -> None:
    """(a+)+ is one, (a+b){1,3} is none."""
    assert loops(_PARSER.parse("(?:(a+)|b)+"))
    assert not loops(_PARSER.parse("(a+b){1,3}"))


@pytest.mark.parametrize(
    ("name", "pattern"), list(patterns()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_no_expression_repeats_a_repetition(name: str, pattern: re.Pattern[str]) -> None:
    """None of the expressions in code or data can run away on a message.

    A word, a blank and another word (wo ai) may repeat: each begins where the one before cannot go on.
    """
    source = pattern.pattern.replace("(?: +[a-z]+)*", "")
    assert not loops(_PARSER.parse(source, pattern.flags & ~re.UNICODE))
