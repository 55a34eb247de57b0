"""Who calls back whom, and what came of it."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_call_id = sa.String().with_variant(sa.String(collation="C"), "postgresql")
_instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "call_back",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("call_id", _call_id, nullable=False),
        sa.Column("at", _instant, nullable=False),
        sa.Column("who", sa.String, nullable=False),
        sa.Column("ended_at", _instant),
        sa.Column("result", sa.String),
        sa.Column("again_at", _instant),
    )
    op.create_index("ix_call_back_day_call_id", "call_back", ["day", "call_id"])


def downgrade() -> None:
    """Drop it, with all it holds."""
    op.drop_table("call_back")
