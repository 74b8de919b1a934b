"""``python -m bot ask``: one question, or a batch of requests, answered on the terminal or as JSON."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import msgspec

from bot.cli.errors import prints_errors
from bot.messages import say
from bot.query.chat_state import ChatState
from bot.reading.aliases import OwnFileError
from index.errors import StorageError

if TYPE_CHECKING:
    from bot.conversation.answerer import Answerer


HISTORY = "chat-history"
"""What was typed in the terminal's chat, in the data folder."""


class Request(msgspec.Struct):
    """A line of the batch: see docs/json.md."""

    question: str
    id: str | int | None = None
    district: str | None = None
    context: list[str] = []
    """Earlier messages of the same chat."""


def open_for_terminal() -> Answerer | None:
    """Open the answerer with the operator's settings; None when the data folder can't be used (told)."""
    from bot.progress import ProgressLines
    from bot.serving.open_answerer import open_as_set
    from bot.settings import load_settings

    settings = load_settings()
    try:
        return open_as_set(settings, ProgressLines())
    except OwnFileError as error:
        print(error, file=sys.stderr)
        return None
    except StorageError as error:
        print(say("ask.no_storage", error=error), file=sys.stderr)
        return None


def district_named(answerer: Answerer, name: str) -> str:
    """Return the district that an option names, short or full; empty for none. ValueError for an unknown one."""
    if not name:
        return ""
    found = [district for district in answerer.districts() if name in (district, district[:-1])]
    if not found:
        raise ValueError(say("ask.unknown_district", district=name, districts="、".join(answerer.districts())))
    return found[0]


@prints_errors()
def ask_once(question: str, district: str, *, as_json: bool, explain: bool) -> int:
    """Print the answer to one question; returns the exit code."""
    answerer = open_for_terminal()
    if answerer is None:
        return 2
    try:
        state = ChatState(district=district_named(answerer, district))
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    started = time.perf_counter()
    answer, _ = answerer.ask(question, state)
    if as_json:
        from bot.render.json import answer_object, encode

        print(encode(answer_object(answer) | {"elapsed_ms": _since(started)}))
    else:
        from bot.cli.terminal import print_answer

        print_answer(answer, explain=explain)
    return 0


def print_schema() -> int:
    """Print the JSON schema of a query; returns the exit code."""
    from bot.query.query import schema

    print(msgspec.json.format(msgspec.json.encode(schema())).decode())
    return 0


@prints_errors()
def answer_query(text: str, *, as_json: bool) -> int:
    """Print the answer to a query given as JSON; returns the exit code."""
    from bot.query.query import Query

    try:
        query = msgspec.json.decode(text, type=Query)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError) as error:
        print(say("ask.bad_query", error=error), file=sys.stderr)
        return 2
    answerer = open_for_terminal()
    if answerer is None:
        return 2
    answer = answerer.answer_query(query)
    if as_json:
        from bot.render.json import answer_object, encode

        print(encode(answer_object(answer)))
    else:
        from bot.cli.terminal import print_answer

        print_answer(answer, explain=False)
    return 0


@prints_errors()
def chat_here(district: str) -> int:
    """Talk in the terminal until the person leaves; returns the exit code."""
    from bot.cli.terminal import chat
    from bot.settings import load_settings

    answerer = open_for_terminal()
    if answerer is None:
        return 2
    try:
        named = district_named(answerer, district)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    return chat(answerer, named, load_settings().data_dir / HISTORY)


@prints_errors()
def ask_batch(lines: Iterable[str]) -> int:
    """Answer a request a line with a line of JSON each, in the same order; returns the exit code."""
    answerer = open_for_terminal()
    if answerer is None:
        return 2
    for line in _answers(answerer, lines):
        print(line, flush=True)
    return 0


def _answers(answerer: Answerer, lines: Iterable[str]) -> Iterator[str]:
    from bot.render.json import answer_object, encode

    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        request = None
        try:
            request = msgspec.json.decode(line, type=Request)
            state = ChatState(district=district_named(answerer, request.district or ""))
        except (msgspec.DecodeError, UnicodeEncodeError, ValueError) as error:
            reason = say("ask.bad_request", number=number, error=error)
            known = request.id if request else None
            yield encode({"id": known, "answered": False, "kind": "error", "text": reason, "clauses": []})
            continue
        for earlier in request.context:
            state = answerer.remember(earlier, state)
        started = time.perf_counter()
        answer, _ = answerer.ask(request.question, state)
        yield encode({"id": request.id, **answer_object(answer), "elapsed_ms": _since(started)})


def _since(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 3)
