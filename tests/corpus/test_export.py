"""``python -m corpus export``: a JSON line a clause, and one line where a file is no plan."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from corpus.commands.cli import app

TEXT = "一、重点任务\n（一）建设文化馆。到2027年，新建文化馆3个。（责任单位：区文旅委、区财政局）\n"


def export(*arguments: str) -> tuple[int, list[dict[str, object]], str]:
    """Run the command and return its exit code, the clauses and what stands on standard error."""
    result = CliRunner().invoke(app, ["export", *arguments])
    return result.exit_code, [json.loads(line) for line in result.stdout.splitlines()], result.stderr


def test_the_shipped_plans_are_exported() -> None:
    """Without a file both plans come out, with their counts on standard error."""
    code, rows, told = export()
    assert code == 0
    assert sum(row["kind"] == "task" for row in rows) == 26 + 22 + 33
    assert "任务 26 条" in told
    assert "任务 55 条" in told


def test_one_district_alone() -> None:
    """A district without a file names the plan to export; an unknown one is told with those that are known."""
    assert {row["district"] for row in export("--district", "渝中区")[1]} == {"渝中区"}
    code, rows, told = export("--district", "江北区")
    assert (code, rows) == (1, [])
    assert told == "没有 江北区 的方案；已有：巴南区、渝中区\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_a_file_is_parsed_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    """A text file is read whatever its encoding, under the district that was given."""
    file = tmp_path / "plan.txt"
    file.write_bytes(TEXT.encode(encoding))
    code, rows, _ = export(str(file), "--district", "江北区")
    assert code == 0
    assert [row["units_printed"] for row in rows if row["kind"] == "task"] == [["区文旅委", "区财政局"]]
    assert rows[-1]["id"] == "江北 一(一)"
    assert rows[-1]["targets"][0]["what"] == "文化馆"  # type: ignore[index]


def test_bad_files_get_one_line(tmp_path: Path) -> None:
    """A missing, empty or binary file and a folder end in one Chinese line and exit code 1."""
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "binary.txt").write_bytes(bytes(range(256)))
    for name, reason in (
        ("no.txt", "没有找到文件"),
        ("empty.txt", "没有文字"),
        ("binary.txt", "不是文本文件"),
        ("", "打不开"),
    ):
        code, rows, told = export(str(tmp_path / name))
        assert (code, rows) == (1, [])
        assert reason in told
        assert told.count("\n") == 1
