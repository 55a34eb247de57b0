"""An index of the callers who are erased here and not yet at the provider: each run of retention asks for them."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

_BEING_ERASED = sa.text("erased_at IS NOT NULL AND forgotten_at IS NULL")


def upgrade() -> None:
    """Add it: few rows, but all callers are read for it once."""
    op.create_index(
        "ix_caller_being_erased", "caller", ["erased_at"], sqlite_where=_BEING_ERASED, postgresql_where=_BEING_ERASED
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_caller_being_erased", "caller")
