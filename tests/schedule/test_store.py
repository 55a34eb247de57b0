"""The store: what is in force when the file changes, breaks, vanishes, and after a restart."""

import os
import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from callrouter.domain.timeline import Timeline
from callrouter.schedule import version_of
from callrouter.schedule.format.source import LARGEST
from callrouter.schedule.store import ScheduleStore, Source
from callrouter.schedule.watched import FileSource
from tests.schedule.files import NOW, SHORT

OTHER = SHORT.replace("10:00-15:00", "09:00-15:00")
BROKEN = SHORT.replace("open: desk", "open: dsk")


@dataclass
class Office:
    """A folder with a schedule file, a clock, and what the store told."""

    folder: Path
    now: datetime = NOW
    told: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def file(self) -> Path:
        return self.folder / "schedule.yaml"

    @property
    def copy(self) -> Path:
        return self.folder / "kept" / "last-good.yaml"

    def write(self, text: str) -> None:
        self.file.write_text(text, encoding="utf-8")

    def store(self) -> ScheduleStore:
        return ScheduleStore(
            FileSource(self.file), self.copy, on_change=lambda *change: self.told.append(change), now=lambda: self.now
        )

    def versions(self) -> list[str]:
        return [version for version, _, _ in self.told]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    office = Office(tmp_path)
    office.write(SHORT)
    return office


def in_force(store: ScheduleStore) -> str | None:
    schedule = store.current().schedule
    return schedule.version if schedule else None


def complaint(store: ScheduleStore) -> str:
    return str(store.current().errors[0])


def test_it_loads_at_once(office: Office) -> None:
    store = office.store()
    loaded = store.current()
    assert in_force(store) == version_of(SHORT)
    assert (loaded.source, loaded.loaded_at, loaded.errors) == (Source.FILE, NOW, ())
    assert office.told == [(version_of(SHORT), SHORT, f"file {office.file}")]
    assert office.copy.read_text(encoding="utf-8") == SHORT


def test_a_new_version_replaces_the_old_one(office: Office) -> None:
    store = office.store()
    before = store.current().schedule
    office.write(OTHER)
    office.now += timedelta(minutes=5)
    store.check()
    assert in_force(store) == version_of(OTHER)
    assert store.current().loaded_at == office.now
    assert office.versions() == [version_of(SHORT), version_of(OTHER)]
    assert office.copy.read_text(encoding="utf-8") == OTHER
    assert before is not None
    assert before.version == version_of(SHORT)  # whoever holds the old one holds it whole


def test_nothing_new_changes_nothing(office: Office) -> None:
    store = office.store()
    loaded = store.current()
    store.check()
    os.utime(office.file)
    store.check()
    assert store.current().loaded_at == loaded.loaded_at
    assert len(office.told) == 1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (BROKEN, "line 9: units > centre > open: no destination called 'dsk'; did you mean 'desk'?"),
        ("", "line 1: expected settings such as 'version: 1', one a line"),
        (SHORT[:150], "line 1: 'destinations' is missing; expected it here: whom to ring"),
        ("x" * (LARGEST * 2), "line 1: the file has 1048577 bytes; expected at most 1048576 (1 MiB)"),
    ],
)
def test_a_broken_file_changes_nothing_and_everybody_can_see_it(office: Office, content: str, sentence: str) -> None:
    store = office.store()
    office.write(content)
    store.check()
    assert in_force(store) == version_of(SHORT)
    assert complaint(store).startswith(sentence)
    assert store.condition()["ok"] is False
    assert office.copy.read_text(encoding="utf-8") == SHORT
    office.write(SHORT)
    store.check()
    assert (in_force(store), store.current().errors) == (version_of(SHORT), ())
    assert len(office.told) == 1


def test_a_missing_file_changes_nothing_until_it_is_back(office: Office) -> None:
    store = office.store()
    office.file.unlink()
    store.check()
    assert in_force(store) == version_of(SHORT)
    assert complaint(store) == f"line 1: the file {office.file} cannot be read: No such file or directory"
    office.write(OTHER)
    store.check()
    assert (in_force(store), store.current().errors) == (version_of(OTHER), ())


