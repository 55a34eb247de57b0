"""What was not as it should be stands in the audit log once it is over: once, however many processes saw it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import Connection

from callrouter.calllog.audit import entries, verify
from callrouter.calllog.database import Database
from callrouter.web.disturbances import Disturbances
from tests.calllog.engines import database, url

__all__ = ["database", "url"]

NOON = datetime(2026, 11, 23, 11, tzinfo=UTC)
LOOK = timedelta(seconds=10)
WELL = {"ok": True, "error": None}
LOCKED = {"ok": False, "error": "database is locked"}


class Day:
    """The hour, and how the parts are doing."""

    def __init__(self) -> None:
        self.at = NOON
        self.parts: dict[str, Mapping[str, object]] = {"recorder": WELL, "schedule": WELL}

    def seen_by(self, database: Database) -> Disturbances:
        """One process, which has looked once."""
        conditions = {name: (lambda name=name: self.parts[name]) for name in self.parts}
        process = Disturbances(conditions, database, lambda: self.at)
        process.look()
        return process

    def goes_on(self, *processes: Disturbances, looks: int = 1, **parts: Mapping[str, object]) -> None:
        """Now the *parts* are like that; everybody looks."""
        self.parts |= parts
        for _ in range(looks):
            self.at += LOOK
            for process in processes:
                process.look()
                process.tell()


def told(database: Database) -> list[tuple[str, dict[str, object]]]:
    with database.reading() as connection:
        assert verify(connection).broken_at is None
        found = [entry.deed for entry in entries(connection)]
    assert {(deed.who, deed.action) for deed in found} <= {("callrouter", "disturbance")}
    return [(deed.subject, dict(deed.facts)) for deed in found]


def test_it_is_told_when_it_is_over_with_its_beginning_and_its_end(database: Database) -> None:
    day = Day()
    process = day.seen_by(database)
    day.goes_on(process, looks=3, recorder=LOCKED)
    assert told(database) == []
    day.goes_on(process, looks=2, recorder=WELL)
    span = {"from": (NOON + LOOK).isoformat(), "until": (NOON + 4 * LOOK).isoformat()}
    assert told(database) == [("part recorder", span | {"error": "database is locked"})]


def test_what_is_shown_is_told_of(database: Database) -> None:
    """Whoever saw the gauge at 0 finds it in the audit log: both are of one look."""
    day = Day()
    process = day.seen_by(database)
    day.goes_on(process, recorder=LOCKED)
    assert (shown("recorder"), shown("schedule")) == (0, 1)
    day.goes_on(process, recorder=WELL)
    assert shown("recorder") == 1
    assert [subject for subject, _ in told(database)] == ["part recorder"]


def shown(part: str) -> float | None:
    return REGISTRY.get_sample_value("callrouter_part_ok", {"part": part})


def test_what_several_processes_saw_is_told_once_and_the_next_one_again(database: Database) -> None:
    day = Day()
    processes = [day.seen_by(database) for _ in range(3)]
    for _ in range(2):
        day.goes_on(*processes, looks=2, recorder=LOCKED)
        day.goes_on(*processes, looks=2, recorder=WELL)
    assert [subject for subject, _ in told(database)] == ["part recorder"] * 2


def test_each_part_is_told(database: Database) -> None:
    day = Day()
    process = day.seen_by(database)
    day.goes_on(process, schedule={"ok": False, "errors": ["line 3: ..."]})
    day.goes_on(process, recorder=LOCKED)
    day.goes_on(process, schedule=WELL)
    assert told(database) == [], "while the log takes nothing, nobody tries"
    day.goes_on(process, recorder=WELL)
    assert [subject for subject, _ in told(database)] == ["part schedule", "part recorder"]


def test_a_part_that_is_just_beginning_is_not_disturbed(database: Database) -> None:
    day = Day()
    day.parts["recorder"] = LOCKED
    process = day.seen_by(database)
    day.goes_on(process, looks=2, recorder=WELL)
    assert told(database) == []


class Refusing(Database):
    """Takes nothing as long as it is told so."""

    is_refusing = True

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        if self.is_refusing:
            raise OSError("not now")
        with super().writing() as connection:
            yield connection


def test_what_could_not_be_told_is_told_later(url: str) -> None:
    refusing = Refusing(url)
    day = Day()
    process = day.seen_by(refusing)
    day.goes_on(process, schedule=LOCKED)
    with pytest.raises(OSError, match="not now"):
        day.goes_on(process, schedule=WELL)
    refusing.is_refusing = False
    day.goes_on(process)
    assert [subject for subject, _ in told(refusing)] == ["part schedule"]
    refusing.close()
