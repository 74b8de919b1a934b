"""Typing slips: homophones of the plans' words (中医倌 → 中医馆) and messages typed in pinyin.

A slip is corrected only where the typed characters stand nowhere in the plans, the correction does, and both sound the
same; what was corrected is told in the answer.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from functools import cache, cached_property, lru_cache
from itertools import combinations

from bot.reading.act import acts
from bot.reading.datafiles import load
from bot.reading.reading import Correction
from corpus.notation.pinyin import other_readings, syllables
from index.catalogue import Catalogue
from index.dictionary import plain_cutter

_HAN_RUN = re.compile(r"[一-鿿]+")
_LATIN_RUN = re.compile(r"[a-z]+(?: +[a-z]+)*", re.IGNORECASE)
_SHORT_RUN = re.compile(r"[一-鿿]{2,6}")
_SIZES = (4, 3, 2)
_REACH = 4
"""Characters before the recognised end of a name in which a slip is looked for."""
_MOST_UNREAD = 0.25
"""Share of letters that may spell nothing known; a message with more of them is no pinyin (ignore all …)."""
_SHORTEST_MIXED = 3
"""Letters between Chinese characters from which they may be pinyin; CT and AI are what they are."""
_OFTEN = 4
"""Times that a run of characters must stand in the plans to pass for a word that the dictionary lacks (治未病)."""
_VARIED = 3
"""Different characters that must stand on each side of such a run."""
_PAIR = 2
"""Characters of a run that is too short to be sure of where it ends inside a word."""
_COMMON = 50
"""Frequency in the dictionary from which a pair of characters is a word that people mean to type."""
_SAMPLE = 5000
"""Clauses that the words of the plans are learnt from."""
_PAIRS = 65536
"""Pairs of characters whose frequency is kept."""
_MESSAGES = 256
"""Messages whose pairs of characters are kept: one is looked at several times."""

_SELDOM = 1.2
"""What a word costs that is spelled by a reading of its characters that is not the usual one."""

Holds = Callable[[str], bool]
"""Whether a phrase stands in some plan."""


@cache
def _sound(char: str) -> str:
    return "".join(syllables(char))


def sound(text: str) -> str:
    """Return the toneless pinyin of a text, syllables run together character by character."""
    return "'".join(_sound(char) for char in text)


class Spelling:
    """The words of the plans by their sound.

    What stands in the plans is looked up in all of them; what a slip may be corrected to is taken from a sample of many
    plans, and from the names of all units.
    """

    def __init__(self, catalogue: Catalogue, names: Iterable[str], holds: Holds, sayings: Iterable[str]) -> None:
        self._catalogue = catalogue
        self._names = tuple(names)
        self._holds = holds
        self._sayings = frozenset(sayings)
        """Words that people say and mean, though no plan prints them (种药)."""
        self.known_pairs = lru_cache(_MESSAGES)(self._known_pairs)

    @cached_property
    def _texts(self) -> tuple[str, ...]:
        return tuple(clause.text for clause in self._catalogue.sample(_SAMPLE))

    @cached_property
    def titles(self) -> tuple[str, ...]:
        """Titles of clauses, cut at their punctuation."""
        return tuple(run for clause in self._catalogue.sample(_SAMPLE) for run in _HAN_RUN.findall(clause.title))

    def _known_pairs(self, text: str) -> frozenset[str]:
        """Return the pairs of characters in ``text`` that stand in the plans or in a unit's name."""
        pairs = {text[at : at + 2] for at in range(len(text) - 1)}
        return self._catalogue.known_pairs(pairs) | {pair for pair in pairs if pair in self._pairs_of_names}

    @cached_property
    def _pairs_of_names(self) -> frozenset[str]:
        return frozenset(
            run[at : at + 2] for name in self._names for run in _HAN_RUN.findall(name) for at in range(len(run) - 1)
        )

    @cached_property
    def grams(self) -> frozenset[str]:
        """Every run of two to four Chinese characters in the sample and in the names of units."""
        found: set[str] = set()
        for text in (*self._texts, *self._names):
            for run in _HAN_RUN.findall(text):
                for size in _SIZES:
                    found.update(run[at : at + size] for at in range(len(run) - size + 1))
        return frozenset(found)

    @cached_property
    def _by_sound(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for gram in sorted(self.grams):
            found[sound(gram)].append(gram)
        return found

    def is_known(self, content: str, text: str) -> bool:
        """Whether every pair of characters in ``content``, which is cut from ``text``, stands in the plans."""
        known = self.known_pairs(text)
        return all(_is_known(run, known) for run in _HAN_RUN.findall(content))

    def correct(self, text: str, content: str) -> tuple[str, tuple[Correction, ...]]:
        """Return ``text`` with homophones in its ``content`` corrected, and what was corrected."""
        found: list[Correction] = []
        for run in _HAN_RUN.findall(content):
            fixed, known, sounds = run, self.known_pairs(text), sound(run).split("'")
            for size in _SIZES:
                for at in range(len(run) - size + 1):
                    window = fixed[at : at + size]
                    if _is_known(window, known):
                        continue
                    # A correction sounds like what it corrects, so the sounds stay as they were.
                    better = self._better(window, "'".join(sounds[at : at + size]), run, at)
                    if better:
                        fixed = fixed[:at] + better + fixed[at + size :]
                        known |= self.known_pairs(fixed)
                        found.append(self._told(window, better))
            text = text.replace(run, fixed)
        return text, tuple(found)

    @cached_property
    def _names_by_sound(self) -> dict[str, str]:
        return {sound(name): name for name in reversed(self._names) if len(name) > 2}

    def longer_name(self, text: str, start: int, end: int) -> Correction | None:
        """Return the name that ``text[:end]`` ends with by its sound, where that is longer than ``text[start:end]``."""
        for first in range(max(0, start - _REACH), start):
            window = text[first:end]
            if any(char in _bound() for char in text[first:start]):
                continue
            name = self._names_by_sound.get(sound(window)) if _HAN_RUN.fullmatch(window) else None
            if name and name != window and not self._holds(window):
                return Correction(window, name)
        return None

    def _better(self, window: str, sounding: str, run: str, at: int) -> str:
        candidates = () if window in self.grams else self._by_sound.get(sounding, ())
        if not candidates or self._is_said(window) or _cuts_word(run, at, len(window)) or _is_kind(run, at, window):
            return ""
        for candidate in candidates:
            wrong = [number for number, char in enumerate(window) if candidate[number] != char]
            if len(wrong) > len(window) // 2 or any(window[number] in _bound() for number in wrong):
                continue
            if all(self._word_at(candidate, number) and not _is_meant(run, at + number) for number in wrong):
                return candidate
        return ""

    def _is_said(self, window: str) -> bool:
        return any(window[start:end] in self._sayings for start, end in combinations(range(len(window) + 1), 2))

    def _word_at(self, candidate: str, at: int) -> tuple[int, int] | None:
        """Return the span of a word in the candidate around the corrected character: a correction must make one."""
        for size in (4, 3, 2):
            for start in range(max(0, at - size + 1), min(at, len(candidate) - size) + 1):
                word = candidate[start : start + size]
                if word in self._words:
                    return start, start + size
        return None

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The plans cut into the dictionary's words and at their punctuation, most frequent first."""
        cut = (word for text in self._texts for word in plain_cutter().cut(text, HMM=False) if len(word) > 1)
        runs = (run for text in self._texts for run in _SHORT_RUN.findall(text))
        return tuple(word for found in (cut, runs) for word, _ in Counter(found).most_common())

    @cached_property
    def characters(self) -> tuple[str, ...]:
        """The plans' characters, most frequent first: what a syllable on its own most likely means."""
        counts = Counter(char for text in self._texts for run in _HAN_RUN.findall(text) for char in run)
        return tuple(char for char, _ in counts.most_common())

    @cached_property
    def _words(self) -> frozenset[str]:
        """What a correction may make: the plans' words, and pieces of the names of units."""
        pieces = (
            name[at : at + size] for name in self._names for size in _SIZES[:2] for at in range(len(name) - size + 1)
        )
        return frozenset(self.words) | self._terms | frozenset(pieces)

    @cached_property
    def _terms(self) -> frozenset[str]:
        """Runs that stand alone like words though the dictionary lacks them: often, and beside many characters."""
        before: dict[str, Counter[str]] = defaultdict(Counter)
        after: dict[str, Counter[str]] = defaultdict(Counter)
        for run in (run for text in self._texts for run in _HAN_RUN.findall(text)):
            for size in _SIZES:
                for at in range(len(run) - size + 1):
                    before[run[at : at + size]][run[at - 1 : at]] += 1
                    after[run[at : at + size]][run[at + size : at + size + 1]] += 1
        return frozenset(
            gram for gram, beside in before.items()
            if beside.total() >= _OFTEN and len(beside) >= _VARIED and len(after[gram]) >= _VARIED
        )  # fmt: skip

    def _told(self, window: str, better: str) -> Correction:
        """Return the corrected word alone, as the answer shows it."""
        wrong = next(number for number, char in enumerate(window) if better[number] != char)
        start, end = self._word_at(better, wrong) or (0, len(better))
        return Correction(window[start:end], better[start:end])


def _is_known(run: str, known: frozenset[str]) -> bool:
    return all(run[at : at + 2] in known for at in range(len(run) - 1))


def _is_meant(run: str, at: int) -> bool:
    """Whether the character belongs to an ordinary word with a neighbour, so that it was meant."""
    pairs = [run[start : start + 2] for start in (at - 1, at) if start >= 0 and start + 2 <= len(run)]
    return any(_frequency(pair) > _COMMON for pair in pairs)


def _cuts_word(run: str, at: int, size: int) -> bool:
    """Whether ``run[at:at + size]`` is two ends of words: of 非遗保护, 遗保 is none that somebody typed."""
    end = at + size
    return size == _PAIR and end < len(run) and _frequency(run[end - 1 : end + 1]) > _COMMON


def _is_kind(run: str, at: int, window: str) -> bool:
    """Whether a name ends with the word for a kind of thing, so that all of it was meant: a 中医课 is a lesson."""
    return at + len(window) == len(run) and window[-1] in load("language")["spelling"]["kinds"]


@cache
def _bound() -> frozenset[str]:
    return frozenset(load("language")["spelling"]["bound"])


@lru_cache(maxsize=_PAIRS)
def _frequency(word: str) -> int:
    return plain_cutter().FREQ.get(word) or 0


class Pinyin:
    """Reads messages in pinyin: a dictionary of names, words of asking and words of the plans by their spelling."""

    def __init__(self, names: Iterable[str], words: Callable[[], Iterable[str]], spelling: Spelling) -> None:
        self._names = tuple(names)
        self._words = words
        self._spelling = spelling

    @cached_property
    def _phrases(self) -> dict[str, tuple[str, float]]:
        """Letters → Chinese and its cost: names are cheapest, then words of asking, then the plans' words."""
        found: dict[str, tuple[str, float]] = {}
        tables = load("language").values()
        asking = [word for act in acts().values() for word in act.words]
        asking += [word for table in tables for key in table for word in _strings(table[key])]
        for cost, phrases in (
            (1.6, "建谁管个名项条吗有要几条区"),
            (0.8, self._names),
            (0.9, asking),
            (1.0, (*self._words(), *self._spelling.words)),
            (2.0, self._spelling.characters),
        ):
            for phrase in phrases:
                if phrase and all("一" <= char <= "鿿" for char in phrase):
                    found.setdefault(sound(phrase).replace("'", ""), (phrase, cost))
        for phrase in self._spelling.words:
            for letters in other_readings(phrase) if len(phrase) > 1 and _HAN_RUN.fullmatch(phrase) else ():
                found.setdefault(letters, (phrase, _SELDOM))
        found |= {letters: (read, 1.0) for letters, read in load("language")["pinyin"].items()}
        return found

    @cached_property
    def _initials(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for name in self._names:
            letters = "".join(_sound(char)[:1] for char in name)
            if len(letters) > 1:
                found.setdefault(letters, name)
        return found

    def read(self, text: str, *, alone: bool) -> tuple[str, tuple[Correction, ...]]:
        """Return the message in Chinese characters; letters that spell nothing known stay.

        ``alone``: the message has no Chinese in it. Else only runs of letters that are pinyin throughout are read.
        """
        corrections: list[Correction] = []

        def replace(match: re.Match[str]) -> str:
            typed = match.group()
            if not alone and len(typed) < _SHORTEST_MIXED:
                return typed
            read = self._read_run(typed.lower())
            left = sum(map(len, _LATIN_RUN.findall(read)))
            if left > (len(typed) * _MOST_UNREAD if alone else 0) or read == typed.lower():
                return typed
            corrections.append(Correction(typed, read))
            return read

        return _LATIN_RUN.sub(replace, text), tuple(corrections)

    def _read_run(self, run: str) -> str:
        words = [
            self._initials[word] if word in self._initials and word not in self._phrases else word
            for word in run.split()
        ]
        parts = [part for part in re.split(r"([a-z]+)", "".join(words)) if part]
        return "".join(self._best(part) if part.isascii() else part for part in parts)

    def _best(self, letters: str) -> str:
        """Split letters into phrases at the least cost (letters that fit nothing cost most)."""
        best: list[tuple[float, str]] = [(0.0, "")]
        longest = max(map(len, self._phrases), default=0)
        for end in range(1, len(letters) + 1):
            options = [(best[end - 1][0] + 3, best[end - 1][1] + letters[end - 1])]
            for start in range(max(0, end - longest), end):
                phrase = self._phrases.get(letters[start:end])
                if phrase:
                    options.append((best[start][0] + phrase[1], best[start][1] + phrase[0]))
            best.append(min(options))
        return best[-1][1]


def _strings(value: object) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
