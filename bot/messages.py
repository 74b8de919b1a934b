"""Every sentence the bot says."""

from __future__ import annotations

from corpus.message_file import MessageFile

_file = MessageFile("bot")
table, say = _file.table, _file.say
