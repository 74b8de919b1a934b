"""Prints the shipped plans as PDFs into ``tests/corpus/files``; run by ``scripts/make_pdf_fixtures``."""

from __future__ import annotations

from pathlib import Path

from tests.plan_files import shipped_blocks, write_pdf

FILES = Path(__file__).parent / "corpus" / "files"

if __name__ == "__main__":
    for name in ("banan", "yuzhong"):
        write_pdf(shipped_blocks(name), FILES / f"{name}.pdf")
