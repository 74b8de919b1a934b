"""A Bot API server for tests and for trying the bot out in a terminal, without a token or a network.

It speaks the Bot API's JSON over real HTTP on loopback: long polling with offsets and conflicts, webhooks with their
secret, messages, edits, callback and inline queries, chat members. It refuses what Telegram refuses (markup it can't
parse, messages that are too long, edits that change nothing, too much callback data), and fails on demand: 429,
other errors, dropped connections. A request that comes while a 429 still holds is noted in ``World.violations``.

``python -m tests.fake_telegram`` starts it with a chat in the terminal.
"""
