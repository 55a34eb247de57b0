"""Callbacks are lost and the service is killed: reconciled, the log says what the network saw."""

import signal

import pytest

from callrouter.cli.timeline import differences
from callrouter.domain.words import Discrepancy
from callrouter.telephony.simulator import Caller, Faults, PlayedCall, answers, busy, silent, voicemail
from tests.schedules import CENTRE, DESK_1, DESK_2, GUARD_1, GUARD_2
from tests.service import RunningService, until
from tests.stories.conftest import CALLER, Phones, instant
from tests.stories.listed import reconciled
from tests.stories.test_lost_callbacks import STORIES, told
from tests.telephony.contract.office import KeptRecording

MONDAY_11 = "2026-11-30 11:00"
SUNDAY_22 = "2026-11-22 22:00"


@pytest.fixture
def stage(own_service: RunningService) -> Phones:
    own_service.start()
    return Phones(own_service)


def agree(stage: Phones, *calls: PlayedCall) -> None:
    """The log has each call once, and says of it what the network saw."""
    for call in calls:
        (row,) = stage.rows(call)
        assert (row.ended_at is not None, differences(call, row)) == (True, [])


def found(stage: Phones, *calls: PlayedCall) -> list[Discrepancy]:
    """What is found when these are reconciled. Other stories' calls stand in the log, too, and not on this list."""
    done = reconciled(stage.service, calls)
    return [each.what for each in done.findings if each.what is not Discrepancy.NOT_LISTED]


@pytest.mark.parametrize("name", ["screened", "together", "message"])
def test_lost_callbacks_are_made_up_for(phones: Phones, name: str) -> None:
    story = STORIES[name]
    call = told(phones, story, Faults(callbacks=lambda _kind, _nth: []))
    phones.logged(call)
    reconciled(phones.service, [call])
    agree(phones, call)
    assert found(phones, call) == []


def test_the_caller_went_and_nobody_told(phones: Phones) -> None:
    """The one request that says so was lost with its retry; the call seems to go on."""
    phones.on(GUARD_1, GUARD_2, does=silent())
    faults = Faults(callbacks=lambda _kind, _nth: [])
    live = phones.network(CENTRE.e164, faults).start(CALLER, CENTRE.e164, instant(SUNDAY_22), Caller(hangs_up_after=4))
    live.run_until_quiet()
    call = live.played()
    until(lambda: phones.rows(call), "the call is folded")
    (row,) = phones.rows(call)
    assert row.disposition == "in-progress"
    assert found(phones, call)[0] is Discrepancy.CALL_UNFINISHED
    agree(phones, call)


def test_a_killed_service_is_told_the_rest(stage: Phones) -> None:
    stage.on(GUARD_1, does=busy())
    stage.on(GUARD_2, does=answers(after=8, talks=90))
    live = stage.starts(CENTRE, at=SUNDAY_22)
    live.advance_to(instant("2026-11-22 22:00:14"))
    stage.service.stop(signal.SIGKILL)
    live.run_until_quiet()
    call = live.played()
    stage.service.start()
    done = reconciled(stage.service, [call])
    assert Discrepancy.CALL_UNFINISHED in {each.what for each in done.findings}
    assert done.left == []
    agree(stage, call)


def called_in_vain(stage: Phones) -> PlayedCall:
    """A call that came while we were away."""
    stage.service.stop(signal.SIGKILL)
    live = stage.starts(CENTRE, at=SUNDAY_22)
    live.run_until_quiet()
    stage.service.start()
    return live.played()


def test_a_call_that_nobody_was_there_to_answer_is_added_and_marked(stage: Phones) -> None:
    call = called_in_vain(stage)
    assert stage.rows(call) == []
    dry = reconciled(stage.service, [call], is_dry=True)
    assert [each.what for each in dry.findings] == [Discrepancy.CALL_MISSING]
    assert stage.rows(call) == []
    reconciled(stage.service, [call])
    (row,) = stage.rows(call)
    assert (row.decided_by, row.state, row.unit, row.number) == ("from-provider", None, "centre", CALLER)
    assert row.received_at == call.started_at
    assert row.disposition in {"unanswered", "abandoned"}
    assert reconciled(stage.service, [call]).findings == []
    shown = stage.service.run("log", "show", call.sid[:12]).stdout
    assert "from the provider's list" in shown
    assert CALLER not in shown


def test_a_message_that_the_provider_took_while_we_were_away_can_be_heard(stage: Phones) -> None:
    call = called_in_vain(stage)
    message = KeptRecording(f"RE{1:032x}", call.sid, call.started_at)
    reconciled(stage.service, [call], [message])
    (row,) = stage.rows(call)
    assert (row.decided_by, row.disposition) == ("from-provider", "message")
    assert "recorded (from the provider's list)" in stage.service.run("log", "show", call.sid[:12]).stdout
    assert reconciled(stage.service, [call], [message]).findings == []


def test_what_agrees_is_left_as_it_is(phones: Phones) -> None:
    phones.on(DESK_1, does=silent())
    phones.on(DESK_2, does=answers())
    calls = [phones.call(CENTRE, at=MONDAY_11), phones.call(CENTRE, at=MONDAY_11, hangs_up_after=3)]
    phones.on(GUARD_1, does=voicemail())
    phones.on(GUARD_2, does=answers())
    calls.append(phones.call(CENTRE, at=SUNDAY_22))
    events = [phones.logged(call).events for call in calls]
    assert found(phones, *calls) == []
    assert [phones.events(call) for call in calls] == events
