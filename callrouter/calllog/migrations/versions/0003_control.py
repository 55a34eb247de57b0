"""What is decided by hand: overrides and blocks, each with its span, who and why, and who ended it before its time."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "override",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("unit", sa.String, nullable=False),
        sa.Column("state", sa.String),
        sa.Column("destination", sa.String),
        *_by_hand(),
    )
    op.create_index("ix_override_end", "override", ["end"])
    op.create_table(
        "block",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("unit", sa.String, nullable=False),
        sa.Column("caller_key", sa.String, nullable=False),
        sa.Column("key_id", sa.String, nullable=False),
        *_by_hand(),
    )
    op.create_index("ix_block_end", "block", ["end"])


def downgrade() -> None:
    """Drop them, with all they hold."""
    for table in ("block", "override"):
        op.drop_table(table)


def _by_hand() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("start", _instant, nullable=False),
        sa.Column("end", _instant, nullable=False),
        sa.Column("why", sa.String, nullable=False),
        sa.Column("who", sa.String, nullable=False),
        sa.Column("planned_end", _instant),
        sa.Column("ended_by", sa.String),
        sa.Column("ended_why", sa.String),
    )
