"""What programs read the API with: of each token its hash, what it may read, and until when."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "api_token",
        sa.Column("name", sa.String, nullable=False),
        *(sa.Column(name, sa.String, nullable=False) for name in ("key", "prefix", "scopes")),
        *(sa.Column(name, sa.String) for name in ("company", "unit")),
        sa.Column("made_at", _instant, nullable=False),
        sa.Column("made_by", sa.String, nullable=False),
        *(sa.Column(name, _instant) for name in ("ends_at", "revoked_at", "used_at")),
        sa.PrimaryKeyConstraint("name", name="pk_api_token"),
    )
    op.create_index("ix_api_token_key", "api_token", ["key"], unique=True)


def downgrade() -> None:
    """Drop it."""
    op.drop_table("api_token")
