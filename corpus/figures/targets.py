"""Numbers to be reached, read out of a clause's sentences by the words of ``data/targets.toml``.

A phrase (up to the next comma) holds one verb for the items that 、 parts: 新增市级中医名科1个、区名中医6名以上. A time
that opens a sentence (到2025年，) holds for those behind it in the same paragraph, until another one is given.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

from corpus.model import Target
from corpus.notation.dates import MONTH_ALONE, DueDate, find_due
from corpus.notation.numbering import parse_mark
from corpus.notation.numbers import Number, either, find_numbers, may_count, words
from corpus.notation.ordered import Share, listed_years, read_shared

_SENTENCE = re.compile(r"[^。；;！]+")
_PHRASE = re.compile(r"(?:[^，,：:]|,(?=[0-9]{3}(?![0-9])))+")
_AND_NUMBER = r"(?:以及|和|及)(?=[0-9]+(?:\.[0-9]+)?[^0-9.年])"
_ITEM = re.compile(rf"(?:(?!{_AND_NUMBER})[^、（(]|[（(][^（）()]*[）)]|[（(])+")
_JOIN = re.compile(r"^(?:以及|和|及)(?=[0-9])")
_YEARS = re.compile(r"(?:和|、|及|到|至)?20[0-9]{2}年?[底末]?")
_FROM = re.compile(r"(?:从|由)[^，。]{0,12}?$")
_CLOSING = re.compile("[）)]*")
_LAST_BRACKET = re.compile("[（(][^（）()]*[）)]?$")
_OPENING = 4
"""A time within so many characters of its sentence's start opens it (力争到2025年)."""
_WHAT_LENGTH = 40
_TAIL_LENGTH = 200
"""Verbs and fillers that stand behind one another before a number, at most."""
_QUOTE_LENGTH = 1_000
"""No phrase of a plan is so long; a text without any comma gives each of its numbers no more than this."""
_MILESTONE_LENGTH = 4
_VERB_LENGTH = 8


def find_targets(text: str, default_year: int | None) -> tuple[Target, ...]:
    """Return the targets in a clause's body; one with no time of its own is due in ``default_year``."""
    found: list[Target] = []
    for paragraph in text.split("\n"):
        standing: DueDate | None = None
        for sentence in _SENTENCE.findall(paragraph):
            dues = find_due(sentence)
            since = _given("since").search(sentence)
            year = int(since["year"]) if since else default_year
            found += _sentence_targets(sentence, dues, standing, year, found[-1] if found else None)
            opening = [due for due in dues if due.deadline is None and due.start <= _OPENING]
            standing = opening[-1] if opening else standing
    return tuple(found)


def due_of_all(text: str) -> DueDate | None:
    """Return by when all of a clause is done, where a sentence without a figure says so (此项工作…2026年底前完成)."""
    found: DueDate | None = None
    for sentence in _SENTENCE.findall(text):
        dues = find_due(sentence) if _given("done").search(sentence) else ()
        if dues and not any(target.figure for target in find_targets(sentence, None)):
            found = dues[-1]
    return found


def _sentence_targets(
    sentence: str, dues: tuple[DueDate, ...], standing: DueDate | None, default_year: int | None, above: Target | None
) -> Iterator[Target]:
    """Yield the targets of a sentence; ``above`` is the last one before it, which a bare verb may go on with."""
    years: tuple[int, ...] = ()
    what = ""
    given = False
    begun = 0
    for phrase in _PHRASE.finditer(sentence):
        while begun < len(dues) and dues[begun].start < phrase.end():
            begun += 1
        given = bool(_given("given").search(phrase.group())) or (given and _goes_on_giving(phrase.group()))
        if given or _goes_on_giving(phrase.group()):
            continue
        due = dues[begun - 1] if begun else standing
        targets = tuple(_phrase_targets(phrase.group(), years))
        years = listed_years(phrase.group()) if not targets else years
        if not targets and due and due is not standing and due.end >= phrase.start() - 1:
            targets = _milestone(phrase.group())
        recurrence = next((word for word in words()["recurrences"] if word in phrase.group()), "") if targets else ""
        quote = phrase.group().strip()[:_QUOTE_LENGTH]
        for target in targets:
            what = _what(target, what, above)
            above = replace(
                _with_time(target, due, default_year), what=what or target.what, recurrence=recurrence, quote=quote
            )
            yield above


