"""The real service on a listening socket that somebody else holds, as systemd does."""

import shutil
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass, field

from callrouter.web.shared_metrics import MEMORY, place_together
from tests.service import RunningService

_HAND_OVER = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ |= {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "1"}
os.execv(sys.argv[2], sys.argv[2:])
"""


@dataclass
class HandedSocket(RunningService):
    """The service as systemd's `callrouter.socket` starts it: whoever starts it holds the listening socket."""

    listening: socket.socket = field(kw_only=True)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """End it, and take away what all services on the socket have counted."""
        code = super().stop(how)
        shutil.rmtree(place_together(MEMORY, str(self.port)), ignore_errors=True)
        return code

    def start(self) -> None:
        """Start it on the socket that is held here; the number of the process is known only in it."""
        handed = [sys.executable, "-c", _HAND_OVER, str(self.listening.fileno()), *self.command]
        with (self.home / "service.log").open("a", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                handed,
                cwd=self.home,
                env=self.environ,
                stdout=log,
                stderr=log,
                text=True,
                pass_fds=[self.listening.fileno()],
            )
