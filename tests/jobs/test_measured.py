"""What /metrics tells of jobs."""

from datetime import timedelta

from prometheus_client import REGISTRY

from callrouter import clock
from callrouter.calllog.database import Database
from callrouter.calllog.job_concerns import note
from callrouter.domain.sentence import Sentence
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
