"""Numbers to be reached, read out of a clause's sentences by the words of ``data/targets.toml``.

A phrase (up to the next comma) holds one verb for the items that 、 parts: 新增市级中医名科1个、区名中医6名以上. A list
behind 分别 belongs to the names before it, in order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from corpus.datafiles import load
from corpus.dates import Due, find_due
from corpus.model import Target
from corpus.numbering import han_to_int

_SENTENCE = re.compile(r"[^。；;\n]+")
_PHRASE = re.compile(r"[^，,：:]+")
_ITEM = re.compile(r"[^、]+")
_WHAT_LENGTH = 40
_TWO = 2
_MILESTONE_LENGTH = 4


@dataclass(frozen=True, slots=True)
class _Number:
    start: int
    end: int
    value: float
    upper: float | None
    counter: str
    comparator: str
    figure_start: int
    figure_end: int


@cache
def _words() -> dict[str, Any]:
    data = load("targets")
    return {**data, **data["words"]}


@cache
def _either(table: str) -> str:
    return "|".join(re.escape(word) for word in sorted(_words()[table], key=len, reverse=True))


@cache
def _number() -> re.Pattern[str]:
    digits = r"[0-9]+(?:\.[0-9]+)?"
    han = "[一二三四五六七八九十百]+"
    return re.compile(
        rf"(?P<before>{_either('comparators')})?"
        rf"(?:(?P<low>{digits})(?:[％%]?[—–\-~～至](?P<high>{digits}))?(?P<scale>[万亿])?(?P<counter>{_either('counters')})"
        rf"|(?P<han>{han})(?P<han_counter>{_either('han_counters')}))"
        rf"(?P<after>{_either('after')})?"
    )


def find_targets(text: str, default_year: int | None) -> tuple[Target, ...]:
    """Return the targets in a clause's body; one with no time of its own is due in ``default_year``."""
    found: list[Target] = []
    for sentence in _SENTENCE.finditer(text):
        dues = find_due(sentence.group())
        for phrase in _PHRASE.finditer(sentence.group()):
            due = next((due for due in reversed(dues) if due.start < phrase.end()), None)
            numbers = tuple(_phrase_targets(phrase.group()))
            if not numbers and due and due.end >= phrase.start() - 1:
                numbers = _milestone(phrase.group())
            found += [_with_time(target, due, phrase.group(), default_year) for target in numbers]
    return tuple(found)


def _milestone(phrase: str) -> tuple[Target, ...]:
    """Return a state without a number that a time stands before or in: 2027年6月前投入使用."""
    what = _without_dues(phrase).strip('“”" 　，,、')
    if len(what) < _MILESTONE_LENGTH:
        return ()
    return (Target(what, None, None, "=", "", None, None, "", _verb(what[:8]), "", "", ""),)


def _without_dues(text: str) -> str:
    for due in reversed(find_due(text)):
        text = text[: due.start] + text[due.end :]
    return text


def _with_time(target: Target, due: Due | None, phrase: str, default_year: int | None) -> Target:
    recurrence = next((word for word in _words()["recurrences"] if word in phrase), "")
    return replace(
        target,
        year=due.year if due else default_year,
        deadline=due.deadline if due else None,
        recurrence=recurrence,
        quote=phrase.strip(),
    )


def _phrase_targets(phrase: str) -> Iterator[Target]:
    shared = _split_shared(phrase)
    if shared:
        yield from shared
        return
    verb = ""
    for item in _ITEM.finditer(phrase):
        numbers = tuple(_numbers(item.group()))
        verb = _verb(item.group()[: numbers[0].figure_start] if numbers else item.group()) or verb
        for number in numbers:
            yield _target(_what(item.group(), number, numbers), number, item.group(), verb)


