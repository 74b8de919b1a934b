"""The type that cards are set in: Noto Sans CJK (OFL 1.1), which comes as a package among the dependencies."""

from __future__ import annotations

from functools import cache, lru_cache
from importlib import resources

from PIL import ImageFont

from bot.messages import say

REGULAR, BOLD = 400, 700
_SIMPLIFIED = 2
"""The index of the Simplified Chinese face in the font collection."""
_PROBE_SIZE = 24
_NOBODYS = "\U0010ffff"
"""A code point that no font has: what is drawn for it is drawn for every missing glyph."""
_SAMPLE = "政府方案主要指标责任单位≥%→（一）、0123456789"
STAND_IN = "〓"
"""What a printer sets for a sort that the case lacks."""


class FontError(Exception):
    """The type can't be used; the text is Chinese and says why."""


@cache
def font(size: int, weight: int = REGULAR) -> ImageFont.FreeTypeFont:
    """Return Noto Sans CJK in a size (pixels) and weight; FontError when it is not there or broken."""
    try:
        path = resources.files("manimgx_fonts_cjk").joinpath("NotoSansCJK-VF.otf.ttc")
        face = ImageFont.truetype(str(path), size, index=_SIMPLIFIED)
        face.set_variation_by_axes([weight])
    except (ImportError, OSError) as error:
        raise FontError(say("card.no_font", reason=error)) from error
    return face


@lru_cache(maxsize=20_000)
def has_glyph(character: str) -> bool:
    """Whether the font can draw a character, and not just the box that stands for any it lacks."""
    return character.isspace() or _drawn(character) != _drawn(_NOBODYS)


def _drawn(character: str) -> tuple[tuple[int, int], bytes]:
    mask = font(_PROBE_SIZE).getmask(character)
    return mask.size, bytes(mask)


def check_font() -> None:
    """Raise FontError unless Chinese text can be drawn here."""
    missing = "".join(character for character in _SAMPLE if not has_glyph(character))
    if missing:
        raise FontError(say("card.no_font", reason=say("card.no_glyphs", characters=missing)))


def drawable(text: str) -> tuple[str, frozenset[str]]:
    """Return the text with a stand-in for each character that can't be drawn, and those characters."""
    missing = frozenset(character for character in text if not has_glyph(character))
    return "".join(STAND_IN if character in missing else character for character in text), missing
