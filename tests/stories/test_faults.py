"""Whatever breaks, the caller reaches a human, and the log has the call once."""

import signal
from pathlib import Path

import pytest

from callrouter.settings import PHONE_NETWORK_LAST_RESORT
from callrouter.telephony.simulator import AFTER_NEXT, Faults, answers
from tests.schedules import CENTRE, DESK_1, DUTY_OFFICER, GUARD_1, GUARD_2, numbers_of
from tests.service import RunningService, until
from tests.stories.conftest import Phones, instant

SUNDAY_22 = "2026-11-22 22:00"
MONDAY_11 = "2026-11-23 11:00"


def scripted(**delays: list[float]) -> Faults:
    """Faults that hit every callback of a kind (`leg` for leg-status, `status` for the number's own)."""
    kinds = {"leg": "leg-status", "status": "call-status"}
    by_kind = {kinds[name]: given for name, given in delays.items()}
    return Faults(callbacks=lambda kind, _nth: by_kind.get(kind))


@pytest.mark.parametrize(
    "faults",
    [
        scripted(leg=[]),
        scripted(leg=[0, 0], status=[0, 0]),
        scripted(leg=[90]),
        scripted(leg=[AFTER_NEXT], status=[AFTER_NEXT]),
        Faults(answers=lambda _kind, nth: "answer" if nth == 0 else None),
        Faults(answers=lambda _kind, nth: "request" if nth == 0 else None),
    ],
    ids=["legs lost", "all twice", "legs late", "overtaken", "answers lost", "requests lost"],
)
def test_callbacks_that_are_lost_doubled_late_or_overtaken_change_nothing(phones: Phones, faults: Faults) -> None:
    phones.on(GUARD_2, does=answers())
    call = phones.call(CENTRE, at=SUNDAY_22, faults=faults)
    assert list(call.rung) == numbers_of([GUARD_1, GUARD_2])
    row = phones.logged(call)
    assert (row.disposition, row.answered_destination) == ("answered", "security")
    assert abs(row.talked_seconds - 60) <= 1
    assert abs(row.legs[1]["rang_seconds"] - 6) <= 1


def test_the_end_of_the_call_was_never_told(phones: Phones) -> None:
    phones.on(GUARD_1, does=answers())
    call = phones.call(CENTRE, at=SUNDAY_22, faults=scripted(status=[]))
    assert phones.logged(call).disposition == "answered"


def test_a_restart_in_mid_call_goes_on_where_the_call_is(own_service: RunningService) -> None:
    own_service.start()
    stage = Phones(own_service)
    stage.on(GUARD_2, does=answers())
    live = stage.starts(CENTRE, at=SUNDAY_22)
    live.advance_to(instant("2026-11-22 22:00:20"))
    own_service.stop(signal.SIGKILL)
    own_service.start()
    call = stage.ends(live)
    assert list(call.rung) == numbers_of([GUARD_1, GUARD_2])
    row = stage.logged(call)
    assert (row.disposition, len(row.legs), len(stage.rows(call))) == ("answered", 2, 1)


def test_a_schedule_that_changes_in_mid_call_is_followed_from_the_next_ring_on(own_service: RunningService) -> None:
    own_service.start()
    stage = Phones(own_service)
    stage.on(DUTY_OFFICER, does=answers())
    live = stage.starts(CENTRE, at=SUNDAY_22)
    live.advance_to(instant("2026-11-22 22:00:20"))
    before = own_service.ready()["schedule"]["version"]
    text = own_service.schedule.read_text(encoding="utf-8")
    own_service.schedule.write_text(text.replace("+46 31 390 06 20", "+46 70 174 06 99"), encoding="utf-8")
    until(lambda: own_service.ready()["schedule"]["version"] != before, "the new schedule is in force")
    call = stage.ends(live)
    assert list(call.rung) == numbers_of([GUARD_1, DUTY_OFFICER])
    assert stage.logged(call).schedule_version == before


