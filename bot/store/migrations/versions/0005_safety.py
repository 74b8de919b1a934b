"""What lets nobody in any more, and when an update is to be tried again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables one step forward."""
    op.create_table(
        "revocations",
        sa.Column("name", sa.String(length=255), nullable=False, comment="link:ID, member:USERID, or * for all"),
        sa.Column("at", sa.Float(), nullable=False, comment="what was given out before is not taken"),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_revocations")),
    )
    with op.batch_alter_table("inbox") as inbox:
        inbox.add_column(
            sa.Column("due_at", sa.Float(), nullable=False, server_default="0", comment="not to be answered before")
        )


def downgrade() -> None:
    """Take the step back."""
    with op.batch_alter_table("inbox") as inbox:
        inbox.drop_column("due_at")
    op.drop_table("revocations")
