"""Texts to vectors, with any sentence-transformers model; importing this module imports no torch."""

from __future__ import annotations

import os
import re
import threading
import tomllib
from collections.abc import Sequence
from fnmatch import fnmatch
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError

from index.embedded.model import NAME, embedded_model
from index.errors import ModelUnavailableError
from index.progress import Progress, Stage, silent

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = NDArray[np.float32]
BATCH = 8
"""Texts encoded at once; larger batches waste time on padding without a GPU."""
CHUNK = 64
"""Texts between two reports of progress."""
HUB_NAME = re.compile(r"[\w-][\w.-]*(/[\w-][\w.-]*)?", re.ASCII)
"""A name that a model hub could know; everything else is a path."""
HUB_SECONDS = 10.0
LOAD_ERRORS = (OSError, ValueError, RuntimeError, KeyError, TypeError, ImportError, SafetensorError)
"""What the libraries raise for a model that is missing, damaged or of an unknown kind."""


class Encoder:
    """A model by name or path, loaded at its first use; safe to share between threads.

    ``name`` empty means the default model, which is made under ``folder`` when it is missing. Load after
    ``fork``, never before: torch's threads do not survive it.
    """

    def __init__(self, name: str, folder: Path, progress: Progress = silent) -> None:
        self.name = name or NAME
        self._folder = folder
        self._progress = progress
        self._lock = threading.Lock()
        self._loaded: SentenceTransformer | None = None
        self._failure: ModelUnavailableError | None = None

    @property
    def is_loaded(self) -> bool:
        """Whether the model is in memory."""
        return self._loaded is not None

    @property
    def prompts(self) -> dict[str, str]:
        """Return what is put before a ``query`` and a ``document``; loads the model."""
        return dict(self._model().prompts)

    def encode_query(self, text: str) -> Vectors:
        """Return the unit vector of a question; ModelUnavailableError when there is no model."""
        vector = self._model().encode_query(clean(text), show_progress_bar=False, normalize_embeddings=True)
        return np.asarray(vector, dtype=np.float32)

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """Return a unit vector a row; ModelUnavailableError when there is no model."""
        model = self._model()
        rows = []
        for start in range(0, len(texts), CHUNK):
            self._progress(Stage.VECTORS, start, len(texts))
            chunk = [clean(text) for text in texts[start : start + CHUNK]]
            rows.append(
                model.encode_document(chunk, batch_size=BATCH, show_progress_bar=False, normalize_embeddings=True)
            )
        self._progress(Stage.VECTORS, len(texts), len(texts))
        return np.concatenate(rows, dtype=np.float32)

    def _model(self) -> SentenceTransformer:
        if self._loaded is None:
            with self._lock:
                # A model that could not be had is not asked for again: the network may take a minute to say no.
                if self._failure is not None:
                    raise self._failure
                if self._loaded is None:
                    try:
                        self._loaded = self._load()
                    except ModelUnavailableError as error:
                        self._failure = error
                        raise
        return self._loaded

    def _load(self) -> SentenceTransformer:
        """Load from local files; only a name that is neither a folder nor in the cache goes online."""
        path = str(embedded_model(self._folder, self._progress)) if self.name == NAME else self.name
        if not HUB_NAME.fullmatch(path) and not Path(path).exists():
            raise ModelUnavailableError(f"{self.name}: no such folder")
        try:
            return _open(path, self.name, online=False)
        except LOAD_ERRORS as error:
            if Path(path).exists():
                raise ModelUnavailableError(f"{self.name}: {_first_line(error)}") from error
        self._progress(Stage.DOWNLOAD, 0, 1)
        _ask_hub(self.name)
        try:
            model = _open(path, self.name, online=True)
        except LOAD_ERRORS as error:
            raise ModelUnavailableError(f"{self.name}: {_first_line(error)}") from error
        self._progress(Stage.DOWNLOAD, 1, 1)
        return model


def _ask_hub(name: str) -> None:
    """Ask once whether the hub knows ``name``: loading alone retries for more than a minute before it says no."""
    import httpx2
    from huggingface_hub import HfApi

    try:
        HfApi().model_info(name, timeout=HUB_SECONDS)
    except (httpx2.HTTPError, OSError, ValueError) as error:
        raise ModelUnavailableError(f"{name}: {_first_line(error)}") from error


def _open(path: str, name: str, *, online: bool) -> SentenceTransformer:
    # The tokenizer's own threads gain nothing on one text, and warn after a fork.
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    # torch's threads otherwise spin while they wait for each other: ten times slower where another process is busy.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    model = SentenceTransformer(path, device="cpu", local_files_only=not online)
    for use, prompt in family_prompts(name).items():
        if not model.prompts.get(use):
            model.prompts[use] = prompt
    return model


def clean(text: str) -> str:
    """Return ``text`` without what a tokenizer stumbles over: NUL cuts a text off, a lone surrogate is an error."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode("utf-8")


@cache
def _families() -> list[dict[str, object]]:
    text = resources.files("index").joinpath("data/prompts.toml").read_text(encoding="utf-8")
    families: list[dict[str, object]] = tomllib.loads(text)["family"]
    return families


def family_prompts(name: str) -> dict[str, str]:
    """Return the prompts (``query``, ``document``) known for a model's family; empty for an unknown one."""
    last = Path(name).name.lower()
    for family in _families():
        names = family["names"]
        if isinstance(names, list) and any(fnmatch(last, pattern) for pattern in names):
            return {"query": str(family["query"]), "document": str(family["document"])}
    return {}


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0] or type(error).__name__