class TestBrokenDatabase:
    def test_the_database_is_a_directory(self, own_service: RunningService) -> None:
        """The call is answered as always; when the database is mended, the log has it."""
        database = own_service.home / "var" / "callrouter.db"
        database.mkdir(parents=True)
        own_service.start()
        stage = Phones(own_service)
        stage.on(GUARD_1, does=answers())
        call = stage.call(CENTRE, at=SUNDAY_22)
        assert call.answered_by == GUARD_1.e164
        status, _ = own_service.get("/readyz")
        assert status == 503
        assert own_service.ready()["recorder"]["spool_files"] > 0
        database.rmdir()
        row = stage.logged(call)
        assert (row.disposition, len(stage.rows(call))) == ("answered", 1)
        until(lambda: own_service.get("/readyz")[0] == 200, "all is well again")


class TestBrokenSchedule:
    def test_broken_since_the_start_rings_the_last_resort(self, own_service: RunningService) -> None:
        own_service.schedule.write_text("units: [what\n", encoding="utf-8")
        own_service.start()
        stage = Phones(own_service)
        stage.phones[PHONE_NETWORK_LAST_RESORT.e164] = answers()
        call = stage.call(CENTRE, at=SUNDAY_22)
        assert call.answered_by == PHONE_NETWORK_LAST_RESORT.e164
        row = stage.logged(call)
        assert (row.unit, row.decided_by, row.schedule_version) == (None, "fail-safe", None)
        assert own_service.get("/readyz")[0] == 503

    @pytest.mark.parametrize(
        "bad", ["", "units: [what\n", "version: 1\nunits: {}\n", "\ufeffversion: 2\n\tx"], ids=repr
    )
    def test_broken_while_it_runs_the_last_good_version_stays_also_over_a_restart(
        self, own_service: RunningService, bad: str
    ) -> None:
        own_service.start()
        version = own_service.ready()["schedule"]["version"]
        own_service.schedule.write_text(bad, encoding="utf-8")
        until(lambda: own_service.get("/readyz")[0] == 503, "the broken file shows")
        assert own_service.ready()["schedule"]["version"] == version
        assert own_service.stop() == 0
        own_service.start()
        stage = Phones(own_service)
        stage.on(DESK_1, does=answers())
        call = stage.call(CENTRE, at=MONDAY_11)
        assert call.answered_by == DESK_1.e164
        assert stage.logged(call).schedule_version == version

    def test_gone_and_back_again(self, own_service: RunningService) -> None:
        own_service.start()
        aside = own_service.schedule.rename(own_service.home / "aside.yaml")
        until(lambda: own_service.get("/readyz")[0] == 503, "the missing file shows")
        aside.rename(own_service.schedule)
        until(lambda: own_service.get("/readyz")[0] == 200, "all is well again")


def test_everything_is_broken_at_once(own_service: RunningService) -> None:
    """No schedule, no database, no spool: the last resort rings all the same, within the provider's patience."""
    (own_service.home / "var" / "callrouter.db").mkdir(parents=True)
    (own_service.home / "var" / "spool").write_text("in the way", encoding="utf-8")
    own_service.schedule.unlink()
    own_service.start()
    stage = Phones(own_service)
    stage.phones[PHONE_NETWORK_LAST_RESORT.e164] = answers()
    call = stage.call(CENTRE, at=SUNDAY_22)
    assert call.answered_by == PHONE_NETWORK_LAST_RESORT.e164
    assert all(exchange.attempts == 1 for exchange in call.requests)
    said = f"not recorded: call={call.sid} arrived "
    until(lambda: said in own_service.log(), "a line of JSON, with what was said as a text in it")


def test_no_number_of_a_citizen_stands_anywhere_but_in_its_table(own_service: RunningService) -> None:
    """Not in the service's log, not in the database's events, not in any file beside it."""
    own_service.start()
    stage = Phones(own_service)
    stage.on(GUARD_1, does=answers())
    call = stage.call(CENTRE, at=SUNDAY_22, from_="+46701740677")
    assert stage.logged(call).number == "+46701740677"
    own_service.stop()
    found = [path.name for path in _files(own_service.home) if b"46701740677" in path.read_bytes()]
    assert [name for name in found if not name.startswith("callrouter.db")] == []


def _files(home: Path) -> list[Path]:
    return [path for path in home.rglob("*") if path.is_file()]
