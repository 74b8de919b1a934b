"""The short name of a plan, in words of its own title: its subject without district, years and kind of document."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources

from corpus.assembly.ids import short_district
from corpus.model import PlanMeta

_LONGEST = 12
_JOINS = re.compile("[和与及、]")
"""Where a longer subject is cut: a piece of a word would say nothing."""


@cache
def _cuts() -> tuple[re.Pattern[str], ...]:
    text = resources.files("bot.query").joinpath("titles.toml").read_text(encoding="utf-8")
    return tuple(map(re.compile, tomllib.loads(text)["cut"]))


def short_title(meta: PlanMeta) -> str:
    """Return 养老服务体系建设 for 云湖市养老服务体系建设行动方案（2025—2028年）; else the plan's id."""
    title = meta.title
    for cut in _cuts():
        title = cut.sub("", title)
    for name in (meta.district, short_district(meta)):
        title = title.rpartition(name)[2] if name and name in title else title
    if len(title) > _LONGEST:
        title = _JOINS.split(title)[0]
    return (title if len(title) <= _LONGEST else f"{title[: _LONGEST - 1]}…") or meta.id
