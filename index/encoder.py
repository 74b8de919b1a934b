"""Texts to vectors, with any sentence-transformers model; importing this module imports no model library.

A model's folder that has a graph is run by ONNX Runtime without torch; the default model is such a folder. Every
other model is loaded by sentence-transformers.
"""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import ModelUnavailableError, StorageError
from index.memory import give_back
from index.models.card import has_graph
from index.models.default import NAME
from index.progress import Progress, Stage, silent

if TYPE_CHECKING:
    from index.models.base import Model, Read, Vectors

REMEMBERED = 1024
"""Questions whose vectors are kept, those asked last: 1.5 MB at 384 dimensions."""
PATIENCE = 30.0
"""Seconds that a question waits for a model that is being loaded; then it goes on without."""


class Encoder:
    """A model by name or path, loaded at its first use; safe to share between threads.

    ``name`` empty means the default model, which is made under ``folder`` when it is missing. ``remembered`` questions
    are embedded only once. Load after ``fork``, never before: the threads of a model do not survive it.
    """

    def __init__(self, name: str, folder: Path, progress: Progress = silent, *, remembered: int = REMEMBERED) -> None:
        self.name = name or NAME
        self._folder = folder
        self._progress = progress
        self._lock = threading.Lock()
        self._loading: Future[Model] | None = None
        self._pass = lru_cache(remembered)(self._run_pass)

    @property
    def identity(self) -> str:
        """What tells vectors apart: they are comparable where it is the same. Loads nothing."""
        if self.name == NAME:
            from index.models.default.identity import identity

            return identity()
        return f"{self.name} (graph)" if has_graph(Path(self.name)) else self.name

    @property
    def is_loaded(self) -> bool:
        """Whether the model is in memory."""
        loading = self._loading
        return loading is not None and loading.done() and loading.exception() is None

    @property
    def has_failed(self) -> bool:
        """Whether the model could not be had; it is not asked for again."""
        loading = self._loading
        return loading is not None and loading.done() and loading.exception() is not None

    @property
    def prompts(self) -> dict[str, str]:
        """Return what is put before a ``query`` and a ``document``; loads the model."""
        return dict(self._model().prompts)

    def load(self) -> None:
        """Load the model, however long that takes; ModelUnavailableError when there is none."""
        self._model()

    def encode_query(self, text: str) -> Vectors:
        """Return the unit vector of a question, read-only.

        ModelUnavailableError when there is no model, or when it is not loaded after ``PATIENCE`` seconds.
        """
        return self._pass(normalised(text))[0]

    def read(self, text: str) -> Read | None:
        """Return what the model reads in a message, in the pass that embeds it; None for one that can't read.

        The spans are those of the text as given where it is ``normalised`` already. Errors as above.
        """
        return self._pass(normalised(text))[1]

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """Return a unit vector a row; ModelUnavailableError when there is no model."""
        total = len(texts)
        self._progress(Stage.VECTORS, 0, total)
        done = partial(self._told, total)
        vectors = self._model().encode([clean(text) for text in texts], "document", done)
        self._progress(Stage.VECTORS, total, total)
        give_back()
        return vectors

    def _told(self, total: int, done: int) -> None:
        self._progress(Stage.VECTORS, done, total)

    def _run_pass(self, text: str) -> tuple[Vectors, Read | None]:
        # Questions that come together are not joined to one pass: each is answered sooner, and all of them are, too.
        model = self._model(PATIENCE)
        found = model.read(text)
        vector = found.vector if found else model.encode([text], "query")[0]
        vector.flags.writeable = False
        return vector, found

    def _model(self, patience: float | None = None) -> Model:
        """Return the model, waiting for it at most ``patience`` seconds (None: as long as it takes)."""
        with self._lock:
            if self._loading is None:
                loader = ThreadPoolExecutor(1, thread_name_prefix="load-model")
                self._loading = loader.submit(self._load)
                loader.shutdown(wait=False)
            loading = self._loading
        try:
            return loading.result(patience)
        except TimeoutError:
            raise ModelUnavailableError(f"{self.name}: still loading") from None
        except StorageError:
            # A folder may become writable; a model that can't be had stays so: the network takes a minute to say no.
            with self._lock:
                self._loading = None
            raise

    def _load(self) -> Model:
        if self.name == NAME:
            from index.models.default.model import open_embedded

            return open_embedded(self._folder, self._progress)
        if has_graph(Path(self.name)):
            from index.models.graph import GraphModel

            return GraphModel(Path(self.name))
        from index.models.transformer import load_transformer

        return load_transformer(self.name, self._progress)


def clean(text: str) -> str:
    """Return ``text`` without what a tokenizer stumbles over: NUL cuts a text off, a lone surrogate is an error."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode("utf-8")


def normalised(text: str) -> str:
    """Return a question so that the same one, typed with other blanks or composed otherwise, is the same text."""
    return " ".join(unicodedata.normalize("NFC", clean(text)).split())
