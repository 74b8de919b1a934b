"""The questions of the pictures of ten answers, and how their pictures are kept small."""

from __future__ import annotations

import tomllib
from pathlib import Path

from PIL import Image

from scripts.pictures import described

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "docs" / "pictures"
_COLOURS = 16
"""Flat areas and the edges of letters need no more."""

_WIDEST = 1080
"""Pixels: a phone's width each for a few columns, still sharp."""


def questions() -> list[str]:
    """Return the ten questions."""
    text = Path(__file__).with_name("ten_answers.toml").read_text(encoding="utf-8")
    return list(tomllib.loads(text)["questions"])


def side_by_side(pictures: list[Image.Image], gap: int = 16) -> Image.Image:
    """Return pictures in one row, tops in line."""
    size = (sum(one.width + gap for one in pictures) - gap, max(one.height for one in pictures))
    whole = Image.new("RGB", size, "white")
    left = 0
    for one in pictures:
        whole.paste(one, (left, 0))
        left += one.width + gap
    return whole


def save(picture: Image.Image, name: str) -> None:
    """Write a picture to docs/pictures with few colours, and in it the questions that stand on it."""
    small = picture.convert("RGB")
    if small.width > _WIDEST:
        small = small.resize((_WIDEST, small.height * _WIDEST // small.width), Image.Resampling.LANCZOS)
    described.save(small.quantize(_COLOURS, dither=Image.Dither.NONE), PICTURES / f"{name}.png", "\n".join(questions()))
