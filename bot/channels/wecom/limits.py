"""Every number, code and address that WeCom sets, each with the page of its documentation that says so.

A page number N stands for ``https://developer.work.weixin.qq.com/document/path/N``. Sizes are in bytes of UTF-8,
times in seconds.
"""

from __future__ import annotations

from bot.notices.sending import NoticePace

# Addresses.
AIBOT_URL = "wss://openws.work.weixin.qq.com"
"""101463: the AI bot's long connection."""
API_URL = "https://qyapi.weixin.qq.com"
"""90313: every call of a self-built app, and of a group robot."""

AUTHORIZE_URL = "https://open.weixin.qq.com/connect/oauth2/authorize"
"""91022: where a browser is sent to learn who is sitting at it."""

# AI bot: sizes.
STREAM_BYTES = 20_480
"""101031, 101463: a stream's content, the whole text so far; a pushed markdown message takes as much."""
BUTTONS = 6
"""101032: buttons of a card of the kind button_interaction."""
BUTTON_KEY_BYTES = 1_024
"""101032: a button's key."""
BUTTON_CHARACTERS = 10
"""101032: longer labels may be cut by the client."""
CARD_TITLE_CHARACTERS = 26
"""101032: a card's main title."""
CARD_DESCRIPTION_CHARACTERS = 30
"""101032: the line below a card's main title."""
CARD_TEXT_CHARACTERS = 112
"""101032: a card's second heading (sub_title_text)."""
INACCURATE = 2
"""101027: a feedback's kind, where a member finds that an answer is not right (1: right, 3: taken back)."""

UPLOAD_CHUNK_BYTES = 512 * 1_024
"""101463: one piece of an uploaded file, before base64; WeCom's own SDK cuts there too."""

# AI bot: times and rates.
PING_EVERY = 30.0
"""101463: a heartbeat keeps the connection."""
EVENT_REPLY_WITHIN = 5.0
"""101463: a welcome or a card's update, counted from its event."""
STREAM_WITHIN = 360.0
"""101463: from a stream's first frame to ``finish``."""
CONVERSATION_A_MINUTE = 30
"""101463: replies and pushes together, per conversation."""
CONVERSATION_AN_HOUR = 1_000
"""101463: replies and pushes together, per conversation."""

# AI bot: codes in an ack.
BAD_REQ_ID = 846605
"""101463: nobody waits for a reply to this ``req_id`` (any more)."""
STREAM_EXPIRED = 846608
"""101463: the stream is over and can't be changed: push instead."""
NOT_SUBSCRIBED = 846609
"""101463: the platform holds this connection for one that has not subscribed: only a new one helps."""
ACK_TRIES = 3
"""How often an answer whose ack never comes is written, before it is pushed instead."""
PUSH_COPIES = 2
"""Of a pushed message, which has no id that would make a second copy the same, while none is confirmed."""

# Self-built app: callback.
CALLBACK_WITHIN = 5.0
"""90238: without a 200 by then the same message comes again."""
CALLBACK_TRIES = 3
"""90238: how often it comes again."""
AES_KEY_CHARACTERS = 43
"""90968: EncodingAESKey, base64 without its last ``=``."""
PADDING_BYTES = 32
"""90968: PKCS#7 to this many bytes, not to AES's sixteen."""

# Self-built app: sending.
TOKEN_SECONDS = 7_200
"""91039: life of an access_token; it may die earlier."""
APP_TEXT_BYTES = 2_048
"""90236: the rest is cut without a word."""
APP_MARKDOWN_BYTES = 2_048
"""90236: the rest is cut without a word."""
MEMBER_A_MINUTE = 30
"""90313: messages of an app to one member; what is more is dropped without a word."""
MEMBER_AN_HOUR = 1_000
"""90313: messages of an app to one member; what is more is dropped without a word."""
MENU_BUTTONS = 3
"""90231: first-level buttons of an app's menu."""
MENU_SUB_BUTTONS = 5
"""90231: buttons below one of them."""

# Self-built app: codes in an answer.
TOKEN_DEAD = frozenset({40001, 40014, 42001})
"""90313: the access_token is wrong, invalid or expired: fetch another one, once."""
CREDENTIALS_WRONG = frozenset({40001, 40013, 40091, 41002, 41004})
"""90313: gettoken's refusals of the corpid or the secret, which no waiting will change."""
TOO_OFTEN = 45009
"""90313: a frequency limit: wait, and never fetch another token because of it."""
TRY_LATER = -1
"""90313: the platform is busy."""
NOBODY_VALID = 81013
"""90313: all recipients are invalid."""
BAD_CODE = 40029
"""96442: a code of the login that is wrong, used already, or older than five minutes."""
NO_MEMBER = frozenset({60111, 60011})
"""90313: no such member in the corporation, or none that the app may see."""
MEMBER_LEFT = frozenset({2, 5})
"""90196: a member's ``status``: disabled, or gone from the corporation."""
UNTRUSTED_IP = 60020
"""90313: this machine's address is not in the app's list of trusted ones."""

# What an errcode says about the receiver of a push.
GONE = frozenset({NOBODY_VALID, 60111, 86001, 86003, 93000})
"""90313: nobody is there to receive it: no such member, no such group, no such robot."""

# Group robot.
ROBOT_TEXT_BYTES = 2_048
"""91770, 99110."""
ROBOT_MARKDOWN_BYTES = 4_096
"""91770, 99110: markdown and markdown_v2."""
ROBOT_A_MINUTE = 20
"""91770, 99110: messages per key."""

# Notices: below what the platform allows, the rest is for answers.
AIBOT_NOTICES = NoticePace(per_chat=((20, 60), (700, 3_600)))
APP_NOTICES = NoticePace(per_chat=((20, 60), (700, 3_600)))
ROBOT_NOTICES = NoticePace(per_chat=((18, 60),))
"""Nobody asks it anything; two a minute are for what an office pushes by hand."""
APP_DOUBLES = 14_400
"""90236: for how long the platform is told to drop a double of a notice; it allows four hours."""
APP_RESENDS = 3_600
"""For how long a notice that may have arrived is sent again, well within that."""
