"""What each replica had when it last looked at its plans."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables one step forward."""
    op.create_table(
        "replicas",
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("looked_at", sa.Float(), nullable=False, comment="when it last looked at its plans"),
        sa.Column("plans", sa.Text(), nullable=False, comment="the hash of each that it had, by id, as JSON"),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_replicas")),
    )


def downgrade() -> None:
    """Take the step back."""
    op.drop_table("replicas")
