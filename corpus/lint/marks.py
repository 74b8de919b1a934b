"""Full stops, brackets and years: slips of the pen in the printed text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.datafiles import load
from corpus.lint.finding import FindingPlace, LintFinding, finding, spot
from corpus.model import Clause, ClauseKind, Plan
from corpus.offices.responsibility import find

_NO_YEAR_WORD = re.compile(r"(?:到|至)20[0-9]{2}(?=[，,、 ])")
_PAIRS = ("（）", "()", "《》", "“”", "〈〉")
_AROUND = 12


def stops(plan: Plan) -> Iterator[LintFinding]:
    """Find clauses whose last sentence has no full stop before the label, or has it behind."""
    missing: list[FindingPlace] = []
    behind: list[FindingPlace] = []
    for clause in plan.clauses:
        if clause.kind is not ClauseKind.TASK:
            continue
        for label in find(clause.text):
            before, after = clause.text[: label.start].rstrip(), clause.text[label.end :].lstrip()
            if before and before[-1] not in "。；;！":
                missing.append(spot(clause, before[-_AROUND:]))
            elif after.startswith(("。", ".")):
                behind.append(spot(clause, clause.text[label.start :][-_AROUND:]))
    missing += _bare_states(plan)
    for rule, found in (("no_stop", missing), ("stop_behind", behind)):
        if found:
            yield finding(rule, plan.meta.id, tuple(found), ids="、".join(one.clause for one in found))


def _bare_states(plan: Plan) -> list[FindingPlace]:
    """Return status texts without a full stop, where the others have one."""
    states = [clause for clause in plan.clauses if clause.kind is ClauseKind.STATUS]
    bare = [clause for clause in states if not clause.text.endswith("。")]
    return [spot(clause, clause.text[-_AROUND:]) for clause in bare] if len(bare) * 2 < len(states) else []


def brackets(plan: Plan) -> Iterator[LintFinding]:
    """Find brackets and quotation marks that are opened and not closed, or the reverse."""
    for clause in plan.clauses:
        for pair in _PAIRS:
            if clause.text.count(pair[0]) != clause.text.count(pair[1]):
                yield finding("brackets", plan.meta.id, (spot(clause),), pair=pair)


def years(plan: Plan) -> Iterator[LintFinding]:
    """Find a year without its 年 (到2027，)."""
    for clause in plan.clauses:
        for match in _NO_YEAR_WORD.finditer(clause.body):
            yield finding("no_year_word", plan.meta.id, (spot(clause, _around(clause, match)),), year=match.group())


def twice(plan: Plan) -> Iterator[LintFinding]:
    """Find a word that can be said once printed twice in one breath (首届…首届)."""
    words = "|".join(load("lint")["once"])
    pattern = re.compile(rf"(?P<word>{words})[^，,。；;、]*(?P=word)")
    for clause in plan.clauses:
        for match in pattern.finditer(clause.body):
            yield finding("twice", plan.meta.id, (spot(clause, match.group()),), word=match["word"])


def _around(clause: Clause, match: re.Match[str]) -> str:
    return clause.body[max(0, match.start() - _AROUND) : match.end() + _AROUND]