def _what(target: Target, what: str, above: Target | None) -> str:
    """Return what a target counts; ``what`` is that of its sentence so far.

    Behind a bare verb, a number with the counter of the one above counts the same (建设起降点80个，2026年建成30个).
    """
    if target.what and target.what != target.verb:
        return target.what
    if above and above.figure and above.counter == target.counter:
        return above.what
    return what if not target.what or target.verb in words()["goes_on"] else target.what


@cache
def _given(name: str) -> re.Pattern[str]:
    return re.compile(words()[name])


def _goes_on_giving(phrase: str) -> bool:
    """Whether a phrase is only the cap of what is given (最高500万元)."""
    return bool(_given("given_on").match(phrase.strip()))


def _with_time(target: Target, due: DueDate | None, default_year: int | None) -> Target:
    return replace(
        target,
        year=target.year or (due.year if due else default_year),
        deadline=due.deadline if due and target.year in {None, due.year} else None,
    )


def _milestone(phrase: str) -> tuple[Target, ...]:
    """Return a state without a number that a time stands before or in: 2027年6月前投入使用."""
    what = MONTH_ALONE.sub("", _without_dues(phrase)).strip('“”" 　，,、')
    if len(_YEARS.sub("", what)) < _MILESTONE_LENGTH:
        return ()
    return (Target(what, None, None, "=", "", None, None, "", _verb(what[:_VERB_LENGTH]), "", "", ""),)


def _phrase_targets(phrase: str, years: tuple[int, ...]) -> Iterator[Target]:
    if not may_count(phrase):
        return
    mark = parse_mark(phrase.strip())
    phrase = mark.rest if mark and mark.lower else phrase
    shared = read_shared(phrase, years)
    if shared:
        verb = _verb(shared.verb_text) or _verb(shared.left)
        for share in shared.shares:
            yield _shared_target(share, verb, shared.verb_text)
        return
    verb, what = "", ""
    for item in _items(phrase):
        numbers = _read(item)
        verb = _verb(item[: numbers.reached[0].start] if numbers.reached else item) or verb
        own = find_due(item)
        for target in _item_targets(item, numbers, verb):
            what = what if what and target.what == verb else target.what
            yield replace(target, what=what, year=own[-1].year if own else None)


def _items(phrase: str) -> Iterator[str]:
    """Yield the items of a phrase; names without a number stay with the one that has it (甲、乙均达到5%)."""
    waiting = making = ""
    for match in _ITEM.finditer(phrase):
        item = _JOIN.sub("", match.group())
        opened = _making().match(item)
        making = opened.group() if opened else making
        item = making + item if making and _han_number().match(item) else item
        if not any(find_numbers(item)):
            waiting += item + "、"
        elif _opening_verb().match(item):
            yield from filter(None, (waiting, item))
            waiting = ""
        else:
            yield waiting + item
            waiting = ""
    if waiting:
        yield waiting


@cache
def _making() -> re.Pattern[str]:
    return re.compile(either("making"))


@cache
def _han_number() -> re.Pattern[str]:
    """Return the pattern of an item that opens with a number in characters, for which the verb before it counts too."""
    return re.compile(rf"[一二三四五六七八九十百两]+(?:{either('han_counters')})")


@dataclass(frozen=True, slots=True)
class _ItemReading:
    """An item's numbers, those to be reached, and the state before where it gives one (从60%提高到75%)."""

    numbers: tuple[Number, ...]
    reached: tuple[Number, ...]
    baseline: str


def _read(item: str) -> _ItemReading:
    numbers = tuple(find_numbers(item))
    if len(numbers) > 1 and _FROM.search(item[: numbers[0].start]):
        return _ItemReading(numbers, numbers[1:], item[numbers[0].start : numbers[0].end])
    return _ItemReading(numbers, numbers, "")


