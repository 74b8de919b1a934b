"""Updates that can't be read are set aside, in a state of their own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_STATE = ("new, working, done or failed", "new, working, done, failed or unreadable")
_PAYLOAD = (
    "as the platform sent it; emptied when done",
    "as the platform sent it; emptied when it has ended, but not of an unreadable one",
)


def upgrade() -> None:
    """Bring the tables one step forward."""
    _comment(0, 1)


def downgrade() -> None:
    """Take the step back: the earlier program knows no such rows."""
    op.execute("UPDATE inbox SET state = 'failed', payload = '' WHERE state = 'unreadable'")
    _comment(1, 0)


def _comment(before: int, after: int) -> None:
    """Say what the columns hold now; SQLite keeps no comments."""
    if op.get_bind().dialect.name == "sqlite":
        return
    for column, kind, words in (("state", sa.String(16), _STATE), ("payload", sa.Text(), _PAYLOAD)):
        op.alter_column(
            "inbox",
            column,
            existing_type=kind,
            existing_nullable=False,
            existing_comment=words[before],
            comment=words[after],
        )
