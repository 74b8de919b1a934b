"""A picture for the docs with its words inside: what stands on it can be compared with what is said of it."""

from __future__ import annotations

from pathlib import Path

from PIL import Image
from PIL.PngImagePlugin import PngInfo

KEY = "Description"
"""The keyword under which PNG keeps it; cards have it under the same."""


def save(image: Image.Image, file: Path, words: str) -> None:
    """Write a PNG with the words that stand on it."""
    info = PngInfo()
    info.add_itxt(KEY, words, lang="zh", zip=True)
    image.save(file, optimize=True, pnginfo=info)


def words_of(file: Path) -> str:
    """Return the words that stand on a picture; KeyError where none are kept in it."""
    with Image.open(file) as image:
        image.load()
        return str(image.info[KEY])
