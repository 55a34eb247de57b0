"""What jobs found that somebody should look at, until it is well; and what is about to be saved to a file."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

_instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the table: what was found before is found again. What was saved before is in force or was."""
    op.add_column("schedule_publication", sa.Column("is_meant", sa.Boolean))
    op.create_table(
        "job_concern",
        *(sa.Column(name, sa.String, nullable=False) for name in ("job", "about")),
        sa.Column("said", sa.JSON, nullable=False),
        *(sa.Column(name, _instant, nullable=False) for name in ("since", "until")),
        sa.PrimaryKeyConstraint("job", "about", name="pk_job_concern"),
    )


def downgrade() -> None:
    """Drop it, and what never came into force."""
    op.drop_table("job_concern")
    op.execute("DELETE FROM schedule_publication WHERE is_meant IS NOT NULL")
    op.drop_column("schedule_publication", "is_meant")
