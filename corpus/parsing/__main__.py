"""The parsing process: for each line, a document with its metadata as JSON, it prints the plan as a line of JSON."""

from __future__ import annotations

import json
import signal
import sys

import msgspec

from corpus.assembly.plan import parse_document
from corpus.model import PlanMeta
from corpus.parsing.guard import IDLE_SECONDS, MEMORY_MB, OUT_OF_MEMORY
from corpus.readers.document import from_builtins
from corpus.readers.memory import bound_memory


def main() -> int:
    """Parse until nothing more comes, or nothing for a while; return the exit status."""
    signal.alarm(IDLE_SECONDS)
    for line in sys.stdin.buffer:
        signal.alarm(0)
        try:
            value = json.loads(line)
            meta = msgspec.convert(value["meta"], PlanMeta)
            plan = parse_document(from_builtins(value["document"]), meta, value["sha256"])
            sys.stdout.buffer.write(msgspec.json.encode(plan) + b"\n")
        except MemoryError:
            return OUT_OF_MEMORY
        sys.stdout.buffer.flush()
        signal.alarm(IDLE_SECONDS)
    return 0


if __name__ == "__main__":
    bound_memory(MEMORY_MB)
    sys.exit(main())
