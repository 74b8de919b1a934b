"""Texts that are made to be slow or to kill: the rules are linear, and the parser stands in a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from corpus.assembly.plan import parse_document
from corpus.blocks import Paragraph
from corpus.library.added import PlanStore, Stored, StoreError
from corpus.library.shipped import plan_sources
from corpus.model import PlanMeta
from corpus.parsing import guard, parse_guarded
from corpus.readers.document import Document, ReadError

META = PlanMeta("a", "甲区", "方案", "", None, None, None)
ROOT = Path(__file__).resolve().parents[2]
LINES = {
    "digits": "1",
    "numbers": "1个",
    "groups": ",111",
    "characters": "一",
    "numbers in characters": "一个",
    "brackets": "（",
    "quotes": "《",
    "blanks": " ",
    "verbs": "新增",
    "gifts": "给",
    "stops": "。",
    "products": "1×",
    "months": "6月底前",
}
PARSE = """
import resource, sys
resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
from corpus.blocks import Paragraph
from corpus.model import PlanMeta
from corpus.assembly.plan import parse_plan
text = "一、" + sys.argv[1] * (100_000 // len(sys.argv[1]))
lines = (Paragraph("标题方案", 1), Paragraph("一、建设任务", 2), Paragraph(text, 3))
print(len(parse_plan(lines, PlanMeta("a", "甲区", "方案", "", None, None, None), "").clauses))
"""


def document(*lines: str) -> Document:
    """Return a document of these paragraphs."""
    return Document(tuple(Paragraph(text, number) for number, text in enumerate(lines, 1)))


@pytest.mark.parametrize("name", LINES)
def test_a_hundred_thousand_characters_in_a_line(name: str) -> None:
    """A minute of processor time is far more than it takes, and far less than rules that are not linear would."""
    environment = {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-c", PARSE, LINES[name]]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-300:]
    assert int(done.stdout) > 0


def test_the_guarded_parser_says_the_same() -> None:
    """What comes through the process is what the parser says here, also of one text after another."""
    for text in ("（一）新增幼儿园3所。（责任单位：区教委）", "（一）到2027年，建成学校2所。"):
        given = document("方案", "一、任务", text)
        assert parse_guarded(given, META, "x", "a.txt") == parse_document(given, META, "x")


def test_a_text_that_takes_too_long_is_one_line() -> None:
    """It is ended and named; the next one is parsed."""
    slow = document("方案", "一、任务", "（一）" + "新增1个、" * 200_000)
    with pytest.raises(ReadError, match=r"slow\.txt"):
        parse_guarded(slow, META, "x", "slow.txt", seconds=0.01)
    assert parse_guarded(document("方案", "一、任务", "（一）建学校。"), META, "x", "b.txt").clauses


def test_a_parser_that_died_is_started_anew() -> None:
    """Whatever ended it between two texts."""
    given = document("方案", "一、任务", "（一）建学校。")
    first = parse_guarded(given, META, "x", "a.txt")
    process = guard._PARSER._process
    assert process is not None
    os.kill(process.pid, signal.SIGKILL)
    assert parse_guarded(given, META, "x", "a.txt") == first


def test_an_added_plan_is_parsed_behind_the_guard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The running bot never parses an added plan itself; one that cannot be parsed is one line, named."""
    PlanStore(tmp_path).add(Stored(META, "0", "a.txt", "2026-01-01", document("方案", "一、任务", "（一）建学校。")))
    monkeypatch.setattr("corpus.assembly.plan.parse_plan", None)
    (added,) = (source for source in plan_sources(tmp_path) if source.added)
    assert added.read().clauses
    path = tmp_path / "a.json"
    value = json.loads(path.read_text(encoding="utf-8"))
    value["document"] = asdict(document("方案", "一、任务")) | {"blocks": [{"text": 7, "line": 1}]}
    path.write_text(json.dumps(value), encoding="utf-8")
    with pytest.raises(StoreError, match="a"):
        added.read()
