"""Several answers as one: one below the other, entries numbered through."""

from __future__ import annotations

from dataclasses import replace

from bot.answering.answer import Answer, AnswerKind, Section
from bot.messages import say


def join_answers(answers: list[Answer], texts: list[str]) -> Answer:
    """Return the answers to several questions as one; each begins with its question or unit."""
    sections, number = [], 0
    for answer, text in zip(answers, texts, strict=True):
        renumbered = []
        for section in answer.sections:
            entries = tuple(replace(entry, number=number + at) for at, entry in enumerate(section.entries, start=1))
            number += len(entries)
            renumbered.append(replace(section, entries=entries))
        sections.append(Section(text, (answer.headline,), ()))
        sections.extend(renumbered)
    return Answer(
        kind=AnswerKind.MULTI,
        answered=any(answer.answered for answer in answers),
        headline=say("multi.headline", count=len(answers)),
        sections=tuple(sections),
        notes=tuple(dict.fromkeys(note for answer in answers for note in answer.notes)),
        sources=tuple(dict.fromkeys(source for answer in answers for source in answer.sources)),
        choices=tuple(dict.fromkeys(choice for answer in answers for choice in answer.choices)),
        citations=tuple({one.id: one for answer in answers for one in answer.citations}.values()),
        why=tuple(line for answer in answers for line in answer.why),
        declined=next((answer.declined for answer in answers if answer.declined), ""),
        confidence=min((one.confidence for one in answers if one.confidence is not None), default=None),
    )
