"""The index in PostgreSQL and the embedded one: the same plans, the same questions, the same answers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.answering.answer import Answer
from bot.conversation.answerer import Answerer
from corpus.model import ClauseKind, Place
from index.filters import Filters
from index.snapshot import Snapshot
from scripts.measures.judging import load
from scripts.measures.questions import FILES

EVERY = 4
"""Of the questions, for time's sake."""
LISTS = (
    "区教委负责什么", "渝中区文旅委的任务", "财政局一共几项", "巴南有哪些指标", "两区的责任单位有哪些", "有哪些方案",
    "任务4.2.2", "2026年底前要完成什么", "各区人社局的任务对比", "每年都要做的事",
)  # fmt: skip
QUESTIONS = [*LISTS, *[question.question for path in FILES for question in load(path)][::EVERY]]
FILTERS = (
    Filters(),
    Filters(districts=("渝中区",)),
    Filters(unit_keys=("区教委",)),
    Filters(districts=("巴南区",), unit_keys=("区教委", "区财政局")),
    Filters(kinds=(ClauseKind.TASK, ClauseKind.DUTY), places=(Place.BODY,)),
    Filters(districts=("渝中区",), kinds=(ClauseKind.INDICATOR,)),
    Filters(districts=("丙区",)),
)
SEARCHES = ("古籍保护由谁负责", "中医馆 中医药 人才培养", "藏红花", "区教委 2027年 覆盖率")


def told(answer: Answer) -> Answer:
    """Return all that is said; how sure it is, to the fourth digit: the two add up cosines in another order."""
    return replace(answer, confidence=answer.confidence and round(answer.confidence, 4))


def test_questions_have_the_same_answers(answerers: tuple[Answerer, Answerer]) -> None:
    """Every answer is the same in all its parts: entries, order, citations, notes, choices."""
    database, folder = answerers
    asked = {question: (database.ask(question)[0], folder.ask(question)[0]) for question in QUESTIONS}
    assert [question for question, (one, other) in asked.items() if told(one) != told(other)] == []
    assert len({one.kind for one, _ in asked.values()}) > 5


@pytest.mark.parametrize("filters", FILTERS, ids=str)
def test_searches_find_the_same_clauses_with_the_same_scores(
    in_database: Snapshot, in_folder: Snapshot, filters: Filters
) -> None:
    """With any filter, by words as well as by vectors: BM25 is tantivy's, cosines are FAISS's."""
    for query in SEARCHES:
        found, expected = (one.search(query, filters, limit=40).hits for one in (in_database, in_folder))
        assert [hit.clause.id for hit in found] == [hit.clause.id for hit in expected]
        assert [hit.lexical for hit in found] == pytest.approx([hit.lexical for hit in expected], abs=1e-4)
        assert [hit.dense for hit in found] == pytest.approx([hit.dense for hit in expected], abs=1e-5)


def test_looking_words_up_gives_the_same(in_database: Snapshot, in_folder: Snapshot) -> None:
    """Weights, shares and phrases are those of the embedded index, here, elsewhere and anywhere."""
    for word in ("中医药", "古籍", "藏红花", "楼宇", "足球", "解放西路", "4.2.2", "中", "龘"):
        assert in_database.words(word) == pytest.approx(in_folder.words(word))
        assert in_database.share(word, ClauseKind.TASK) == pytest.approx(in_folder.share(word, ClauseKind.TASK))
        for districts in ((), ("渝中区",), ("巴南区",)):
            for outside in (False, True):
                here, there = (one.holds(word, districts, outside=outside) for one in (in_database, in_folder))
                assert here == there
