"""By which version of the schedule each process answers, for the others to see."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

_instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "process",
        sa.Column("name", sa.String, nullable=False),
        sa.Column("schedule", sa.String),
        *(sa.Column(name, _instant, nullable=False) for name in ("since", "beat_at")),
        sa.PrimaryKeyConstraint("name", name="pk_process"),
    )


def downgrade() -> None:
    """Drop it: each process tells again what it was told."""
    op.drop_table("process")
