"""``python -m bot index build | status``: makes the index anew, or tells what there is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import typer

from bot.cli.errors import prints_errors
from bot.messages import say
from bot.progress import ProgressLines
from bot.reading.aliases import OwnFileError
from bot.serving.open_answerer import open_snapshot, storage_setting
from bot.settings import Settings, load_settings
from bot.zone import ZONE
from corpus.library.added import StoreError
from corpus.library.shipped import plan_sources
from index.backend import Backend
from index.encoder import Encoder
from index.errors import SearchError, SnapshotError
from index.local.folder import Folder


def build_index() -> int:
    """Make the index of all plans anew; returns the exit code."""

    def work(settings: Settings) -> None:
        snapshot = open_snapshot(settings.data_dir, settings.model, ProgressLines(), settings.index_url(), anew=True)
        _tell(settings, snapshot.backend)

    return _run(work)


def show_index() -> int:
    """Tell what index there is, and which of this machine's plans it has otherwise; returns the exit code."""

    def work(settings: Settings) -> None:
        backend = _open(settings)
        if backend is None:
            typer.echo(say("index.none"))
            return
        _tell(settings, backend)
        held = backend.sources
        own = {source.key: source for source in plan_sources(settings.data_dir / "plans")}
        for key, source in own.items():
            if key not in held:
                typer.echo(say("index.missing", plan=source.meta.title))
            elif not held[key].startswith(source.mark):
                typer.echo(say("index.other", plan=source.meta.title))

    return _run(work)


def _open(settings: Settings) -> Backend | None:
    if settings.index_url():
        from index.postgres.backend import open_backend

        folder = settings.data_dir / "index"
        return open_backend(settings.index_url(), Encoder(settings.model, folder).identity)
    try:
        return Folder.current(settings.data_dir / "index")
    except SnapshotError:
        return None


def _tell(settings: Settings, backend: Backend) -> None:
    plans, clauses = backend.catalogue.counts
    place = say("index.in_database") if settings.index_url() else str(settings.data_dir / "index")
    built = datetime.fromtimestamp(backend.built_at, ZONE)
    typer.echo(say("index.place", place=place, plans=plans, clauses=clauses))
    typer.echo(say("index.built", time=f"{built:%Y-%m-%d %H:%M:%S}"))
    if backend.generation:
        typer.echo(say("index.generation", number=backend.generation))
    typer.echo(say("index.local.vectors") if backend.dense else say("index.by_words", reason=backend.failure))


@prints_errors(OwnFileError, StoreError)
def _run(work: Callable[[Settings], None]) -> int:
    settings = load_settings()
    try:
        work(settings)
    except OwnFileError:
        raise  # a SearchError too, that names its file itself
    except SearchError as error:
        typer.echo(say("run.bad_setting", name=storage_setting(settings), reason=error), err=True)
        return 2
    return 0