def make_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def make_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def make_loop(path: Path) -> None:
    path.unlink()
    path.symlink_to(path)


@pytest.mark.parametrize("spoil", [make_folder, make_pipe, make_loop, Path.unlink])
@pytest.mark.parametrize("restart", [False, True])
def test_what_is_no_file_changes_nothing(office: Office, spoil: object, restart: bool) -> None:
    store = office.store()
    assert callable(spoil)
    spoil(office.file)
    store = office.store() if restart else store
    store.check()
    assert in_force(store) == version_of(SHORT)
    assert complaint(store).startswith(f"line 1: the file {office.file} ")


def test_after_a_restart_with_a_broken_file_the_copy_is_in_force(office: Office) -> None:
    office.store()
    office.write(BROKEN)
    office.told.clear()
    store = office.store()
    assert (in_force(store), store.current().source) == (version_of(SHORT), Source.LAST_GOOD)
    assert complaint(store).startswith("line 9: units > centre > open")
    assert office.told == [(version_of(SHORT), SHORT, f"last-good {office.file}")]
    office.write(OTHER)
    store.check()
    assert (in_force(store), store.current().source, store.current().errors) == (version_of(OTHER), Source.FILE, ())


@pytest.mark.parametrize("copy", [None, BROKEN, ""])
def test_without_any_good_version_there_is_none_and_nothing_raises(office: Office, copy: str | None) -> None:
    office.write(BROKEN)
    if copy is not None:
        office.copy.parent.mkdir()
        office.copy.write_text(copy, encoding="utf-8")
    store = office.store()
    loaded = store.current()
    assert (loaded.schedule, loaded.source, loaded.loaded_at) == (None, Source.NOWHERE, None)
    assert complaint(store).startswith("line 9")
    office.write(SHORT)
    store.check()
    assert in_force(store) == version_of(SHORT)


def test_a_copy_that_cannot_be_kept_is_tried_again(office: Office) -> None:
    office.copy.parent.write_text("a file where the folder should be")
    store = office.store()
    assert in_force(store) == version_of(SHORT)
    assert store.condition()["kept"] is False
    office.copy.parent.unlink()
    store.check()
    assert store.condition()["kept"] is True
    assert office.copy.read_text(encoding="utf-8") == SHORT
    assert [path.name for path in office.copy.parent.iterdir()] == ["last-good.yaml"]


def test_while_the_copy_is_being_kept_nothing_is_amiss(office: Office) -> None:
    """Whoever looks just then is not told of a fault at each new version."""
    stores: list[ScheduleStore] = []
    seen: list[object] = []

    def look(*_: str) -> None:
        seen.extend(store.condition()["kept"] for store in stores)

    stores.append(ScheduleStore(FileSource(office.file), office.copy, on_change=look))
    office.write(OTHER)
    stores[0].check()
    assert seen == [True]


def test_a_file_renamed_into_place_is_noticed(office: Office) -> None:
    """As editors save: same size, and here even the same time."""
    store = office.store()
    draft = office.folder / "draft"
    draft.write_text(OTHER, encoding="utf-8")
    times = office.file.stat()
    os.utime(draft, ns=(times.st_atime_ns, times.st_mtime_ns))
    draft.rename(office.file)
    store.check()
    assert in_force(store) == version_of(OTHER)


def test_a_link_that_is_swapped_is_noticed(office: Office) -> None:
    office.file.rename(office.folder / "one")
    (office.folder / "two").write_text(OTHER, encoding="utf-8")
    office.file.symlink_to("one")
    store = office.store()
    assert in_force(store) == version_of(SHORT)
    (office.folder / "next").symlink_to("two")
    (office.folder / "next").rename(office.file)
    store.check()
    assert in_force(store) == version_of(OTHER)


