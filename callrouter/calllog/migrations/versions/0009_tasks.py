"""Long work that somebody asked for on the pages."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "task",
        *(sa.Column(name, sa.String, nullable=False) for name in ("key", "kind", "by")),
        *(sa.Column(name, _instant, nullable=False) for name in ("asked_at", "beat_at")),
        *(sa.Column(name, sa.JSON, nullable=False) for name in ("asked", "result")),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("done", "total")),
        *(sa.Column(name, _instant) for name in ("started_at", "ended_at")),
        *(sa.Column(name, sa.String) for name in ("cancelled_by", "outcome", "file")),
        sa.PrimaryKeyConstraint("key", name="pk_task"),
    )
    op.create_index("ix_task_asked_at", "task", ["asked_at"])


def downgrade() -> None:
    """Drop it, with all it holds."""
    op.drop_table("task")
