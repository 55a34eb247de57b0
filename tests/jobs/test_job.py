"""The name of a slot: local date and hour with offset, so that no hour of a year has another one's name."""

import importlib
import pkgutil
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from callrouter import jobs
from callrouter.calllog.database import Database
from callrouter.jobs.job import Job, Tools
from callrouter.jobs.registry import JOBS
from tests.schedules import STOCKHOLM

TOOLS = Tools(Database("sqlite://"))
JOB = Job("test", minute=7, lease=timedelta(minutes=10), run=lambda _tools: "done")


@pytest.mark.parametrize(
    ("at", "slot"),
    [
        ("2026-11-23T07:07:00+00:00", "2026-11-23T08+0100"),
        ("2026-07-01T22:30:00+00:00", "2026-07-02T00+0200"),
        # the night the clocks go back: hour 2 comes twice, with two names
        ("2026-10-25T00:07:00+00:00", "2026-10-25T02+0200"),
        ("2026-10-25T01:07:00+00:00", "2026-10-25T02+0100"),
        # the night they go forward: there is no hour 2
        ("2026-03-29T00:59:59+00:00", "2026-03-29T01+0100"),
        ("2026-03-29T01:00:00+00:00", "2026-03-29T03+0200"),
    ],
)
def test_in_stockholm(at: str, slot: str) -> None:
    assert JOB.slot(datetime.fromisoformat(at), STOCKHOLM) == slot


def test_all_of_an_hour_is_one_slot() -> None:
    hour = datetime(2026, 11, 23, 7, tzinfo=UTC)
    assert len({JOB.slot(hour + timedelta(minutes=minute), STOCKHOLM) for minute in range(60)}) == 1


@pytest.mark.parametrize("zone", ["Europe/Stockholm", "America/New_York", "Asia/Kathmandu", "UTC"])
def test_every_hour_of_a_year_has_its_own_name(zone: str) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    hours = 365 * 24
    assert len({JOB.slot(start + timedelta(hours=n), ZoneInfo(zone)) for n in range(hours)}) == hours


def test_a_daily_job_has_one_slot_a_day() -> None:
    daily = Job("test", minute=30, lease=timedelta(minutes=10), run=lambda _tools: "done", hour=3)
    night = datetime(2026, 10, 25, 2, 30, tzinfo=UTC)  # the night the clocks go back, 03:30 in Stockholm
    assert daily.slot(night, STOCKHOLM) == "2026-10-25"
    assert len({daily.slot(night + timedelta(hours=n), STOCKHOLM) for n in range(-3, 21)}) == 1


def test_no_job_runs_while_the_clocks_change() -> None:
    with pytest.raises(ValueError, match="between 02:00 and 03:00"):
        Job("test", minute=30, lease=timedelta(minutes=10), run=lambda _tools: "done", hour=2)


@pytest.mark.parametrize(
    ("at", "count"),
    [
        ("2026-11-23T00:59:59+00:00", 1),
        ("2026-11-23T01:00:00+00:00", 0),  # a run of 01:57 that comes late
        ("2026-11-23T01:59:59+00:00", 0),
        ("2026-11-23T02:00:00+00:00", 1),
        ("2026-10-25T00:00:00+00:00", 0),
        ("2026-10-25T01:59:59+00:00", 0),
        ("2026-10-25T02:00:00+00:00", 1),
    ],
)
def test_nothing_is_due_by_the_hour_between_two_and_three(at: str, count: int) -> None:
    assert len(list(JOB.pieces(TOOLS, datetime.fromisoformat(at), STOCKHOLM))) == count


def test_the_registry_names_each_job_once() -> None:
    names = [job.name for job in JOBS]
    assert names
    assert len(set(names)) == len(names)
    assert all(job.minute is None or 0 <= job.minute < 60 for job in JOBS)


def test_each_job_is_a_module_of_its_own_in_the_registry() -> None:
    modules = [
        importlib.import_module(f"callrouter.jobs.{found.name}") for found in pkgutil.iter_modules(jobs.__path__)
    ]
    own = [module.JOB for module in modules if hasattr(module, "JOB")]
    assert sorted(job.name for job in own) == sorted(job.name for job in JOBS)


@pytest.mark.parametrize(("minute", "due"), [(None, None), (7, lambda _tools, _at: ())])
def test_it_has_a_minute_or_finds_by_itself_what_is_due(minute: int | None, due: object) -> None:
    with pytest.raises(ValueError, match="either a minute, or what is due each minute"):
        Job("test", minute, timedelta(minutes=10), lambda _tools: "done", due=due)  # type: ignore[arg-type]
