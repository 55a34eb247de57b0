"""The migrations make what tables.py says, on both engines, whoever runs them, and however many at once."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from subprocess import PIPE

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, select, text

from callrouter.calllog.catching_up import catch_up
from callrouter.calllog.database import Database
from callrouter.calllog.revisions import MIGRATIONS
from callrouter.calllog.searching import page
from callrouter.calllog.tables import Table, TallyRow
from callrouter.calllog.writes import write_entries
from callrouter.domain.call_filter import CallFilter
from tests.calllog.postgres import PostgresServer
from tests.calllog.told import PSEUDONYMIZER, arrival, event_count, whole_story

ROOT = Path(__file__).parents[2]
PARTITION = re.compile("call_event_[0-9o]")
"""PostgreSQL keeps each month's events in a table of its own, below the one that the program knows."""
NEWEST = ScriptDirectory(str(ROOT / "callrouter" / "calllog" / "migrations")).get_current_head()


def version_of(database: Database) -> list[str]:
    with database.reading() as connection:
        return list(connection.execute(text("SELECT version_num FROM alembic_version")).scalars())


def test_from_nothing_to_what_the_tables_say(empty_url: str) -> None:
    database = Database(empty_url)
    database.prepare()
    with database.writing() as connection:
        options = {"compare_type": True, "include_object": lambda _object, name, *_: not PARTITION.match(name or "")}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Table.metadata) == []
        keys = {table: inspect(connection).get_pk_constraint(table) for table in Table.metadata.tables}
    for name, table in Table.metadata.tables.items():
        assert keys[name]["constrained_columns"] == [column.name for column in table.primary_key]
        assert keys[name]["name"] == f"pk_{name}"
    assert version_of(database) == [NEWEST]
    database.close()


def test_ids_of_calls_are_compared_as_bytes_whatever_the_language_of_the_database(postgres: PostgresServer) -> None:
    """Else the index on PostgreSQL cannot find the start of an id."""
    query = "SELECT DISTINCT collation_name FROM information_schema.columns WHERE column_name = 'call_id'"
    database = Database(postgres.prepared_database())
    with database.reading() as connection:
        assert connection.execute(text(query)).scalars().all() == ["C"]
    database.close()


def test_whoever_goes_back_a_release_writes_to_the_tables_of_the_later_one(empty_url: str) -> None:
    database = Database(empty_url)
    database.prepare()
    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()
    of_before = Database(empty_url)
    of_before.prepare()
    write_entries(of_before, PSEUDONYMIZER, [arrival()])
    assert version_of(of_before) == ["9999"]
    of_before.close()


def test_again_and_again_changes_nothing(empty_url: str) -> None:
    database = Database(empty_url)
    for _ in range(2):
        database.prepare()
        write_entries(database, PSEUDONYMIZER, [arrival()])
    database.close()
    another_process = Database(empty_url)
    another_process.prepare()
    assert version_of(another_process) == [NEWEST]
    assert event_count(another_process) == 2
    another_process.close()


def test_several_processes_at_once(empty_url: str) -> None:
    command = [sys.executable, "-m", "tests.calllog.preparer", empty_url]
    start = partial(subprocess.Popen, cwd=ROOT, stdin=PIPE, stdout=PIPE, stderr=PIPE, text=True)
    processes: list[subprocess.Popen[str]] = [start(command) for _ in range(2)]
    assert [process.stdout.readline() for process in processes if process.stdout] == ["ready\n"] * 2
    for process in processes:
        assert process.stdin
        process.stdin.write("\n")
        process.stdin.flush()
    told = [process.communicate(timeout=20)[1] for process in processes]
    assert [process.returncode for process in processes] == [0, 0], told
    database = Database(empty_url)
    assert version_of(database) == [NEWEST]
    database.close()


def run(database: Database, revision: str, way: Callable[[Config, str], None] = command.upgrade) -> None:
    """Bring *database* up, or down, to *revision*."""
    config = Config()
    config.set_main_option("script_location", MIGRATIONS)
    with database.writing() as connection:
        config.attributes["connection"] = connection
        way(config, revision)


def test_down_to_nothing(empty_url: str) -> None:
    """A downgrade is for developers; it must know all tables, or the next upgrade fails."""
    database = Database(empty_url)
    database.prepare()
    write_entries(database, PSEUDONYMIZER, [arrival()])
    run(database, "base", command.downgrade)
    with database.reading() as connection:
        assert inspect(connection).get_table_names() == ["alembic_version"]
    database.prepare()
    assert event_count(database) == 0
    database.close()


AT = "2026-11-23 15:30:00"
EVENT = (
    "INSERT INTO call_event (day, call_id, id, kind, at, facts) VALUES ('2026-11-23', :call, :id, :kind, :at, :facts)"
)
BEFORE_0005 = (
    "INSERT INTO caller (call_id, number, key, key_id) VALUES (:call, '+46701740650', 'key', 'id')",
    (
        "INSERT INTO call (day, call_id, called, received_at, disposition, origin, legs, events)"
        " VALUES ('2026-11-23', :call, '+46846500400', :at, 'in-progress', 'real', '[]', 1)"
    ),
)
"""How the release before it writes: a worker of it may run on while another one upgrades the database."""


def written_by_the_release_before(database: Database, call_id: str) -> None:
    with database.writing() as connection:
        for event in whole_story(call_id):
            said = {"call": call_id, "id": event.id, "kind": event.kind.value, "at": event.at.isoformat(" ")[:19]}
            connection.execute(text(EVENT), said | {"facts": json.dumps(dict(event.facts))})
        for statement in BEFORE_0005:
            said = {"call": call_id, "at": AT}
            connection.execute(text(statement), {name: said[name] for name in said if f":{name}" in statement})


def test_calls_of_the_release_before_are_found_and_counted(empty_url: str) -> None:
    """Written before the upgrade, and by a worker of that release after it."""
    database = Database(empty_url)
    run(database, "0004")
    written_by_the_release_before(database, "CA1")
    run(database, "0005")
    written_by_the_release_before(database, "CA2")
    assert catch_up(database) == (2, 2)
    with database.reading() as connection:
        calls = page(connection, CallFilter()).calls
        tally = connection.execute(select(TallyRow.counts).where(TallyRow.by == "all")).scalars().all()
    assert [(call.call_id, call.number, call.disposition) for call in calls] == [
        (call_id, "+46701740650", "answered") for call_id in ("CA2", "CA1")
    ]
    assert [counts["answered"] for counts in tally] == [2] * 6  # three grains, for the unit and for all
    database.close()
