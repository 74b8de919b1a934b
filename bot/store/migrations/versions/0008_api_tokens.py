"""Tokens of other programs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables one step forward."""
    op.create_table(
        "api_tokens",
        sa.Column("number", sa.String(64), nullable=False, comment="part of the token, and no secret"),
        sa.Column("name", sa.String(255), nullable=False, comment="whose it is, as the operator calls it"),
        sa.Column("digest", sa.String(64), nullable=False, comment="SHA-256 of the token"),
        sa.Column("scopes", sa.String(64), nullable=False, comment="what it may do, with blanks between"),
        sa.Column("per_minute", sa.Integer(), nullable=False, comment="requests; 0 for as many as it likes"),
        sa.Column("made_at", sa.Float(), nullable=False),
        sa.Column("expires_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_api_tokens"),
    )


def downgrade() -> None:
    """Take the step back."""
    op.drop_table("api_tokens")
