"""Every sentence the corpus says to a person."""

from __future__ import annotations

from corpus.message_file import MessageFile

_file = MessageFile("corpus")
table, say = _file.table, _file.say
