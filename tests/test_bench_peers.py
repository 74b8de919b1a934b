"""The comparison with other frameworks: what counts as given, and the tables, on made-up plans and answers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rich.console import Console
from rich.table import Table

from scripts.benchmarks.peers.coverage import FIRST, MESSAGE, Asked, Score, load, score
from scripts.benchmarks.peers.report import given_table, spent_table
from scripts.benchmarks.peers.side import Job, Query, Result, Text, measure, serve

HOSPITAL = "1.加强区中医医院建设，到2027年建成三级甲等中医医院，床位增至五百张，并设康复科和老年病科。"
CLINICS = "2.所有社区卫生服务中心设置中医馆，精品中医馆达标率不低于20%，由区卫生健康委牵头落实。"
ELSEWHERE = "3.推动中药材种植基地建设，培育龙头企业三家，打造区域公用品牌，带动农户增收致富。"
CLAUSES = (HOSPITAL, CLINICS, ELSEWHERE)
BOTH = Asked("1", "医院和中医馆怎么建", answerable=True, quotes=[["三级甲等中医医院"], ["达标率不低于20%", "没有的话"]])


def shown(table: Table) -> str:
    """Return a table as it is printed."""
    console = Console(width=200)
    with console.capture() as printed:
        console.print(table)
    return printed.get()


def test_a_chunk_gives_every_clause_in_it() -> None:
    """One long chunk that holds both needed clauses gives both, whatever its widths and line breaks."""
    chunk = f"{ELSEWHERE}\n{HOSPITAL}\n\n{CLINICS}".replace("20%", "２０％\n")
    assert score(BOTH, [chunk], CLAUSES) == Score(2, 2, 2, 2, len("".join(CLAUSES)))


def test_words_that_mark_a_clause_suffice() -> None:
    """A chunk cut off around the words that mark a clause still gives it."""
    assert score(BOTH, ["到2027年建成三级甲等中医医院，床"], CLAUSES).first == 1


def test_half_a_clause_suffices_without_those_words() -> None:
    """The longer half of a clause gives it, a shorter piece does not; two chunks may share it."""
    long, short = HOSPITAL[: HOSPITAL.index("建成")], HOSPITAL[-14:]
    assert len(long) < len(HOSPITAL) / 2
    assert score(BOTH, [long], CLAUSES).first == 0
    assert score(BOTH, [short], CLAUSES).first == 0
    assert score(BOTH, [long, short], CLAUSES).first == 1


def test_another_clause_gives_nothing() -> None:
    """Common words don't make one clause out of another."""
    assert score(BOTH, [ELSEWHERE], CLAUSES).whole == 0


def test_the_sixth_text_counts_only_in_the_whole_answer() -> None:
    """What comes after the first five texts is not among the first five."""
    late = score(BOTH, [ELSEWHERE] * FIRST + [HOSPITAL], CLAUSES)
    assert (late.first, late.whole) == (0, 1)


def test_what_does_not_fit_one_message_is_cut_off() -> None:
    """A clause at the end of a very long chunk is given, but not in one message."""
    buried = score(BOTH, ["无" * MESSAGE + HOSPITAL], CLAUSES)
    assert (buried.first, buried.message) == (1, 0)


def test_question_files_with_other_fields_are_read(tmp_path: Path) -> None:
    """Fields that coverage does not need may be there or not; a line without a question names the file."""
    good, bad = tmp_path / "good.jsonl", tmp_path / "bad.jsonl"
    line = {"id": "1", "question": "问", "answerable": True, "quotes": [["甲"]], "note": "", "kind": "topic"}
    good.write_text(json.dumps(line), encoding="utf-8")
    assert load(good) == [Asked("1", "问", answerable=True, quotes=[["甲"]])]
    bad.write_text("{}", encoding="utf-8")
    with pytest.raises(ValueError, match=r"bad\.jsonl"):
        load(bad)


def test_shares_are_of_questions_and_of_lists() -> None:
    """The first columns count whole questions, the list columns shares of the clauses of lists alone."""
    ours = [Score(1, 1, 1, 1, 100), Score(4, 2, 2, 4, 300)]
    table = shown(given_table("dev", {"ours": ours, "theirs": [Score(1, 1, 0, 1, 900), Score(4, 1, 1, 2, 900)]}))
    assert "dev: 2 questions, 1 of them lists" in table
    rows = {line.split()[1]: line.split()[3::2] for line in table.splitlines() if "theirs" in line or "ours" in line}
    assert rows["ours"] == ["0.500", "0.500", "1.000", "0.500", "1.000", "200"]
    assert rows["theirs"] == ["0.500", "0.000", "0.500", "0.250", "0.500", "900"]


class Echo:
    """A side that gives back what it was asked, and what it was told before."""

    def __init__(self, model: str) -> None:
        self.told = [model]

    def ingest(self, texts: list[Text]) -> int:
        """Keep the texts as they are."""
        self.told += [one.text for one in texts]
        return len(texts)

    def answer(self, query: Query) -> list[str]:
        """Give the question first."""
        return [query.in_one(), *self.told]


def test_a_side_is_asked_every_question_in_order(tmp_path: Path) -> None:
    """A job in a file becomes a result in a file: a time and the texts for each question, none for the first try."""
    job, result = tmp_path / "job.json", tmp_path / "result.json"
    queries = [
        {"question": "几个", "context": ["中医馆"], "district": "甲区"},
        {"question": "谁", "context": [], "district": None},
    ]
    texts = [{"title": "方案", "district": "甲区", "text": "正文"}]
    job.write_text(json.dumps({"started": 0.0, "model": "e5", "texts": texts, "queries": queries}), encoding="utf-8")
    serve(Echo, job, result)
    told = Result(**json.loads(result.read_text(encoding="utf-8")))
    assert told.given == [["甲区 中医馆 几个", "e5", "正文"], ["谁", "e5", "正文"]]
    assert (told.pieces, len(told.times_ms)) == (1, 2)


def test_times_and_memory_stand_in_a_row_a_side() -> None:
    """Each side's figures stand in its own row; memory that the system does not tell is a dash."""
    told = measure(Echo, Job(0.0, "e5", [], [Query("问", [], None)] * 3))
    fixed = Result(1.0, 2.0, 52, None, 900.4, [10.0, 20.0, 30.0], [5.0, 7.0, 8.0], told.given)
    row = next(line for line in shown(spent_table({"theirs": fixed})).splitlines() if "theirs" in line)
    assert row.split()[3::2] == ["1.0", "2.0", "52", "–", "900", "20.0", "29.8", "7.0"]
