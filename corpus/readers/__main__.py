"""The reading process: reads the file it is given and prints the document, or why not, as one line of JSON."""

from __future__ import annotations

import json
import resource
import sys
from dataclasses import asdict
from pathlib import Path

from corpus.readers.document import ReadError
from corpus.readers.formats import read_here
from corpus.readers.guard import MEMORY_MB, OUT_OF_MEMORY
from corpus.readers.limits import MB


def main(name: str) -> int:
    """Read one file under the memory limit; return the exit status."""
    try:
        print(json.dumps(asdict(read_here(Path(name)))))
    except ReadError as error:
        print(json.dumps({"error": error.key, "values": error.values}))
    except MemoryError:
        return OUT_OF_MEMORY
    return 0


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MB * MB, MEMORY_MB * MB))
    sys.exit(main(sys.argv[1]))
