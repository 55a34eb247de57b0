"""A schedule that was saved to a file has its who and why beside those that were published."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the column; what was published before has no file."""
    op.add_column("schedule_publication", sa.Column("file", sa.String))


def downgrade() -> None:
    """Drop it with its rows: without it they would look published, and machines would follow them."""
    op.execute("DELETE FROM schedule_publication WHERE file IS NOT NULL")
    op.drop_column("schedule_publication", "file")
