"""Which sentences of a clause to show, always whole and in the clause's order."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.messages import say
from corpus.notation.numbering import parse_mark

_SENTENCE = re.compile(r"[^。；;\n]+[。；;]?")
_TIME_LAST = re.compile("[，,]?[到至]?20[0-9]{2}年(?:[0-9]{1,2}月)?[底末前]?[，,]?$")
"""A time with which a line that is cut would end: it belongs to what is left out."""
_BESIDE = 0.5
"""Share of the words of the best sentence that another must hold more than to stand beside it."""
_LEAD_IN = 16
"""A sentence of fewer characters (一是打造优势药材品牌。) says what the next one is about."""


def pieces(body: str) -> tuple[str, ...]:
    """Return all that ends with a full stop or a semicolon, verbatim, however short."""
    return tuple(found.group().strip() for found in _SENTENCE.finditer(body))


def sentences(body: str) -> tuple[str, ...]:
    """Return the sentences of a clause's body, verbatim; a short one that leads in stays with the next."""
    parts: list[str] = []
    lead = ""
    for piece in pieces(body):
        part = lead + piece
        lead = part if len(part) < _LEAD_IN else ""
        if part and not lead:
            parts.append(part)
    return (*parts, lead) if lead else tuple(parts)


def without_title(body: str, title: str) -> str:
    """Return the body without the title, where that is its whole first sentence; a shortened title stays."""
    rest = body.removeprefix(title)
    return rest.lstrip("。；;") if rest[:1] in "。；;" and rest != body else body


def without_mark(line: str) -> str:
    """Return a line without the mark of a list (一是) that it opens with, where the list does not go on in it."""
    mark = parse_mark(line)
    inside = any(parse_mark(part) for part in sentences(line)[1:])
    return (mark.rest if mark and mark.rest and not inside else line).strip()


def held(text: str, words: Mapping[str, float]) -> float:
    """Return the weight of the words that stand in a text."""
    folded = text.casefold()
    return sum(weight for word, weight in words.items() if word.casefold() in folded)


def _says_something(kept: str) -> bool:
    """Whether a line is more than the time with which it opens (到2027年，)."""
    return bool(kept and _TIME_LAST.sub("", "，" + kept))


def best_sentences(body: str, title: str, words: Mapping[str, float], room: int) -> str:
    """Return the sentences that hold most of the words, in order, as many as have ``room``; the first where none does.

    One that holds much less than the best only pads.

    The title is shown already and not repeated.
    """
    parts = list(sentences(without_title(body, title))) or [body]
    scores = [held(part, words) for part in parts]
    ranked = sorted(range(len(parts)), key=lambda number: (-scores[number], number))
    chosen = [ranked[0]]
    for number in ranked[1:]:
        if scores[number] > _BESIDE * scores[ranked[0]] and sum(len(parts[one]) for one in (*chosen, number)) <= room:
            chosen.append(number)
    return "".join(parts[number] for number in sorted(chosen))


def opening(body: str, title: str, most: int) -> str:
    """Return the first sentence after the title if it is short; else its whole parts up to ``most`` characters."""
    first = next(iter(sentences(without_title(body, title))), "")
    if len(first) <= most:
        return first
    kept = ""
    for part in re.findall(r"[^，,]+[，,]?", first):
        if _says_something(kept) and len(kept) + len(part) > most:
            break
        kept += part
    if kept == first:
        return first
    kept = _TIME_LAST.sub("", kept)
    return say("entry.cut", text=kept.rstrip("，,")) if len(kept) <= most * 2 else ""
