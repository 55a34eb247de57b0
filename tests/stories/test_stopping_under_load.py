"""The server is reloaded, or replaced, while calls come in: no webhook fails, and the log has every call."""

import os
import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bench.load import SCHEDULE, differences
from bench.offering import Offered
from callrouter.schedule import load
from callrouter.settings import PHONE_NETWORK_LAST_RESORT
from callrouter.simulate import Scenes
from tests.held_socket import HandedSocket
from tests.service import PATIENCE_SECONDS, RunningService, children, until
from tests.stories.under_load import Load

pytestmark = pytest.mark.alone

SCENES = Scenes(load(SCHEDULE.read_bytes()), 2027, 3, (), PHONE_NETWORK_LAST_RESORT)
LOAD = Load(SCENES, rate=6, enough=60)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[RunningService]:
    running = RunningService(tmp_path, SCHEDULE, ("--phone-network", "--workers", "2", "--no-jobs"))
    running.start()
    yield running
    running.stop()


@pytest.fixture
def held(tmp_path: Path) -> Iterator[HandedSocket]:
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listening:
        options, port = ("--phone-network", "--workers", "2", "--no-jobs"), listening.getsockname()[1]
        running = HandedSocket(tmp_path, SCHEDULE, options, port=port, listening=listening)
        running.start()
        until(running.answers, "the service answers")
        yield running
        running.stop()


def while_calls_come(service: RunningService, happens: Callable[[], None]) -> Offered:
    return LOAD.while_calls_come(service.settings, service.url, happens)


def nothing_was_lost(service: RunningService, offered: Offered) -> None:
    assert offered.failed == []
    assert differences(service, SCENES, offered) == []


def refused(offered: Offered) -> list[str]:
    """Attempts that were turned away or cut off, and did not just wait for a process that begins."""
    return [sentence for sentence in offered.attempts_in_vain if "timed out" not in sentence]


def test_a_reload_refuses_nobody_and_fails_no_webhook(service: RunningService) -> None:
    process = service.process
    assert process
    before = children(process.pid)

    def reload() -> None:
        process.send_signal(signal.SIGHUP)
        until(lambda: not set(before) & set(children(process.pid)), "all workers are new ones")

    offered = while_calls_come(service, reload)
    assert refused(offered) == []
    nothing_was_lost(service, offered)


def test_a_worker_that_is_told_to_end_is_replaced_and_fails_no_webhook(service: RunningService) -> None:
    process = service.process
    assert process
    first = children(process.pid)[0]

    def end_one() -> None:
        os.kill(first, signal.SIGTERM)
        until(lambda: first not in (now := children(process.pid)) and len(now) == 2, "another one took its place")

    offered = while_calls_come(service, end_one)
    assert offered.attempts_in_vain == []
    nothing_was_lost(service, offered)


def test_a_restart_on_a_held_socket_refuses_nobody(held: HandedSocket) -> None:
    """Requests wait in the socket, as long as the provider waits: that may not be long enough for a slow start."""

    def restart() -> None:
        assert held.stop(signal.SIGTERM) == 0
        held.start()
        until(held.answers, "it answers again")

    offered = while_calls_come(held, restart)
    assert refused(offered) == []


def test_a_second_one_on_the_held_socket_takes_over_without_a_wait(held: HandedSocket) -> None:
    """Both for a while, as the two of `callrouter@.service` that are restarted one after the other."""
    first = held.process
    assert first

    def take_over() -> None:
        held.start()
        second = held.process
        assert second
        until(lambda: len(children(second.pid)) == 2 and held.log().count("callrouter is on") == 2, "the new one is up")
        first.send_signal(signal.SIGTERM)
        assert first.wait(PATIENCE_SECONDS) == 0

    offered = while_calls_come(held, take_over)
    assert offered.attempts_in_vain == []
    nothing_was_lost(held, offered)