def timelines(store: ScheduleStore) -> dict[str, Timeline | None]:
    schedule = store.current().schedule
    assert schedule is not None
    return {name: unit.hours.timeline for name, unit in schedule.units.items()}


def test_the_hours_are_compiled_and_stay_ahead(office: Office) -> None:
    store = office.store()
    schedule = store.current().schedule
    assert schedule is not None
    first = schedule.unit("centre").hours.timeline
    office.now += timedelta(days=3)
    store.check()
    ahead = store.current().schedule
    assert ahead is not None
    second = ahead.unit("centre").hours.timeline
    assert first is not None
    assert second is not None
    assert second.end - first.end == timedelta(days=3).total_seconds()
    assert ahead.version == schedule.version
    assert len(office.told) == 1


def test_a_reload_compiles_the_hours_that_changed_and_no_others(office: Office) -> None:
    other = "  other:\n    numbers: [+46 8 465 004 01]\n    hours: always\n    open: desk\n    closed: desk\n"
    both = SHORT.replace("destinations:", other + "destinations:")
    office.write(both)
    store = office.store()
    before = timelines(store)
    office.write(both.replace("10:00-15:00", "09:00-15:00"))
    store.check()
    assert timelines(store)["other"] is before["other"]
    assert timelines(store)["centre"] != before["centre"]


def test_a_reload_knows_on_which_line_each_rule_stands_now(office: Office) -> None:
    store = office.store()

    def line() -> int | None:
        schedule = store.current().schedule
        assert schedule is not None
        return schedule.unit("centre").hours.ruling(office.now).line

    before, compiled = line(), timelines(store)
    office.write("# moved down by a line\n" + SHORT)
    store.check()
    assert before is not None
    assert line() == before + 1
    assert timelines(store)["centre"] is compiled["centre"]


def test_a_service_that_runs_for_years_never_runs_out_of_compiled_hours(office: Office) -> None:
    """For five years, and a week away each time: more than a year lies ahead."""
    store = office.store()
    for _week in range(5 * 53):
        office.now += timedelta(days=7)
        store.check()
        schedule = store.current().schedule
        assert schedule is not None
        timeline = schedule.unit("centre").hours.timeline
        assert timeline is not None
        assert timeline.end - office.now.timestamp() >= timedelta(days=400).total_seconds()
    assert len(office.told) == 1


def test_the_thread_lets_a_file_settle_before_it_reads_it(office: Office) -> None:
    """Half a file may be readable: whoever writes slowly is waited for."""
    store = office.store()
    store.poll()
    office.write(OTHER[:-30])
    store.poll()
    assert store.current().errors == ()
    office.write(OTHER)
    store.poll()
    assert (in_force(store), store.current().errors) == (version_of(SHORT), ())
    store.poll()
    assert in_force(store) == version_of(OTHER)


def test_the_thread_notices_a_change_outlives_a_fault_and_stops(office: Office) -> None:
    told = threading.Event()

    def fail_first(version: str, _text: str, _origin: str) -> None:
        if version == version_of(SHORT):
            raise RuntimeError("whoever is told may fail")
        told.set()

    store = ScheduleStore(FileSource(office.file), office.copy, on_change=fail_first, now=lambda: NOW)
    assert in_force(store) == version_of(SHORT)
    store.start()
    try:
        office.write(OTHER)
        assert told.wait(10)
        assert store.condition()["watched"] is True
    finally:
        store.stop()
    assert store.condition()["watched"] is False
    assert in_force(store) == version_of(OTHER)


def test_its_condition_says_all(office: Office) -> None:
    store = office.store()
    store.start()
    try:
        assert store.condition() == {
            "ok": True,
            "source": "file",
            "version": version_of(SHORT),
            "loaded_at": NOW.isoformat(),
            "age_seconds": 0,
            "errors": [],
            "warnings": [],
            "watched": True,
            "kept": True,
        }
    finally:
        store.stop()
