"""Who may sign in, who is signed in, who tried to, and the links by which a password is set."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "user",
        sa.Column("name", sa.String, nullable=False),
        sa.Column("role", sa.String, nullable=False),
        *(sa.Column(name, sa.String) for name in ("company", "password", "subject")),
        sa.Column("made_at", _instant, nullable=False),
        sa.Column("made_by", sa.String, nullable=False),
        sa.Column("disabled_at", _instant),
        sa.PrimaryKeyConstraint("name", name="pk_user"),
    )
    op.create_index("ix_user_subject", "user", ["subject"], unique=True)
    _create_keyed("session", "began_at", "seen_at")
    _create_keyed("one_time_link", "made_at", "ends_at", made_by=True)
    op.create_table(
        "sign_in_attempt",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("whence", sa.String, nullable=False),
        sa.Column("at", _instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_attempt"),
    )
    op.create_index("ix_sign_in_attempt_at", "sign_in_attempt", ["at"])


def downgrade() -> None:
    """Drop them, with all they hold."""
    for table in ("sign_in_attempt", "one_time_link", "session", "user"):
        op.drop_table(table)


def _create_keyed(table: str, *instants: str, made_by: bool = False) -> None:
    """Create a table of what a user holds a secret for."""
    op.create_table(
        table,
        sa.Column("key", sa.String, nullable=False),
        sa.Column("user", sa.String, nullable=False),
        *(sa.Column(name, _instant, nullable=False) for name in instants),
        *([sa.Column("made_by", sa.String, nullable=False)] if made_by else []),
        sa.PrimaryKeyConstraint("key", name=f"pk_{table}"),
    )
    op.create_index(f"ix_{table}_user", table, ["user"])
