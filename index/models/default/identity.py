"""What tells the default model's vectors from those of any other model or training, without loading anything."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources

from index.models.default import FORMAT, NAME

TRAINED_FILE = "trained.safetensors"


@cache
def identity() -> str:
    """Return the name of the model's directory: its own, its format's, and a mark of what training added."""
    content = resources.files("index.models.default").joinpath(TRAINED_FILE).read_bytes()
    return f"{NAME}-v{FORMAT}-{hashlib.blake2b(content, digest_size=4).hexdigest()}"
