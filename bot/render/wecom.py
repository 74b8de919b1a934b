"""WeCom's markdown (page 90236 of its documentation), and the same text without it.

Only what every client renders is used: bold, quotes, and grey where asked; never a table.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.render.parts import Run, RunStyle

_LOOKALIKES = str.maketrans("<>*_`[]#|~\\", "＜＞＊＿｀［］＃｜～＼")
"""There is no escaping, and ``<@all>`` would call everyone: these become their full-width forms."""
_LINK = re.compile(r"\[([^\[\]]*)\]\([^()]*\)")
_MARKS = re.compile(r"\*\*|^> |</?font[^>]*>", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class WeComMarkdown:
    """Writes runs as markdown and measures them in bytes of UTF-8."""

    grey: bool = False
    """Notes and sources in grey: apps and group robots know colours, the AI bot does not."""

    def write(self, run: Run) -> str:
        """Return a run in markdown; every line of a quote is marked, since there is no end mark."""
        text = run.text.translate(_LOOKALIKES)
        if run.address:
            # A link has a colour of its own.
            return f"[{text}]({run.address})"
        if run.style is RunStyle.BOLD and text.strip():
            return f"**{text.strip()}**"
        if run.style is RunStyle.QUOTE:
            return "\n".join(f"> {line.strip()}" for line in text.split("\n") if line.strip())
        if run.style is RunStyle.FAINT and self.grey:
            return f'<font color="comment">{text}</font>'
        return text

    def measure(self, text: str) -> int:
        """Return the bytes that a text takes of WeCom's limit."""
        return len(text.encode())


def plain(markdown: str) -> str:
    """Return what this module wrote without its marks: for who sees text only, on the same pages."""
    return _MARKS.sub("", _LINK.sub(r"\1", markdown))
