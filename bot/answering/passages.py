"""Which sentences of a clause to show, always whole and in the clause's order."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.messages import say

_SENTENCE = re.compile(r"[^。；;\n]+[。；;]?")
_LEAD_IN = 16
"""A sentence of fewer characters (一是打造优势药材品牌。) says what the next one is about."""


def sentences(body: str) -> tuple[str, ...]:
    """Return the sentences of a clause's body, verbatim; a short one that leads in stays with the next."""
    parts: list[str] = []
    lead = ""
    for found in _SENTENCE.finditer(body):
        part = lead + found.group().strip()
        lead = part if len(part) < _LEAD_IN else ""
        if part and not lead:
            parts.append(part)
    return (*parts, lead) if lead else tuple(parts)


def without_title(body: str, title: str) -> str:
    """Return the body without the title, where that is its whole first sentence; a shortened title stays."""
    rest = body.removeprefix(title)
    return rest.lstrip("。；;") if rest[:1] in "。；;" and rest != body else body


def best_sentences(body: str, title: str, words: Mapping[str, float], most: int) -> str:
    """Return the up to ``most`` sentences that hold most of the words, in order; the first ones where none does.

    The title is shown already and not repeated.
    """
    parts = list(sentences(without_title(body, title))) or [body]
    weights = [(word.casefold(), weight) for word, weight in words.items()]
    scores = [sum(weight for word, weight in weights if word in part) for part in map(str.casefold, parts)]
    ranked = sorted(range(len(parts)), key=lambda number: (-scores[number], number))
    chosen = sorted(number for number in ranked[:most] if scores[number] > 0)
    if not chosen:
        chosen = list(range(min(most, len(parts))))
    return "".join(parts[number] for number in chosen)


def opening(body: str, title: str, most: int) -> str:
    """Return the first sentence after the title if it is short; else its whole parts up to ``most`` characters."""
    first = next(iter(sentences(without_title(body, title))), "")
    if len(first) <= most:
        return first
    kept = ""
    for part in re.findall(r"[^，,]+[，,]?", first):
        if kept and len(kept) + len(part) > most:
            break
        kept += part
    if kept == first:
        return first
    return say("entry.cut", text=kept.rstrip("，,")) if len(kept) <= most * 2 else ""
