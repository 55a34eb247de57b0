"""What happens to a caller: whole calls through the phone network against the real service."""

import pytest

from callrouter.domain.phone import PhoneNumber
from callrouter.telephony.simulator import Phone, answers, answers_and_drops, busy, failed, silent
from tests.schedules import CENTRE, DESK_1, DESK_2, DUTY_OFFICER, GUARD_1, GUARD_2, numbers_of
from tests.stories.conftest import Phones

MONDAY_11 = "2026-11-23 11:00"
MONDAY_1630 = "2026-11-23 16:30"
SUNDAY_22 = "2026-11-22 22:00"


def test_in_opening_hours_the_front_desk_rings_and_whoever_is_first_talks(phones: Phones) -> None:
    phones.on(DESK_1, does=silent())
    phones.on(DESK_2, does=answers(after=5, talks=60))
    call = phones.call(CENTRE, at=MONDAY_11)
    assert call.rung == (DESK_1.e164, DESK_2.e164)
    assert call.answered_by == DESK_2.e164
    assert call.said == ()
    row = phones.logged(call)
    assert (row.unit, row.state, row.decided_by, row.disposition) == ("centre", "open", "hours", "answered")
    assert (row.answered_destination, row.seconds_to_answer, row.talked_seconds) == ("reception", 5, 60)
    assert row.origin == "phone-network"


def test_in_closed_hours_the_caller_is_told_so_in_both_languages_and_a_guard_rings(phones: Phones) -> None:
    phones.on(GUARD_1, does=answers())
    call = phones.call(CENTRE, at=MONDAY_1630)
    assert [(said.language, said.text.split()[0]) for said in call.said] == [("sv-SE", "Vi"), ("en-GB", "We")]
    assert call.answered_by == GUARD_1.e164
    row = phones.logged(call)
    assert (row.state, row.answered_destination, row.disposition) == ("closed", "security", "answered")


def test_the_log_tells_why_it_was_decided_so(phones: Phones) -> None:
    phones.on(GUARD_1, does=answers())
    row = phones.logged(phones.call(CENTRE, at=MONDAY_1630))
    assert row.reason == "mon-fri 10:00-15:00 (from 2007-02-01)"
    assert row.line == 13
    assert row.local_time == "2026-11-23T16:30:00+01:00"
    assert len(row.schedule_version) == 64


@pytest.mark.parametrize("desk", [silent(), busy(), failed()], ids=["silent", "busy", "out of reach"])
def test_a_front_desk_that_does_not_answer_overflows_to_security(phones: Phones, desk: object) -> None:
    phones.on(DESK_1, DESK_2, does=desk)  # type: ignore[arg-type]
    phones.on(GUARD_1, does=answers())
    call = phones.call(CENTRE, at=MONDAY_11)
    assert call.rung == (DESK_1.e164, DESK_2.e164, GUARD_1.e164)
    assert call.answered_by == GUARD_1.e164
    assert phones.logged(call).state == "open"


def test_guards_ring_one_after_another_twice_then_the_duty_officer(phones: Phones) -> None:
    phones.on(DUTY_OFFICER, does=answers())
    call = phones.call(CENTRE, at=SUNDAY_22)
    assert list(call.rung) == numbers_of([GUARD_1, GUARD_2, GUARD_1, GUARD_2, DUTY_OFFICER])
    assert phones.logged(call).answered_destination == "duty-officer"


def test_a_line_that_was_busy_a_moment_ago_is_left_alone_for_ten_seconds(phones: Phones) -> None:
    phones.on(GUARD_1, GUARD_2, does=busy())
    phones.on(DUTY_OFFICER, does=answers())
    call = phones.call(CENTRE, at=SUNDAY_22)
    starts = [leg.started_at for leg in call.legs if leg.number == GUARD_1.e164]
    assert len(starts) == 2
    assert (starts[1] - starts[0]).total_seconds() >= 10


@pytest.mark.parametrize("phone", [silent(), busy(), failed()], ids=["silent", "busy", "out of reach"])
def test_when_nobody_answers_the_caller_hears_so_and_the_log_says_unanswered(phones: Phones, phone: Phone) -> None:
    for number in (GUARD_1, GUARD_2, DUTY_OFFICER):
        phones.on(number, does=phone)
    call = phones.call(CENTRE, at=SUNDAY_22)
    assert [said.text for said in call.said][-2:] == ["Ingen kunde svara just nu.", "Nobody could answer right now."]
    assert call.ended_by == "service"
    assert phones.logged(call).disposition == "unanswered"


