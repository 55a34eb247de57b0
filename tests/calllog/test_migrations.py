"""The migrations make what tables.py says, on both engines, whoever runs them, and however many at once."""

import subprocess
import sys
from functools import partial
from pathlib import Path
from subprocess import PIPE

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from callrouter.calllog.database import MIGRATIONS, Database
from callrouter.calllog.tables import Table
from callrouter.calllog.writes import write_entries
from tests.calllog.told import PSEUDONYMIZER, arrival, event_count

ROOT = Path(__file__).parents[2]
NEWEST = ScriptDirectory(str(ROOT / "callrouter" / "calllog" / "migrations")).get_current_head()


def version_of(database: Database) -> list[str]:
    with database.reading() as connection:
        return list(connection.execute(text("SELECT version_num FROM alembic_version")).scalars())


def test_from_nothing_to_what_the_tables_say(empty_url: str) -> None:
    database = Database(empty_url)
    database.prepare()
    with database.writing() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Table.metadata) == []
        keys = {table: inspect(connection).get_pk_constraint(table) for table in Table.metadata.tables}
    for name, table in Table.metadata.tables.items():
        assert keys[name]["constrained_columns"] == [column.name for column in table.primary_key]
        assert keys[name]["name"] == f"pk_{name}"
    assert version_of(database) == [NEWEST]
    database.close()


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


def test_down_to_nothing(empty_url: str) -> None:
    """A downgrade is for developers; it must know all tables, or the next upgrade fails."""
    from alembic import command
    from alembic.config import Config

    database = Database(empty_url)
    database.prepare()
    config = Config()
    config.set_main_option("script_location", MIGRATIONS)
    with database.writing() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        assert inspect(connection).get_table_names() == ["alembic_version"]
    database.prepare()
    assert event_count(database) == 0
    database.close()
