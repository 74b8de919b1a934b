"""How characters sound, each by itself: Mandarin without tones, as an input method takes it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from itertools import islice, product


def syllables(characters: Iterable[str]) -> list[str]:
    """Return the usual reading of each character; what is no Chinese character stays as it is."""
    # The dictionary of phrases tells readings apart by their context, which is not given here: 44 MB less.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")
    from pypinyin import lazy_pinyin

    return lazy_pinyin(list(characters))


def other_readings(phrase: str, most: int = 4) -> list[str]:
    """Return up to ``most`` further spellings of a phrase, of characters that are read in two ways (藏: cang, zang)."""
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")
    from pypinyin import Style, pinyin

    usual = "".join(syllables(phrase))
    both = (dict.fromkeys(one[:2]) for one in pinyin(list(phrase), style=Style.NORMAL, heteronym=True))
    spelled = ("".join(choice) for choice in product(*both))
    return list(islice((one for one in spelled if one != usual), most))
