"""The provider's words -> ours, as tables."""

from datetime import UTC, datetime
from itertools import product

import pytest

from callrouter.domain.call import Caller, DialEnded, LegUpdate
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.words import LegStatus, Outcome
from callrouter.telephony.provider import CallEnded, Inbound, MessageLeft
from callrouter.telephony.twilio.webhook import Form

AT = "2026-11-23T15:30:00.000001+00:00"


def dial(status: str | None, bridged: str | None, seconds: str | None, call: str | None) -> DialEnded:
    said = {"DialCallStatus": status, "DialBridged": bridged, "DialCallDuration": seconds, "CallStatus": call}
    return Form({name: value for name, value in said.items() if value is not None}).dial_ended()


@pytest.mark.parametrize(
    ("status", "bridged", "seconds", "call", "judged"),
    [
        # DialCallStatus, DialBridged, DialCallDuration, CallStatus
        ("completed", "true", "61", "in-progress", Outcome.ANSWERED),
        ("completed", "true", "3", "in-progress", Outcome.ANSWERED),
        ("completed", "true", "2", "in-progress", Outcome.DROPPED),
        ("completed", "true", "0", "in-progress", Outcome.DROPPED),
        ("completed", "true", None, "in-progress", Outcome.ANSWERED),
        ("completed", "true", "1", "completed", Outcome.ANSWERED),  # the caller put the phone down: helped, or content
        ("completed", "true", "5", "completed", Outcome.ANSWERED),
        ("completed", "false", "61", "in-progress", Outcome.SCREENED_OUT),  # a guard's voicemail
        ("completed", "false", "1", "in-progress", Outcome.SCREENED_OUT),
        ("completed", "false", "9", "completed", Outcome.CANCELLED),  # the caller went while it was screened
        ("completed", None, "61", "in-progress", Outcome.ANSWERED),  # not told, and nothing was screened
        ("completed", None, "2", "in-progress", Outcome.DROPPED),
        ("completed", "", "61", "in-progress", Outcome.ANSWERED),  # empty is not told, not "false"
        ("completed", "True", "61", "in-progress", Outcome.ANSWERED),
        ("completed", "FALSE", "61", "in-progress", Outcome.SCREENED_OUT),
        ("answered", "true", "61", "in-progress", Outcome.ANSWERED),
        ("no-answer", "false", None, "in-progress", Outcome.NO_ANSWER),
        ("no-answer", "false", None, "ringing", Outcome.NO_ANSWER),  # answerOnBridge: the caller still hears ringing
        ("no-answer", None, None, "ringing", Outcome.NO_ANSWER),
        ("busy", "false", "0", "ringing", Outcome.BUSY),
        ("failed", "false", None, "in-progress", Outcome.FAILED),
        ("canceled", "false", None, "completed", Outcome.CANCELLED),
        ("canceled", None, None, "no-answer", Outcome.CANCELLED),
        ("canceled", "false", None, "ringing", Outcome.CANCELLED),
        ("a-new-word", "false", "5", "in-progress", Outcome.FAILED),
        ("", None, None, "in-progress", Outcome.FAILED),
        (None, None, None, None, Outcome.FAILED),
    ],
)
def test_completed_does_not_mean_helped(
    status: str | None, bridged: str | None, seconds: str | None, call: str | None, judged: Outcome
) -> None:
    assert dial(status, bridged, seconds, call).judged(screened=False) is judged


@pytest.mark.parametrize(
    ("call", "gone"),
    [
        *((status, True) for status in ("completed", "canceled", "failed", "busy", "no-answer")),
        *((status, False) for status in ("ringing", "in-progress", "queued", "", "COMPLETED", None)),
    ],
)
def test_only_an_ended_call_means_that_the_caller_is_gone(call: str | None, gone: bool) -> None:
    assert dial("no-answer", "false", None, call).caller_gone is gone


@pytest.mark.parametrize(
    ("said", "bridged"),
    [("true", True), ("false", False), (None, None), ("", None), ("maybe", None), ("TRUE", True)],
)
def test_bridged_is_three_valued(said: str | None, bridged: bool | None) -> None:
    assert dial("completed", said, "10", "in-progress").bridged is bridged


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("0", 0), ("61", 61), (None, None), ("", None), ("-1", None), ("1.5", None), ("9" * 300, None)],
)
def test_a_duration_is_whole_seconds_or_nothing(said: str | None, seconds: int | None) -> None:
    assert dial("completed", "true", said, "in-progress").seconds == seconds


def test_every_combination_is_judged() -> None:
    """No combination of what may be said raises, or is taken for an answer where nobody was bridged."""
    statuses = ("completed", "answered", "busy", "no-answer", "failed", "canceled", "x", None)
    calls = ("in-progress", "ringing", "completed", "canceled", None)
    for status, bridged, seconds, call in product(statuses, ("true", "false", None), ("0", "60", None), calls):
        judged = dial(status, bridged, seconds, call).judged(screened=False)
        assert judged is not Outcome.ANSWERED or (status in ("completed", "answered") and bridged != "false")


