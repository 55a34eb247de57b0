"""The first tables: events, callers, calls, schedule versions, job runs."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "call_event",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("call_id", sa.String, primary_key=True),
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("at", _instant, nullable=False),
        sa.Column("facts", sa.JSON, nullable=False),
    )
    op.create_table(
        "caller",
        sa.Column("call_id", sa.String, primary_key=True),
        sa.Column("number", sa.String),
        sa.Column("key", sa.String),
        sa.Column("key_id", sa.String),
    )
    op.create_index("ix_caller_key", "caller", ["key"])
    op.create_table(
        "call",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("call_id", sa.String, primary_key=True),
        sa.Column("unit", sa.String),
        sa.Column("called", sa.String, nullable=False),
        sa.Column("received_at", _instant, nullable=False),
        sa.Column("local_time", sa.String),
        sa.Column("state", sa.String),
        sa.Column("decided_by", sa.String),
        sa.Column("reason", sa.String),
        sa.Column("line", sa.Integer),
        sa.Column("schedule_version", sa.String),
        sa.Column("disposition", sa.String, nullable=False),
        sa.Column("answered_destination", sa.String),
        sa.Column("answered_company", sa.String),
        sa.Column("answered_person", sa.String),
        sa.Column("seconds_to_answer", sa.Integer),
        sa.Column("talked_seconds", sa.Integer),
        sa.Column("ended_at", _instant),
        sa.Column("origin", sa.String, nullable=False),
        sa.Column("legs", sa.JSON, nullable=False),
        sa.Column("events", sa.Integer, nullable=False),
    )
    op.create_index("ix_call_received_at", "call", ["received_at"])
    op.create_index("ix_call_unit_received_at", "call", ["unit", "received_at"])
    op.create_table(
        "schedule_version",
        sa.Column("hash", sa.String, primary_key=True),
        sa.Column("text", sa.String, nullable=False),
        sa.Column("first_seen", _instant, nullable=False),
        sa.Column("by", sa.String, nullable=False),
    )
    op.create_table(
        "job_run",
        sa.Column("job", sa.String, primary_key=True),
        sa.Column("slot", sa.String, primary_key=True),
        sa.Column("claimed_by", sa.String, nullable=False),
        sa.Column("claimed_at", _instant, nullable=False),
        sa.Column("lease_until", _instant, nullable=False),
        sa.Column("finished_at", _instant),
        sa.Column("result", sa.String),
    )


def downgrade() -> None:
    """Drop them, with all they hold."""
    for table in ("job_run", "schedule_version", "call", "caller", "call_event"):
        op.drop_table(table)
