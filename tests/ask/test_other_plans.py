"""Plans of other kinds and places, as offices write them, asked about in ordinary words: ``other/*.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.answering.answer import Answer
from bot.conversation.answerer import Answerer
from bot.query.chat_state import ChatState
from corpus.assembly.metadata import meta_of
from corpus.assembly.plan import parse_document
from corpus.model import Plan
from corpus.readers.formats import read_here
from scripts.measures.check_gold import fold
from scripts.measures.form_files import FormDocument, write
from tests.ask.chatting import Clock, answerer_over, text

FOLDER = Path(__file__).with_name("other")
DECLINED = "–"


@dataclass(frozen=True, slots=True)
class Ask:
    """A question, and what its answer has to hold."""

    document: str
    question: str
    quotes: tuple[str, ...]
    words: tuple[str, ...]
    without: tuple[str, ...]
    declined: bool


def documents() -> Iterator[FormDocument]:
    """Yield the documents with their questions."""
    for file in sorted(FOLDER.glob("*.toml")):
        for one in tomllib.loads(file.read_text(encoding="utf-8"))["document"]:
            yield FormDocument(one["id"], one["form"], one["text"].strip("\n"), (), tuple(one["asks"]))


def asks() -> list[Ask]:
    """Return the questions about all documents."""
    return [ask_of(document.id, line) for document in documents() for line in document.asks]


def ask_of(document: str, line: str) -> Ask:
    """Read a line of a document's questions."""
    question, quotes, *told = (part.strip() for part in line.split("|"))
    words, without = (tuple(map(fold, part.split())) for part in (*told, "", "")[:2])
    declined = quotes == DECLINED
    pieces = () if declined else tuple(filter(None, map(fold, quotes.split(";"))))
    return Ask(document, question, pieces, words, without, declined)


def faults(ask: Ask, answer: Answer) -> list[str]:
    """Return what is wrong with an answer."""
    if ask.declined or not answer.answered:
        return [] if ask.declined != answer.answered else ["answered" if ask.declined else "declined"]
    cited = [fold(one.text) for one in answer.citations]
    told = fold(text(answer))
    return [
        *(f"not cited: {one}" for one in ask.quotes if not any(one in clause for clause in cited)),
        *(f"not said: {one}" for one in ask.words if one not in told),
        *(f"said: {one}" for one in ask.without if one in told),
    ]


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Plan]:
    """Return the documents, written as the files that an office has, read and parsed."""
    folder = tmp_path_factory.mktemp("other")
    found = {}
    for document in documents():
        read = read_here(write(document, folder))
        found[document.id] = parse_document(read, meta_of(read, document.id), "")
    return found


@pytest.fixture(scope="module")
def other(plans: dict[str, Plan], tmp_path_factory: pytest.TempPathFactory) -> Answerer:
    """Return a bot that has these plans, in spring 2026."""
    clock = Clock()
    clock.set(2026, 3, 20)
    return answerer_over(tmp_path_factory.mktemp("other-index"), clock, *plans.values())


@pytest.mark.parametrize("ask", asks(), ids=lambda ask: f"{ask.document}-{ask.question}")
def test_what_an_office_asks_is_answered(ask: Ask, plans: dict[str, Plan], other: Answerer) -> None:
    """Every clause that answers is cited and its figure, day or unit is said; what is not in the plan is declined."""
    answer, _ = other.ask(ask.question, ChatState(district=plans[ask.document].meta.district))
    assert faults(ask, answer) == [], text(answer)
