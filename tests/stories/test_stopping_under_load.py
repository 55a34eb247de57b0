"""The server is reloaded, or replaced, while calls come in: no webhook fails, and the log has every call."""

import os
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bench.load import SCHEDULE, differences
from bench.offering import Offered
from callrouter.schedule import load
from callrouter.settings import PHONE_NETWORK_LAST_RESORT
from callrouter.simulate import Scenes
from callrouter.telephony.twilio.links import CONNECTION
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
    with listening(tmp_path, "--workers", "2") as running:
        yield running
        running.stop()


@contextmanager
def listening(home: Path, *options: str) -> Iterator[HandedSocket]:
    """A service on a socket that is held here; whoever asks for it stops it."""
    with socket.create_server(("127.0.0.1", 0), backlog=512) as held:
        given, port = ("--phone-network", "--no-jobs", *options), held.getsockname()[1]
        running = HandedSocket(home, SCHEDULE, given, port=port, listening=held)
        running.start()
        until(running.answers, "the service answers")
        yield running


def while_calls_come(service: RunningService, happens: Callable[[], None]) -> Offered:
    return LOAD.while_calls_come(service.settings, service.url, happens)


def nothing_was_lost(service: RunningService, offered: Offered) -> None:
    assert offered.failed == []
    assert differences(service, SCENES, offered) == []


def refused(offered: Offered) -> list[str]:
    """Attempts that were turned away or cut off, and did not just wait for a process that begins."""
    waited = ("timed out", "TimeoutError")  # for one answer, or for all tries together
    return [sentence for sentence in offered.attempts_in_vain if not any(sign in sentence for sign in waited)]


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
    """The only one: requests wait in the socket. Who waits on the line may get the fallback, and nothing else fails."""

    def restart() -> None:
        assert held.stop(signal.SIGTERM) == 0
        held.start()
        until(held.answers, "it answers again")

    offered = while_calls_come(held, restart)
    assert refused(offered) == []
    fatal = [error for performance in offered.performances for error in performance.call.errors if error.fatal]
    assert [error for error in fatal if not error.url.endswith(CONNECTION)] == []


def test_two_on_a_held_socket_are_restarted_in_turn_and_no_webhook_fails(tmp_path: Path) -> None:
    """As `systemctl restart callrouter@1`, then `callrouter@2`, while both answer on one socket."""
    with listening(tmp_path) as first:
        second = replace(first, process=None)

        def start(one: HandedSocket, nth: int) -> None:
            one.start()
            until(lambda: one.log().count("callrouter is on") == nth, "it is up")
            until(lambda: one.process and children(one.process.pid), "it has a worker")

        def restart_both() -> None:
            for nth, one in enumerate((first, second), start=3):
                assert one.stop(signal.SIGTERM) == 0
                start(one, nth)

        try:
            start(second, 2)
            offered = while_calls_come(first, restart_both)
            assert offered.attempts_in_vain == []
            nothing_was_lost(first, offered)
        finally:
            assert (first.stop(), second.stop()) == (0, 0)


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
