"""Any model that sentence-transformers knows, by name or path, run by torch; importing this module imports neither."""

from __future__ import annotations

import os
import re
import threading
import tomllib
from collections.abc import Mapping, Sequence
from fnmatch import fnmatch
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from safetensors import SafetensorError

from index.errors import ModelUnavailableError
from index.models.base import Done, Read, Use, Vectors, nobody
from index.progress import Progress, Stage

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

BATCH = 8
"""Texts encoded at once; larger batches waste time on padding without a GPU."""
CHUNK = 64
"""Texts between two reports of progress."""
HUB_NAME = re.compile(r"[\w-][\w.-]*(/[\w-][\w.-]*)?", re.ASCII)
"""A name that a model hub could know; everything else is a path."""
HUB_SECONDS = 10.0
LOAD_ERRORS = (OSError, ValueError, RuntimeError, KeyError, TypeError, ImportError, SafetensorError)
"""What the libraries raise for a model that is missing, damaged or of an unknown kind."""


class TransformerModel:
    """A model of sentence-transformers."""

    def __init__(self, model: SentenceTransformer) -> None:
        self._model = model
        self._turn = threading.Lock()
        """Its tokenizer is no use to two threads at once."""

    @property
    def prompts(self) -> Mapping[str, str]:
        """What is put before a text, by its use."""
        prompts: Mapping[str, str] = self._model.prompts
        return prompts

    def read(self, text: str) -> Read | None:  # noqa: ARG002 - the interface of every model
        """Return nothing: such a model was not trained to read."""
        return None

    def encode(self, texts: Sequence[str], use: Use, done: Done = nobody) -> Vectors:
        """Return a unit vector a row."""
        encode = self._model.encode_query if use == "query" else self._model.encode_document
        rows = []
        for start in range(0, len(texts), CHUNK):
            part = list(texts[start : start + CHUNK])
            with self._turn:
                rows.append(encode(part, batch_size=BATCH, show_progress_bar=False, normalize_embeddings=True))
            done(start + len(part))
        return np.concatenate(rows, dtype=np.float32)


def load_transformer(name: str, progress: Progress) -> TransformerModel:
    """Load a model from local files; only a name that is neither a folder nor in the cache goes online.

    ModelUnavailableError when it can't be had.
    """
    if not HUB_NAME.fullmatch(name) and not Path(name).exists():
        raise ModelUnavailableError(f"{name}: no such folder")
    try:
        return _open(name, online=False)
    except LOAD_ERRORS as error:
        if Path(name).exists():
            raise ModelUnavailableError(f"{name}: {_first_line(error)}") from error
    progress(Stage.DOWNLOAD, 0, 1)
    _ask_hub(name)
    try:
        model = _open(name, online=True)
    except LOAD_ERRORS as error:
        raise ModelUnavailableError(f"{name}: {_first_line(error)}") from error
    progress(Stage.DOWNLOAD, 1, 1)
    return model


def _ask_hub(name: str) -> None:
    """Ask once whether the hub knows ``name``: loading alone retries for more than a minute before it says no."""
    import httpx2
    from huggingface_hub import HfApi

    try:
        HfApi().model_info(name, timeout=HUB_SECONDS)
    except (httpx2.HTTPError, OSError, ValueError) as error:
        raise ModelUnavailableError(f"{name}: {_first_line(error)}") from error


def _open(name: str, *, online: bool) -> TransformerModel:
    # The tokenizer's own threads gain nothing on one text, and warn after a fork.
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    # torch's threads otherwise spin while they wait for each other: ten times slower where another process is busy.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    model = SentenceTransformer(name, device="cpu", local_files_only=not online)
    for use, prompt in family_prompts(name).items():
        if not model.prompts.get(use):
            model.prompts[use] = prompt
    return TransformerModel(model)


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