WITHHELD = (
    *("", " ", "anonymous", "Anonymous", "RESTRICTED", "blocked", "Unknown", "unavailable"),
    *("+266696687", "266696687", "+7378742833", "+2562533", "+8656696", "+86282452253", "86282452253"),  # on a keypad
)


@pytest.mark.parametrize(
    ("said", "caller"),
    [
        ("+46701740650", Caller(PhoneNumber("+46701740650"))),
        *((said, Caller(is_withheld=True)) for said in WITHHELD),
        *(
            (said, Caller())
            for said in ("464", "client:example", "sip:a@example.org", "0701740650", "+46 70", "x" * 256)
        ),
        *((said, Caller()) for said in ("+46701740650\n", "+٤٦٧٠١٧٤٠٦٥٠", "tel:+46701740650", "+0701740650")),
    ],
)
def test_who_calls(said: str, caller: Caller) -> None:
    assert Form({"CallSid": "CA1", "To": "+46846500400", "From": said}).inbound().caller == caller


def test_a_call_without_a_from_is_a_call() -> None:
    inbound = Form({"CallSid": "CA1", "To": "+46846500400"}).inbound()
    assert inbound == Inbound("CA1", "+46846500400", Caller(is_withheld=True))


@pytest.mark.parametrize(
    ("said", "called"),
    [
        ({"To": "+46846500400", "Called": "+46846500401"}, "+46846500400"),
        ({"To": "", "Called": "+46846500401"}, "+46846500401"),
        ({"Called": "+46846500401"}, "+46846500401"),
        ({"To": "", "Called": ""}, ""),
        ({}, ""),
    ],
)
def test_who_was_called(said: dict[str, str], called: str) -> None:
    assert Form(said).called == called


@pytest.mark.parametrize(
    ("said", "update"),
    [
        ({"CallStatus": "ringing"}, LegUpdate(LegStatus.RINGING, "CA2")),
        ({"CallStatus": "in-progress"}, LegUpdate(LegStatus.PICKED_UP, "CA2")),
        (
            {"CallStatus": "completed", "CallDuration": "7", "Duration": "1"},  # Duration counts minutes
            LegUpdate(LegStatus.ENDED, "CA2", Outcome.ANSWERED, 7),
        ),
        ({"CallStatus": "busy", "CallDuration": "0"}, LegUpdate(LegStatus.ENDED, "CA2", Outcome.BUSY, 0)),
        ({"CallStatus": "no-answer"}, LegUpdate(LegStatus.ENDED, "CA2", Outcome.NO_ANSWER)),
        ({"CallStatus": "failed"}, LegUpdate(LegStatus.ENDED, "CA2", Outcome.FAILED)),
        ({"CallStatus": "canceled"}, LegUpdate(LegStatus.ENDED, "CA2", Outcome.CANCELLED)),
        ({"CallStatus": "initiated"}, None),
        ({"CallStatus": "queued"}, None),
        ({"CallStatus": "a-new-word"}, None),
        ({}, None),
    ],
)
def test_how_a_leg_is_doing(said: dict[str, str], update: LegUpdate | None) -> None:
    assert Form({"CallSid": "CA2", "ParentCallSid": "CA1", **said}).leg_update() == update


@pytest.mark.parametrize("status", ["queued", "initiated", "ringing", "in-progress", "", "a-new-word"])
def test_the_numbers_own_callback_is_nothing_while_the_call_goes_on(status: str) -> None:
    assert Form({"CallSid": "CA1", "CallStatus": status}).call_ended() is None


@pytest.mark.parametrize("status", ["completed", "canceled", "failed", "busy", "no-answer"])
def test_the_numbers_own_callback_ends_the_call(status: str) -> None:
    said = {"CallSid": "CA1", "To": "+46846500400", "CallStatus": status, "CallDuration": "61", "Duration": "2"}
    assert Form(said).call_ended() == CallEnded("CA1", "+46846500400", status, 61)


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ({"RecordingSid": "RE1", "RecordingDuration": "12"}, MessageLeft("CA1", "RE1", 12)),
        ({"RecordingSid": "RE1", "RecordingDuration": "1"}, MessageLeft("CA1", "RE1", 1)),  # a message too
        ({"RecordingSid": "RE1"}, MessageLeft("CA1", "RE1", 0)),
        ({"RecordingDuration": "12"}, None),
        ({"RecordingSid": ""}, None),
    ],
)
def test_a_message_that_was_left(said: dict[str, str], left: MessageLeft | None) -> None:
    assert Form({"CallSid": "CA1", "Digits": "hangup", **said}).message_left() == left


@pytest.mark.parametrize(
    ("said", "at"),
    [
        (AT, datetime(2026, 11, 23, 15, 30, 0, 1, tzinfo=UTC)),
        ("2026-11-23T15:30:00", None),  # without an offset it is no instant
        ("yesterday", None),
        ("", None),
    ],
)
def test_the_phone_network_plays_in_its_own_time(said: str, at: datetime | None) -> None:
    assert Form({"CallrouterAt": said}, is_phone_network=True).carried_at == at


def test_nobody_else_says_what_time_it_is() -> None:
    assert Form({"CallrouterAt": AT}).carried_at is None
