"""A notice and its attachments in one archive: one plan, in order, whatever is packed beside it."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from corpus.assembly.metadata import meta_of
from corpus.assembly.plan import parse_document
from corpus.model import ClauseKind, Place
from corpus.readers import ReadError
from corpus.readers import archive as archive_module
from corpus.readers.formats import read_here
from tests.docx_parts import p, write_parts

NOTICE = """云湖市人民政府办公室关于印发河湖管护实施方案的通知
各县人民政府：
现将《河湖管护实施方案》印发给你们。
云湖市人民政府办公室
2026年3月1日
一、主要任务
（一）疏浚河道。疏浚河道30公里。（责任单位：市水务局）
"""


def sheet() -> bytes:
    """Return a workbook with a table of tasks."""
    made, file = openpyxl.Workbook(), io.BytesIO()
    assert isinstance(made.active, Worksheet)
    for row in (("序号", "任务", "责任单位"), (1, "设置警示牌。", "市应急局"), (2, "清理网箱。", "市农业农村局")):
        made.active.append(row)
    made.save(file)
    return file.getvalue()


def word(folder: Path) -> bytes:
    """Return a Word document with a labelled item."""
    body = p("考核办法") + p("一、考核内容") + p("（一）河长履职。按季通报。（责任单位：市河长办）")
    return write_parts(folder / "part.docx", body).read_bytes()


class GbkName(zipfile.ZipInfo):
    """A member named as Windows in China does: in its code page, with nothing that says so."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 - zipfile's own name
        return self.filename.encode("gbk"), self.flag_bits


def packed(path: Path, files: dict[str, bytes], kind: type[zipfile.ZipInfo] = zipfile.ZipInfo) -> Path:
    """Write an archive."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(kind(name), data, zipfile.ZIP_DEFLATED)
    return path


def test_a_notice_with_attachments_is_one_plan(tmp_path: Path) -> None:
    """The notice opens it, attachments follow by their number as annexes with tasks of their own."""
    files = {
        "附件2：考核办法.docx": word(tmp_path),
        "附件1 任务清单.xlsx": sheet(),
        "关于印发河湖管护实施方案的通知.txt": NOTICE.encode(),
        "__MACOSX/._附件1": b"x",
        "~$附件2.docx": b"x",
    }
    document = read_here(packed(tmp_path / "通知.zip", files))
    plan = parse_document(document, meta_of(document, "x"), "")
    assert (plan.meta.title, plan.meta.issuer) == ("河湖管护实施方案", "云湖市人民政府办公室")
    tasks = [clause for clause in plan.clauses if clause.kind is ClauseKind.TASK]
    assert [([ref.printed for ref in one.units], one.place) for one in tasks] == [
        (["市水务局"], Place.BODY), (["市应急局"], Place.ANNEX),
        (["市农业农村局"], Place.ANNEX), (["市河长办"], Place.ANNEX),
    ]  # fmt: skip
    assert document.dropped == ()


def test_names_in_the_code_page_of_windows_are_read(tmp_path: Path) -> None:
    """Without the sign for UTF-8 a name is GBK: the order of the attachments hangs on it."""
    files = {"附件1.xlsx": sheet(), "通知.txt": NOTICE.encode(), "照片.heic": b"x" * 20}
    document = read_here(packed(tmp_path / "a.zip", files, GbkName))
    assert "云湖市人民政府办公室" in str(document.blocks[0])
    assert [(one.text, one.rule) for one in document.dropped] == [
        ("照片.heic", "file of the archive that is no document")
    ]


def test_of_two_formats_one_is_read_and_the_other_told(tmp_path: Path) -> None:
    """Offices pack the same text as Word and as PDF: it counts once."""
    files = {"方案.docx": word(tmp_path), "方案.pdf": b"%PDF-1.4 broken"}
    document = read_here(packed(tmp_path / "a.zip", files))
    assert [(one.text, one.rule) for one in document.dropped] == [("方案.pdf", "second copy in another format")]


def test_a_file_that_cannot_be_read_does_not_take_the_others_along(tmp_path: Path) -> None:
    """It is listed; only where none can be read is the archive refused, with the first one's reason."""
    broken = {"附件1.docx": b"PK\3\4 no archive", "通知.txt": NOTICE.encode()}
    document = read_here(packed(tmp_path / "a.zip", broken))
    assert [one.text for one in document.dropped] == ["附件1.docx"]
    with pytest.raises(ReadError, match=r"附件1\.docx"):
        read_here(packed(tmp_path / "b.zip", {"附件1.docx": b"PK\3\4 no archive"}))


def test_an_archive_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Too many files, too much inside, archives in archives: each ends in a line."""
    many = {f"附件{number}.txt": b"text" for number in range(70)}
    with pytest.raises(ReadError, match="文件太多"):
        read_here(packed(tmp_path / "many.zip", many))
    monkeypatch.setattr(archive_module, "ARCHIVE_MB", 1)
    with pytest.raises(ReadError, match="解开后太大"):
        read_here(packed(tmp_path / "bomb.zip", {"通知.txt": b" " * 3_000_000}))
    inner = packed(tmp_path / "inner.zip", {"通知.txt": NOTICE.encode()}).read_bytes()
    with pytest.raises(ReadError):
        read_here(packed(tmp_path / "outer.zip", {"通知.docx": inner, "附件.zip": inner}))
