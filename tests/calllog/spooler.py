"""A process of its own that spools one entry and lives on, for tests: `spooler DIRECTORY CALL_ID`."""

import sys
from pathlib import Path

from callrouter.calllog.spool import Spool
from tests.calllog.told import SEALER, arrival

if __name__ == "__main__":
    spool = Spool(Path(sys.argv[1]), SEALER)
    spool.append([arrival(sys.argv[2])])
    print("ready", flush=True)  # noqa: T201 - the test reads it
    sys.stdin.readline()
