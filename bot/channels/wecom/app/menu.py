"""The app's menu: what is on it stands in ``messages.toml``, and a press says its key as if typed (page 90231)."""

from __future__ import annotations

from typing import Any

from bot.channels.wecom.limits import MENU_BUTTONS, MENU_SUB_BUTTONS
from bot.messages import table

_GROUPS = "wecom_menu"


def menu_buttons() -> list[dict[str, Any]]:
    """Return the menu as menu/create takes it: a group of buttons, or one button, a place."""
    buttons: list[dict[str, Any]] = []
    for label, says in list(table(_GROUPS).items())[:MENU_BUTTONS]:
        words = says.split()[:MENU_SUB_BUTTONS]
        if len(words) == 1:
            buttons.append({"type": "click", "name": label, "key": words[0]})
        else:
            below = [{"type": "click", "name": word, "key": word} for word in words]
            buttons.append({"name": label, "sub_button": below})
    return buttons
