"""What can go wrong in this room, each with a one-line message that names its cause.

SearchError
├── ModelUnavailableError   the embedding model can't be had or does not load
│   └── DamagedModelError   a file of it is not the one that was written
├── StorageError            a folder can't be written: permission, space, not a folder
└── SnapshotError           a snapshot on disk is missing, damaged or of another format
"""

from __future__ import annotations


class SearchError(Exception):
    """Base of every error this room raises on purpose."""


class ModelUnavailableError(SearchError):
    """The embedding model can't be had here; search goes on without vectors."""


class DamagedModelError(ModelUnavailableError):
    """A file of a model is missing or not the one that was written; making the model again helps."""


class StorageError(SearchError):
    """A folder can't be written; the message names it."""


class SnapshotError(SearchError):
    """A snapshot can't be opened; building it again helps."""
