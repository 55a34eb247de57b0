"""What is around the service: the lines, the crowd, where its own log goes."""

from contextlib import nullcontext
from dataclasses import replace
from math import factorial

import pytest

from callrouter.simulate.mishaps import Mishaps
from tests.faults import strangers, ways
from tests.faults.behind import ProxiedTrial
from tests.faults.orders import CALLBACKS, OrderedTrial, OrderingProvider
from tests.faults.trial import CALLS, Trial
from tests.piped import Piped
from tests.reverse_proxy import GARBLED

pytestmark = pytest.mark.alone


@pytest.mark.fault("Callbacks are lost, doubled, late, overtaken", "the phone network draws it for each call")
def test_the_lines_are_bad(trial: Trial) -> None:
    trial.played_as = lambda scene: replace(scene, faults=Mishaps(scene.faults, f"{scene.seed}:mishaps").faults)
    trial.survives(nullcontext())


@pytest.mark.fault(
    "Callbacks come in every order",
    "of each call all five come when it is over, in another order each time, until all 120 were",
)
def test_callbacks_come_in_every_order(ordered_trial: OrderedTrial) -> None:
    """Each call has its row, and all rows say one thing."""
    trial = ordered_trial
    with trial.outlives() as callers:
        provider = callers.provider
        assert isinstance(provider, OrderingProvider)
        callers.play_until(lambda: provider.delivered >= factorial(CALLBACKS))
    trial.figures.tried = factorial(CALLBACKS)
    rows = [row for (row, *_) in trial.logged(each.call.sid for each in callers.played).values()]
    assert len(rows) >= trial.figures.tried
    assert {(row.disposition, row.seconds_to_answer, row.talked_seconds) for row in rows} == {("answered", 6, 60)}


@pytest.mark.long
@pytest.mark.fault("Fifty callers at once", "the phone network plays fifty calls side by side")
def test_a_crowd_calls(trial: Trial) -> None:
    trial.callers = 50
    trial.survives(nullcontext())


@pytest.mark.fault("The volume of the service's own log is full", "`strace`: `write` to it fails with ENOSPC")
def test_the_log_volume_is_full(trial: Trial) -> None:
    log = trial.service.home / "service.log"
    trial.survives(ways.system_calls(trial.service, "write:error=ENOSPC", only=[log]), shows="log")


@pytest.mark.fault("The reader of the service's own log goes", "SIGTERM to who reads its pipe, then another one")
def test_the_log_is_not_read(piped: Piped, piped_trial: Trial) -> None:
    piped_trial.survives(ways.unread(piped), shows="log")


@pytest.mark.long
@pytest.mark.fault("The reader of the service's own log hangs", "SIGSTOP to who reads its pipe of 4 kB, then SIGCONT")
def test_the_log_is_read_by_nobody_for_a_while(piped: Piped, piped_trial: Trial) -> None:
    assert piped.reader
    piped_trial.survives(ways.standing_still([piped.reader.pid]), shows="log")


@pytest.mark.fault(
    "A proxy garbles what it hands on",
    "one between the provider and the service, under a path of its own that it strips: drops `X-Forwarded-Proto`, sets "
    "another `Host` with another port, tells of another scheme, host and port",
)
def test_a_proxy_garbles(proxied_trial: ProxiedTrial) -> None:
    """Signatures are over the public address of the settings, whatever comes."""
    trial = proxied_trial
    with trial.outlives() as callers:
        for trial.proxy.sets in GARBLED.values():
            callers.play(CALLS)
    trial.figures.tried = len(GARBLED)
    assert (trial.figures.retried, trial.figures.fell_back) == (0, 0)


@pytest.mark.fault(
    "Connections that say nothing", "a hundred are opened and held; ten of them begin a request and stall"
)
def test_connections_that_say_nothing(trial: Trial) -> None:
    trial.survives(ways.silent_connections(trial.service, silent=90, stalled=10))


@pytest.mark.fault(
    "Requests that are forged, foreign, monstrous",
    "one after the other: unsigned, signed with another token, of another account or two, no form, 2 MB; and signed "
    "ones with 64 kB of a number, a number of nobody, parameters missing",
)
def test_strangers_at_the_door(trial: Trial) -> None:
    trial.survives(strangers.at_the_door(trial.service))
