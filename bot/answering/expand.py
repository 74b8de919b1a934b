"""An entry of an answer in full: its clauses verbatim."""

from __future__ import annotations

from dataclasses import replace

from bot.answering.answer import Answer, Section


def expanded(answer: Answer, number: int) -> Answer:
    """Return the answer with one entry alone, in full (-1: every entry); unchanged where it has no such entry."""
    sections = []
    for section in answer.sections:
        chosen = tuple(replace(entry, expanded=True) for entry in section.entries if number in (entry.number, -1))
        if chosen:
            sections.append(Section(section.heading, (), chosen))
    return replace(answer, sections=tuple(sections)) if sections else answer
