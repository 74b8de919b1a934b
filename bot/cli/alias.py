"""``python -m bot alias add | list | remove``: names that people use and the plans don't know."""

from __future__ import annotations

from collections.abc import Callable

import typer
from rapidfuzz import process

from bot.cli.errors import prints_errors
from bot.conversation.answerer import Answerer
from bot.messages import say
from bot.reading.aliases import AliasFile
from bot.reading.text import clean
from bot.serving.open_answerer import open_as_set
from bot.settings import Settings, load_settings
from index.errors import StorageError

SHORTEST, LONGEST = 2, 30
"""Characters of an alias."""
_NEAREST = 5
_LIKE = 40
"""Likeness (0…100) from which a name is worth showing."""


class AliasError(Exception):
    """What can't be an alias; the text is Chinese and for the operator."""


def add_alias(alias: str, unit: str) -> int:
    """Let ``alias`` mean what ``unit`` means; returns 2, and says why, where that can't be."""

    def work(settings: Settings) -> None:
        name = clean(alias)
        answerer = open_as_set(settings)
        key = _unit(answerer, clean(unit))
        _check(answerer, name, key)
        before = answerer.reader.names.keys_of(name)
        AliasFile(settings.data_dir).put(name, key)
        typer.echo(say("alias.added", alias=name, unit=answerer.shelf.unit_name(key)))
        if before and before != (key,):
            others = (answerer.shelf.unit_name(one) or one for one in before if one != key)
            typer.echo(say("alias.instead", alias=name, others="、".join(others)))

    return _run(work)


def list_aliases() -> int:
    """Print every alias with its unit."""

    def work(settings: Settings) -> None:
        aliases = AliasFile(settings.data_dir).load()
        if not aliases:
            typer.echo(say("alias.none"))
            return
        shelf = open_as_set(settings).shelf
        for name, key in aliases.items():
            known = "alias.line" if shelf.has_unit(key) else "alias.line_unknown"
            typer.echo(say(known, alias=name, unit=shelf.unit_name(key) or key))

    return _run(work)


def remove_alias(alias: str) -> int:
    """Take an alias away; returns 2 where there is none."""

    def work(settings: Settings) -> None:
        name = clean(alias)
        if not AliasFile(settings.data_dir).remove(name):
            raise AliasError(say("alias.no_such", alias=name))
        typer.echo(say("alias.removed", alias=name))

    return _run(work)


@prints_errors(StorageError, AliasError)
def _run(work: Callable[[Settings], None]) -> int:
    work(load_settings())
    return 0


def _unit(answerer: Answerer, name: str) -> str:
    """Return the key of the one unit that ``name`` means; AliasError names those that are near."""
    names, shelf = answerer.reader.names, answerer.shelf
    keys = [key for key in names.keys_of(name) if shelf.has_unit(key)]
    if len(keys) == 1:
        return keys[0]
    if keys:
        raise AliasError(say("alias.which", unit=name, units="、".join(map(shelf.unit_name, keys))))
    near = process.extract(name, names.all_names, limit=_NEAREST * 4, score_cutoff=_LIKE)
    units = (shelf.unit_name(key) for one, _, _ in near for key in names.keys_of(one) if shelf.has_unit(key))
    found = tuple(dict.fromkeys(units))[:_NEAREST]
    hint = say("alias.nearest", units="、".join(found)) if found else ""
    raise AliasError(say("alias.unknown", unit=name) + hint)


def _check(answerer: Answerer, alias: str, key: str) -> None:
    """AliasError for a name that is too short or long, or that the plans print for something else."""
    if not SHORTEST <= len(alias) <= LONGEST or not alias.isalnum():
        raise AliasError(say("alias.shape", shortest=SHORTEST, longest=LONGEST))
    names, shelf = answerer.reader.names, answerer.shelf
    if alias in names.districts:
        raise AliasError(say("alias.district", alias=alias))
    for other in names.keys_of(alias):
        printed = (shelf.plan(one.plan).unit(other) for one in shelf.tallies(other))
        if other != key and any(unit is not None and alias in unit.printed for unit in printed):
            raise AliasError(say("alias.printed", alias=alias, unit=shelf.unit_name(other)))
