"""A process that takes the turn to write a database file and keeps it, for tests: `holder FILE`."""

import sys
from pathlib import Path

from callrouter.calllog.turns import Turns

if __name__ == "__main__":
    with Turns(Path(sys.argv[1]), 5.0).taken():
        print("ready", flush=True)  # noqa: T201 - the test reads it
        sys.stdin.readline()
