"""Calls can be found and counted: legs, recordings, tallies; what people write beside them; callers by day."""

from datetime import date, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_instant = sa.DateTime(timezone=True)
_call_id = sa.String().with_variant(sa.String(collation="C"), "postgresql")
"""Compared as bytes, whatever language the database speaks: so that an index finds the start of an id."""

_MONTHS_AHEAD = 24
_CALL_INDEXES = {
    "ix_call_disposition_received_at": (["disposition", "received_at"], None),
    "ix_call_unit_disposition_received_at": (["unit", "disposition", "received_at"], None),
    "ix_call_decided_by_received_at": (["decided_by", "received_at"], None),
    "ix_call_not_real": (["origin", "received_at"], "origin <> 'real'"),
    "ix_call_unreviewed": (["received_at"], "reviewed_at IS NULL"),
    "ix_call_reviewed": (["received_at"], "reviewed_at IS NOT NULL"),
    "ix_call_category": (["category", "received_at"], "category IS NOT NULL"),
}
_NEW = ("leg", "recording", "tally", "projection", "note", "follow_up", "hold", "dispute", "audit", "destruction")


def upgrade() -> None:
    """Create the tables; what is folded is filled by the next catch-up, from the first day there is."""
    _callers_by_day()
    _calls()
    _folded()
    _written_by_people()
    if op.get_bind().dialect.name == "postgresql":
        _events_by_month()


def downgrade() -> None:
    """Drop them, with all they hold."""
    for table in _NEW:
        op.drop_table(table)
    for index in _CALL_INDEXES:
        op.drop_index(index, "call")
    with op.batch_alter_table("call") as call:
        for column in ("category", "reviewed_by", "reviewed_at", "tallied"):
            call.drop_column(column)
    op.drop_index("ix_caller_not_forgotten", "caller")
    if op.get_bind().dialect.name == "postgresql":
        op.execute('ALTER TABLE call ALTER COLUMN call_id TYPE varchar COLLATE "default"')
    _set_callers_aside("caller_by_day")
    _caller_table(sa.Column("call_id", _call_id, primary_key=True))
    op.execute(
        "INSERT INTO caller (call_id, number, key, key_id)"
        " SELECT call_id, max(number), max(key), max(key_id) FROM caller_by_day GROUP BY call_id"
    )
    op.drop_table("caller_by_day")
    if op.get_bind().dialect.name == "postgresql":
        _replace_events("")


def _callers_by_day() -> None:
    """The same callers, each under the day of the call: what is written stays on warm pages."""
    _set_callers_aside("caller_without_day")
    _caller_table(
        sa.Column("day", sa.Date, primary_key=True, server_default="1970-01-01"),
        sa.Column("call_id", _call_id, primary_key=True),
        more=(
            sa.Column("forwarded_from", sa.String),
            sa.Column("erased_at", _instant),
            sa.Column("forgotten_at", _instant),
        ),
    )
    _index("ix_caller_not_forgotten", "caller", ["day", "call_id"], "forgotten_at IS NULL")
    _index("ix_caller_number", "caller", ["number"], "number IS NOT NULL")
    op.execute(
        "INSERT INTO caller (day, call_id, number, key, key_id)"
        " SELECT coalesce(told.day, '1970-01-01'), c.call_id, c.number, c.key, c.key_id FROM caller_without_day c"
        " LEFT JOIN (SELECT call_id, min(day) AS day FROM call_event GROUP BY call_id) told"
        " ON told.call_id = c.call_id"
    )
    op.drop_table("caller_without_day")


def _set_callers_aside(name: str) -> None:
    op.rename_table("caller", name)
    op.drop_index("ix_caller_key", name)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER INDEX pk_caller RENAME TO pk_{name}")


def _caller_table(*key: sa.Column, more: tuple[sa.Column, ...] = ()) -> None:  # type: ignore[type-arg]
    op.create_table(
        "caller",
        *key,
        sa.Column("number", sa.String),
        sa.Column("key", sa.String),
        sa.Column("key_id", sa.String),
        *more,
    )
    op.create_index("ix_caller_key", "caller", ["key"])


def _calls() -> None:
    for column in (
        sa.Column("tallied", sa.Integer, nullable=False, server_default="0"),
        sa.Column("reviewed_at", _instant),
        sa.Column("reviewed_by", sa.String),
        sa.Column("category", sa.String),
    ):
        op.add_column("call", column)
    for name, (columns, where) in _CALL_INDEXES.items():
        _index(name, "call", columns, where)
    if op.get_bind().dialect.name == "postgresql":
        op.execute('ALTER TABLE call ALTER COLUMN call_id TYPE varchar COLLATE "C"')


