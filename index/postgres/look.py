"""Which plans of a replica are a change of the index: what has changed in its own files since it last looked.

Replicas share the index and need not share their files. Each notes in the database what it had at its last look, and
brings in only the difference: a plan that came or changed is added, one that went is removed, and what others have
added stays. At its first look all it has is new, except plans that the index has in another version, and those that
somebody has removed in just this version: an old copy of a file undoes nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import psycopg

from corpus.library.shipped import PlanSource

Marks = Mapping[str, str]
"""What tells one state of a plan from another, by what it is read from."""
_NOTE = """
INSERT INTO wence_index.look (replica, plans) VALUES (%s, %s)
ON CONFLICT (replica) DO UPDATE SET plans = excluded.plans
"""
_REMOVED = """
INSERT INTO wence_index.removed (source, mark) VALUES (%s, %s) ON CONFLICT (source) DO UPDATE SET mark = excluded.mark
"""


@dataclass(frozen=True, slots=True)
class Difference:
    """What a replica brings in."""

    come: tuple[PlanSource, ...] = ()
    gone: frozenset[str] = frozenset()
    """What the plans were read from."""

    def __bool__(self) -> bool:
        return bool(self.come or self.gone)


def difference(
    sources: Sequence[PlanSource], before: Marks | None, known: Marks, removed: Marks, *, all_own: bool = False
) -> Difference:
    """Return what a replica with these plans brings into an index with the ``known`` ones.

    ``before`` is what it had at its last look (None: there was none); ``all_own`` brings in whatever differs.
    """
    own = {source.key: source.mark for source in sources}
    gone = frozenset(key for key in before or () if key not in own and key in known)
    if all_own:
        return Difference(tuple(one for one in sources if known.get(one.key) != one.mark), gone)
    if before is None:
        new = (one for one in sources if one.key not in known and removed.get(one.key) != one.mark)
        return Difference(tuple(new))
    changed = (one for one in sources if one.mark not in (before.get(one.key), known.get(one.key)))
    return Difference(tuple(changed), gone)


def last_look(connection: psycopg.Connection, replica: str) -> Marks | None:
    """Return what a replica had at its last look; None when there was none."""
    found = connection.execute(
        "SELECT plans FROM wence_index.look WHERE replica = %s", (replica,), binary=True
    ).fetchone()
    return msgspec.json.decode(found[0], type=dict[str, str]) if found else None


def removed_plans(connection: psycopg.Connection) -> Marks:
    """Return the plans that were removed, in the version that they had."""
    return dict(connection.execute("SELECT source, mark FROM wence_index.removed").fetchall())


def note_look(
    connection: psycopg.Connection, replica: str, sources: Sequence[PlanSource], known: Marks, brought: Difference
) -> None:
    """Note what a replica has now, and what it removed from the ``known`` plans."""
    plans = msgspec.json.encode({source.key: source.mark for source in sources})
    connection.execute(_NOTE, (replica, plans))
    for source in brought.gone:
        connection.execute(_REMOVED, (source, known[source]))
    came = [source.key for source in brought.come]
    connection.execute("DELETE FROM wence_index.removed WHERE source = ANY(%s)", (came,))


def replica_name(folder: Path) -> str:
    """Return the name under which the plans beside ``folder`` are looked at; made at the first call."""
    file = folder / "replica"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        half = folder / f".replica.{secrets.token_hex(4)}"
        half.write_text(secrets.token_hex(8), encoding="ascii")
        half.replace(file)
    return file.read_text(encoding="ascii").strip()
