"""Who has said that an announcement was read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables one step forward."""
    op.create_table(
        "confirmations",
        sa.Column("announcement", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("channel", sa.String(length=255), nullable=False),
        sa.Column("chat", sa.String(length=255), nullable=False),
        sa.Column("person", sa.String(length=255), nullable=False, comment="who has said that it was read"),
        sa.Column("name", sa.String(length=255), nullable=False, comment="as the platform shows it; may be empty"),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("announcement", "channel", "chat", "person", name=op.f("pk_confirmations")),
    )


def downgrade() -> None:
    """Take the step back."""
    op.drop_table("confirmations")
