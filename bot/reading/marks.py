"""Everything that the closed grammar recognises in a message, before it is weighed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from itertools import accumulate

from bot.query.query import ClauseRef
from bot.reading.act import Asking, find_asking, help_words
from bot.reading.chatter import is_filler, trim_fillers
from bot.reading.datafiles import load
from bot.reading.names import Mention, Names
from bot.reading.numbers import find_before, find_clause, find_years
from bot.reading.spans import cut, overlaps, pieces
from bot.reading.spelling import Spelling
from corpus.offices.units import place_stem
from index.dictionary import plain_cutter

Span = tuple[int, int]
_SHORTEST = 2
"""Characters of the shortest names, which ordinary words may hold across their edges."""
_NAME = 3
"""Characters by which a name is known."""


@dataclass(frozen=True, slots=True)
class Marks:
    """Names, numbers and words of asking with their places in the text, and what they leave over."""

    text: str
    asking: tuple[Asking, ...]
    units: tuple[Mention, ...]
    members: tuple[tuple[int, int, str], ...]
    districts: tuple[tuple[int, int, str], ...]
    foreign: tuple[tuple[int, int, str], ...]
    every_district: bool
    years: tuple[tuple[int, int, int], ...]
    before: tuple[int, int, date] | None
    clause: tuple[int, int, ClauseRef] | None
    topic: str
    """What is left without all these and without fillers, a blank between pieces."""
    weak_topic: str
    """The same when weak names count as units."""
    loose: tuple[str, ...]
    """What is no topic and may yet change what is asked: single characters left over (多), loaded fillers (参与)."""

    def place_before(self, start: int) -> int:
        """Return where the district begins that stands right before a place in the text; else the place itself."""
        return next((first for first, last, _ in self.districts if last == start), start)

    def has(self, act: str) -> bool:
        """Whether some word of asking may stand for an act."""
        return any(act in one.acts for one in self.asking)


def find_marks(text: str, names: Names, spelling: Spelling, today: date) -> Marks:
    """Return what the grammar recognises in a text."""
    named, foreign = names.find_units(text), names.find_foreign(text)
    members = tuple(
        one for one in names.find_members(text)
        if not _inside_a_name(one, named) and not _begins_term(text, one[0], one[1], names)
    )  # fmt: skip
    inside = [(start, end) for start, end, _ in members]
    units = tuple(
        one for one in named
        if not overlaps((one.start, one.end), inside) and not _begins_term(text, one.start, one.end, names)
        and not ((one.weak or len(one.text) == _SHORTEST) and {one.start, one.end} <= _inside_words(text))
    )  # fmt: skip
    strong = [(one.start, one.end) for one in units if not one.weak]
    # The level at the head of a unit's name may belong to the word before it: 两个区|教委.
    cores = [(start + (text[start] in "区县市"), end) for start, end in strong]
    districts = tuple(names.find_districts(text))
    years, before, clause = find_years(text), find_before(text, today), find_clause(text)
    taken = (*cores, *inside)
    asking = tuple(one for one in find_asking(text) if not overlaps((one.start, one.end), taken))
    every, this = _found(text, "all", taken, names), _found(text, "this", taken, names)
    spans = [(one.start, one.end) for one in asking] + [(one[0], one[1]) for one in (*districts, *foreign, *years)]
    spans += [*strong, *inside, *every, *this, *((one[0], one[1]) for one in (before, clause) if one)]
    weak = [(one.start, one.end) for one in units if one.weak]
    topic = topic_of(text, spans, spelling)
    loose = (*_single(text, [*spans, *weak]), *(word for word in load("language")["filler"]["loaded"] if word in text))
    return Marks(
        text, asking, units, members, districts, foreign, bool(every), years, before, clause, topic,
        topic_of(text, [*spans, *weak], spelling) if weak else topic, loose,
    )  # fmt: skip


def topic_of(text: str, spans: list[Span], spelling: Spelling) -> str:
    """Return what is left of a text without some spans and without fillers, a blank between pieces."""
    left = pieces(cut(text, spans))
    known = spelling.known_pairs(text)
    if any(len(piece) > 1 for piece in left):
        known |= _pairs_in_words(text)
    parts = (trim_fillers(piece, known) for piece in left)
    return " ".join(part for part in parts if len(part) > 1 and not is_filler(part) and part not in help_words())


@lru_cache(maxsize=256)
def _pairs_in_words(text: str) -> frozenset[str]:
    """Return the pairs of characters inside the words of a text: 看 of 看病 is no filler."""
    words = (word for word in plain_cutter().cut(text, HMM=False) if not is_filler(word[-1]))
    return frozenset(word[at : at + 2] for word in words for at in range(len(word) - 1))


def _single(text: str, spans: list[Span]) -> tuple[str, ...]:
    """Return the characters that stand alone between what was recognised and that ask or bind nothing."""
    left = (piece for part in pieces(cut(text, spans)) for piece in trim_fillers(part, frozenset()).split())
    return tuple(one for one in left if len(one) == 1 and not is_filler(one) and "一" <= one <= "鿿")


@cache
def _district_words(kind: str) -> tuple[str, ...]:
    return tuple(sorted(load("language")["districts"][kind], key=len, reverse=True))


def _found(text: str, kind: str, taken: tuple[Span, ...], names: Names) -> list[Span]:
    found: list[Span] = []
    for word in _district_words(kind):
        start = text.find(word)
        end = start + len(word)
        if start >= 0 and not overlaps((start, end), (*taken, *found)):
            found.append((start, end - (_begins_name(text, end, names) if kind == "this" else 0)))
    return found


def _begins_name(text: str, end: int, names: Names) -> int:
    """1 where the last character of a district's word begins a name of the plans (我们|区中医院), else 0."""
    name = text[end - 1 : end + 2]
    return int(len(name) == _NAME and names.in_text(name))


def _begins_term(text: str, start: int, end: int, names: Names) -> bool:
    """Whether what looks like streets or towns is a piece of what the plans print (街道|可办事项, 乡镇|污水处理率)."""
    kind = text[max(start, end - 2) : end]
    return place_stem(kind) != kind and end + 3 <= len(text) and names.in_text(text[end - len(kind) : end + 3])


@lru_cache(maxsize=16)
def _inside_words(text: str) -> frozenset[int]:
    """Return the places in a text that stand inside a word: a short name between two (每千|人社|会) is none."""
    ends = list(accumulate(map(len, plain_cutter().cut(text, HMM=False)), initial=0))
    return frozenset(range(len(text))) - frozenset(ends)


def _inside_a_name(member: tuple[int, int, str], named: tuple[Mention, ...]) -> bool:
    """Whether what looks like a town is a piece of a unit's name (区住房城乡 in 区住房城乡建委)."""
    return any(one.start <= member[0] and member[1] < one.end for one in named)
