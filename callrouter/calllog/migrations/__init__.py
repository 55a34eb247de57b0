"""Alembic's migrations; each one also works with the release before it."""