def _item_targets(item: str, reading: _ItemReading, verb: str) -> Iterator[Target]:
    around = _Around(item, reading.numbers) if reading.reached else None
    for number in reading.reached:
        yield Target(
            what=(around.what(number) if around else "") or verb,
            value=number.value,
            upper=number.upper,
            comparator=number.comparator,
            counter=number.counter,
            year=None,
            deadline=None,
            recurrence="",
            verb=verb,
            baseline=reading.baseline,
            quote="",
            figure=item[number.start : number.end],
        )


def _shared_target(share: Share, verb: str, verb_text: str) -> Target:
    return Target(
        what=_clean(_strip_lead(share.name)) or verb_text.strip(),
        value=share.number.value,
        upper=share.number.upper,
        comparator=share.comparator,
        counter=share.number.counter,
        year=share.year,
        deadline=None,
        recurrence="",
        verb=verb,
        baseline="",
        quote="",
        figure=share.figure,
    )


@cache
def _any_verb() -> re.Pattern[str]:
    """Return the pattern of a verb that is not part of a name (增加值, 设置率)."""
    return re.compile(rf"(?=(?P<verb>{either('verbs')}))(?!(?P=verb)[{words()['not_after_verb']}])")


def _verb(before: str) -> str:
    """Return the verb that ends last, the longest of several that end there."""
    found = [(match.end("verb"), len(match["verb"]), match["verb"]) for match in _any_verb().finditer(before)]
    return max(found)[2] if found else ""


def _without_dues(text: str, until: int | None = None) -> str:
    """Return the text up to ``until`` without the times in it."""
    dues = [due for due in find_due(text) if until is None or due.end <= until]
    text = text[:until]
    starts, ends = [0, *(due.end for due in dues)], [*(due.start for due in dues), len(text)]
    return "".join(text[start:end] for start, end in zip(starts, ends, strict=True))


def _strip_lead(text: str) -> str:
    """Cut dates, recurrences and verbs off the front of what stands before a number."""
    return _lead().sub("", _without_dues(text)).strip()


@cache
def _lead() -> re.Pattern[str]:
    return re.compile(rf"^(?:{either('verbs')}|{either('recurrences')}|{either('fillers')}|[，,、\s])+")


@cache
def _tail() -> re.Pattern[str]:
    return re.compile(rf"(?:{either('verbs')}|{either('fillers')}|{either('recurrences')})+$")


@cache
def _opening_verb() -> re.Pattern[str]:
    return re.compile(either("verbs"))


class _Around:
    """What stands around an item's numbers: before the first one, and behind each."""

    def __init__(self, item: str, numbers: tuple[Number, ...]) -> None:
        before = _FROM.sub("", _without_dues(item, numbers[0].start)).rstrip("（(")
        verb_at_end = _tail().search(before, max(0, len(before) - _TAIL_LENGTH))
        self._verb_at_end = bool(verb_at_end)
        self._subject = _strip_lead(before[: verb_at_end.start()] if verb_at_end else before)
        self._item = item
        last = _LAST_BRACKET.search(item)
        self._bracket = last.start() if last else len(item)
        follows = dict(pairwise(numbers))
        # Where two numbers touch, what they count stands behind both.
        self._ends = {one: max(one.end, next_.end) for one, next_ in follows.items() if next_.start <= one.end}

    def what(self, number: Number) -> str:
        """Return what a number counts: the words before its verb, else those behind the number."""
        behind = _CLOSING.match(self._item, self._ends.get(number, number.end))
        start = behind.end() if behind else number.end
        end = self._bracket if self._bracket >= start else len(self._item)
        after = self._item[start : min(end, start + _WHAT_LENGTH)]
        if after and (self._verb_at_end or not self._subject):
            what = self._subject + after if number.counter in words()["grades"] else after
            return _clean(what[:_WHAT_LENGTH])
        return _clean((self._subject or after)[-_WHAT_LENGTH:])


def _clean(what: str) -> str:
    what = re.sub("(?:比|较|与)20[0-9]{2}年[底末]?(?:相比)?$", "", what.strip(" 的、和与及"))
    quoted = what[:1] in {'"', "“"} and what[-1:] in {'"', "”"}
    return what[1:-1] if quoted else what
