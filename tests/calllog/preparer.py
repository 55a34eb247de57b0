"""A process that prepares a database, for tests: says when it is ready, and begins when it is told a line."""

import sys

import alembic.command  # noqa: F401 - all that takes time is done before it is ready

from callrouter.calllog.database import Database

if __name__ == "__main__":
    database = Database(sys.argv[1])
    print("ready", flush=True)  # noqa: T201 - the test reads it
    sys.stdin.readline()
    database.prepare()
    database.close()
