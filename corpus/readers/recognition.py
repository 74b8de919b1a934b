"""Pictures of text → pages: characters and the rules of tables, found by the optional OCR (extra ``ocr``).

RapidOCR on ONNX Runtime, its models inside the package: nothing is fetched. A page turned by a few degrees is set
straight by the slope of its lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import pairwise
from statistics import median
from typing import Any

import numpy as np
from PIL import Image

from corpus.readers.limits import LONGEST_SIDE
from corpus.readers.pages import Sheet
from corpus.readers.pdf_lines import Char, lines_of
from corpus.readers.pdf_tables import Box, grids_between, inside

PAGE_WIDTH = 595.0
"""Points to which a picture's width is scaled: A4, so that all that is known of type sizes holds."""
_DETECT_SIDE = 1600
_SURE = 0.5
"""What is read with less confidence than this is a stamp or dirt."""
_STRAIGHT = 0.2
"""Degrees below which a page is left as it is."""
_STEEPEST = 15.0
_RULE = 24
"""A rule is longer than this share (one in so many) of the page's width."""
_THICK = 12
"""Pixels above which a dark bar is no rule."""
_PIECE = 2
_HAN = re.compile("[\u4e00-\u9fff、。，；：）（]")
_WIDE = {"(": "（", ")": "）", ",": "，", ";": "；", ":": "："}
"""Marks that recognition tells by their shape alone, and that are wide beside Han characters."""
_TALL = 0.8
"""Type size as a share of the height of what was found."""


@cache
def _engine() -> Any:  # noqa: ANN401 - the library has no types
    from rapidocr import RapidOCR

    return RapidOCR(
        params={"Global.log_level": "critical", "Det.limit_type": "max", "Det.limit_side_len": _DETECT_SIDE}
    )


def sheet_of(picture: Image.Image) -> Sheet:
    """Return what stands on a picture of a page."""
    picture = picture.convert("RGB")
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    found = _engine()(np.asarray(picture), use_cls=False, return_word_box=True)
    slope = _slope(found.boxes)
    if abs(slope) > _STRAIGHT:
        picture = picture.rotate(slope, resample=Image.Resampling.BICUBIC, fillcolor=(255, 255, 255))
        found = _engine()(np.asarray(picture), use_cls=False, return_word_box=True)
    scale = PAGE_WIDTH / picture.width
    chars = list(_chars(found, scale))
    rules = [_scaled(rule, scale) for rule in _rules(picture)]
    grids = [grid for grid in grids_between(rules, chars) if len(grid.cells) > _PIECE] if rules else []
    outside = [char for char in chars if not any(inside(char, grid.box) for grid in grids)]
    return Sheet(PAGE_WIDTH, picture.height * scale, lines_of(outside), grids)


def _slope(boxes: Iterable[Any] | None) -> float:
    """Return by how many degrees the lines fall to the right; 0 for a page that is not merely tilted."""
    angles = []
    for box in boxes if boxes is not None else ():
        (x0, y0), (x1, y1) = box[0], box[1]
        if x1 - x0 > _DETECT_SIDE / 10:
            angles.append(float(np.degrees(np.arctan2(y1 - y0, x1 - x0))))
    middle = median(angles) if angles else 0.0
    return middle if abs(middle) <= _STEEPEST else 0.0


def _chars(found: Any, scale: float) -> Iterator[Char]:  # noqa: ANN401 - the library has no types
    """Yield the characters of all lines."""
    for line in found.word_results or ():
        size = median([float(box[2][1] - box[0][1]) for _, _, box in line] or [0.0]) * scale * _TALL
        signs = [sign for word, sure, box in line if sure >= _SURE for sign in _signs(word, box, size, scale)]
        for before, after in pairwise(signs):
            before["x1"] = before["x1"] if before["text"].isalpha() and before["text"].isascii() else after["x0"]
        text = "".join(sign["text"] for sign in signs)
        for at, sign in enumerate(signs):
            beside_han = _HAN.search(text[max(0, at - 1) : at] + text[at + 1 : at + 2])
            sign["text"] = _WIDE.get(sign["text"], sign["text"]) if beside_han else sign["text"]
        yield from signs


def _signs(word: str, box: Any, size: float, scale: float) -> Iterator[Char]:  # noqa: ANN401 - the library has no types
    """Yield the characters of a word, its width in equal parts."""
    left, right = float(box[0][0]) * scale, float(box[1][0]) * scale
    top, bottom = float(box[0][1]) * scale, float(box[2][1]) * scale
    step = (right - left) / max(1, len(word))
    for at, sign in enumerate(word):
        x0 = left + at * step
        yield {"text": sign, "x0": x0, "x1": x0 + step, "top": top, "bottom": bottom, "size": size}


def _rules(picture: Image.Image) -> Iterator[Box]:
    """Yield the long thin level and upright strokes of a picture, in pixels."""
    import cv2

    grey = np.asarray(picture.convert("L"))
    ink = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 25, 12)
    length = max(20, picture.width // _RULE)
    for shape in ((length, 1), (1, length)):
        kernel = cv2.getStructuringElement(cv2.MORPH_RECT, shape)
        strokes = cv2.morphologyEx(cv2.dilate(ink, np.ones((2, 2), np.uint8)), cv2.MORPH_OPEN, kernel)
        contours, _ = cv2.findContours(strokes, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        for contour in contours:
            x, y, wide, high = cv2.boundingRect(contour)
            if (high if shape[0] > 1 else wide) <= _THICK:
                yield float(x), float(y), float(x + wide), float(y + high)


def _scaled(box: Box, scale: float) -> Box:
    return box[0] * scale, box[1] * scale, box[2] * scale, box[3] * scale
