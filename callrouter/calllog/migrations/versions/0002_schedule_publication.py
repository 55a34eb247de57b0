"""Which schedule version was published when, by whom and why: machines that share a database read the latest."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "schedule_publication",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("hash", sa.String, nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("why", sa.String),
    )


def downgrade() -> None:
    """Drop it; the texts stay in schedule_version."""
    op.drop_table("schedule_publication")