def _split_shared(phrase: str) -> tuple[Target, ...]:
    """Read 甲、乙分别达到5个、1个: the numbers belong to the names in order."""
    found = re.match(r"(?P<names>.+?)(?P<left>[^、]{0,4}?)分别(?P<right>.+)$", phrase)
    if not found:
        return ()
    right = found["right"]
    numbers = tuple(_numbers(right))
    names = _shared_names(_strip_lead(found["names"] + found["left"]))
    if len(numbers) < _TWO or len(names) != len(numbers):
        return ()
    first = numbers[0]
    verb = _verb(right[: first.figure_start]) or _verb(found["names"])
    comparator = first.comparator
    prefix = right[first.figure_start : first.start]
    return tuple(
        replace(
            _target(name, number, right, verb),
            comparator=comparator if number.comparator == "=" else number.comparator,
            figure=right[number.figure_start : number.figure_end]
            if number is first or not prefix
            else prefix + right[number.start : number.figure_end],
        )
        for name, number in zip(names, numbers, strict=True)
    )


def _shared_names(text: str) -> tuple[str, ...]:
    """Split 精品中医馆、示范中医馆达标率 and give the last name's common ending to the others."""
    names = [name for name in re.split("[、和与]", text) if name]
    if len(names) < _TWO:
        return tuple(names)
    last = names[-1]
    for name in names[:-1]:
        for size in range(min(len(name), len(last)), 1, -1):
            at = last.find(name[-size:])
            if at >= 0:
                ending = last[at + size :]
                return (*(one + ending for one in names[:-1]), last)
    return tuple(names)


def _numbers(text: str) -> Iterator[_Number]:
    for match in _number().finditer(text):
        counter = match["counter"] or match["han_counter"]
        before, after = text[: match.start()], text[match.end() :]
        if _is_not_a_target(match, counter, before, after):
            continue
        low = float(match["low"]) if match["low"] else float(han_to_int(match["han"]))
        comparator = _words()["comparators"].get(match["before"] or "") or _words()["after"].get(
            match["after"] or "", "="
        )
        yield _Number(
            start=match.start("low" if match["low"] else "han"),
            end=match.end(),
            value=low,
            upper=float(match["high"]) if match["high"] else None,
            counter=(match["scale"] or "") + counter,
            comparator=comparator,
            figure_start=match.start(),
            figure_end=match.end(),
        )


def _is_not_a_target(match: re.Match[str], counter: str, before: str, after: str) -> bool:
    words = _words()
    if counter == "年" or before.endswith(tuple(words["not_after"])):
        return True
    reached = before.endswith(tuple(words["reaching"])) or bool(match["before"])
    if counter in words["grades"]:
        return not reached
    if match["han"] and (counter + (match["after"] or "") + after).startswith(tuple(words["not_counted"])):
        return True
    return bool(match["han"]) and not (reached or any(word in before for word in words["recurrences"]))


def _verb(before: str) -> str:
    found = [(before.rfind(verb), len(verb), verb) for verb in _words()["verbs"] if verb in before]
    return max(found, key=lambda one: (one[0] + one[1], one[1]))[2] if found else ""


def _strip_lead(text: str) -> str:
    """Cut dates, recurrences and verbs off the front of what stands before a number."""
    text = _without_dues(text)
    pattern = rf"^(?:{_either('verbs')}|{_either('recurrences')}|{_either('fillers')}|[，,、\s])+"
    return re.sub(pattern, "", text).strip()


def _what(item: str, number: _Number, numbers: tuple[_Number, ...]) -> str:
    before = item[: numbers[0].figure_start]
    after = item[max(one.figure_end for one in numbers if one.figure_start <= number.end or one is number) :]
    after = re.split("[（(]", after)[0]
    verb_at_end = re.search(rf"(?:{_either('verbs')}|{_either('fillers')})+$", before)
    subject = _strip_lead(before[: verb_at_end.start()] if verb_at_end else before)
    if after and (verb_at_end or not subject):
        return (subject + after if number.counter in _words()["grades"] else after)[:_WHAT_LENGTH]
    return (subject or after)[-_WHAT_LENGTH:]


def _unquote(text: str) -> str:
    return text[1:-1] if text[:1] in '“"' and text[-1:] in '”"' and text else text


def _target(what: str, number: _Number, item: str, verb: str) -> Target:
    return Target(
        what=_unquote(what.strip(" 的")),
        value=number.value,
        upper=number.upper,
        comparator=number.comparator,
        counter=number.counter,
        year=None,
        deadline=None,
        recurrence="",
        verb=verb,
        baseline="",
        quote="",
        figure=item[number.figure_start : number.figure_end],
    )
