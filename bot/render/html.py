"""Telegram's HTML: https://core.telegram.org/bots/api#html-style."""

from __future__ import annotations

import html
import re

from bot.render.parts import Run, RunStyle

_TAGS = {
    RunStyle.PLAIN: ("", ""),
    RunStyle.BOLD: ("<b>", "</b>"),
    RunStyle.FAINT: ("<i>", "</i>"),
    RunStyle.QUOTE: ("<blockquote>", "</blockquote>"),
}
_FOLDED = "<blockquote expandable>"
FOLDED_FROM = 160
"""Characters from which a quotation shows its first lines and unfolds at a tap: more than some six lines of a phone."""
_TAG = re.compile(r"</?(?:b|i|blockquote)(?: expandable)?>|<a href=\"[^\"]*\">|</a>")


class TelegramHtml:
    """Writes runs as HTML and measures them as Telegram does: UTF-16 units of what is left after parsing."""

    def write(self, run: Run) -> str:
        """Return a run in HTML; only ``& < >`` need escaping outside attributes, and quotes inside."""
        before, after = _TAGS[run.style]
        if run.style is RunStyle.QUOTE and len(run.text) >= FOLDED_FROM:
            before = _FOLDED
        if run.address:
            before, after = f'{before}<a href="{html.escape(run.address)}">', f"</a>{after}"
        return before + html.escape(run.text, quote=False) + after

    def measure(self, text: str) -> int:
        """Return the UTF-16 code units of the text that a reader sees."""
        return len(plain(text).encode("utf-16-le")) // 2


def plain(text: str) -> str:
    """Return what this module wrote without its markup, for when Telegram refuses it."""
    return html.unescape(_TAG.sub("", text))
