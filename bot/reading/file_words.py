"""Words at the end of a message that ask for its answer as a file, from ``data/language.toml``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from bot.answering.answer import FileFormat
from bot.reading.datafiles import load
from bot.reading.text import clean

_LONGEST = 40
"""Characters at the end of a message that may ask for a file, so that work stays bounded."""
_EDGES = " ，,、。.!！?？~"


@dataclass(frozen=True, slots=True)
class FileWish:
    """What a message asks, and as which file."""

    words: str
    """The message without the words that ask for a file; empty where it has no others."""
    kind: FileFormat = FileFormat.NONE
    of_last: bool = False
    """What was answered last is meant, where something was."""


def read_file_wish(message: str) -> FileWish:
    """Return what is left of a message without the words at its end that ask for a file, and which one."""
    named, ending, around = _patterns()
    text = clean(message)
    end = text[-_LONGEST:]
    # Most messages name no kind of file, and need no closer look.
    found = ending.fullmatch(end) if named.search(end) else None
    if found is None:
        return FileWish(message)
    kind = FileFormat.DOCX if any(found[name] for name in ("docx", "docx_before", "docx_apart")) else FileFormat.XLSX
    rest = (text[:-_LONGEST] + found["rest"]).strip(_EDGES)
    # 把这个导出 points at what was answered before.
    of_last = bool(around.fullmatch(rest))
    listed = found["list"] or found["list_before"] or ""
    return FileWish(listed if of_last else rest + listed, kind, of_last)


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Return what names a file, what a message that asks for one is, and what says nothing of what is wanted."""
    words = {name: _either(found) for name, found in load("language")["file"].items()}
    around = f"(?:(?:{words['around']})|[{re.escape(_EDGES)}])*"
    formats = f"(?P<docx>{words['docx']})|{words['xlsx']}"
    formats_before = f"(?P<docx_before>{words['docx']})|{words['xlsx']}"
    forms = (
        f"(?:{words['alone']})",
        f"(?:{words['send']}|{words['make']}){around}(?:{formats})",
        f"(?:{formats_before}){around}(?:{words['send']})",
        f"(?:{words['send']}){around}(?P<list>{words['lists']})",
        f"(?P<list_before>{words['lists']}){around}(?:{words['send']})",
        rf"(?:^|(?<=[\s，,、]))(?:(?P<docx_apart>{words['docx']})|{words['xlsx']})",
    )
    ending = rf"(?P<rest>.*?){around}(?:{'|'.join(forms)}){around}\W*"
    named = "|".join(words[name] for name in ("alone", "xlsx", "docx", "lists"))
    return re.compile(named, re.IGNORECASE), re.compile(ending, re.IGNORECASE | re.DOTALL), re.compile(around)


def _either(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
