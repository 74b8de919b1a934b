"""Units and places in a message: every printed, formal and spoken form in one automaton."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice

import ahocorasick_rs

from bot.query.plan_repository import PlanRepository
from bot.reading.datafiles import load
from bot.reading.spelling import Holds
from corpus.datafiles import load as load_corpus
from corpus.offices.responsibility import is_unit_name
from corpus.offices.units import office_of, place_stem

_UNIT_ENDINGS = re.compile(
    r"[一-鿿]{0,10}?(?:委员会|管委会|办公室|有限公司|支队|总队|局|厅|委)(?![一-鿿]*(?:局|厅|委员会))"
)
_MEMBER = re.compile(r"[一-鿿]{2,4}?(?:街道办事处|街道办|街道|镇人民政府|镇政府|镇|乡)")
_OFFICE_OF_MEMBER = re.compile(r"(?<=街道)(?:办事处|办)$|(?<=[镇乡])(?:人民政府|政府)$")
_PHRASES = 4096
"""Phrases of messages of which it is kept whether a plan prints them."""
_MOST_LIKE = 50
"""Units looked at as what a part of a name may mean."""
_LEVEL_ENDINGS = "区县市省"
_LEVEL = re.compile("^[区县市省]委?(?!员会)")
_SHORTEST_BARE = 3
"""Characters of a unit's name from which it is known without its level too (区政务服务局, 区委网信办)."""
_SHORTEST_NAME = 2
"""Characters of a name: a single one (七, 院) is evidence of nothing."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A unit named in a message."""

    start: int
    end: int
    text: str
    keys: tuple[str, ...]
    weak: bool
    """A short form that is also a common word (教育, 体育)."""


