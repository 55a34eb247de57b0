"""Tasks: any process can show what another one does; one whose process is gone has failed; nothing ever hangs."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest

from callrouter.calllog import tasks
from callrouter.calllog.audit import entries
from callrouter.calllog.database import Database
from callrouter.calllog.export.child import StoppedError
from callrouter.domain.task import KEPT_FOR, LOST_AFTER, Task
from callrouter.domain.words import TaskKind, TaskState
from callrouter.tasks.folder import file_of, sweep
from callrouter.tasks.runner import Finished, Place, Runner, TooManyError, Wish
from tests.service import until

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def wish(work: Callable[[Place], Finished], who: str = "anna") -> Wish:
    return Wish(TaskKind.EXPORT, who, "export", {"unit": "centre"}, work)


def writes(place: Place) -> Finished:
    (place.folder / "calls.csv").write_text("a call")
    return Finished({"rows": 1}, "calls.csv")


def breaks(_place: Place) -> Finished:
    raise OSError("the disk is full")


def waits(place: Place) -> Finished:
    """It tells how far it is, and goes on until it is stopped."""
    (place.folder / "half.csv").write_text("half")
    place.tell(3, 4)
    assert place.stop.wait(20)
    raise StoppedError


@pytest.fixture
def runner(database: Database, tmp_path: Path) -> Iterator[Runner]:
    runner = Runner(database, tmp_path / "tasks", lambda: NOON)
    yield runner
    runner.stop()


def seen(database: Database, key: str) -> Task:
    """The task as any process sees it."""
    with database.reading() as connection:
        found = tasks.find(connection, key)
    assert found is not None
    return found


def test_what_it_made_can_be_fetched_for_a_day(runner: Runner, database: Database) -> None:
    key = runner.begin(wish(writes))
    until(lambda: seen(database, key).outcome, "it is over")
    task = seen(database, key)
    assert (task.state(NOON), task.result["rows"], task.kept_until(NOON)) == (TaskState.DONE, 1, NOON + KEPT_FOR)
    file = file_of(runner.folder, task, NOON)
    assert file is not None
    assert file.read_text() == "a call"
    assert file_of(runner.folder, task, NOON + KEPT_FOR) is None


def test_who_asked_for_what_is_on_record(runner: Runner, database: Database) -> None:
    key = runner.begin(wish(writes))
    with database.reading() as connection:
        (deed,) = (each.deed for each in entries(connection))
    assert (deed.who, deed.action, deed.subject, deed.facts) == ("anna", "export", f"task {key}", {"unit": "centre"})


def test_why_it_failed_is_told_and_nothing_is_left(
    runner: Runner, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    key = runner.begin(wish(breaks))
    until(lambda: seen(database, key).outcome, "it is over")
    assert seen(database, key).state(NOON) is TaskState.FAILED
    assert seen(database, key).result["why"] == "OSError: the disk is full"
    assert not (runner.folder / key).exists()
    assert "failed" in caplog.text


def test_another_process_stops_it(runner: Runner, database: Database) -> None:
    key = runner.begin(wish(waits))
    until((runner.folder / key / "half.csv").exists, "it has begun")
    runner.beat()
    assert (seen(database, key).percent, seen(database, key).state(NOON)) == (75, TaskState.RUNNING)
    with database.writing() as another:
        assert tasks.cancel(another, key, "bertil")
    runner.beat()
    until(lambda: seen(database, key).outcome, "it is over")
    assert (seen(database, key).outcome, seen(database, key).cancelled_by) == (TaskState.CANCELLED, "bertil")
    assert not (runner.folder / key).exists()
    with database.writing() as another:
        assert not tasks.cancel(another, key, "bertil")


def test_a_service_that_is_stopped_says_so(database: Database, tmp_path: Path) -> None:
    runner = Runner(database, tmp_path / "tasks", lambda: NOON)
    runner.start()
    key = runner.begin(wish(waits))
    until((runner.folder / key / "half.csv").exists, "it has begun")
    runner.stop()
    task = seen(database, key)
    assert (task.state(NOON), task.result["why"]) == (TaskState.FAILED, "the service was stopped")


def test_one_whose_process_is_gone_has_failed(database: Database) -> None:
    """Killed with SIGKILL it can tell nobody: the silence does."""
    with database.writing() as connection:
        tasks.add(connection, Task("gone", TaskKind.EXPORT, "anna", NOON, NOON))
        tasks.start(connection, "gone", NOON)
    task = seen(database, "gone")
    assert task.state(NOON + LOST_AFTER) is TaskState.RUNNING
    assert task.state(NOON + LOST_AFTER + MINUTE) is TaskState.FAILED
    assert task.is_over(NOON + LOST_AFTER + MINUTE)


def test_the_beat_keeps_it_alive(database: Database, tmp_path: Path) -> None:
    now = [NOON]
    runner = Runner(database, tmp_path / "tasks", lambda: now[0])
    key = runner.begin(wish(waits))
    now[0] = NOON + MINUTE
    runner.beat()
    assert not seen(database, key).is_over(NOON + MINUTE)
    runner.stop()


def test_nobody_asks_for_more_than_some_at_once(runner: Runner) -> None:
    for _ in range(5):
        runner.begin(wish(waits))
    with pytest.raises(TooManyError):
        runner.begin(wish(waits))
    runner.begin(wish(waits, who="bertil"))


def test_a_database_that_is_away_for_a_moment_is_told_later(
    runner: Runner, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    go_on = Event()

    def work(_place: Place) -> Finished:
        go_on.wait(20)
        return Finished({"rows": 2})

    key = runner.begin(wish(work))
    runner.beat()
    with database.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE task RENAME TO away")
    go_on.set()
    until(lambda: "cannot be told of now" in caplog.text, "the end could not be written")
    with database.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE away RENAME TO task")
    runner.beat()
    assert seen(database, key).outcome is TaskState.DONE


def test_the_newest_of_one_user_first(database: Database) -> None:
    with database.writing() as connection:
        for n, who in enumerate(("anna", "bertil", "anna")):
            tasks.add(connection, Task(f"{n}", TaskKind.EXPORT, who, NOON + n * MINUTE, NOON))
        tasks.add(connection, Task("other", TaskKind.RETENTION, "anna", NOON, NOON))
    with database.reading() as connection:
        assert [task.key for task in tasks.newest(connection, [TaskKind.EXPORT], "anna")] == ["2", "0"]
        assert [task.key for task in tasks.newest(connection, [TaskKind.EXPORT])] == ["2", "1", "0"]


def test_what_is_long_over_is_forgotten(database: Database) -> None:
    with database.writing() as connection:
        tasks.add(connection, Task("old", TaskKind.EXPORT, "anna", NOON, NOON))
        tasks.add(connection, Task("new", TaskKind.EXPORT, "anna", NOON + tasks.FORGOTTEN_AFTER + MINUTE, NOON))
        assert [task.key for task in tasks.newest(connection, list(TaskKind))] == ["new"]


def test_files_that_nobody_fetched_go(tmp_path: Path) -> None:
    for key in ("a", "b"):
        (tmp_path / key).mkdir()
        (tmp_path / key / "calls.csv").write_text("calls")
    made = datetime.fromtimestamp((tmp_path / "a" / "calls.csv").stat().st_mtime, UTC)
    sweep(tmp_path, made + KEPT_FOR)
    assert (tmp_path / "a").exists()
    sweep(tmp_path, made + KEPT_FOR + 2 * timedelta(hours=1))
    assert list(tmp_path.iterdir()) == []
