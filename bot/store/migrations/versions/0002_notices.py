"""Followings, outbox, pacing, announcements, and what was planned and known before."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# SQLite counts up only in a column of exactly the type INTEGER.
_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Bring the tables one step forward."""
    _make_announcements()
    _make_followings()
    _make_known_plans()
    _make_marks()
    _make_outbox()
    _make_pacing()


def downgrade() -> None:
    """Take the step back."""
    for table in ("pacing", "outbox", "marks", "known_plans", "followings", "announcements"):
        op.drop_table(table)


def _make_announcements() -> None:
    op.create_table(
        "announcements",
        sa.Column("id", _SERIAL, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("district", sa.String(length=255), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False, comment="whose followers are told, as it is shown"),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("author", sa.String(length=255), nullable=False),
        sa.Column("made_at", sa.Float(), nullable=False),
        sa.Column("sent_at", sa.Float(), nullable=True, comment="when it was confirmed; empty for a preview"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcements")),
    )


def _make_followings() -> None:
    op.create_table(
        "followings",
        sa.Column("channel", sa.String(length=255), nullable=False),
        sa.Column("chat", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False, comment="unit, indicator, plan or district"),
        sa.Column(
            "subject",
            sa.String(length=255),
            nullable=False,
            comment="the unit's key, the indicator's name, the plan's id",
        ),
        sa.Column("district", sa.String(length=255), nullable=False, comment="empty covers every district"),
        sa.Column("name", sa.String(length=255), nullable=False, comment="as it is shown"),
        sa.Column("since", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "chat", "kind", "subject", "district", name=op.f("pk_followings")),
    )


def _make_known_plans() -> None:
    op.create_table(
        "known_plans",
        sa.Column("plan", sa.String(length=255), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False, comment="of the source"),
        sa.Column(
            "body", sa.Text(), nullable=False, comment="the parsed plan as JSON: what the next version is compared with"
        ),
        sa.PrimaryKeyConstraint("plan", name=op.f("pk_known_plans")),
    )


def _make_marks() -> None:
    op.create_table(
        "marks",
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("at", sa.Float(), nullable=False, comment="up to which time this was planned"),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_marks")),
    )


def _make_outbox() -> None:
    op.create_table(
        "outbox",
        *_outbox_key(),
        *_outbox_course(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint(
            "notice", "planned", "channel", "chat", "part", name=op.f("uq_outbox_notice_planned_channel_chat_part")
        ),
    )
    for columns in (["channel", "begun_at"], ["channel", "state", "planned_at"]):
        op.create_index(op.f(f"ix_outbox_{'_'.join(columns)}"), "outbox", columns)


def _outbox_key() -> list[sa.Column[Any]]:
    notice, planned = "what it is about: deadline, digest, announcement:7 …", "the planned time, ISO 8601"
    return [
        sa.Column("id", _SERIAL, autoincrement=True, nullable=False),
        sa.Column("notice", sa.String(length=255), nullable=False, comment=notice),
        sa.Column("planned", sa.String(length=64), nullable=False, comment=planned),
        sa.Column("channel", sa.String(length=255), nullable=False),
        sa.Column("chat", sa.String(length=255), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False, comment="from 1: a long notice is several messages"),
    ]


def _outbox_course() -> list[sa.Column[Any]]:
    states = "due, sending, sent, retry, failed, unknown, missed, cancelled"
    order = "the planned time; messages of a chat keep its order"
    begun = "when sending was last begun; the rates are counted by it"
    unsure = "since when a double may be with the platform, that it would remove"
    lease = "a row still being sent then belongs to nobody"
    return [
        sa.Column("body", sa.Text(), nullable=False, comment="an Answer as JSON"),
        sa.Column("state", sa.String(length=16), nullable=False, comment=states),
        sa.Column("planned_at", sa.Float(), nullable=False, comment=order),
        sa.Column("due_at", sa.Float(), nullable=False, comment="not to be sent before"),
        sa.Column("expires_at", sa.Float(), nullable=False, comment="after this it is missed"),
        sa.Column("begun_at", sa.Float(), nullable=True, comment=begun),
        sa.Column("unsure_since", sa.Float(), nullable=True, comment=unsure),
        sa.Column("lease_until", sa.Float(), nullable=True, comment=lease),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("worker", sa.String(length=255), nullable=False),
        sa.Column("message", sa.String(length=255), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False, comment="why it was not sent"),
        sa.Column("again", sa.Integer(), nullable=False, comment="how often an operator has had it sent once more"),
    ]


def _make_pacing() -> None:
    op.create_table(
        "pacing",
        sa.Column("channel", sa.String(length=255), nullable=False),
        sa.Column(
            "closed_until", sa.Float(), nullable=False, comment="nothing is sent before: the platform asked for a pause"
        ),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_pacing")),
    )
