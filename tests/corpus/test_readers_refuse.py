"""A file that cannot be read gets one clear line in Chinese."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from corpus.readers import ReadError, read
from corpus.readers import guard as guard_module
from corpus.readers.document import ReadError as OneError
from corpus.readers.formats import read_here
from corpus.readers.limits import MB

FILES = Path(__file__).parent / "files"
BLANK_PDF = b"""%PDF-1.4
1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj
2 0 obj <</Type /Pages /Kids [3 0 R] /Count 1>> endobj
3 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842]>> endobj
trailer <</Root 1 0 R>>
"""


def refused(path: Path, data: bytes) -> str:
    """Write a file and return the line that refuses it."""
    path.write_bytes(data)
    with pytest.raises(OneError) as error:
        read_here(path)
    assert "\n" not in str(error.value)
    assert path.name in str(error.value)
    return error.value.key


def bomb() -> bytes:
    """Return a .docx whose text unpacks to far more than it weighs."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"<w>" + b" " * (40 * MB))
    return packed.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "key"),
    [
        ("a.txt", b"", "empty"),
        ("a.txt", "　\n ".encode(), "empty"),
        ("a.txt", bytes(range(256)) * 40, "binary"),
        ("a.txt", "（一）建校。\n".encode() * 10_000, "too_long"),
        ("a.xyz", b"text", "unknown_form"),
        ("a.html", b"<p></p><!-- -->", "empty"),
        ("a.html", b"<p>" + b" " * (50 * MB), "too_large"),
        ("a.docx", b"PK\3\4 but no archive", "damaged"),
        ("a.docx", b"plain text", "damaged"),
        ("a.docx", bomb(), "bomb"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        ("a.pdf", b"%PDF-1.7 nothing more", "damaged"),
        ("a.pdf", BLANK_PDF, "scanned"),
        ("a.pdf", (FILES / "locked.pdf").read_bytes(), "encrypted"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_reason(
    tmp_path: Path, name: str, data: bytes, key: str
) -> None:
    """Each kind of bad file is told apart, in one line that names the file."""
    assert refused(tmp_path / name, data) == key


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    """A path without a file behind it is named."""
    with pytest.raises(ReadError, match=r"没有找到文件：没有\.txt"):
        read(tmp_path / "没有.txt")
    (tmp_path / "folder.txt").mkdir()
    with pytest.raises(ReadError, match=r"文件打不开：folder\.txt"):
        read(tmp_path / "folder.txt")


def test_an_old_word_file_without_libreoffice_says_how_to_convert_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no LibreOffice is installed, the line tells what to save the file as."""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert refused(tmp_path / "a.wps", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old") == "needs_office"


def test_a_web_page_or_a_new_document_named_doc_is_read_without_libreoffice(tmp_path: Path) -> None:
    """Office sites hand out web pages named .doc; what the bytes say wins."""
    path = tmp_path / "a.doc"
    path.write_text("<html><body><p>区教委负责</p></body></html>", encoding="utf-8")
    assert read(path)[0].line == 1


def test_a_file_that_takes_too_long_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reading process is stopped when its time is over."""
    monkeypatch.setattr(guard_module, "PLAIN", guard_module.Bounds(0.01, 1000))
    path = tmp_path / "a.txt"
    path.write_text("区教委负责", encoding="utf-8")
    with pytest.raises(ReadError, match="已停止"):
        read(path)


def test_a_file_that_would_fill_the_memory_is_given_up(tmp_path: Path) -> None:
    """A page whose cells multiply on being laid out ends in a line, not in a full machine."""
    path = tmp_path / "a.html"
    path.write_text(f"<table><tr><td rowspan=60000>{'区' * MB}<td>二</tr>{'<tr><td>一</tr>' * 60000}", encoding="utf-8")
    with pytest.raises(ReadError, match="表格太大"):
        read(path)
