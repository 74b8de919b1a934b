"""A list number as Word prints it: ``data/number_formats.toml`` holds the signs, this file puts them together."""

from __future__ import annotations

from corpus.datafiles import load

_MOST_COUNTED = 999
_MOST_ROMAN = 39


def printed(value: int, form: str) -> str:
    """Return ``value`` in the OOXML number format ``form``; Arabic digits where the format has no sign for it."""
    formats = load("number_formats")
    if form == "decimalZero":
        return f"{value:02d}"
    if form in formats["digits"]:
        return "".join(formats["digits"][form][int(digit)] for digit in str(value))
    if form in formats["counting"] and 0 < value <= _MOST_COUNTED:
        return _counted(value, formats["counting"][form])
    if form in formats["roman"] and 0 < value <= _MOST_ROMAN:
        ones = formats["roman"][form]
        return str(ones[1]).replace(ones[1], ones[9][1]) * (value // 10) + str(ones[value % 10])
    if form in formats["series"] and 0 < value <= len(formats["series"][form]):
        return str(formats["series"][form][value - 1])
    return str(value)


def _counted(value: int, signs: str) -> str:
    """Return 1-999 as spoken: 十, 十一, 二十, 一百〇五, 一百一十."""
    zero, ten, hundred = signs[0], signs[10], signs[11]
    hundreds, rest = divmod(value, 100)
    tens, ones = divmod(rest, 10)
    text = signs[hundreds] + hundred if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds and zero == "〇" else signs[tens]) + ten
    elif hundreds and ones:
        text += zero
    return text + (signs[ones] if ones else "")
