"""What is wrong with a command line, in Chinese: the library says it in English only."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from corpus.messages import say, table

if TYPE_CHECKING:
    from typer.exceptions import TyperException


def told(error: TyperException, command: str) -> str:
    """Return what is wrong and where the usage stands; ``command`` is what was typed, without its arguments."""
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else command
    return f"{_reason(error)}\n{say('usage.see', command=path)}"


def _reason(error: TyperException) -> str:
    parameter = getattr(error, "param", None)
    if parameter is not None:
        key = "missing" if type(error).__name__ == "MissingParameter" else "wrong"
        return say(f"usage.{key}", name=_name(parameter), help=parameter.help or "")
    said = error.format_message()
    for key, pattern in table("usage_patterns").items():
        if found := re.search(pattern, said):
            values = {name: _listed(part) for name, part in found.groupdict().items() if part}
            near = say("usage.near", names=values["near"]) if "near" in values else ""
            return say(f"usage.{key}", **values | {"near": near})
    return said


def _name(parameter: object) -> str:
    """Return what a person calls a parameter: an option's longest form, an argument's placeholder."""
    names = [one for one in getattr(parameter, "opts", []) if one.startswith("-")]
    placeholder = getattr(parameter, "metavar", None) or getattr(parameter, "name", "")
    return max(names, key=len) if names else str(placeholder).upper()


def _listed(words: str) -> str:
    """Return the names in what the library lists, without its quotes."""
    return "、".join(re.findall(r"[^\s,'\"()]+", words.replace(" or ", " ")))