def test_a_phone_that_is_picked_up_and_put_down_again_does_not_count(phones: Phones) -> None:
    phones.on(GUARD_1, does=answers_and_drops())
    phones.on(GUARD_2, does=answers())
    call = phones.call(CENTRE, at=SUNDAY_22)
    assert call.answered_by == GUARD_2.e164
    assert [leg["outcome"] for leg in phones.logged(call).legs] == ["dropped", "answered"]


@pytest.mark.parametrize(
    ("seconds", "disposition", "rung"),
    [(3, "abandoned", 0), (20, "abandoned", 1), (60, "answered", 1)],
    ids=["in the announcement", "while it rings", "while they talk"],
)
def test_the_caller_hangs_up(phones: Phones, seconds: float, disposition: str, rung: int) -> None:
    phones.on(GUARD_1, does=answers(after=20, talks=None))
    call = phones.call(CENTRE, at=SUNDAY_22, hangs_up_after=seconds)
    assert len(call.rung) == rung
    assert phones.logged(call).disposition == disposition


@pytest.mark.parametrize(
    "caller", ["anonymous", "", "464", "+266696687", "client:x", "sip:x@example.se", "+" + "4" * 400]
)
def test_a_withheld_or_odd_caller_is_a_caller_like_any_other(phones: Phones, caller: str) -> None:
    phones.on(GUARD_1, does=answers())
    call = phones.call(CENTRE, at=SUNDAY_22, from_=caller)
    assert call.answered_by == GUARD_1.e164
    assert phones.logged(call).number is None


def test_a_callers_number_is_kept_beside_the_call(phones: Phones) -> None:
    phones.on(GUARD_1, does=answers())
    assert phones.logged(phones.call(CENTRE, at=SUNDAY_22)).number == "+46701740650"


@pytest.mark.parametrize(
    ("at", "state"),
    [
        ("2026-11-23 09:59:59", "closed"),
        ("2026-11-23 10:00", "open"),
        ("2026-11-23 14:59:59", "open"),
        ("2026-11-23 15:00", "closed"),
        ("2007-01-31 09:30", "open"),  # the hours before 2007-02-01
        ("2007-02-01 09:30", "closed"),
    ],
)
def test_the_minute_of_the_call_decides(phones: Phones, at: str, state: str) -> None:
    phones.on(DESK_1, GUARD_1, does=answers())
    assert phones.logged(phones.call(CENTRE, at=at)).state == state


@pytest.mark.parametrize(
    ("at", "state"),
    [
        ("2026-10-25T00:59:59+00:00", "open"),  # 02:59:59, the first pass of the repeated hour
        ("2026-10-25T01:30:00+00:00", "open"),  # 02:30 once more
        ("2026-10-25T02:59:59+00:00", "open"),  # 03:59:59
        ("2026-10-25T03:00:00+00:00", "closed"),  # 04:00
        ("2026-03-29T01:59:59+00:00", "open"),  # 03:59:59, an hour was skipped
        ("2026-03-29T02:00:00+00:00", "closed"),  # 04:00
    ],
)
def test_a_night_shift_over_the_change_of_the_clock(phones: Phones, at: str, state: str) -> None:
    phones.on(DESK_1, GUARD_1, does=answers())
    row = phones.logged(phones.call(PhoneNumber("+46846500450"), at=at))
    assert row.state == state


def test_an_alarm_unit_is_always_open(phones: Phones) -> None:
    phones.on(GUARD_1, does=answers())
    row = phones.logged(phones.call(PhoneNumber("+46846500499"), at="2026-12-25 03:00"))
    assert (row.unit, row.state, row.decided_by, row.answered_destination) == ("larm", "open", "always", "security")


def test_a_number_that_no_unit_claims_still_rings_a_human(phones: Phones) -> None:
    phones.on(GUARD_1, does=answers())
    call = phones.call(PhoneNumber("+46846500477"), at=MONDAY_11)
    row = phones.logged(call)
    assert (row.unit, row.decided_by, row.answered_destination) == (None, "fail-safe", "security")
