"""What /metrics tells of jobs."""

from datetime import datetime, timedelta

from prometheus_client import REGISTRY

from callrouter import clock
from callrouter.calllog.database import Database
from callrouter.calllog.job_concerns import note
from callrouter.calllog.job_runs import failure
from callrouter.domain.sentence import Sentence
from callrouter.jobs.claim import claim, finish
from callrouter.web.counted import measure_jobs

JOBS = ("look-ahead", "test-calls")


def concerns(database: Database) -> dict[str, float | None]:
    measure_jobs(database, JOBS)
    return {job: REGISTRY.get_sample_value("callrouter_job_concerns", {"job": job}) for job in JOBS}


def test_what_a_job_warns_of_counts_until_it_is_found_well(database: Database) -> None:
    at = clock.now()
    assert concerns(database) == {"look-ahead": 0, "test-calls": 0}
    for about in ("certificate", "horizon"):
        note(database, "look-ahead", about, [Sentence("It ends.")], at)
    assert concerns(database) == {"look-ahead": 2, "test-calls": 0}
    note(database, "look-ahead", "horizon", [], at)
    note(database, "look-ahead", "certificate", [Sentence("It ends.")], at, timedelta(0))
    assert concerns(database) == {"look-ahead": 0, "test-calls": 0}


def test_a_job_that_fails_slowly_is_not_well_while_it_runs_again(database: Database) -> None:
    """Whoever asks may always come while it runs."""

    def is_well(at: datetime, result: str | None) -> float | None:
        mine = claim(database, "look-ahead", f"{at}", "a", timedelta(hours=1), at)
        if mine and result:
            finish(database, mine, result, at)
        measure_jobs(database, JOBS)
        return REGISTRY.get_sample_value("callrouter_job_last_run_ok", {"job": "look-ahead"})

    begun = [clock.now() - timedelta(minutes=minutes) for minutes in (4, 3, 2, 1)]
    told = [is_well(at, result) for at, result in zip(begun, (None, failure("wrong"), None, "done"), strict=True)]
    assert told == [1, 0, 0, 1]
