"""What a message counts: 职工 in 骨科医院现在有多少职工."""

from __future__ import annotations

import re

_COUNTED = re.compile(
    "(?:多少|好多|(?<![这那哪前近头])几(?![年月天]))[个名项家所人位张处条种级次场台套]?(?P<noun>[一-鿿]{2,8})"
)


def counted_noun(text: str) -> str:
    """Return the words right behind the question for a number; empty where none stand there."""
    found = _COUNTED.search(text)
    return found["noun"] if found else ""
