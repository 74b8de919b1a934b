"""The pictures of the docs show what is said of them: what an alternative text quotes stands on its picture."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scripts.pictures.described import words_of

ROOT = Path(__file__).resolve().parent.parent
PICTURES = sorted((ROOT / "docs" / "pictures").glob("*.png"))
DOCUMENTS = (ROOT / "README.md", ROOT / "README.zh-CN.md", *sorted((ROOT / "docs").glob("*.md")))
_SHOWN = re.compile(r'<img src="([^"]+\.png)"[^>]* alt="([^"]*)">|!\[([^\]]*)\]\(([^)]+\.png)\)')
_QUOTED = re.compile("“(.+?)”")


def plain(text: str) -> str:
    """Return words without spaces and line ends: a picture breaks its lines where it has to."""
    return "".join(text.split())


def shown(document: Path) -> list[tuple[Path, str]]:
    """Return the pictures that a document shows, each with its alternative text."""
    found = _SHOWN.findall(document.read_text(encoding="utf-8"))
    return [((document.parent / (img or mark)).resolve(), alt or text) for img, alt, text, mark in found]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_what_is_said_of_a_picture_stands_on_it(document: Path) -> None:
    """Every alternative text quotes words, and the script that drew the picture wrote them into it."""
    for picture, alt in shown(document):
        quoted = _QUOTED.findall(alt)
        assert quoted, f"{document.name}: {alt!r} quotes nothing of {picture.name}"
        words = plain(words_of(picture))
        assert not [one for one in quoted if plain(one) not in words], (picture.name, alt)


@pytest.mark.parametrize("picture", PICTURES, ids=lambda path: path.name)
def test_every_picture_is_shown_somewhere(picture: Path) -> None:
    """No picture lies about that no document shows any more."""
    assert any(picture == one for document in DOCUMENTS for one, _ in shown(document))
