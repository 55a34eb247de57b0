"""Hand-made calls, as the network would have seen them and as the log would have them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from callrouter.domain.destination import Destination
from callrouter.domain.phone import PhoneNumber
from callrouter.simulate import LoggedCall, LoggedLeg, Performance, Scene
from callrouter.simulate.people import Owner
from callrouter.telephony.simulator import Caller, Entry, Exchange, Faults, Habits, Outcome, PlayedCall, PlayedLeg
from tests.schedules import CENTRE, DESK_1, DESK_2, DUTY_OFFICER, GUARD_1, GUARD_2, NO_ANSWER, OPEN_HOUR, schedule

CITIZEN = "+46701740650"
SID = "CA1"
SCHEDULE = schedule(
    Destination("reception", ring=(DESK_1, DESK_2), together=True, then="security"),
    Destination("security", ring=(GUARD_1, GUARD_2), accept_key=True, show_caller=True, then="duty-officer"),
    Destination("duty-officer", ring=(DUTY_OFFICER,), then="message-only"),
    Destination("message-only", message=NO_ANSWER, voicemail=True),
)
UNIT = SCHEDULE.unit("centre")


def after(seconds: float) -> datetime:
    return OPEN_HOUR + timedelta(seconds=seconds)


def leg(
    number: PhoneNumber = DESK_1, outcome: Outcome = "answered", start: float = 0, end: float = 66, sid: str = "CA2"
) -> PlayedLeg:
    """A phone that rings at *start*; if it was answered, it was picked up after six seconds."""
    bridged = after(start + 6) if outcome in {"answered", "dropped"} else None
    return PlayedLeg(number.e164, sid, after(start), bridged, bridged, after(end), "phone", outcome)


def told(kind: str, sid: str = SID, status: str = "completed", **form: str) -> Exchange:
    """A request that the service answered."""
    return Exchange(after(66), kind, "", {"CallSid": sid, "CallStatus": status, **form}, 204, 1)


ALL_TOLD = (told("leg-status", "CA2"), told("dial-action", DialCallSid="CA2"), told("call-status"))

ANSWERED = PlayedCall(
    sid=SID,
    from_=CITIZEN,
    to=CENTRE.e164,
    started_at=OPEN_HOUR,
    ended_at=after(66),
    ended_by="service",
    status="completed",
    timeline=(Entry(after(0), "rings", DESK_1.e164), Entry(after(66), "leg-ended", DESK_1.e164, "answered")),
    legs=(leg(),),
    said=(),
    message=None,
    errors=(),
    requests=ALL_TOLD,
)
UNANSWERED = replace(
    ANSWERED,
    legs=(leg(outcome="busy", end=2),),
    timeline=(Entry(after(2), "leg-ended", DESK_1.e164, "busy"), Entry(after(2), "said", detail="Ingen kunde svara.")),
)

LOGGED = LoggedCall(
    call_id=SID,
    unit="centre",
    called=CENTRE.e164,
    number=CITIZEN,
    received_at=OPEN_HOUR,
    state="open",
    decided_by="hours",
    disposition="answered",
    answered_destination="reception",
    seconds_to_answer=6,
    talked_seconds=60,
    legs=(LoggedLeg(DESK_1.e164, "answered", 60),),
)
NOT_ANSWERED = replace(
    LOGGED,
    disposition="unanswered",
    answered_destination=None,
    seconds_to_answer=None,
    talked_seconds=None,
    legs=(LoggedLeg(DESK_1.e164, "busy"),),
)


def logged(*outcomes: tuple[PhoneNumber, str | None], row: LoggedCall = NOT_ANSWERED, **changes: Any) -> LoggedCall:
    """*row* with these phones."""
    return replace(row, legs=tuple(LoggedLeg(number.e164, outcome) for number, outcome in outcomes), **changes)


def performance(
    call: PlayedCall = ANSWERED, phones: dict[str, Owner] | None = None, complaints: Sequence[str] = (), **scene: Any
) -> Performance:
    """*call* as the playing of a scene."""
    drawn = Scene(
        number=7,
        seed="1:7",
        at=call.started_at,
        to=call.to,
        unit=UNIT,
        from_=CITIZEN,
        kept_number=CITIZEN,
        caller=Caller(),
        phones=phones or {},
        faults=Faults(),
        habits=Habits(),
    )
    return Performance(replace(drawn, **scene), call, complaints=complaints)
