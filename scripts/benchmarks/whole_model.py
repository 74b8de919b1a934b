"""The default model as one folder for every engine: the graph that is run here, and weights that others load."""

from __future__ import annotations

from pathlib import Path

from index.disk import fill, writing
from index.models.default.identity import identity
from index.models.default.model import write_model, write_weights
from index.models.default.trained import read_trained
from index.progress import silent


def whole_model(folder: Path) -> Path:
    """Return the model's folder under ``folder``, made first where it is missing."""
    target = folder / identity()
    with writing(folder, silent):
        if not target.is_dir():
            fill(target, _write)
    return target


def _write(target: Path) -> None:
    trained = read_trained()
    write_model(target, trained)
    write_weights(target, trained)
