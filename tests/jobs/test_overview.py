"""What is told of each job: its last run, and when the next one is; and what a run by hand leaves alone."""

from datetime import UTC, datetime, timedelta
from threading import Event

import pytest

from callrouter import clock
from callrouter.calllog.database import Database
from callrouter.calllog.job_runs import JobNow, JobRun, RunState, failure
from callrouter.jobs import outbox
from callrouter.jobs.claim import claim, finish
from callrouter.jobs.job import Job, Piece, Tools
from callrouter.jobs.overview import next_after, overview, trigger
from callrouter.jobs.running import UnderWayError, run_by_hand, run_claimed
from tests.schedules import STOCKHOLM

AT = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)  # 08:30 in Stockholm
LEASE = timedelta(minutes=10)
SECOND = timedelta(seconds=1)


def work(_tools: Tools) -> str:
    return "3 done"


def broken(_tools: Tools) -> str:
    raise ValueError("something is wrong")


HOURLY = Job("hourly", 7, LEASE, work)
NIGHTLY = Job("nightly", 30, LEASE, work, hour=3)


def now(database: Database, job: Job = HOURLY, at: datetime = AT) -> JobNow:
    (told,) = overview(database, [job], STOCKHOLM, at)
    return told


def last(database: Database, job: Job = HOURLY) -> JobRun:
    run = now(database, job).last
    assert run is not None
    return run


class TestTheNextRun:
    """Local times of Stockholm, an hour ahead of UTC in winter."""

    @pytest.mark.parametrize(
        ("job", "at", "is_had", "next_at"),
        [
            (HOURLY, "2026-11-23T07:30", False, "2026-11-23T07:37"),  # nobody has had this hour: it is tried again
            (HOURLY, "2026-11-23T07:30", True, "2026-11-23T08:07"),
            (HOURLY, "2026-11-23T07:58", False, "2026-11-23T08:07"),
            (HOURLY, "2026-10-25T00:30", True, "2026-10-25T02:07"),  # 02:30, an hour before that hour comes again
            (HOURLY, "2026-03-29T00:58", False, "2026-03-29T01:07"),  # 03:07, for there is no 02:07
            (NIGHTLY, "2026-11-23T07:30", False, "2026-11-24T02:30"),
            (NIGHTLY, "2026-11-23T02:31", False, "2026-11-23T02:40"),
            (NIGHTLY, "2026-11-23T02:31", True, "2026-11-24T02:30"),
            (NIGHTLY, "2026-03-28T12:00", True, "2026-03-29T01:30"),
        ],
    )
    def test_is_the_next_that_nobody_has_had(
        self, database: Database, job: Job, at: str, is_had: bool, next_at: str
    ) -> None:
        instant = datetime.fromisoformat(f"{at}+00:00")
        if is_had:
            claim(database, job.name, job.slot(instant, STOCKHOLM), "a", LEASE, instant)
        assert now(database, job, instant).next_at == datetime.fromisoformat(f"{next_at}+00:00")

    def test_after_a_run_that_failed_is_still_in_this_hour(self, database: Database) -> None:
        slot = HOURLY.slot(AT, STOCKHOLM)
        mine = claim(database, "hourly", slot, "a", LEASE, AT)
        assert mine
        finish(database, mine, failure("something is wrong"), AT + SECOND)
        assert now(database, at=AT + SECOND).next_at == AT + timedelta(minutes=7)

    def test_no_hourly_run_is_in_the_hour_that_a_night_skips_or_repeats(self, database: Database) -> None:
        at = datetime(2026, 10, 24, 23, 50, tzinfo=UTC)  # 01:50 in Stockholm, before the hour that comes twice
        claim(database, "hourly", HOURLY.slot(at, STOCKHOLM), "a", LEASE, at)
        assert now(database, at=at).next_at == datetime(2026, 10, 25, 2, 7, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("job", "had", "next_at"),
        [
            (HOURLY, "2026-11-23T08+0100", "2026-11-23T08:07"),
            (HOURLY, "2026-11-23T07+0100", "2026-11-23T07:37"),  # an earlier hour: this one may still be tried
            (NIGHTLY, "2026-11-23", "2026-11-24T02:30"),
        ],
    )
    def test_after_a_run_is_that_of_another_slot(self, job: Job, had: str, next_at: str) -> None:
        assert next_after(job, STOCKHOLM, AT, had) == datetime.fromisoformat(f"{next_at}+00:00")

    def test_what_is_looked_at_each_minute_is_next_looked_at_in_a_minute(self, database: Database) -> None:
        watch = Job("watch", None, LEASE, lambda _tools: "looked", due=lambda _tools, _at: ())
        seen = now(database, watch, datetime(2026, 11, 23, 1, 12, 5, tzinfo=UTC))
        assert (seen.next_at, str(seen.schedule)) == (datetime(2026, 11, 23, 1, 13, tzinfo=UTC), "each minute")

    def test_people_are_told_within_seconds_at_any_hour_of_both_nights(self) -> None:
        """The outbox is looked at often enough for a missed call to be told within a minute of its end."""
        times = trigger(outbox.JOB, STOCKHOLM)
        for night in ("2026-10-24T23:59:51", "2026-10-25T00:59:58", "2026-03-29T00:59:59", "2026-11-23T12:00:01"):
            at = datetime.fromisoformat(f"{night}+00:00")
            for _ in range(400):
                due = times.get_next_fire_time(None, at)
                assert due - at <= 10 * SECOND
                at = due + timedelta(milliseconds=1)

    def test_what_is_looked_at_more_often_says_so(self, database: Database) -> None:
        assert str(now(database, outbox.JOB).schedule) == "each 10 s"


