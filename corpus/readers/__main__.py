"""The reading process: reads the file it is given and prints the document, or why not, as one line of JSON.

Arguments: the file, the address space in MB, and --recognise where pictures are to be read too.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

from corpus.readers.document import ReadError
from corpus.readers.formats import read_here
from corpus.readers.guard import OUT_OF_MEMORY
from corpus.readers.memory import bound_memory


def main(name: str, *, recognise: bool) -> int:
    """Read one file under the memory limit; return the exit status."""
    try:
        print(json.dumps(asdict(read_here(Path(name), recognise=recognise))))
    except ReadError as error:
        print(json.dumps({"error": error.key, "values": error.values}))
    except MemoryError:
        return OUT_OF_MEMORY
    return 0


if __name__ == "__main__":
    bound_memory(int(sys.argv[2]))
    sys.exit(main(sys.argv[1], recognise="--recognise" in sys.argv[3:]))
