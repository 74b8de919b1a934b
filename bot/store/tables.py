"""The tables of the store, as the newest migration leaves them (a test compares the two)."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Float, Index, Integer, MetaData, Table, UniqueConstraint

from bot.store.text import KEY_CHARACTERS, LongText, Short

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

# SQLite counts up only in a column of exactly the type INTEGER.
_Serial = BigInteger().with_variant(Integer(), "sqlite")


def _name(column: str, *, key: bool = False) -> Column[str]:
    return Column(column, Short(KEY_CHARACTERS), primary_key=key, nullable=False)


inbox = Table(
    "inbox",
    metadata,
    Column("id", _Serial, primary_key=True, autoincrement=True),
    _name("channel"),
    Column("key", Short(KEY_CHARACTERS), nullable=False, comment="the platform's own id of the update"),
    Column(
        "conversation", Short(KEY_CHARACTERS), nullable=False, comment="updates with the same one are answered in order"
    ),
    Column(
        "payload",
        LongText,
        nullable=False,
        comment="as the platform sent it; emptied when it has ended, but not of an unreadable one",
    ),
    Column("received_at", Float, nullable=False),
    Column("state", Short(16), nullable=False, comment="new, working, done, failed or unreadable"),
    Column("attempts", Integer, nullable=False),
    Column("due_at", Float, nullable=False, server_default="0", comment="not to be answered before"),
    Column("copies", Integer, nullable=False, server_default="0", comment="how often sent again after a crash"),
    UniqueConstraint("channel", "key"),
    Index(None, "channel", "state", "id"),
)

conversations = Table(
    "conversations",
    metadata,
    _name("channel", key=True),
    _name("chat", key=True),
    Column("person", Short(KEY_CHARACTERS), primary_key=True, comment="empty in a private chat"),
    Column("state", LongText, nullable=False, comment="a ChatState as JSON"),
    Column("updated_at", Float, nullable=False),
)

chats = Table(
    "chats",
    metadata,
    _name("channel", key=True),
    _name("chat", key=True),
    Column("district", Short(KEY_CHARACTERS), nullable=False, comment="asked about when a message names none"),
    Column("asked_district", Integer, nullable=False, comment="1 once the chat was asked which district it is of"),
)

guests = Table(
    "guests",
    metadata,
    _name("channel", key=True),
    Column(
        "guest",
        Short(KEY_CHARACTERS),
        primary_key=True,
        comment="a user's or a chat's id, let in by the invitation code",
    ),
    Column("since", Float, nullable=False),
)

shown = Table(
    "shown",
    metadata,
    _name("channel", key=True),
    _name("chat", key=True),
    Column("message", Short(KEY_CHARACTERS), primary_key=True, comment="the bot's message"),
    Column(
        "question",
        Short(KEY_CHARACTERS),
        nullable=False,
        comment="the message that it answers; empty when there is none",
    ),
    Column("asked_in", LongText, nullable=False, comment="the ChatState in which that was asked, as JSON"),
    Column("said", LongText, nullable=False, comment="what was said to get what it shows now"),
    Column("before", LongText, nullable=False, comment="the ChatState in which that was said"),
    Column("after", LongText, nullable=False, comment="the ChatState that it leaves"),
    Column("digest", Short(64), nullable=False, comment="of text and buttons, to edit only what changes"),
    Column("updated_at", Float, nullable=False),
    Index(None, "channel", "chat", "question"),
    Index(None, "updated_at"),
)

buttons = Table(
    "buttons",
    metadata,
    Column("token", Short(64), primary_key=True),
    _name("channel"),
    _name("chat"),
    Column("say", LongText, nullable=False, comment="the message that pressing it stands for"),
    Column("state", LongText, nullable=False, comment="the ChatState that its message was made with, as JSON"),
    Column("made_at", Float, nullable=False),
    Index(None, "made_at"),
)

leases = Table(
    "leases",
    metadata,
    Column("name", Short(KEY_CHARACTERS), primary_key=True),
    _name("holder"),
    Column("expires_at", Float, nullable=False),
)

followings = Table(
    "followings",
    metadata,
    _name("channel", key=True),
    _name("chat", key=True),
    Column("kind", Short(16), primary_key=True, comment="unit, indicator, plan or district"),
    Column(
        "subject",
        Short(KEY_CHARACTERS),
        primary_key=True,
        comment="the unit's key, the indicator's name, the plan's id",
    ),
    Column("district", Short(KEY_CHARACTERS), primary_key=True, comment="empty covers every district"),
    Column("name", Short(KEY_CHARACTERS), nullable=False, comment="as it is shown"),
    Column("since", Float, nullable=False),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", _Serial, primary_key=True, autoincrement=True),
    Column(
        "notice", Short(KEY_CHARACTERS), nullable=False, comment="what it is about: deadline, digest, announcement:7 …"
    ),
    Column("planned", Short(64), nullable=False, comment="the planned time, ISO 8601"),
    _name("channel"),
    _name("chat"),
    Column("part", Integer, nullable=False, comment="from 1: a long notice is several messages"),
    Column("body", LongText, nullable=False, comment="an Answer as JSON"),
    Column("state", Short(16), nullable=False, comment="due, sending, sent, retry, failed, unknown, missed, cancelled"),
    Column("planned_at", Float, nullable=False, comment="the planned time; messages of a chat keep its order"),
    Column("due_at", Float, nullable=False, comment="not to be sent before"),
    Column("expires_at", Float, nullable=False, comment="after this it is missed"),
    Column("begun_at", Float, comment="when sending was last begun; the rates are counted by it"),
    Column("unsure_since", Float, comment="since when a double may be with the platform, that it would remove"),
    Column("lease_until", Float, comment="a row still being sent then belongs to nobody"),
    Column("attempts", Integer, nullable=False),
    _name("worker"),
    _name("message"),
    Column("reason", LongText, nullable=False, comment="why it was not sent"),
    Column("again", Integer, nullable=False, comment="how often an operator has had it sent once more"),
    UniqueConstraint("notice", "planned", "channel", "chat", "part"),
    Index(None, "channel", "state", "planned_at"),
    Index(None, "channel", "begun_at"),
)

pacing = Table(
    "pacing",
    metadata,
    _name("channel", key=True),
    Column("closed_until", Float, nullable=False, comment="nothing is sent before: the platform asked for a pause"),
)

announcements = Table(
    "announcements",
    metadata,
    Column("id", _Serial, primary_key=True, autoincrement=True),
    Column("kind", Short(16), nullable=False),
    _name("subject"),
    _name("district"),
    Column("name", Short(KEY_CHARACTERS), nullable=False, comment="whose followers are told, as it is shown"),
    Column("words", LongText, nullable=False),
    Column("author", Short(KEY_CHARACTERS), nullable=False),
    Column("made_at", Float, nullable=False),
    Column("sent_at", Float, comment="when it was confirmed; empty for a preview"),
)

confirmations = Table(
    "confirmations",
    metadata,
    Column("announcement", BigInteger, primary_key=True, autoincrement=False),
    _name("channel", key=True),
    _name("chat", key=True),
    Column("person", Short(KEY_CHARACTERS), primary_key=True, comment="who has said that it was read"),
    Column("name", Short(KEY_CHARACTERS), nullable=False, comment="as the platform shows it; may be empty"),
    Column("at", Float, nullable=False),
)

revocations = Table(
    "revocations",
    metadata,
    Column(
        "name", Short(KEY_CHARACTERS), primary_key=True, nullable=False, comment="link:ID, member:USERID, or * for all"
    ),
    Column("at", Float, nullable=False, comment="what was given out before is not taken"),
)

marks = Table(
    "marks",
    metadata,
    _name("name", key=True),
    Column("at", Float, nullable=False, comment="up to which time this was planned"),
)

known_plans = Table(
    "known_plans",
    metadata,
    _name("plan", key=True),
    Column("sha256", Short(64), nullable=False, comment="of the source"),
    Column("body", LongText, nullable=False, comment="the parsed plan as JSON: what the next version is compared with"),
)

replicas = Table(
    "replicas",
    metadata,
    _name("name", key=True),
    Column("looked_at", Float, nullable=False, comment="when it last looked at its plans"),
    Column("plans", LongText, nullable=False, comment="the hash of each that it had, by id, as JSON"),
)

gaps = Table(
    "gaps",
    metadata,
    Column("id", _Serial, primary_key=True, autoincrement=True),
    Column("asked_at", Float, nullable=False),
    _name("channel"),
    Column("person", Short(64), nullable=False, comment="a keyed hash of who asked"),
    Column("folded", Short(KEY_CHARACTERS), nullable=False, comment="what equal questions share"),
    Column("question", LongText, nullable=False),
    Column("reason", Short(64), nullable=False, comment="the decline's message; weak for an answer"),
    Column("confidence", Float, comment="how sure the search was, where there was one"),
    Index(None, "asked_at"),
)

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("number", Short(64), primary_key=True, comment="part of the token, and no secret"),
    Column("name", Short(KEY_CHARACTERS), nullable=False, comment="whose it is, as the operator calls it"),
    Column("digest", Short(64), nullable=False, comment="SHA-256 of the token"),
    Column("scopes", Short(64), nullable=False, comment="what it may do, with blanks between"),
    Column("per_minute", Integer, nullable=False, comment="requests; 0 for as many as it likes"),
    Column("made_at", Float, nullable=False),
    Column("expires_at", Float, nullable=False),
)
