"""Sentences that two plans, or two places of one, share but for a word that sounds the same: 有限保障 and 优先保障."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from corpus.lint.finding import FindingPlace, LintFinding, finding, spot
from corpus.model import Plan
from corpus.notation.pinyin import syllables

_PART = re.compile(r"[^，,。；;：:\n、]+")
_SHORTEST = 6
_LONGEST_SLIP = 2


def homophones(plan: Plan, beside: tuple[Plan, ...]) -> Iterator[LintFinding]:
    """Find parts of sentences of ``plan`` that stand elsewhere with one or two characters of the same sound."""
    elsewhere = _by_sound((plan, *beside))
    seen: set[frozenset[str]] = set()
    for sound, own in _by_sound((plan,)).items():
        for text, place in own.items():
            for other, there in elsewhere[sound].items():
                slip = [(mine, theirs) for mine, theirs in zip(text, other, strict=True) if mine != theirs]
                if 0 < len(slip) <= _LONGEST_SLIP and frozenset((text, other)) not in seen:
                    seen.add(frozenset((text, other)))
                    yield finding("homophone", plan.meta.id, (place, there), one=text, two=other)


def _by_sound(plans: tuple[Plan, ...]) -> defaultdict[tuple[str, ...], dict[str, FindingPlace]]:
    """Map the sound of each part of a sentence to its spellings and where they stand first."""
    found: defaultdict[tuple[str, ...], dict[str, FindingPlace]] = defaultdict(dict)
    for plan in plans:
        for clause in plan.clauses:
            for part in _PART.findall(clause.body):
                text = re.sub(r"[\W_]+", "", part)
                if len(text) >= _SHORTEST and not re.search("[0-9A-Za-z]", text):
                    sound = tuple(syllables(text))
                    if len(sound) == len(text):
                        found[sound].setdefault(text, spot(clause, part.strip()))
    return found
