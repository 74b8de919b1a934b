"""The value of a numeral: 12, 十二, 一百零五, 两."""

from __future__ import annotations

_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS = {"十": 10, "百": 100}


def numeral(text: str) -> int:
    """Return the value of an Arabic numeral, or of a Chinese one up to 999; ValueError for anything else."""
    if text.isdigit():
        return int(text)
    total = digit = 0
    for char in text:
        if char in _TENS:
            total += (digit or 1) * _TENS[char]
            digit = 0
        elif char in _DIGITS:
            digit = _DIGITS[char]
        else:
            raise ValueError(text)
    return total + digit
