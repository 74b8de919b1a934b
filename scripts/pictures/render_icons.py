"""Make the PNG icons of the page from the same shapes as ``icon.svg``: phones take no SVG for their home screen."""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image, ImageDraw

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

FOLDER = ROOT / "bot" / "render" / "web"
SIZES = (180, 512)
_UNITS, _SHARP = 32, 4
"""Of the drawing, and how many times larger it is drawn before it is made smooth."""
_GROUND, _PAPER = "#1d4f60", "#ffffff"


def draw(size: int) -> Image.Image:
    """Return the icon, square to its edges: phones round it themselves."""
    scale = size * _SHARP / _UNITS
    image = Image.new("RGB", (size * _SHARP, size * _SHARP), _GROUND)
    canvas = ImageDraw.Draw(image)

    def at(*places: tuple[float, float]) -> list[tuple[float, float]]:
        return [(x * scale, y * scale) for x, y in places]

    canvas.polygon(at((8, 9), (24, 9), (24, 20), (16, 20), (11, 24), (11, 20), (8, 20)), fill=_PAPER)
    for end, y in ((20, 13.0), (17, 16.5)):
        canvas.line(at((12, y), (end, y)), _GROUND, int(1.8 * scale))
    return image.resize((size, size), Image.Resampling.LANCZOS)


def main() -> None:
    """Write them."""
    for size in SIZES:
        draw(size).quantize(16, dither=Image.Dither.NONE).save(FOLDER / f"icon-{size}.png", optimize=True)


if __name__ == "__main__":
    main()
