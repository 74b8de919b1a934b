"""One unit in several forms, one project twice in a clause, a state that is set as a task, names of the annex."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import combinations

from corpus.lint.finding import LintFinding, finding, spot
from corpus.model import Clause, ClauseKind, Place, Plan
from corpus.offices.unit_lists import is_unit_name
from corpus.offices.units import collectives, office_of
from corpus.structure.outline import annex_name

_PART = re.compile(r"[^，,。；;：:\n]+")
_SENTENCE = re.compile(r"[^。；;\n]+")
_LONG = 14
_NEARLY_ALL = 0.9
"""Characters, and share of the shorter one, that two parts of a clause must have in common to say one thing."""
_STATE_LENGTH = 10


def unit_forms(plan: Plan) -> Iterator[LintFinding]:
    """Find units that the plan prints in several forms."""
    for unit in plan.units:
        if len(unit.printed) > 1 and not unit.collective:
            first = [
                next(spot(clause, form) for clause in plan.clauses if form in {ref.printed for ref in clause.units})
                for form in unit.printed
            ]
            yield finding("unit_forms", plan.meta.id, tuple(first), forms="、".join(unit.printed))


def strange_units(plan: Plan) -> Iterator[LintFinding]:
    """Find names behind a label that neither the directory knows nor their form tells to be units."""
    for clause in plan.clauses:
        for ref in clause.units:
            known = office_of(ref.printed) or ref.printed in collectives() or is_unit_name(ref.printed)
            if not known:
                yield finding("strange_unit", plan.meta.id, (spot(clause, ref.printed),), name=ref.printed)


def repeats(plan: Plan) -> Iterator[LintFinding]:
    """Find one project that a clause states twice."""
    for clause in plan.clauses:
        if clause.kind is not ClauseKind.TASK:
            continue
        for part, later in _sharing([part for part in _PART.findall(clause.body) if len(part) >= _LONG]):
            same = SequenceMatcher(None, part, later, autojunk=False).find_longest_match()
            if same.size >= max(_LONG, _NEARLY_ALL * min(len(part), len(later))):
                shared = part[same.a : same.a + same.size]
                spots = (spot(clause, part.strip()), spot(clause, later.strip()))
                yield finding("repeated", plan.meta.id, spots, shared=shared)


def _sharing(parts: list[str]) -> list[tuple[str, str]]:
    """Return the pairs of parts that have a long run of characters in common, in order."""
    holders: dict[str, set[int]] = {}
    for number, part in enumerate(parts):
        for at in range(len(part) - _LONG + 1):
            holders.setdefault(part[at : at + _LONG], set()).add(number)
    pairs = {pair for numbers in holders.values() for pair in combinations(sorted(numbers), 2)}
    return [(parts[one], parts[other]) for one, other in sorted(pairs)]


def states_as_tasks(plan: Plan) -> Iterator[LintFinding]:
    """Find what the status text says word for word as well as a task of its group."""
    for state in plan.clauses:
        if state.kind is not ClauseKind.STATUS:
            continue
        rows = [clause for clause in plan.clauses if clause.status == state.text]
        group = {one for row in rows for one in (row.id, *row.counterparts)}
        for sentence in dict.fromkeys(_sentences(state.text)):
            doing = [clause for clause in plan.clauses if clause.id in group and sentence in clause.body]
            if doing:
                spots = (spot(state, sentence), *(spot(clause, sentence) for clause in doing))
                yield finding("state_as_task", plan.meta.id, spots, sentence=sentence)


def _sentences(text: str) -> Iterator[str]:
    for sentence in _SENTENCE.findall(text):
        bare = re.sub(r"^[ ]*[0-9]{1,2}[.．、]", "", sentence).strip()
        if len(bare) >= _STATE_LENGTH:
            yield bare


def annex_names(plan: Plan) -> Iterator[LintFinding]:
    """Find an attachment whose title is not the name that the body gives it."""
    for at, clause in enumerate(plan.clauses):
        name = annex_name(clause.text)
        if not name:
            continue
        title = _title_below(plan.clauses[at + 1 :])
        if title and _plain(title[-1].text) and _plain(name) != _plain("".join(one.text for one in title)):
            spots = (spot(clause), *map(spot, title))
            yield finding("annex_name", plan.meta.id, spots, name=name, title="".join(one.text for one in title))


def _title_below(clauses: tuple[Clause, ...]) -> list[Clause]:
    title = []
    for clause in clauses:
        if clause.place is not Place.FRONT or clause.text.endswith(("。", "：", ":")):
            break
        if not re.fullmatch(r"附[件表录][ 0-9一二三四五六七八九十:：]*", clause.text.strip()):
            title.append(clause)
    return title


def _plain(text: str) -> str:
    return re.sub(r"[\s“”\"《》〈〉（）()]", "", text)
