"""The nightly job: by the schedule in force, with the provider's account, and it hears a stop."""

from datetime import timedelta
from threading import Event

from callrouter import clock
from callrouter.calllog.database import Database
from callrouter.calllog.job_concerns import lasting
from callrouter.calllog.tables import CallEventRow, CallRow
from callrouter.domain.schedule import Schedule
from callrouter.jobs import retention
from callrouter.jobs.job import Tools
from tests.calllog.aged import NOW, Store, lines, there, told
from tests.schedule.files import SHORT, schedule

RULES = "retention: [{what: calls, keep: 1 month, decision: KS 1, date: 2026-03-01}]\n"
AGE = (clock.now() - NOW) / timedelta(days=1)


def in_force(rules: str = RULES) -> Schedule:
    return schedule(SHORT + rules)


def test_it_says_what_it_did(database: Database) -> None:
    told(database, "CA-old", 40 - AGE)
    told(database, "CA-new", 2 - AGE)
    tools = Tools(database, in_force, Store)
    assert retention.JOB.run(tools) == "1 call deleted"
    assert there(database, CallRow) == {"CA-new"}
    assert retention.JOB.run(tools) == "nothing deleted"


def test_it_says_what_is_outstanding(database: Database) -> None:
    told(database, "CA-old", 40 - AGE)
    said = retention.JOB.run(Tools(database, in_force, lambda: Store(is_away=True)))
    assert said == "warning: nothing deleted; 1 outstanding"
    assert retention.JOB.run(Tools(database, in_force)) == "warning: nothing deleted; 1 outstanding"
    assert [line[-1] for line in lines(database)] == [
        "the provider does not answer",
        "no account with the provider",
    ]


def test_what_the_provider_keeps_is_a_concern_until_it_is_gone(database: Database) -> None:
    told(database, "CA-old", 40 - AGE)

    def concerns() -> list[str]:
        with database.reading() as connection:
            return [str(said) for concern in lasting(connection, clock.now()) for said in concern.said]

    retention.JOB.run(Tools(database, in_force, lambda: Store(is_away=True)))
    assert concerns() == [
        "What should be deleted is still at the provider",
        "1 left: the destruction protocol says why",
    ]
    retention.JOB.run(Tools(database, in_force, Store))
    assert concerns() == []


def test_without_a_schedule_or_a_rule_nothing_goes(database: Database) -> None:
    told(database, "CA-old", 40 - AGE)
    assert retention.JOB.run(Tools(database)) == "no schedule, so no decision: nothing is deleted"
    assert retention.JOB.run(Tools(database, lambda: in_force(""))) == "nothing deleted"
    assert there(database, CallEventRow) == {"CA-old"}


def test_a_process_that_ends_is_not_kept(database: Database) -> None:
    told(database, "CA-old", 40 - AGE)
    stopping = Event()
    stopping.set()
    assert retention.JOB.run(Tools(database, in_force, Store, stopping)) == "nothing deleted; 1 outstanding"


def test_it_runs_by_night_and_no_longer_than_its_lease() -> None:
    assert (retention.JOB.hour, retention.JOB.minute) == (3, 30)
    assert retention.JOB.lease > retention.LONGEST


def test_who_looks_on_hears_how_far_it_is(database: Database) -> None:
    for number in range(3):
        told(database, f"CA-old-{number}", 40 - AGE)
    heard: list[tuple[int, int]] = []
    retention.JOB.run(Tools(database, in_force, Store, tell=lambda *how_far: heard.append(how_far)))
    assert heard[-1] == (3, 3)
