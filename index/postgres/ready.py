"""Open the index in PostgreSQL, after bringing in what has changed in this replica's plans."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from corpus.library.shipped import PlanSource
from index.build import RETRY_SECONDS, wanted_origin
from index.encoder import Encoder
from index.errors import SnapshotError, StorageError
from index.postgres.backend import open_backend
from index.postgres.change import PostgresChange
from index.postgres.database import transaction
from index.postgres.look import last_look, replica_name
from index.postgres.state import read_state
from index.progress import Progress, silent
from index.snapshot import Snapshot


def ready(
    url: str, folder: Path, sources: Sequence[PlanSource], encoder: Encoder, *, progress: Progress = silent,
    anew: bool = False,
) -> Snapshot:  # fmt: skip
    """Open the current state at ``url``; ``folder`` holds the name of this replica, and nothing that can't be lost.

    Where there is no index it is built from ``sources``. Else what came, changed or went among them since this replica
    last looked is brought in (see ``look``); ``anew`` makes everything again. StorageError when that can't be done.
    """
    try:
        name = replica_name(folder)
        if anew or _differs(url, name, sources):
            code = wanted_origin(encoder).source
            change = PostgresChange(name, sources, code, encoder, progress, anew)
            with transaction(url) as connection:
                change.make(connection)
        backend = open_backend(url, encoder.identity)
    except OSError as error:
        raise StorageError(f"{folder}: {error.strerror or error}") from error
    except SnapshotError as error:
        raise StorageError(str(error)) from error
    if backend is None:
        raise StorageError("wence_index: gone")
    return Snapshot(backend, encoder)


def _differs(url: str, replica: str, sources: Sequence[PlanSource]) -> bool:
    """Whether there is something to be brought in, noted, or tried again."""
    with transaction(url) as connection:
        connection.execute("SET TRANSACTION READ ONLY")
        state = read_state(connection)
        if state is None or last_look(connection, replica) != {source.key: source.mark for source in sources}:
            return True
    # One built in the future was built by a clock that was put back since.
    return bool(state.note.unembedded) and not 0 <= time.time() - state.note.built_at <= RETRY_SECONDS
