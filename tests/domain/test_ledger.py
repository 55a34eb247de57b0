"""What one call is to a company, and what many of them amount to."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from callrouter.domain.destination import Contract, Destination, ServiceTarget
from callrouter.domain.ledger import Line, Offer, Statement, contracts_of, line_of, promises
from callrouter.domain.leg import LegRecord
from callrouter.domain.measures import Level, Share
from callrouter.domain.period import Period
from callrouter.domain.record import AnsweredBy, CallRecord
from callrouter.domain.schedule import Schedule
from callrouter.domain.span import Span
from callrouter.domain.words import Disposition, Outcome
from tests.domain.test_tally import CAME, TAKEN
from tests.schedules import GUARD_1, schedule

FAST, SLOW = ServiceTarget(0.8, 30), ServiceTarget(0.5, 60)
CHANGE = CAME + timedelta(seconds=15)
"""The contracts change hands while a call is on its way."""
SINCE = datetime(2020, 1, 1, tzinfo=UTC)
CONTRACTS = (
    Contract("Nordvakt", Span(SINCE, CHANGE), (GUARD_1,), FAST),
    Contract("Trygg", Span(CHANGE), (GUARD_1,), SLOW),
)
SCHEDULE = schedule(Destination("security", contracts=CONTRACTS), open_="security", closed="security")


def leg(outcome: Outcome | None, rang: int, company: str = "Nordvakt", answered: int | None = None) -> LegRecord:
    taken = None if answered is None else CAME + timedelta(seconds=answered)
    return LegRecord(GUARD_1.e164, "security", company, None, outcome, CAME + timedelta(seconds=rang), taken, 6, None)


def call(*legs: LegRecord, by: str | None = None) -> CallRecord:
    answered_by = AnsweredBy("security", by, None) if by else None
    took = max((round((x.answered_at - CAME).total_seconds()) for x in legs if x.answered_at), default=None)
    disposition = Disposition.ANSWERED if by else Disposition.UNANSWERED
    return replace(TAKEN, legs=legs, answered_by=answered_by, seconds_to_answer=took, disposition=disposition)


def stated(record: CallRecord, company: str, known: Schedule | None) -> Line:
    return line_of(Offer.of(record, company), contracts_of(known, company))


@pytest.mark.parametrize(
    ("outcomes", "counts_as"),
    [
        ((Outcome.NO_ANSWER, Outcome.DECLINED), Outcome.DECLINED),
        ((Outcome.DECLINED, Outcome.DROPPED), Outcome.DROPPED),
        ((Outcome.SCREENED_OUT, Outcome.NO_ANSWER), Outcome.SCREENED_OUT),
        ((Outcome.BUSY, Outcome.NO_ANSWER), Outcome.NO_ANSWER),
        ((Outcome.FAILED, Outcome.BUSY), Outcome.BUSY),
        ((Outcome.CANCELLED, Outcome.FAILED), Outcome.FAILED),
        ((Outcome.CANCELLED, Outcome.CANCELLED), Outcome.CANCELLED),
        ((None, Outcome.CANCELLED), Outcome.CANCELLED),
        ((None,), None),
    ],
)
def test_the_phone_that_came_furthest_stands_for_the_company(
    outcomes: tuple[Outcome | None, ...], counts_as: Outcome | None
) -> None:
    line = stated(call(*(leg(outcome, 1 + n) for n, outcome in enumerate(outcomes))), "Nordvakt", SCHEDULE)
    assert (line.outcome, line.seconds, line.talked_seconds) == (counts_as, None, 0)


def test_the_time_to_answer_runs_from_the_companys_first_ring() -> None:
    answered = call(leg(Outcome.NO_ANSWER, 4), leg(Outcome.ANSWERED, 30, answered=36), by="Nordvakt")
    line = stated(answered, "Nordvakt", SCHEDULE)
    assert (line.outcome, line.seconds, line.talked_seconds, line.is_within) == (Outcome.ANSWERED, 32, 60, False)


def test_each_company_has_a_line_of_its_own_under_its_own_contract() -> None:
    handed_on = call(leg(Outcome.NO_ANSWER, 4), leg(Outcome.ANSWERED, 30, "Trygg", answered=40), by="Trygg")
    first, second = (stated(handed_on, company, SCHEDULE) for company in ("Nordvakt", "Trygg"))
    assert (first.outcome, first.promise, first.is_within, first.talked_seconds) == (Outcome.NO_ANSWER, FAST, False, 0)
    assert (second.outcome, second.promise, second.is_within, second.talked_seconds) == (
        Outcome.ANSWERED,
        SLOW,
        True,
        60,
    )


def test_by_which_phone_was_never_told() -> None:
    """Then the whole call's seconds tell when it was answered."""
    unsure = replace(call(leg(None, 4), leg(None, 4), by="Nordvakt"), seconds_to_answer=20)
    assert stated(unsure, "Nordvakt", SCHEDULE).seconds == 16


def test_without_a_schedule_nothing_was_promised() -> None:
    line = stated(call(leg(Outcome.BUSY, 4)), "Nordvakt", None)
    assert (line.promise, line.is_within) == (None, None)


def test_a_statement_is_the_sum_of_its_lines() -> None:
    calls = [
        call(leg(Outcome.ANSWERED, 4, answered=14), by="Nordvakt"),
        replace(call(leg(Outcome.ANSWERED, 4, answered=34), by="Nordvakt"), talked_seconds=61),
        call(leg(Outcome.CANCELLED, 4)),
        call(leg(None, 4)),
        call(leg(Outcome.BUSY, 20)),  # after the contract had ended: promised nothing any more
    ]
    made = Statement("Nordvakt", Period.month(2026, 11), "real", "v", [stated(c, "Nordvakt", SCHEDULE) for c in calls])
    assert made.outcomes == {Outcome.ANSWERED: 2, Outcome.CANCELLED: 1, None: 1, Outcome.BUSY: 1}
    assert sum(made.outcomes.values()) == made.offered == 5
    assert made.answer_rate == Share(2, 5)
    assert made.levels == [Level(FAST, Share(2, 4))]
    assert dict(made.taken.counts) == {10: 1, 30: 1}
    assert (made.talked_seconds, made.started_minutes) == (121, 1 + 2)


def test_what_was_promised_stands_there_without_a_call_too() -> None:
    month = Period.month(CAME.year, CAME.month)
    made = Statement("Nordvakt", month, "real", "v", [], promises(SCHEDULE, "Nordvakt", month))
    assert made.levels == [Level(FAST, Share(0, 0))]
    assert made.levels[0].is_met is None


@pytest.mark.parametrize(
    ("company", "month", "promised"),
    [("Nordvakt", -1, []), ("Nordvakt", 0, [FAST]), ("Nordvakt", 1, [FAST]), ("Trygg", 0, [SLOW]), ("Trygg", 1, [])],
)
def test_contracts_promise_while_they_are_in_force(company: str, month: int, promised: list[ServiceTarget]) -> None:
    """*month*: so many before the one in which they change hands."""
    assert promises(SCHEDULE, company, Period.month(CAME.year, CAME.month).months_before(month)) == promised
