"""Formats set in pages: a PDF, an OFD, scans and photographs say the same as the text they were printed from."""

from __future__ import annotations

import io
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest

from corpus.assembly.metadata import meta_of
from corpus.assembly.plan import parse_document
from corpus.blocks import Paragraph, TableRow
from corpus.model import ClauseKind
from corpus.readers import ReadError, read_document
from corpus.readers import guard as guard_module
from corpus.readers.formats import read_here
from corpus.structure import textfile
from tests.printing import write_ofd, write_pdf, write_photo, write_scan

TEXT = """云湖市城市绿道建设实施方案
为改善城市环境，制定本方案，请各单位认真贯彻执行，结合实际抓好落实，并按季报送进展情况。
一、工作任务
（一）贯通环湖绿道。2026年底前新建绿道38公里，改造驿站12座。（责任单位：市园林局；配合单位：市交通局；完成时限：2026年12月底前）
附件
任务清单
序号\t任务\t牵头单位\t完成时限
1\t新建城北段绿道12公里，同步建设自行车道。\t市园林局\t2026年6月底前
2\t改造驿站5座。\t\t2026年9月
"""
BLOCKS = textfile.blocks(TEXT)
needs_ocr = pytest.mark.skipif(find_spec("rapidocr") is None, reason="the extra ocr is not installed")


def texts(path: Path) -> list[str]:
    """Return the paragraphs and rows of a file, each as one line without blanks."""
    found = read_here(path).blocks
    return ["|".join(one.cells if isinstance(one, TableRow) else [one.text]).replace(" ", "") for one in found]


PRINTED = [
    "|".join(one.cells if isinstance(one, TableRow) else [one.text]).replace("||", "|市园林局|") for one in BLOCKS
]  # fmt: skip


@pytest.mark.parametrize(("write", "name"), [(write_pdf, "a.pdf"), (write_ofd, "a.ofd")])
def test_a_printed_plan_reads_as_its_text(tmp_path: Path, write: object, name: str) -> None:
    """Paragraphs are whole again, the table has its cells, one that spans rows counts in each."""
    assert callable(write)
    write(BLOCKS, tmp_path / name)
    assert texts(tmp_path / name) == PRINTED


def test_an_ofd_of_pictures_says_so(tmp_path: Path) -> None:
    """An OFD without any text object gets a line that tells what to do."""
    write_ofd(BLOCKS, tmp_path / "a.ofd")
    packed = io.BytesIO()
    with zipfile.ZipFile(tmp_path / "a.ofd") as old, zipfile.ZipFile(packed, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"ofd:TextObject", b"ofd:ImageObject"))
    (tmp_path / "b.ofd").write_bytes(packed.getvalue())
    with pytest.raises(ReadError, match="每一页都是图片"):
        read_here(tmp_path / "b.ofd")


@needs_ocr
def test_a_scan_is_read_by_ocr_and_says_so(tmp_path: Path) -> None:
    """A tilted scan gives the same tasks as the text, and the plan is marked as recognised."""
    write_scan(BLOCKS, tmp_path / "a.pdf", tilt=0.7)
    document = read_document(tmp_path / "a.pdf")
    plan = parse_document(document, meta_of(document, "x"), "")
    assert plan.meta.recognised
    assert plan.meta.title == "云湖市城市绿道建设实施方案"
    tasks = [clause for clause in plan.clauses if clause.kind is ClauseKind.TASK]
    assert [([(ref.printed, str(ref.role)) for ref in one.units], one.deadline) for one in tasks] == [
        ([("市园林局", "responsible"), ("市交通局", "cooperating")], "2026年12月底前"),
        ([("市园林局", "lead")], "2026年6月底前"),
        ([("市园林局", "lead")], "2026年9月"),
    ]
    assert [target.figure for target in tasks[0].targets] == ["38公里", "12座"]


@needs_ocr
def test_a_photograph_is_read_by_ocr(tmp_path: Path) -> None:
    """A picture of a page is a document too; brackets beside Han characters come out wide."""
    write_photo(BLOCKS[:4], tmp_path / "a.jpg")
    (last,) = read_here(tmp_path / "a.jpg", recognise=True).blocks[3:]
    assert isinstance(last, Paragraph)
    assert "".join(last.text.split()) == PRINTED[3]


def test_without_the_ocr_a_scan_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the extra is not installed, a scan and a photograph get one line that names it."""
    monkeypatch.setattr(guard_module, "find_spec", lambda _: None)
    write_scan(BLOCKS[:2], tmp_path / "a.pdf")
    write_photo(BLOCKS[:2], tmp_path / "a.png")
    for name in ("a.pdf", "a.png"):
        with pytest.raises(ReadError, match=r"wence\[ocr\]"):
            read_document(tmp_path / name)
