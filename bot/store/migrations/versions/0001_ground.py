"""Inbox, conversations, chats, guests, shown messages, buttons and leases."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables one step forward."""
    _make_buttons()
    _make_chats()
    _make_conversations()
    _make_guests()
    _make_inbox()
    _make_leases()
    _make_shown()


def downgrade() -> None:
    """Take the step back."""
    for table in ("shown", "leases", "inbox", "guests", "conversations", "chats", "buttons"):
        op.drop_table(table)


def _make_buttons() -> None:
    op.create_table(
        "buttons",
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=255), nullable=False),
        sa.Column("chat", sa.String(length=255), nullable=False),
        sa.Column("say", sa.Text(), nullable=False, comment="the message that pressing it stands for"),
        sa.Column("state", sa.Text(), nullable=False, comment="the ChatState that its message was made with, as JSON"),
        sa.Column("made_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_buttons")),
    )
    op.create_index(op.f("ix_buttons_made_at"), "buttons", ["made_at"])


def _make_chats() -> None:
    op.create_table(
        "chats",
        sa.Column("channel", sa.String(length=255), nullable=False),
        sa.Column("chat", sa.String(length=255), nullable=False),
        sa.Column("district", sa.String(length=255), nullable=False, comment="asked about when a message names none"),
        sa.Column(
            "asked_district", sa.Integer(), nullable=False, comment="1 once the chat was asked which district it is of"
        ),
        sa.PrimaryKeyConstraint("channel", "chat", name=op.f("pk_chats")),
    )


def _make_conversations() -> None:
    op.create_table(
        "conversations",
        sa.Column("channel", sa.String(length=255), nullable=False),
        sa.Column("chat", sa.String(length=255), nullable=False),
        sa.Column("person", sa.String(length=255), nullable=False, comment="empty in a private chat"),
        sa.Column("state", sa.Text(), nullable=False, comment="a ChatState as JSON"),
        sa.Column("updated_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "chat", "person", name=op.f("pk_conversations")),
    )


def _make_guests() -> None:
    op.create_table(
        "guests",
        sa.Column("channel", sa.String(length=255), nullable=False),
        sa.Column(
            "guest",
            sa.String(length=255),
            nullable=False,
            comment="a user's or a chat's id, let in by the invitation code",
        ),
        sa.Column("since", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "guest", name=op.f("pk_guests")),
    )


def _make_inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("channel", sa.String(length=255), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False, comment="the platform's own id of the update"),
        sa.Column(
            "conversation",
            sa.String(length=255),
            nullable=False,
            comment="updates with the same one are answered in order",
        ),
        sa.Column("payload", sa.Text(), nullable=False, comment="as the platform sent it; emptied when done"),
        sa.Column("received_at", sa.Float(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False, comment="new, working, done or failed"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
        sa.UniqueConstraint("channel", "key", name=op.f("uq_inbox_channel_key")),
    )
    op.create_index(op.f("ix_inbox_channel_state_id"), "inbox", ["channel", "state", "id"])


def _make_leases() -> None:
    op.create_table(
        "leases",
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("holder", sa.String(length=255), nullable=False),
        sa.Column("expires_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )


def _make_shown() -> None:
    op.create_table(
        "shown",
        sa.Column("channel", sa.String(length=255), nullable=False),
        sa.Column("chat", sa.String(length=255), nullable=False),
        sa.Column("message", sa.String(length=255), nullable=False, comment="the bot's message"),
        sa.Column(
            "question",
            sa.String(length=255),
            nullable=False,
            comment="the message that it answers; empty when there is none",
        ),
        sa.Column("asked_in", sa.Text(), nullable=False, comment="the ChatState in which that was asked, as JSON"),
        sa.Column("said", sa.Text(), nullable=False, comment="what was said to get what it shows now"),
        sa.Column("before", sa.Text(), nullable=False, comment="the ChatState in which that was said"),
        sa.Column("after", sa.Text(), nullable=False, comment="the ChatState that it leaves"),
        sa.Column(
            "digest", sa.String(length=64), nullable=False, comment="of text and buttons, to edit only what changes"
        ),
        sa.Column("updated_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "chat", "message", name=op.f("pk_shown")),
    )
    op.create_index(op.f("ix_shown_channel_chat_question"), "shown", ["channel", "chat", "question"])
    op.create_index(op.f("ix_shown_updated_at"), "shown", ["updated_at"])
