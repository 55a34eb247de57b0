"""On the way of a call nobody outside is asked: name servers, mail servers and the provider may be dead or slow."""

import socket
import sys
from contextlib import suppress
from pathlib import Path

from callrouter.schedule import load
from callrouter.simulate import Scenes, Stage

SCHEDULE = (Path(__file__).parents[2] / "config" / "schedule.yaml").read_bytes()
ASKING = {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.sendto"}
CALLS = 25
asked: list[str] = []


def note(event: str, arguments: tuple[object, ...]) -> None:
    """Python tells its audit hooks of these; a hook stays until the process ends."""
    if event in ASKING:
        asked.append(f"{event} {arguments}")


sys.addaudithook(note)


def test_whole_calls_are_answered_and_kept_without_asking_anybody(tmp_path: Path) -> None:
    with Stage(SCHEDULE, tmp_path) as stage:
        scenes = Scenes(load(SCHEDULE), 2027, seed=3, last_resort=stage.settings.last_resort)
        asked.clear()
        ids = [stage.perform(scenes.scene(number)).call.sid for number in range(1, CALLS + 1)]
        assert stage.settle() == []
        assert asked == []
        assert [len(stage.logged(ids)[sid]) for sid in ids] == [1] * CALLS


def test_whoever_asks_is_noticed() -> None:
    asked.clear()
    with suppress(OSError):
        socket.getaddrinfo("127.0.0.1", 80)
    assert [entry.partition(" ")[0] for entry in asked] == ["socket.getaddrinfo"]