def _folded() -> None:
    op.create_table(
        "leg",
        *_call_key(),
        sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("received_at", _instant, nullable=False),
        sa.Column("destination", sa.String, nullable=False),
        sa.Column("company", sa.String),
        sa.Column("person", sa.String),
        sa.Column("outcome", sa.String),
        sa.Column("started_at", _instant, nullable=False),
        sa.Column("answered_at", _instant),
        sa.Column("rang_seconds", sa.Integer),
        sa.Column("talked_seconds", sa.Integer),
    )
    for by in ("destination", "company", "person"):
        op.create_index(f"ix_leg_{by}_received_at", "leg", [by, "received_at"])
    op.create_table(
        "recording",
        *_call_key(),
        sa.Column("sid", sa.String, primary_key=True),
        sa.Column("seconds", sa.Integer, nullable=False),
        sa.Column("left_at", _instant, nullable=False),
        sa.Column("deleted_at", _instant),
    )
    _index("ix_recording_kept", "recording", ["left_at"], "deleted_at IS NULL")
    op.create_table(
        "tally",
        *(sa.Column(name, sa.String, primary_key=True) for name in ("origin", "unit", "by", "grain")),
        sa.Column("start", sa.Date, primary_key=True),
        sa.Column("value", sa.String, primary_key=True),
        sa.Column("counts", sa.JSON, nullable=False),
    )
    op.create_table(
        "projection",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("at", _instant, nullable=False),
    )
    op.execute(
        "INSERT INTO projection (name, day, at)"
        " SELECT 'calls', coalesce(min(day), CURRENT_DATE), CURRENT_TIMESTAMP FROM call_event"
    )


def _written_by_people() -> None:
    op.create_table("note", *_on_call(), sa.Column("text", sa.String, nullable=False))
    op.create_table(
        "follow_up",
        *_on_call(),
        sa.Column("what", sa.String, nullable=False),
        sa.Column("owner", sa.String, nullable=False),
        sa.Column("due_at", _instant, nullable=False),
        sa.Column("done_at", _instant),
        sa.Column("done_by", sa.String),
        sa.Column("result", sa.String),
    )
    op.create_table(
        "hold",
        *_on_call(),
        sa.Column("why", sa.String, nullable=False),
        sa.Column("lifted_at", _instant),
        sa.Column("lifted_by", sa.String),
    )
    op.create_table(
        "dispute",
        *_on_call(),
        sa.Column("company", sa.String, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("settled_at", _instant),
        sa.Column("settled_by", sa.String),
        sa.Column("result", sa.String),
    )
    for table in ("note", "follow_up", "hold", "dispute"):
        op.create_index(f"ix_{table}_day_call_id", table, ["day", "call_id"])
    _index("ix_follow_up_open", "follow_up", ["due_at"], "done_at IS NULL")
    op.create_table(
        "audit",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", _instant, nullable=False),
        sa.Column("who", sa.String, nullable=False),
        sa.Column("action", sa.String, nullable=False),
        sa.Column("subject", sa.String, nullable=False),
        sa.Column("facts", sa.JSON, nullable=False),
        sa.Column("hash", sa.String, nullable=False),
    )
    op.create_table(
        "destruction",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", _instant, nullable=False),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("what", sa.String, nullable=False),
        sa.Column("unit", sa.String),
        sa.Column("before", _instant, nullable=False),
        sa.Column("decision", sa.String, nullable=False),
        sa.Column("decided_on", sa.Date),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("held", sa.Integer, nullable=False),
        sa.Column("outstanding", sa.Integer, nullable=False),
        sa.Column("result", sa.String, nullable=False),
    )


def _call_key() -> tuple[sa.Column, sa.Column]:  # type: ignore[type-arg]
    return sa.Column("day", sa.Date, primary_key=True), sa.Column("call_id", _call_id, primary_key=True)


def _on_call() -> tuple[sa.Column, ...]:  # type: ignore[type-arg]
    return (
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("call_id", _call_id, nullable=False),
        sa.Column("at", _instant, nullable=False),
        sa.Column("who", sa.String, nullable=False),
    )


def _index(name: str, table: str, columns: list[str], where: str | None) -> None:
    condition = sa.text(where) if where else None
    op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)


def _events_by_month() -> None:
    """PostgreSQL keeps the events of each month apart: old ones are dropped whole, and machines may share them out."""
    _replace_events("PARTITION BY RANGE (day)")
    first, last = op.get_bind().execute(sa.text("SELECT min(day), max(day) FROM call_event_whole")).one()
    month = (first or date.today()).replace(day=1)  # noqa: DTZ011, TID251 - a bound of partitions, not an instant
    until = max(last or month, date.today()) + timedelta(days=31 * _MONTHS_AHEAD)  # noqa: DTZ011, TID251 - the same
    while month <= until:
        after = (month + timedelta(days=32)).replace(day=1)
        op.execute(
            f"CREATE TABLE call_event_{month:%Y_%m} PARTITION OF call_event FOR VALUES FROM ('{month}') TO ('{after}')"
        )
        month = after
    op.execute("CREATE TABLE call_event_other PARTITION OF call_event DEFAULT")
    _refill_events()


def _replace_events(partitioned: str) -> None:
    """Put an empty table of events in the place of today's, which waits as `call_event_whole`."""
    op.execute("ALTER TABLE call_event RENAME TO call_event_whole")
    op.execute("ALTER TABLE call_event_whole RENAME CONSTRAINT pk_call_event TO pk_call_event_whole")
    op.execute(
        'CREATE TABLE call_event (day date NOT NULL, call_id varchar COLLATE "C" NOT NULL, id varchar NOT NULL,'
        " kind varchar NOT NULL, at timestamptz NOT NULL, facts json NOT NULL,"
        f" CONSTRAINT pk_call_event PRIMARY KEY (day, call_id, id)) {partitioned}"
    )
    if not partitioned:
        _refill_events()


def _refill_events() -> None:
    op.execute("INSERT INTO call_event SELECT day, call_id, id, kind, at, facts FROM call_event_whole")
    op.execute("DROP TABLE call_event_whole")
