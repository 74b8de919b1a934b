"""The project's own questions: their gold stands in the plans, and the bot keeps the level it has reached."""

from __future__ import annotations

import tomllib
from collections import Counter
from contextlib import redirect_stdout
from io import StringIO
from itertools import chain
from pathlib import Path

import pytest

from bot.cli.ask import ask_batch
from scripts.measures.judging import Question, folded, load
from scripts.measures.questions import FILES, Outcome, declines_line, evaluate, pass_rate

FLOOR = Path(__file__).parent / "questions" / "floor.toml"
PLANS = Path(__file__).parent.parent / "corpus" / "plans"
SETS = sorted(FLOOR.parent.rglob("*.jsonl"))
"""Those that have a floor, and those that only wait to be asked."""
QUESTIONS = [question for path in SETS for question in load(path)]


def gold(question: Question) -> list[str]:
    """Return what a question asks for that must be printed in a plan."""
    return [*chain.from_iterable(question.quotes), *question.optional, *question.units]


def test_gold_stands_in_the_plans() -> None:
    """Every clause and unit that a question asks for is printed in a plan."""
    plans = [folded(path.read_text(encoding="utf-8")) for path in PLANS.glob("*/text.txt")]
    missing = [
        (question.id, words)
        for question in QUESTIONS
        if not question.plan
        for words in gold(question)
        if not any(folded(words) in plan for plan in plans)
    ]
    assert missing == []


def test_no_question_is_asked_twice() -> None:
    """No question stands in two files, or twice in one; no two share an id."""
    said = Counter((question.question, *question.context, question.district) for question in QUESTIONS)
    assert [key for key, times in said.items() if times > 1] == []
    assert len({question.id for question in QUESTIONS}) == len(QUESTIONS)


def ask_here(requests: str) -> str:
    """Run the batch command in this process; what it prints."""
    with redirect_stdout(StringIO()) as printed:
        assert ask_batch(requests.splitlines()) == 0
    return printed.getvalue()


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> list[Outcome]:
    """Every question asked of the bot in this process, over an index of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WENCE_DATA_DIR", str(tmp_path_factory.mktemp("data")))
        return evaluate(FILES, ask_here)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_level_reached_is_kept(path: Path, outcomes: list[Outcome]) -> None:
    """As many questions pass as did when the floor was set."""
    of_file = [one for one in outcomes if one.file == path.stem]
    failed = [f"{one.question.id} {one.question.question}: {'; '.join(one.faults)}" for one in of_file if one.faults]
    floor = tomllib.loads(FLOOR.read_text(encoding="utf-8"))[path.stem]
    assert pass_rate(of_file) >= floor, "\n".join([declines_line(of_file), *failed])
