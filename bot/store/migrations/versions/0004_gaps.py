"""Questions that were declined, or answered without being sure."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# SQLite counts up only in a column of exactly the type INTEGER.
_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Bring the tables one step forward."""
    op.create_table(
        "gaps",
        sa.Column("id", _SERIAL, autoincrement=True, nullable=False),
        sa.Column("asked_at", sa.Float(), nullable=False),
        sa.Column("channel", sa.String(length=255), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False, comment="a keyed hash of who asked"),
        sa.Column("folded", sa.String(length=255), nullable=False, comment="what equal questions share"),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=False, comment="the decline's message; weak for an answer"),
        sa.Column("confidence", sa.Float(), nullable=True, comment="how sure the search was, where there was one"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gaps")),
    )
    op.create_index(op.f("ix_gaps_asked_at"), "gaps", ["asked_at"])


def downgrade() -> None:
    """Take the step back."""
    op.drop_table("gaps")
