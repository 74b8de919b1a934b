"""How often the answer to an update was sent again after a crash."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables one step forward."""
    comment = "how often sent again after a crash"
    op.add_column("inbox", sa.Column("copies", sa.Integer(), nullable=False, server_default="0", comment=comment))


def downgrade() -> None:
    """Take the step back."""
    op.drop_column("inbox", "copies")
