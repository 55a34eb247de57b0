"""A process of its own at a spool, for tests: `append` one entry and live on, or `replay` into a database.

Each says a line when it is ready, and waits for one before it goes on.
"""

import sys
from pathlib import Path

from callrouter.calllog.database import Database
from callrouter.calllog.spool import Spool
from callrouter.calllog.writes import write_entries
from tests.calllog.told import PSEUDONYMIZER, SEALER, arrival


def main(task: str, directory: str, target: str) -> None:
    """Do *task* at the spool in *directory*; *target* is a call id to append, or the URL to replay into."""
    spool = Spool(Path(directory), SEALER)
    if task == "append":
        spool.append([arrival(target)])
    print("ready", flush=True)  # noqa: T201 - the test reads it
    sys.stdin.readline()
    if task == "replay":
        database = Database(target)
        print(spool.replay(lambda entries: write_entries(database, PSEUDONYMIZER, entries)))  # noqa: T201 - as above
        database.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