class Names:
    """Finds units and districts; made once per shelf."""

    def __init__(self, shelf: PlanRepository, holds: Holds, aliases: Mapping[str, str] = {}) -> None:
        """Know the units of ``shelf``, and ``aliases``: further names, each with the key of its unit."""
        self._shelf = shelf
        self._aliases = aliases
        self._keys: dict[str, tuple[str, ...]] = self._collect() | {name: (key,) for name, key in aliases.items()}
        self._words = tuple(name for name in self._keys if len(name) > 1)
        kind = ahocorasick_rs.MatchKind.LeftmostLongest
        self._matcher = ahocorasick_rs.AhoCorasick(self._words, matchkind=kind)
        self._holds = lru_cache(_PHRASES)(holds)
        self.districts = self._district_names()
        self._district_finder = _Finder(self.districts)
        self._foreign = _Finder(self._foreign_names())

    @property
    def all_names(self) -> tuple[str, ...]:
        """Every name that a unit may be called by."""
        return self._words

    def in_plans(self, key: str) -> bool:
        """Whether some plan names the unit."""
        return self._shelf.has_unit(key)

    def keys_of(self, name: str) -> tuple[str, ...]:
        """Keys of the units that a name may mean."""
        return self._keys.get(name, ())

    def _collect(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, dict[str, None]] = defaultdict(dict)
        bare: dict[str, dict[str, None]] = defaultdict(dict)
        by_base: dict[str, set[str]] = defaultdict(set)
        for key in self._shelf.keys:
            office = office_of(key)
            if office:
                by_base[office.base].add(key)
        for name, key in self._shelf.forms:
            found[name][key] = None
            without = _LEVEL.sub("", name)
            if without != name and len(without) >= _SHORTEST_BARE and is_unit_name(without):
                bare[without][key] = None
        levels = self._levels()
        for entry in load_corpus("units")["office"]:
            keys = by_base.get(entry["base"]) or {levels[0] + entry["base"]}
            for form in (entry["base"], *entry["formal"], *entry["spoken"]):
                if not found.get(form):
                    found[form].update(dict.fromkeys(sorted(keys)))
                for level in (*levels, *_LEVEL_ENDINGS):
                    found[level + form].update(dict.fromkeys(self._with_level(level, entry["base"], keys)))
        self._collect_collectives(found)
        for name, own in bare.items():
            found[name] |= {} if name in found else own
        return {name: tuple(keys) for name, keys in found.items()}

    def _with_level(self, level: str, base: str, keys: Iterable[str]) -> list[str]:
        """Return the key of an office of a level; those of ``keys`` that have none, where plans print it only so.

        In 巴南区巴洲产发集团 the level belongs to the district.
        """
        bare = sorted(key for key in keys if (office := office_of(key)) and not office.level)
        return bare if bare and not self._shelf.has_unit(level + base) else [level + base]

    def _collect_collectives(self, found: dict[str, dict[str, None]]) -> None:
        for entry in load_corpus("units")["collective"]:
            keys = [key for name in entry["names"] for key in [name] if self._shelf.has_unit(key)]
            for name in (*entry["names"], *entry["spoken"]):
                if keys:
                    found[name].update(dict.fromkeys(keys))

    def _levels(self) -> tuple[str, ...]:
        """Levels of the plans' units, the most frequent first."""
        counts: dict[str, int] = defaultdict(int)
        for key in self._shelf.keys:
            office = office_of(key)
            if office and office.level:
                counts[office.level] += 1
        return tuple(sorted(counts, key=lambda level: -counts[level])) or ("区",)

    def _district_names(self) -> dict[str, str]:
        names = {}
        for district in self._shelf.districts:
            names[district] = district
            if len(district) > 2 and district[-1] in _LEVEL_ENDINGS:
                names[district[:-1]] = district
        return names

    def _foreign_names(self) -> tuple[str, ...]:
        places = load("places")
        names = []
        for full in [*places["districts"], *places["others"]]:
            if full in self.districts:
                continue
            short = full[:-1] if full[-1] in "区县" and len(full) > 2 and full not in places["only_full"] else full
            names += [full, short]
        return tuple(dict.fromkeys(names))

    def find_units(self, text: str) -> tuple[Mention, ...]:
        """Return the units named in ``text``, longest names first, without overlaps."""
        return tuple(
            Mention(
                start, end, self._words[number], self._keys[self._words[number]], self._is_weak(self._words[number])
            )
            for number, start, end in self._matcher.find_matches_as_indexes(text)
        )

    def _is_weak(self, name: str) -> bool:
        return not is_unit_name(name) and name not in self._aliases

    def find_districts(self, text: str) -> tuple[tuple[int, int, str], ...]:
        """Return (start, end, district) for every district with a plan that the text names."""
        found = _find_any(text, {name: self.districts[name] for name in self._district_finder.named(text)})
        return tuple((start, end - _runs_on(text, end), name) for start, end, name in found)

    def find_foreign(self, text: str) -> tuple[tuple[int, int, str], ...]:
        """Return (start, end, name) for every place named that neither has a plan nor stands in one."""
        named = self._foreign.named(text)
        return _find_any(text, {name: name for name in named if not self._holds(name)})

    def find_members(self, text: str) -> tuple[tuple[int, int, str], ...]:
        """Return streets and towns named in ``text`` that a plan's collective includes.

        A district before the name is no part of it, and a street that a plan names is meant with its office too.
        """
        found = []
        for start, end, _ in self.find_districts(text):
            text = text[:start] + " " * (end - start) + text[end:]
        for match in _MEMBER.finditer(text):
            name = match.group()
            goes_on = text[match.end() - 1 : match.end() + 1] in load("places")["member_goes_on"]
            name = self._member(name)
            start = match.end() - len(name)
            if goes_on or set(name) & _not_in_names():
                continue
            short = _OFFICE_OF_MEMBER.sub("", name)
            name = short if self.in_plans(short) else name
            if self._shelf.is_included(name):
                found.append((start, match.end(), name))
        return tuple(found)

    def _member(self, name: str) -> str:
        """Return the part of what looks like a street or town that the plans know: 跟南纪门街道 is 南纪门街道."""
        ends = [name[at:] for at in range(len(name) - _SHORTEST_NAME)]
        known = (one for one in ends if self.in_plans(one) or self.in_plans(_OFFICE_OF_MEMBER.sub("", one)))
        printed = (one for one in ends if len(stem := place_stem(one)) > 1 and stem != one and self.in_text(stem))
        return next(known, "") or next(printed, name)

    def find_unknown(self, text: str) -> tuple[tuple[int, int, str], ...]:
        """Return names in the form of a unit that nobody listed."""
        found = ((match.start(), match.end(), match.group()) for match in _UNIT_ENDINGS.finditer(text))
        return tuple(one for one in found if len(one[2]) > 1)

    def in_text(self, phrase: str) -> bool:
        """Whether a phrase stands in some plan."""
        return self._holds(phrase)

    def like(self, name: str, districts: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Keys of plan units whose printed name holds all characters of ``name`` in order (历史管委会, 绿容局).

        Those of the districts' plans where some are given.
        """
        pattern = re.compile(".*".join(map(re.escape, name)))
        keys = dict.fromkeys(key for form, key in self._shelf.forms if pattern.search(form))
        printed = ((key, form) for key in islice(keys, _MOST_LIKE) for form in self._shelf.printed(key))
        found = tuple(dict.fromkeys(key for key, form in printed if pattern.search(form)))
        if not districts:
            return found
        return tuple(key for key in found if any(one.district in districts for one in self._shelf.tallies(key)))

    def find_names(self, text: str) -> tuple[str, ...]:
        """Return what in ``text`` a plan prints as it stands: institutions with all of their name, and things.

        The longest come first; a piece counts whole, or up to the ending of an institution (区中医院, 骨科医院).
        """
        found: list[str] = []
        for piece in text.split():
            if len(piece) >= _SHORTEST_NAME and self.in_text(piece):
                found.append(piece)
                continue
            found += self._institutions(piece)
        return distinct(found)

    def _institutions(self, piece: str) -> Iterator[str]:
        for match in _institution_endings().finditer(piece):
            starts = (start for start in range(match.start()) if self.in_text(piece[start : match.end()]))
            start = next(starts, None)
            if start is not None:
                yield piece[start : match.end()]


class _Finder:
    """Tells which of many names stand in a text, overlapping ones too."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = tuple(names)
        self._matcher = ahocorasick_rs.AhoCorasick(self._names)

    def named(self, text: str) -> tuple[str, ...]:
        """Return the names that stand in ``text``, each once."""
        return tuple(dict.fromkeys(self._matcher.find_matches_as_strings(text, overlapping=True)))


@cache
def _institution_endings() -> re.Pattern[str]:
    endings = sorted(load_corpus("units")["form"]["institutions"], key=len, reverse=True)
    return re.compile("|".join(map(re.escape, endings)))


@cache
def _not_in_names() -> frozenset[str]:
    return frozenset(load("places")["not_in_names"])


def _find_any(text: str, names: dict[str, str]) -> tuple[tuple[int, int, str], ...]:
    found: list[tuple[int, int, str]] = []
    for name in sorted(names, key=len, reverse=True):
        start = text.find(name)
        while start >= 0:
            end = start + len(name)
            if not any(start < other_end and other < end for other, other_end, _ in found):
                found.append((start, end, names[name]))
            start = text.find(name, end)
    return tuple(sorted(found))


def _runs_on(text: str, end: int) -> int:
    """1 where the last character of a district's name begins another word (渝中|区域), else 0."""
    return int(text[end - 1 : end + 1] in load("places")["ending_begins"])


def is_office_form(name: str) -> bool:
    """Whether a name ends as only an office's does (局, 委员会): a hospital or a firm is spoken of."""
    return len(name) > _SHORTEST_NAME and name.endswith(tuple(load_corpus("units")["form"]["strong_endings"]))


def distinct(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names without doubles, in order."""
    return tuple(dict.fromkeys(names))
