"""What can be looked at on this machine alone: settings, data folder, disk, model, index, type."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from dotenv import dotenv_values

from bot.doctor.finding import DoctorFinding, broken, fine, look, unset
from bot.keys import FOLDER, KeyFileError, parse_keys
from bot.messages import table
from bot.render.card.fonts import FontError, check_font
from bot.settings import PREFIX, Settings, variable
from corpus.library.added import StoreError
from corpus.library.shipped import PlanSource, plan_sources
from index.build import marks, wanted_origin
from index.encoder import Encoder
from index.errors import ModelUnavailableError, SearchError, SnapshotError, StorageError
from index.local.folder import CURRENT, Folder
from index.models.default import NAME
from index.models.default.model import is_made

LITTLE, TOO_LITTLE = 2_000_000_000, 300_000_000
"""Free bytes on the data folder's disk: an index is made beside the old one, and a log grows."""
STARTERS = {
    "telegram": "telegram_token",
    "wecom-aibot": "wecom_bot_id",
    "wecom-app": "wecom_app_token",
    "wecom-robot": "wecom_robot_url",
    "web": "web_access",
    "api": "api",
}
"""What starts each channel, by its name among ``doctor_subjects``."""
_QUESTION = "中医馆建设目标"


def check_settings(wrong: Sequence[str]) -> list[DoctorFinding]:
    """Tell wrong settings (``wrong``, as they are told at the start), and names that are none."""
    known = {variable(field) for field in Settings.model_fields}
    given = {name.upper() for name in (*os.environ, *dotenv_values(Path(".env"))) if name.upper().startswith(PREFIX)}
    found = [broken("settings", "wrong_setting", reason=reason) for reason in wrong]
    found += [look("settings", "unknown_setting", name=name) for name in sorted(given - known)]
    return found or [fine("settings", "settings_fine", count=len(given))]


def check_channels(settings: Settings) -> list[DoctorFinding]:
    """Tell which channels nobody has asked for; that is no fault."""
    absent = {
        subject: field
        for subject, field in STARTERS.items()
        if getattr(settings, field) == Settings.model_fields[field].default
    }
    if len(absent) == len(STARTERS):
        return [unset("channels", "no_channel")]
    names = table("doctor_subjects")
    listed = "、".join(f"{names[subject]}（{variable(field)}）" for subject, field in absent.items())
    return [unset("channels", "channels_unset", listed=listed)] if absent else []


def check_folder(settings: Settings) -> list[DoctorFinding]:
    """Tell whether the data folder can be written, and how much room is left."""
    folder = settings.data_dir.absolute()
    there = next(path for path in (folder, *folder.parents) if path.exists())
    try:
        with tempfile.TemporaryFile(dir=there):
            pass
    except OSError as error:
        return [broken("folder", "unwritable", place=folder, reason=error.strerror)]
    free = shutil.disk_usage(there).free
    values = {"place": folder, "free": f"{free / 1e9:.1f}"}
    if free < TOO_LITTLE:
        return [broken("disk", "disk_full", **values)]
    return [look("disk", "disk_low", **values) if free < LITTLE else fine("disk", "disk_fine", **values)]


def check_keys(settings: Settings) -> list[DoctorFinding]:
    """Tell which key files are none; missing ones are made at the start."""
    files = sorted((settings.data_dir / FOLDER).glob("*.key"))
    found = []
    for file in files:
        try:
            parse_keys(file.read_bytes(), file)
        except KeyFileError as error:
            found.append(broken("keys", "wrong_setting", reason=error))
        except OSError as error:
            found.append(broken("keys", "wrong_setting", reason=f"{file}: {error.strerror}"))
    return found or [fine("keys", "keys_fine", count=len(files)) if files else look("keys", "keys_not_made")]


def check_model(settings: Settings) -> list[DoctorFinding]:
    """Load the model and embed a question with it; it is not made here, since the first start does that."""
    folder = settings.data_dir / "models"
    encoder = Encoder(settings.model, folder)
    if encoder.name == NAME and not is_made(folder):
        return [look("model", "model_not_made")]
    try:
        size = encoder.encode_query(_QUESTION).shape[0]
    except (ModelUnavailableError, StorageError) as error:
        key = "model_broken" if encoder.name == NAME else "model_unusable"
        return [broken("model", key, reason=error, place=folder, name=variable("model"))]
    return [fine("model", "model_fine", name=encoder.name, size=size)]


def check_index(settings: Settings) -> list[DoctorFinding]:
    """Tell whether the index is whole and holds the plans of now; a start makes a missing or old one."""
    store = settings.data_dir / "index"
    try:
        sources = plan_sources(settings.data_dir / "plans")
    except StoreError as error:
        return [broken("index", "plan_broken", reason=error)]
    return [_in_database(settings, store) if settings.index_url() else _in_folder(settings, store, sources)]


def _in_folder(settings: Settings, store: Path, sources: Sequence[PlanSource]) -> DoctorFinding:
    """Tell whether the embedded index is whole and holds these plans."""
    if not (store / CURRENT).exists():
        return look("index", "index_not_made")
    try:
        manifest = Folder.current(store).manifest
    except SnapshotError as error:
        return look("index", "index_damaged", reason=error)
    if manifest.failure:
        return look("index", "index_by_words", reason=manifest.failure)
    if manifest.origin != wanted_origin(Encoder(settings.model, store)) or manifest.sources != marks(sources):
        return look("index", "index_old")
    return fine("index", "index_fine", count=len(sources))


def _in_database(settings: Settings, store: Path) -> DoctorFinding:
    """Tell whether the shared index can be read and was made by this version with this model."""
    from index.postgres.backend import open_backend

    encoder = Encoder(settings.model, store)
    try:
        backend = open_backend(settings.index_url(), encoder.identity)
    except SearchError as error:
        return broken("index", "index_out_of_reach", reason=error)
    if backend is None:
        return look("index", "index_not_made")
    if backend.failure:
        return look("index", "index_by_words", reason=backend.failure)
    if backend.state.note.source != wanted_origin(encoder).source:
        return look("index", "index_of_another_version")
    return fine("index", "index_fine", count=backend.catalogue.counts[0])


def check_type(_settings: Settings) -> list[DoctorFinding]:
    """Tell whether the cards' type can be used."""
    try:
        check_font()
    except FontError as error:
        return [broken("type", "type_broken", reason=error)]
    return [fine("type", "type_fine")]
