"""What a process knows of what is decided by hand: read again and again, kept, never lost."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from callrouter.domain.control import NO_CONTROL, Block, Control, Ending, Override
from callrouter.domain.span import Span
from callrouter.domain.words import State
from callrouter.schedule.control_copy import read_back, written
from callrouter.schedule.control_store import STALE_AFTER, ControlStore
from tests.service import until

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
SPAN = Span(AT, AT + timedelta(hours=1))
CLOSED = Override(14, "centre", SPAN, State.CLOSED, None, "Personal\nmöte", "anna")
ENDED = replace(CLOSED, span=Span(AT, AT + timedelta(minutes=5)), ended=Ending("bo", "klart", AT + timedelta(hours=1)))
OVER = replace(CLOSED, id=13, span=Span(AT - timedelta(hours=2), AT - timedelta(hours=1)))
BLOCK = Block(3, "centre", "c0ffee", "our key", SPAN, "hot av Kalle", "anna")


@dataclass
class Source:
    """A database that can be away, and a clock."""

    folder: Path
    control: Control = NO_CONTROL
    is_away: bool = False
    now: datetime = AT
    stores: list[ControlStore] = field(default_factory=list)
    gate: Event = field(default_factory=Event)
    waits: Event = field(default_factory=Event)

    @property
    def copy(self) -> Path:
        return self.folder / "copy.json"

    def load(self) -> Control:
        if not self.gate.is_set():
            self.waits.set()
            self.gate.wait()
        if self.is_away:
            raise OSError("the database is away\nand a second line")
        return self.control

    def store(self) -> ControlStore:
        """A process that starts now."""
        self.stores.append(ControlStore(self.load, self.copy, "our key", lambda: self.now))
        return self.stores[-1]

    def started(self) -> ControlStore:
        """A process that runs."""
        store = self.store()
        store.start()
        return store


@pytest.fixture
def source(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Iterator[Source]:
    caplog.set_level(logging.INFO)
    source = Source(tmp_path)
    source.gate.set()
    yield source
    source.gate.set()
    for store in source.stores:
        store.stop()


def condition(store: ControlStore, *names: str) -> tuple[Any, ...]:
    found = store.condition()
    return tuple(found[name] for name in names)


def test_it_knows_what_the_database_has_from_the_start(source: Source) -> None:
    source.control = Control((OVER, CLOSED), (BLOCK,))
    store = source.started()
    assert store.current() == source.control
    assert condition(store, "ok", "source", "error") == (True, "database", None)
    assert condition(store, "overrides", "blocks", "read_at") == (1, 1, AT.isoformat())


def test_it_follows_within_a_second_or_two(source: Source) -> None:
    store = source.started()
    source.control = Control((CLOSED,))
    until(lambda: store.current() == source.control, "it is read again", 5)


def test_the_copy_is_written_when_something_changed_and_only_then(source: Source) -> None:
    source.control = Control((CLOSED,))
    store = source.store()
    assert read_back(source.copy.read_bytes()) == source.control
    written_at = source.copy.stat().st_mtime_ns
    store.check()
    assert source.copy.stat().st_mtime_ns == written_at
    source.control = Control((ENDED,))
    store.check()
    assert read_back(source.copy.read_bytes()) == source.control


def test_a_database_that_goes_away_changes_nothing_and_shows(source: Source, caplog: pytest.LogCaptureFixture) -> None:
    source.control = Control((CLOSED,))
    store = source.started()
    source.is_away = True
    for _ in range(2):
        store.check()
    assert store.current() == Control((CLOSED,))
    assert condition(store, "ok", "error") == (False, "OSError: the database is away")
    source.is_away, source.control = False, NO_CONTROL
    store.check()
    assert store.current() == NO_CONTROL
    assert condition(store, "ok", "error") == (True, None)
    told = [line for line in caplog.messages if line.endswith(("away", "again"))]
    assert told == ["control: OSError: the database is away", "control: is read again"]


def test_a_restart_without_the_database_goes_on_with_the_copy(source: Source) -> None:
    source.control = Control((CLOSED,), (BLOCK,))
    source.store()
    source.is_away = True
    again = source.started()
    assert again.current() == Control((CLOSED,), (BLOCK,))
    assert condition(again, "ok", "source", "overrides", "kept") == (False, "last-good", 1, True)
    source.is_away, source.control = False, Control((ENDED,))
    again.check()
    assert again.current() == source.control
    assert condition(again, "ok", "source") == (True, "database")


@pytest.mark.parametrize("content", [None, b"", b'{"format": 1}'])
def test_without_database_and_copy_it_says_so_and_decides_nothing(
    source: Source, content: bytes | None, caplog: pytest.LogCaptureFixture
) -> None:
    if content is not None:
        source.copy.write_bytes(content)
    source.is_away = True
    store = source.store()
    assert store.current() == NO_CONTROL
    assert condition(store, "ok", "source") == (False, "nowhere")
    assert (
        "control: overrides and blocks are unknown until the database can be read: there is no copy" in caplog.messages
    )
    assert any("the copy is refused" in line for line in caplog.messages) is (content is not None)


def test_while_the_copy_is_being_written_nothing_is_amiss(source: Source) -> None:
    """Whoever looks just then, as here whoever hears of it in the log, is not told of a fault at each change."""
    store, seen = source.started(), list[bool]()

    def look(_record: logging.LogRecord) -> bool:
        seen.extend(condition(store, "ok"))
        return True

    logger = logging.getLogger("callrouter.schedule.control_store")
    logger.addFilter(look)
    source.control = Control((CLOSED,))
    store.check()
    logger.removeFilter(look)
    assert seen == [True]


def test_a_copy_that_cannot_be_written_shows(source: Source, caplog: pytest.LogCaptureFixture) -> None:
    source.copy.mkdir()
    source.control = Control((CLOSED,))
    store = source.started()
    assert store.current() == source.control
    assert condition(store, "ok", "kept") == (False, False)
    store.check()
    assert "control: is read again" not in caplog.messages
    source.copy.rmdir()
    store.check()
    assert condition(store, "ok", "kept", "error") == (True, True, None)


def test_it_is_not_well_before_it_reads_by_itself_and_after_it_stopped(source: Source) -> None:
    store = source.store()
    assert condition(store, "ok", "watched") == (False, False)
    store.start()
    assert condition(store, "ok", "watched") == (True, True)
    store.stop()
    assert condition(store, "ok", "watched") == (False, False)


def test_a_reading_that_is_stuck_shows(source: Source) -> None:
    store = source.started()
    source.gate.clear()
    until(source.waits.is_set, "it reads again, and gets no answer", 5)
    read_at = source.now
    source.now = read_at + STALE_AFTER - timedelta(seconds=1)
    assert condition(store, "ok", "watched", "error") == (True, True, None)
    source.now = read_at + STALE_AFTER
    assert condition(store, "ok", "watched", "error") == (False, True, None)


def test_a_block_of_another_key_shows_while_it_lasts(source: Source) -> None:
    source.control = Control(blocks=(BLOCK, replace(BLOCK, id=4, key_id="another")))
    store = source.started()
    assert condition(store, "ok", "blocks", "blocks_of_another_key") == (False, 2, 1)
    assert BLOCK.span.end is not None
    source.now = BLOCK.span.end
    store.check()
    assert condition(store, "ok", "blocks", "blocks_of_another_key") == (True, 0, 0)


class TestAnnounced:
    def lines(self, caplog: pytest.LogCaptureFixture) -> list[str]:
        return [line for line in caplog.messages if line.startswith(("override=", "block="))]

    def test_making_and_ending_an_override_with_who_and_why(
        self, source: Source, caplog: pytest.LogCaptureFixture
    ) -> None:
        store = source.store()
        for control in (Control((CLOSED,)), Control((CLOSED,)), Control((ENDED,)), NO_CONTROL):
            source.control = control
            store.check()
        named = "override=14 unit=centre effect='closed'"
        assert self.lines(caplog) == [
            f"{named} made_by='anna' why='Personal\\nmöte' end=2026-11-23T11:00:00+00:00",
            f"{named} ended_by='bo' why='klart' end=2026-11-23T10:05:00+00:00",
        ]

    def test_a_block_without_the_reason_that_may_tell_of_a_person(
        self, source: Source, caplog: pytest.LogCaptureFixture
    ) -> None:
        store = source.store()
        source.control = Control(blocks=(BLOCK,))
        store.check()
        assert self.lines(caplog) == ["block=3 unit=centre made_by='anna' end=2026-11-23T11:00:00+00:00"]

    def test_what_was_made_and_ended_between_two_looks(self, source: Source, caplog: pytest.LogCaptureFixture) -> None:
        store = source.store()
        source.control = Control((ENDED,))
        store.check()
        assert [line.split()[3].partition("=")[0] for line in self.lines(caplog)] == ["made_by", "ended_by"]

    def test_a_restart_tells_what_happened_meanwhile_and_nothing_twice(
        self, source: Source, caplog: pytest.LogCaptureFixture
    ) -> None:
        source.control = Control((OVER, CLOSED))
        source.copy.write_bytes(written(source.control))
        source.store()
        assert self.lines(caplog) == []
        source.control = Control((OVER, ENDED))
        source.store()
        assert [line.split()[0] for line in self.lines(caplog)] == ["override=14"]

    def test_the_very_first_start_does_not_announce_the_past(
        self, source: Source, caplog: pytest.LogCaptureFixture
    ) -> None:
        source.control = Control((OVER, CLOSED))
        source.store()
        assert self.lines(caplog) == []
        assert "control: read overrides=1 blocks=0" in caplog.messages
