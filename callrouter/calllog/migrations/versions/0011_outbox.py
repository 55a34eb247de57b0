"""What people are told by mail and SMS: once each, tried until it is sent."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

_instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "outbox",
        *(sa.Column(name, sa.String, nullable=False) for name in ("kind", "about", "address")),
        sa.Column("facts", sa.JSON, nullable=False),
        sa.Column("made_at", _instant, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        *(sa.Column(name, _instant) for name in ("next_at", "sent_at")),
        sa.Column("error", sa.String),
        sa.PrimaryKeyConstraint("kind", "about", "address", name="pk_outbox"),
    )
    op.create_index("ix_outbox_next_at", "outbox", ["next_at"])


def downgrade() -> None:
    """Drop it: what was not sent is not told."""
    op.drop_table("outbox")
