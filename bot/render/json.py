"""An ``Answer`` as the JSON contract of ``ask --json`` and ``ask --jsonl``: one object a line."""

from __future__ import annotations

from typing import Any

import msgspec

from bot.answering.answer import Answer
from bot.render.text import answer_text


def answer_object(answer: Answer) -> dict[str, Any]:
    """Return kind, answered, text (all pages), clauses (best first), choices and why."""
    return {
        "answered": answer.answered,
        "kind": answer.kind.value,
        "text": answer_text(answer),
        "clauses": [
            {
                "id": one.id, "plan": one.plan, "district": one.district, "place": one.place, "path": list(one.path),
                "text": one.text, "units": list(one.units), "targets": list(one.targets),
                **({"ocr": True} if one.recognised else {}),
            }
            for one in answer.citations
        ],
        "choices": [{"label": one.label, "say": one.say} for one in answer.choices],
        "why": list(answer.why),
    }  # fmt: skip


def encode(value: dict[str, Any]) -> str:
    """Return one line of JSON in readable Chinese."""
    return msgspec.json.encode(value).decode()
