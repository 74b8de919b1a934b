"""A message that goes on with the last question: the last question with one thing changed."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from bot.ask.datafiles import load
from bot.ask.question import Kind, Question
from bot.ask.text import numeral

_EDGE = re.compile(r"^[\W_]+|[\W_]+$")
_ABOUT = re.compile(r"(?:只|仅)(?:看|要)(?:跟|和|与|同)?(?P<topic>[^的]{2,12}?)(?:有关|相关|方面)的?")
_EVERY = re.compile("全部|所有|都有哪些责任|方案")
_SHORT_TOPIC = 2
_MOST_CONTEXT = 6
"""Words of earlier questions that are carried along, so that a long chat costs no more than a short one."""
_OF_CLAUSES = frozenset({Kind.TOPIC, Kind.TARGET, Kind.BASELINE, Kind.WHO, Kind.CLAUSE})
_OPEN_KINDS = frozenset({Kind.TOPIC, Kind.TARGET, Kind.BASELINE, Kind.WHO, Kind.DEADLINE})


@dataclass(frozen=True, slots=True)
class FollowUp:
    """The question to answer, and the page of its answer."""

    question: Question
    page: int = 1


@cache
def _phrases(name: str) -> frozenset[str]:
    return frozenset(load("intents")["follow_up"][name])


@cache
def _expand() -> re.Pattern[str]:
    number = "(?P<n>[0-9]{1,3}|[一二三四五六七八九十]{1,3})"
    forms = [re.escape(form).replace(r"\{n\}", number.replace("?P<n>", f"?P<n{at}>")) for at, form in
             enumerate(load("intents")["follow_up"]["expand"])]  # fmt: skip
    return re.compile("|".join(f"(?:{form})" for form in forms))


def follow(question: Question, last: Question | None, page: int, district_names: dict[str, str]) -> FollowUp | None:
    """Return what a message means after ``last``; None when it starts afresh."""
    text = _EDGE.sub("", question.text)
    if last is None:
        nothing = Question(Kind.TOPIC, question.text, districts=question.districts)
        return _turned_page(text, nothing, page) or _expanded(text, nothing)
    turned = _turned_page(text, last, page) or _expanded(text, last)
    if turned:
        return turned
    if text in _phrases("both"):
        return FollowUp(replace(last, districts=(), named_districts=True, expand=0))
    district = _only_district(text, district_names)
    if district:
        return FollowUp(replace(last, districts=(district,), named_districts=True, expand=0))
    return _narrowed(text, last) or _changed_kind(text, question, last) or _goes_on(text, question, last)


def _turned_page(text: str, last: Question, page: int) -> FollowUp | None:
    if text in _phrases("next_page"):
        return FollowUp(last, page + 1)
    return FollowUp(last, max(1, page - 1)) if text in _phrases("previous_page") else None


def _expanded(text: str, last: Question) -> FollowUp | None:
    if text in _phrases("all_of_it"):
        return FollowUp(replace(last, expand=-1))
    found = _expand().fullmatch(text)
    number = next((value for part in found.groups() if part and (value := numeral(part))), 0) if found else 0
    return FollowUp(replace(last, expand=number)) if number else None


def _only_district(text: str, names: dict[str, str]) -> str:
    for name, district in names.items():
        if name in text and text.replace(name, "{d}") in _phrases("only"):
            return district
    return ""


def _narrowed(text: str, last: Question) -> FollowUp | None:
    """只看跟药材有关的: the last list, kept to a topic."""
    found = _ABOUT.fullmatch(text)
    return FollowUp(replace(last, topic=found["topic"], expand=0)) if found and last.units else None


def _changed_kind(text: str, question: Question, last: Question) -> FollowUp | None:
    if question.kind is Kind.UNITS and last.kind in _OF_CLAUSES and not _EVERY.search(text):
        return FollowUp(replace(last, kind=last.kind if last.clause else Kind.WHO, expand=0))
    if text in _phrases("more"):
        return FollowUp(replace(last, kind=Kind.TOPIC if last.topic and not last.units else last.kind, expand=0))
    if last.kind is Kind.DUTIES and (text in _phrases("units") or text in _phrases("targets")):
        units = text in _phrases("units")
        return FollowUp(replace(last, expand=0, all_units=units, with_figures=not units))
    if text in _phrases("units"):
        return FollowUp(replace(last, kind=Kind.WHO, expand=0))
    return FollowUp(replace(last, kind=Kind.TARGET, expand=0)) if text in _phrases("targets") else None


def _goes_on(text: str, question: Question, last: Question) -> FollowUp | None:
    if text.startswith(tuple(_phrases("resets"))) or question.foreign or question.unknown_units or question.asked:
        return None
    marked = text.startswith(tuple(_phrases("opens"))) or text.endswith(tuple(_phrases("ends")))
    districts = question.districts if question.named_districts else last.districts
    if question.units:
        return FollowUp(_other_unit(question, last, districts)) if marked and not question.topic else None
    if question.kind not in _OPEN_KINDS or not (marked or len(question.topic) <= _SHORT_TOPIC):
        return None
    merged = replace(
        question,
        kind=last.kind if question.kind is Kind.TOPIC and last.kind in _OPEN_KINDS else question.kind,
        topic=question.topic or last.topic,
        units=last.units if not question.topic else (),
        unit_names=last.unit_names if not question.topic else (),
        unit_groups=last.unit_groups if not question.topic else (),
        districts=districts,
        compare=question.compare or last.compare,
        context=" ".join(f"{last.context} {last.topic or last.text}".split()[-_MOST_CONTEXT:]),
    )
    return FollowUp(merged)


def _other_unit(question: Question, last: Question, districts: tuple[str, ...]) -> Question:
    topic = last.topic if last.kind is not Kind.DUTIES or last.topic else ""
    return replace(question, topic=topic, districts=districts, kind=Kind.DUTIES)
