"""What /readyz tells of the machine and of the threads: each is seen degraded once, and well again."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest

from callrouter.calllog.database import Database
from callrouter.calllog.revisions import newest_revision
from callrouter.web.conditions import ClockWatch, Disk, Tables
from callrouter.web.pulse import Pulse
from tests.faults.database_ways import migrated_ahead
from tests.service import until

NOON = datetime(2026, 11, 23, 11, tzinfo=UTC)


class TestDisk:
    def test_there_is_enough(self, tmp_path: Path) -> None:
        told = Disk((tmp_path, tmp_path / "not" / "yet")).condition()
        assert (told["ok"], told["error"]) == (True, None)

    def test_too_little_is_left(self, tmp_path: Path) -> None:
        told = Disk((tmp_path,), too_little=1 << 60).condition()
        assert (told["ok"], told["error"]) == (False, f"too little space: {tmp_path}")


class Hand:
    """A clock that is set."""

    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> datetime:
        return self.at


class TestClock:
    @pytest.mark.parametrize(
        ("late", "is_right"),
        [
            ((), True),
            ((99, 99), True),  # too few to say
            ((1, 1, 0), True),
            ((90, 120, 2, 75), True),  # some came late by themselves
            ((31, 40, 35), False),  # we are ahead
            ((-6, 0, 3), False),  # we are behind: nothing is told before it happens
            ((-4, 0, 3), True),
        ],
    )
    def test_it_is_judged_by_what_comes_least_late(self, late: tuple[int, ...], is_right: bool) -> None:
        watch = ClockWatch(lambda: NOON)
        for seconds in late:
            watch.heard(NOON - timedelta(seconds=seconds))
        assert watch.condition()["ok"] is is_right

    def test_what_was_told_long_ago_says_nothing(self) -> None:
        hand = Hand()
        watch = ClockWatch(hand)
        for _ in range(3):
            watch.heard(NOON - timedelta(minutes=5))
        assert watch.condition()["off_seconds"] == 300.0
        hand.at += timedelta(hours=2)
        assert watch.condition() == {"ok": True, "error": None, "off_seconds": None}


class TestTables:
    def test_those_of_a_later_release_are_told_of_until_they_are_ours_again(self, tmp_path: Path) -> None:
        database = Database(f"sqlite:///{tmp_path / 'calls.db'}")
        database.prepare()
        tables = Tables(database)
        tables.measure()
        assert tables.condition() == {"ok": True, "error": None, "revision": newest_revision()}
        with migrated_ahead(tmp_path / "calls.db"):
            tables.measure()
            assert tables.condition() == {
                "ok": False,
                "error": "revision later, which this release does not know",
                "revision": "later",
            }
        tables.measure()
        assert tables.condition()["ok"]
        database.close()

    def test_before_there_are_any_nothing_is_wrong(self, tmp_path: Path) -> None:
        with closing(Database(f"sqlite:///{tmp_path / 'calls.db'}")) as database:
            tables = Tables(database)
            tables.measure()
            assert tables.condition()["ok"]


class TestPulse:
    def test_it_measures_and_says_so(self) -> None:
        taken = Event()
        beating = Pulse([taken.set])
        assert not beating.condition()["ok"], "not begun"
        beating.start()
        assert taken.wait(5)
        assert beating.condition()["ok"]
        beating.stop()
        assert not beating.condition()["ok"], "ended"

    def test_between_two_measures_it_looks_again_and_again_whatever_it_meets(self) -> None:
        taken: list[int] = []
        looks: list[int] = []

        def look() -> None:
            looks.append(1)
            raise OSError("not now")

        beating = Pulse([lambda: taken.append(1)], look=look)
        beating.start()
        until(lambda: len(looks) >= 3, "it has looked three times")
        beating.stop()
        assert taken == [1]

    def test_one_that_cannot_be_taken_keeps_no_other_from_being_taken(self) -> None:
        def broken() -> None:
            raise OSError("gone")

        taken: list[int] = []
        Pulse([broken, lambda: taken.append(1)]).beat()
        assert taken == [1]

    def test_one_that_hangs_shows_and_keeps_nobody_from_looking(self) -> None:
        hang = Event()
        looks: list[int] = []

        def hanging() -> None:
            hang.wait(20)

        beating = Pulse([hanging], stale_after=0.05, look=lambda: looks.append(1))
        beating.start()
        until(lambda: not beating.condition()["ok"], "the gauges are old")
        assert beating.condition() == {"ok": False, "is_alive": True, "is_fresh": False}
        until(lambda: len(looks) >= 2, "it has looked twice")
        assert not hang.is_set()
        hang.set()
        beating.stop()
