"""How characters sound, each by itself: Mandarin without tones, as an input method takes it."""

from __future__ import annotations

import os
from collections.abc import Iterable


def syllables(characters: Iterable[str]) -> list[str]:
    """Return the usual reading of each character; what is no Chinese character stays as it is."""
    # The dictionary of phrases tells readings apart by their context, which is not given here: 44 MB less.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")
    from pypinyin import lazy_pinyin

    return lazy_pinyin(list(characters))
