"""Text files in the encodings that offices use."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.blocks import Paragraph, TableRow
from corpus.readers.formats import read_here

TEXT = "某区实施方案\n\n一、建校。\n（责任单位：区教委、区财政局）\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_the_encoding_of_a_text_is_found(tmp_path: Path, encoding: str) -> None:
    """With a mark or without, the text is the same."""
    path = tmp_path / "a.txt"
    path.write_bytes(TEXT.encode(encoding))
    assert [b.text for b in read_here(path).blocks if isinstance(b, Paragraph)] == TEXT.split("\n")[0:1] + TEXT.split()[
        1:
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_few_broken_bytes_do_not_turn_the_text_to_rubbish(tmp_path: Path, encoding: str) -> None:
    """A damaged file keeps its encoding; only the broken characters are marked."""
    data = bytearray((TEXT * 40).encode(encoding))
    data[100] = 0xFF
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    assert (
        sum(b.text == "（责任单位：区教委、区财政局）" for b in read_here(path).blocks if isinstance(b, Paragraph))
        >= 39
    )


def test_a_table_of_tabs_is_rows(tmp_path: Path) -> None:
    """Cells with tabs between them are one row of a table."""
    path = tmp_path / "a.txt"
    path.write_text("序号\t任务\t责任单位\n1\t建校\t区教委\n", encoding="utf-8")
    assert read_here(path).blocks == (
        TableRow(("序号", "任务", "责任单位"), 1, 1),
        TableRow(("1", "建校", "区教委"), 2, 1),
    )
