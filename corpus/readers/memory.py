"""How much memory a process that reads a document may take."""

from __future__ import annotations

import resource
import sys
from contextlib import suppress

from corpus.readers.limits import MB


def bound_memory(megabytes: int) -> None:
    """Let this process ask for no more; what asks for more gets MemoryError.

    macOS keeps no such bound, and refuses to set it; there a reader is bounded in time and by the sizes in ``limits``.
    """
    most = megabytes * MB
    with suppress(*((ValueError, OSError) if sys.platform == "darwin" else ())):
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
