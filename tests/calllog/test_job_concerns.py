"""What jobs found that somebody should look at: what is over goes, what is still true stays. On both databases."""

from datetime import UTC, datetime, timedelta

import pytest

from callrouter.calllog.database import Database
from callrouter.calllog.job_concerns import HOLDS, JobConcern, forget, lasting, note
from callrouter.domain.sentence import Sentence
from callrouter.jobs.job import Job, Piece, Tools
from callrouter.jobs.running import run_claimed
from callrouter.jobs.warning import Concern, result

AT = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
WRONG = Sentence.of("{n} days left", n=3)
LEFT = Concern("look-ahead", Sentence("Something has to be done soon"))


def standing(database: Database, at: datetime = AT) -> list[JobConcern]:
    with database.reading() as connection:
        return lasting(connection, at)


def abouts(database: Database, at: datetime = AT) -> list[str]:
    return [each.about for each in standing(database, at)]


class TestWarnings:
    def test_stand_until_the_same_thing_is_found_well(self, database: Database) -> None:
        for hour, found, stands in (
            (0, {"certificate": [WRONG], "schedule": []}, ["certificate"]),
            (1, {"schedule": []}, ["certificate"]),  # a clean run that did not look at it
            (2, {"certificate": [WRONG], "schedule": [WRONG]}, ["certificate", "schedule"]),
            (3, {"certificate": []}, ["schedule"]),
            (4, {"schedule": []}, []),
        ):
            result(Tools(database, now=lambda hour=hour: AT + hour * HOUR), LEFT, found, "fine")  # type: ignore[misc]
            assert abouts(database, AT + hour * HOUR) == stands

    def test_say_since_when_it_is_so(self, database: Database) -> None:
        for hour in range(3):
            note(database, "look-ahead", "certificate", (Sentence.of("{n} days left", n=9 - hour),), AT + hour * HOUR)
        (concern,) = standing(database)
        assert (concern.since, str(concern.said[0])) == (AT, "7 days left")

    def test_fade_where_nobody_looks_any_more(self, database: Database) -> None:
        note(database, "test-calls", "a destination that is gone", (WRONG,), AT)
        assert abouts(database, AT + HOLDS - HOUR) != []
        assert abouts(database, AT + HOLDS) == []
        with database.writing() as connection:
            forget(connection, AT + HOLDS)
        note(database, "test-calls", "a destination that is gone", (WRONG,), AT + 2 * HOLDS)
        assert standing(database, AT + 2 * HOLDS)[0].since == AT + 2 * HOLDS


class TestFailures:
    def run(self, database: Database, slot: str, hour: int, *, fails: bool, comes_again: bool = True) -> None:
        def work(_tools: Tools) -> str:
            if fails:
                raise ValueError("disk full")
            return "done"

        job = Job("nightly", 30, HOUR, work, hour=3)
        at = AT + hour * HOUR
        run_claimed(Tools(database, now=lambda: at), job, Piece(slot, work, comes_again), "me")

    def test_of_work_that_comes_again_end_with_a_run_that_is_well(self, database: Database) -> None:
        with pytest.raises(ValueError, match="disk full"):
            self.run(database, "monday", 0, fails=True)
        (concern,) = standing(database)
        assert list(map(str, concern.said)) == ["The job 'nightly' failed", "ValueError: disk full"]
        self.run(database, "tuesday", 24, fails=False)
        assert abouts(database) == []

    def test_of_work_that_does_not_are_hidden_by_no_other(self, database: Database) -> None:
        """A hand-over that was not told stays untold, whatever is told at another unit."""
        with pytest.raises(ValueError, match="disk full"):
            self.run(database, "desk 08:00", 0, fails=True, comes_again=False)
        self.run(database, "office 09:00", 1, fails=False, comes_again=False)
        assert abouts(database, AT + HOUR) == ["run desk 08:00"]
        assert abouts(database, AT + 48 * HOUR) == []
