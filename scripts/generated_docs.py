"""Write what the documents take from the code, and say which were stale; a test fails while one is.

``docs/reference.zh-CN.md`` and ``.env.example`` are written whole. A code block below ``<!-- file: PATH -->`` in any
other document becomes that file, one below ``<!-- rooms -->`` the picture of the rooms.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from scripts.env_example import env_example
from scripts.reference import reference
from scripts.rooms import picture

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "docs" / "reference.zh-CN.md"
ENV_EXAMPLE = ROOT / ".env.example"
_QUOTED = re.compile(r"(<!-- (?:rooms|file: (\S+)) -->\n```\w*\n).*?(\n```)", re.DOTALL)


def generated() -> Iterator[tuple[Path, str]]:
    """Yield each document that holds something generated, with the text that it must have."""
    yield REFERENCE, reference()
    yield ENV_EXAMPLE, env_example()
    for path in sorted((ROOT / "docs").glob("*.md")):
        text = path.read_text(encoding="utf-8")
        if _QUOTED.search(text):
            yield path, _QUOTED.sub(_with_block, text)


def _with_block(match: re.Match[str]) -> str:
    text = (ROOT / match[2]).read_text(encoding="utf-8").rstrip() if match[2] else picture()
    return match[1] + text + match[3]


def main() -> int:
    """Bring every document up to date."""
    for path, text in generated():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(path.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
