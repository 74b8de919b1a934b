"""Facts that a document tells of itself: when it was issued and by whom, its period, from when it is in force."""

from __future__ import annotations

import re
from functools import cache

from bot.query.query import Fact
from corpus.datafiles import load
from corpus.model import Place
from index.catalogue import OpenPlan

_SENTENCE = re.compile(r"[^。\n]+。?")


def fact_of(plan: OpenPlan, fact: Fact) -> str:
    """Return what a plan says of itself; empty where it does not say it."""
    meta = plan.meta
    if fact is Fact.ISSUED:
        return f"{meta.issued.year}年{meta.issued.month}月{meta.issued.day}日" if meta.issued else ""
    if fact is Fact.PERIOD:
        return f"{meta.start}—{meta.end}年" if meta.start and meta.end else ""
    if fact is Fact.FORCE:
        return _in_force(plan)
    return meta.issuer if fact is Fact.ISSUER else meta.title


def _in_force(plan: OpenPlan) -> str:
    """Return the sentence that says from when a plan is in force, verbatim."""
    texts = (clause.text for clause in plan.clauses if clause.place is Place.FRONT)
    found = (one for text in texts for one in _SENTENCE.findall(text) if _force().search(one))
    return next(found, "").strip()


@cache
def _force() -> re.Pattern[str]:
    return re.compile(load("closing")["paragraphs"]["force"])
