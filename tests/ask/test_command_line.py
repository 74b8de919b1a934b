"""``python -m bot ask`` and ``chat``: the JSON contract, the batch, and what is told when something is wrong."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.cli.ask import ask_batch, ask_once
from bot.cli.ask import open_for_terminal as open_it
from bot.cli.terminal import chat as talk
from corpus.model import Plan
from tests.ask.chatting import NO_MODEL, naming

ROOT = Path(__file__).parents[2]
KEYS = {"id", "answered", "kind", "text", "clauses", "choices", "why", "elapsed_ms"}
Batch = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def settings(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The session's data folder, as an operator would set it."""
    monkeypatch.setenv("WENCE_DATA_DIR", str(data_dir))
    monkeypatch.setenv("WENCE_MODEL", str(data_dir / NO_MODEL))


@pytest.fixture
def batch(settings: None, capsys: pytest.CaptureFixture[str]) -> Batch:
    """Run a batch of requests (objects, or lines as they are); the answers."""

    def run(*requests: object) -> list[dict[str, Any]]:
        lines = [one if isinstance(one, str) else json.dumps(one, ensure_ascii=False) for one in requests]
        assert ask_batch(lines) == 0
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return run


def test_one_question_as_json(settings: None, capsys: pytest.CaptureFixture[str], banan: Plan, yuzhong: Plan) -> None:
    """One line: what was answered, the whole text, each cited clause on its own and verbatim."""
    assert ask_once("区教委负责什么", "", as_json=True, explain=False) == 0
    found = json.loads(capsys.readouterr().out)
    assert set(found) == KEYS - {"id"}
    assert (found["answered"], found["kind"]) == (True, "duties")
    assert found["text"].startswith("巴南区：区教委 6项；渝中区：区教委 2项\n")
    clauses = {clause.id: clause for plan in (banan, yuzhong) for clause in plan.clauses}
    assert {one["id"] for one in found["clauses"]} == naming(banan, "区教委") | naming(yuzhong, "区教委")
    for one in found["clauses"]:
        source = clauses[one["id"]]
        assert one["text"] == source.text
        assert one["path"] == list(source.path)
        assert (one["plan"], one["district"], one["place"]) == (source.plan, source.district, source.place.value)
        assert one["units"] == [ref.name for ref in source.units]


def test_the_text_holds_all_pages(batch: Batch) -> None:
    """A list of many entries is whole in the text: every number, every place."""
    (found,) = batch({"id": 1, "question": "巴南区卫健委负责什么"})
    numbers = [line.split(".")[0] for line in found["text"].splitlines() if line.split(".")[0].isdigit()]
    assert numbers == [str(number) for number in range(1, 28)]


def test_answers_come_in_the_order_of_the_requests(batch: Batch) -> None:
    """A line each, with the request's own id, whatever kind of id it is; empty lines are no requests."""
    answers = batch(
        {"id": "b", "question": "区教委负责什么"}, "", {"id": 7, "question": "区公安局负责什么"},
        {"id": "a", "question": "有哪些方案", "district": None, "context": []},
    )  # fmt: skip
    assert [one["id"] for one in answers] == ["b", 7, "a"]
    assert [one["answered"] for one in answers] == [True, False, True]
    assert all(set(one) == KEYS for one in answers)


@pytest.mark.parametrize(
    "line",
    [
        "not json",
        "{",
        "[]",
        '"区教委"',
        "{}",
        '{"id": 1}',
        '{"id": 1, "question": 5}',
        '{"id": 1, "question": "区教委", "context": "x"}',
        '{"id": 1, "question": "区教委负责什么", "district": "江北区"}',
    ],
)
def test_a_bad_line_is_answered_with_an_error(batch: Batch, line: str) -> None:
    """It names the line and the reason, and the lines around it are answered."""
    first, bad, last = batch({"id": 1, "question": "区教委负责什么"}, line, {"id": 3, "question": "区教委负责什么"})
    assert (bad["answered"], bad["kind"], bad["clauses"]) == (False, "error", [])
    assert bad["text"].startswith("第2行不是有效的请求：")
    assert first["answered"]
    assert (last["id"], last["answered"]) == (3, True)


@pytest.mark.parametrize("district", ["渝中区", "渝中"])
def test_a_request_s_district(batch: Batch, district: str) -> None:
    """The district narrows what the question leaves open, in its full or short name."""
    (found,) = batch({"id": 1, "question": "区教委负责什么", "district": district})
    assert {one["district"] for one in found["clauses"]} == {"渝中区"}


def test_context_is_replayed(batch: Batch) -> None:
    """Earlier messages of the chat come before the question; the next request knows nothing of them."""
    request = {"id": 1, "question": "那渝中呢", "context": ["巴南区教委负责什么"]}
    first, second = batch(request, {"id": 2, "question": "那渝中呢"})
    assert {one["district"] for one in first["clauses"]} == {"渝中区"}
    assert first["kind"] == "duties"
    assert not second["answered"]


def test_an_unknown_district_is_one_line(settings: None, capsys: pytest.CaptureFixture[str]) -> None:
    """--district with a place that has no plan says which have one, and exits with an error."""
    assert ask_once("区教委负责什么", "江北", as_json=False, explain=False) == 2
    assert capsys.readouterr().err == "没有收录江北的方案；现有：巴南区、渝中区。\n"


def test_a_chat_in_the_terminal(
    settings: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Questions and follow-ups in turn until 退出."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("巴南区教委负责什么\n那渝中呢\n展开1\n退出\n区财政局负责什么\n"))
    answerer = open_it()
    assert answerer is not None
    assert talk(answerer, "") == 0
    printed = capsys.readouterr().out
    assert "巴南区：区教委 6项" in printed
    assert "渝中区：区教委 2项" in printed
    assert "区财政局 " not in printed.replace("、区财政局", "")
    assert printed.rstrip().endswith("再见。")


@pytest.mark.parametrize("ending", ["", "\n\n"])
def test_the_end_of_input_ends_the_chat(
    settings: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], ending: str
) -> None:
    """Without 退出 it ends where the input does."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(ending))
    answerer = open_it()
    assert answerer is not None
    assert talk(answerer, "") == 0
    assert capsys.readouterr().out.rstrip().endswith("再见。")


def test_a_question_about_a_unit_imports_next_to_nothing(settings: None) -> None:
    """A cold process that answers from the data alone has loaded no index, no numbers, no parser and no lock."""
    assert open_it() is not None  # the index is there
    stores = ["tantivy", "faiss", "numpy", "sqlalchemy", "filelock"]
    heavy = [*stores, "jieba", "pypinyin", "onnx", "onnxruntime", "tokenizers", "lxml", "corpus.assembly.plan"]
    code = f"""
import sys
from typer.testing import CliRunner
from bot.cli.main import app
assert CliRunner().invoke(app, ["ask", "区教委负责什么"]).exit_code == 0
print([name for name in {heavy!r} if name in sys.modules])
"""
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.stdout == "[]\n", run.stderr


def test_torch_is_not_imported_for_a_structured_answer(settings: None) -> None:
    """A process that answers about units and figures has loaded neither torch nor the model's libraries."""
    code = """
import sys
from typer.testing import CliRunner
from bot.cli.main import app
for question in ("区教委负责什么", "2027年中医馆目标是多少", "任务4.2.2", "区科技局在非遗方面有什么任务"):
    assert CliRunner().invoke(app, ["ask", question]).exit_code == 0
print([name for name in ("torch", "sentence_transformers", "transformers") if name in sys.modules])
"""
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.stdout == "[]\n", run.stderr