class TestTheLastRun:
    def test_is_none_before_there_is_one(self, database: Database) -> None:
        assert now(database).last is None
        told = (str(now(database).schedule), str(now(database, NIGHTLY).schedule))
        assert told == ("hourly at :07", "daily at 03:30")

    def test_says_who_when_how_long_and_what(self, database: Database) -> None:
        mine = claim(database, "hourly", "2026-11-23T08+0100", "a", LEASE, AT)
        assert (last(database).state(AT), last(database).took) == (RunState.RUNNING, None)
        assert mine
        finish(database, mine, "3 done", AT + 2 * SECOND)
        run = last(database)
        assert (run.slot, run.by, run.began_at, run.took) == ("2026-11-23T08+0100", "a", AT, 2 * SECOND)
        assert (run.result, run.state(AT)) == ("3 done", RunState.DONE)

    def test_is_the_one_that_began_last_also_when_the_clocks_go_back(self, database: Database) -> None:
        first, second = (datetime(2026, 10, 25, hour, 7, tzinfo=UTC) for hour in (0, 1))
        for at in (first, second):
            claim(database, "hourly", HOURLY.slot(at, STOCKHOLM), "a", LEASE, at)
        assert last(database).began_at == second

    def test_that_failed_is_known_by_its_result(self, database: Database) -> None:
        mine = claim(database, "hourly", "s", "a", LEASE, AT)
        assert mine
        finish(database, mine, failure("it broke"), AT)
        assert last(database).state(AT) is RunState.FAILED

    def test_that_never_told_of_its_end_is_dead_when_its_lease_is_out(self, database: Database) -> None:
        claim(database, "hourly", "s", "a", LEASE, AT)
        assert last(database).state(AT + LEASE - SECOND) is RunState.RUNNING
        assert last(database).state(AT + LEASE) is RunState.DEAD


class TestByHand:
    def test_it_runs_though_the_slot_is_had_and_leaves_the_next_one_alone(self, database: Database) -> None:
        at, tools = clock.now(), Tools(database)
        run_claimed(tools, HOURLY, Piece(HOURLY.slot(at, STOCKHOLM), HOURLY.run), "a")
        due = now(database, at=at).next_at
        assert run_by_hand(tools, HOURLY, "anna by hand", STOCKHOLM) == "3 done"
        assert last(database).by == "anna by hand"
        assert last(database).slot.endswith(" by hand")
        assert now(database, at=at).next_at == due

    def test_it_does_not_take_the_slot_of_the_scheduled_run(self, database: Database) -> None:
        at, tools = clock.now(), Tools(database)
        run_by_hand(tools, HOURLY, "anna", STOCKHOLM)
        assert run_claimed(tools, HOURLY, Piece(HOURLY.slot(at, STOCKHOLM), HOURLY.run), "a") == "3 done"

    def test_while_somebody_runs_it_nothing_is_done(self, database: Database) -> None:
        claim(database, "hourly", "s", "host:1", LEASE, clock.now())
        with pytest.raises(UnderWayError, match=r"hourly has been running since .* UTC, by host:1"):
            run_by_hand(Tools(database), HOURLY, "anna", STOCKHOLM)

    def test_over_a_dead_run_it_is_done(self, database: Database) -> None:
        claim(database, "hourly", "s", "host:1", LEASE, clock.now() - LEASE)
        assert run_by_hand(Tools(database), HOURLY, "anna", STOCKHOLM) == "3 done"

    def test_what_fails_is_raised_and_kept(self, database: Database) -> None:
        with pytest.raises(ValueError, match="something is wrong"):
            run_by_hand(Tools(database), Job("hourly", 7, LEASE, broken), "anna", STOCKHOLM)
        run = last(database)
        assert (run.result, run.state(clock.now())) == ("failed: ValueError: something is wrong", RunState.FAILED)

    def test_it_hears_a_stop(self, database: Database) -> None:
        stop = Event()
        stop.set()
        job = Job("hourly", 7, LEASE, lambda tools: "stopped" if tools.stopping.is_set() else "went on")
        assert run_by_hand(Tools(database, stopping=stop), job, "anna", STOCKHOLM) == "stopped"
