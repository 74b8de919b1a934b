"""Telegram's limits, each once, with where it is stated; and how much of them this bot uses."""

from __future__ import annotations

from typing import Final

from bot.notices.sending import NoticePace
from bot.render.pages import Room

API_URL: Final = "https://api.telegram.org/bot"
FILE_URL: Final = "https://api.telegram.org/file/bot"
"""Before the token: https://core.telegram.org/bots/api#making-requests"""
MESSAGE_UNITS: Final = 4096
"""UTF-16 units of a message's text after entity parsing: https://core.telegram.org/bots/api#sendmessage"""
CAPTION_UNITS: Final = 1024
"""The same of a photo's caption: https://core.telegram.org/bots/api#sendphoto"""
CALLBACK_DATA_BYTES: Final = 64
"""https://core.telegram.org/bots/api#inlinekeyboardbutton"""
COPIED_CHARACTERS: Final = 256
"""Of a text that a button copies: https://core.telegram.org/bots/api#copytextbutton"""
DESCRIPTION_CHARACTERS: Final = 512
SHORT_DESCRIPTION_CHARACTERS: Final = 120
"""https://core.telegram.org/bots/api#setmydescription, #setmyshortdescription"""
CALLBACK_ANSWER_CHARACTERS: Final = 200
"""https://core.telegram.org/bots/api#answercallbackquery"""
INLINE_RESULTS: Final = 50
"""https://core.telegram.org/bots/api#answerinlinequery"""
UPDATES_AT_ONCE: Final = 100
"""https://core.telegram.org/bots/api#getupdates"""
START_PAYLOAD_CHARACTERS: Final = 64
"""Of A-Z a-z 0-9 _ -: https://core.telegram.org/bots/features#deep-linking"""
ANONYMOUS_ADMIN: Final = 1087968824
"""Whom Telegram names as the sender when an administrator writes anonymously, as
https://core.telegram.org/bots/api#message says of ``sender_chat``."""
CHANNEL_BOT: Final = 136817688
"""The same when somebody writes in the name of a channel."""

POLL_SECONDS: Final = 25
"""How long one getUpdates waits for something new; well under what proxies cut off."""
READ_SECONDS: Final = 30.0
"""How long one answer is waited for. A busy platform has done what was asked long before it says so: after seven
seconds a message was there already, and asking again made a second one."""
UPLOAD_SECONDS: Final = 60.0
"""How long a picture may take to leave."""
CONNECTIONS: Final = 256
"""At once; the library's own default."""
MESSAGES_PER_SECOND: Final = 30
GROUP_MESSAGES_PER_MINUTE: Final = 20
"""Both from https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this"""
BURST: Final = 3
"""So many go out at once; then they are spaced, so that in no second there are more than the limit."""
JITTER: Final = 2
"""Requests that may catch up with others on their way, and arrive in a second in which they were not sent."""
NOTICES: Final = NoticePace(per_chat=((15, 60),), overall=((5, 0.25), (18, 1)))
"""Of those, what notices take, a few at a time so that an answer need not wait behind many; the rest is for answers."""
RESERVE: Final = 5
"""Messages of a group's minute that are kept for answers, whichever topics its notices go to."""
RETRIES: Final = 8
"""How often one request obeys a 429 before it gives up (the update is then tried again as a whole)."""
TYPING_AFTER: Final = 0.3
"""Seconds after which an answer has taken so long that “typing…” is worth a request."""
TYPING_SECONDS: Final = 4.0
"""“typing…” shows for five seconds: https://core.telegram.org/bots/api#sendchataction"""

PRIVATE: Final = Room(limit=MESSAGE_UNITS, lines=28)
"""About one screen and a half of a phone."""
GROUP: Final = Room(limit=MESSAGE_UNITS, lines=10, brief=True)
NOTICE: Final = Room(limit=MESSAGE_UNITS, lines=200)
"""A notice is one message: it was cut before it was planned."""
CAPTION: Final = Room(limit=CAPTION_UNITS, lines=12)
ARTICLE_TITLE_CHARACTERS: Final = 100
"""Of a result's title; clients show about one line."""
INLINE_PAGE: Final = 25
"""Results of one page of inline mode; the next comes when the user scrolls."""
INLINE_QUESTION_CHARACTERS: Final = 4
"""From here on what is typed may be a question; what is shorter is still being typed."""
INLINE_DETAIL: Final = Room(limit=300, lines=4, brief=True)
"""What a result shows below its title; clients show about two lines."""
INLINE_CACHE_SECONDS: Final = 60
INLINE_STALE_SECONDS: Final = 20
"""Telegram forgets an inline query about then; its answer would be refused."""
BUTTONS_IN_A_ROW: Final = 2
NUMBERS_IN_A_ROW: Final = 5
LABEL_IN_HALF_A_ROW: Final = 9
"""Characters of a button that shares its row, on a narrow phone."""
