"""Calls say whether the same caller called some minutes before."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the column; calls of before do not know."""
    op.add_column("call", sa.Column("is_redial", sa.Boolean))


def downgrade() -> None:
    """Drop it."""
    with op.batch_alter_table("call") as call:
        call.drop_column("is_redial")
