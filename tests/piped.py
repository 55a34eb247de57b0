"""The real service whose log goes into a pipe, as to a collector of logs."""

import fcntl
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.service import RunningService, until

_SMALLEST = 4096
_CAT = "/bin/cat"


@dataclass
class Piped(RunningService):
    """Another program reads what it writes, and keeps it where `log` finds it. The pipe is as small as one can be."""

    reader: "subprocess.Popen[bytes] | None" = None

    @property
    def pipe(self) -> Path:
        """Where it writes; whoever reads may go and come again."""
        return self.home / "log.pipe"

    def start(self) -> None:
        """Start the reader, then the service."""
        os.mkfifo(self.pipe)
        self.read()
        with self.pipe.open("wb", buffering=0) as log:
            fcntl.fcntl(log, fcntl.F_SETPIPE_SZ, _SMALLEST)
            self.process = subprocess.Popen(
                self.command, cwd=self.home, env=self.environ, stdout=log, stderr=log, text=True
            )
        until(self.answers, f"the service answers; its log:\n{self.log()}")

    def read(self) -> None:
        """Another reader begins."""
        with (self.home / "service.log").open("ab") as kept:
            self.reader = subprocess.Popen([_CAT, self.pipe], stdout=kept)
