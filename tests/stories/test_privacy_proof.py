"""The privacy proof: calls of every kind, and then every file, page, log line and table is searched for the digits.

A number may stand in the table `caller` alone, and that of a unit with `privacy: hash` not even there. While the
database is away it stands nowhere that can be read.
"""

import base64
import hashlib
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest

from callrouter import clock
from callrouter.calllog.database import Database
from callrouter.domain.phone import PhoneNumber
from callrouter.telephony.simulator import answers
from tests.calllog.engines import postgres
from tests.calllog.postgres import PostgresServer
from tests.calllog.told import everything_but_callers
from tests.schedules import CENTRE, DESK_1, GUARD_1, STOCKHOLM
from tests.service import RunningService
from tests.stories.conftest import Phones
from tests.stories.leaks import Leaks

__all__ = ["postgres"]

CITIZEN, VICTIM, NEIGHBOUR = "+46701740688", "+46701740689", "+46701740687"
ALL = (CITIZEN, VICTIM, NEIGHBOUR)
SCREENED, LISTENER, SWITCHBOARD, VICTIM_SUPPORT = (PhoneNumber(f"+468465004{n}") for n in (60, 61, 62, 63))
UNCLAIMED = PhoneNumber("+46846500477")
ANNA = PhoneNumber("+46701740611")
MONDAY = "2026-11-23"


@pytest.fixture
def on_postgres(tmp_path: Path, postgres: PostgresServer) -> Iterator[RunningService]:
    schedule = tmp_path / "schedule.yaml"
    shutil.copy(Path(__file__).parent / "schedule.yaml", schedule)
    service = RunningService(tmp_path, schedule, given={"CALLROUTER_DATABASE_URL": postgres.prepared_database()})
    yield service
    service.stop()


class TestEverySpellingIsFound:
    @pytest.mark.parametrize(
        "text",
        [
            *(CITIZEN, "46701740688", "0701740688", "070-174 06 88", "+46 70 174 06 88", "tel:+46-(0)70.174.06.88"),
            *(quote(CITIZEN), quote("070 174 06 88"), "noll sju noll ett sju fyra noll sex åtta åtta"),
            *(
                "noll, sju, noll, ett, sju, fyra, noll, sex, åtta, åtta",
                "SEVEN ZERO ONE SEVEN FOUR ZERO SIX EIGHT EIGHT",
            ),
            *(
                base64.b64encode(f"{before}{CITIZEN}{after}".encode()).decode()
                for before in ("", "a", "ab")
                for after in ("", "x")
            ),
            CITIZEN.encode().hex(),
            hashlib.sha256(CITIZEN.encode()).hexdigest(),
        ],
    )
    def test_of_the_number(self, text: str) -> None:
        assert Leaks(CITIZEN).found_in(f"before {text} after")

    @pytest.mark.parametrize("text", ["", VICTIM, "0701740680", "70174068", "+467******88"])
    def test_of_no_other(self, text: str) -> None:
        assert Leaks(CITIZEN).found_in(f"before {text} after") == []


def a_day(service: RunningService) -> Phones:
    """Calls of every kind: answered, redialled, screened, forwarded, with a message, by the menu, to no unit."""
    stage = Phones(service)
    stage.on(DESK_1, GUARD_1, ANNA, does=answers())
    calls = [
        stage.call(CENTRE, at=f"{MONDAY} 11:00", from_=CITIZEN),
        stage.call(CENTRE, at=f"{MONDAY} 11:05", from_=CITIZEN),
        stage.call(SCREENED, at=f"{MONDAY} 11:20", from_=CITIZEN),
        stage.call(CENTRE, at=f"{MONDAY} 11:40", from_=CITIZEN, forwarded_from=NEIGHBOUR),
        stage.call(LISTENER, at=f"{MONDAY} 11:50", from_=CITIZEN, message=12),
        stage.call(SWITCHBOARD, at=f"{MONDAY} 12:30", from_=VICTIM, keys=("4",)),
        stage.call(SWITCHBOARD, at=f"{MONDAY} 12:33", from_=VICTIM),
        stage.call(VICTIM_SUPPORT, at=f"{MONDAY} 13:00", from_=VICTIM),
        stage.call(VICTIM_SUPPORT, at=f"{MONDAY} 13:20", from_=VICTIM, forwarded_from=NEIGHBOUR, hangs_up_after=2),
        stage.call(CENTRE, at=f"{MONDAY} 18:00", from_=CITIZEN),
        stage.call(UNCLAIMED, at=f"{MONDAY} 18:30", from_=CITIZEN),
    ]
    assert {call.answered_by for call in calls} >= {DESK_1.e164, ANNA.e164, GUARD_1.e164}
    return stage


def blocked(stage: Phones) -> None:
    """The citizen is blocked, and calls again."""
    until = ("--until", "2099-12-31", "--why", "hot")
    done = stage.service.run("block", CITIZEN, "--unit", "centre", *until)
    assert done.returncode == 0, done.stderr
    ahead = clock.now().astimezone(STOCKHOLM) + timedelta(days=1)
    call = stage.call(CENTRE, at=f"{ahead:%Y-%m-%d} 18:00", from_=CITIZEN)
    assert call.answered_by is None or stage.logged(call).disposition == "answered"


def leaks_in_pages(service: RunningService) -> dict[str, list[str]]:
    pages = {path: service.get(path)[1] for path in ("/metrics", "/readyz", "/healthz")}
    return {path: found for path, body in pages.items() for number in ALL if (found := Leaks(number).found_in(body))}


def leaks_in_files(home: Path, *numbers: str, but: tuple[str, ...] = ()) -> dict[str, list[str]]:
    """The files under *home* that a number stands in."""
    files = [path for path in home.rglob("*") if path.is_file() and path.name not in but]
    assert {"service.log", "schedule.yaml"} < {path.name for path in files}
    return {
        f"{path.name}: {number}": found
        for path in files
        for number in numbers
        if (found := Leaks(number).found_in(path.read_bytes()))
    }


def leaks_in_tables(url: str) -> dict[str, list[str]]:
    database = Database(url)
    tables = everything_but_callers(database)
    database.close()
    assert "arrived" in tables
    return {number: found for number in ALL if (found := Leaks(number).found_in(tables))}


def without_callers(file: Path, into: Path) -> Path:
    """A copy of an SQLite file from which the callers were removed, with the space that they took."""
    with closing(sqlite3.connect(file)) as connection, connection:
        assert connection.execute("SELECT count(*) FROM caller WHERE number IS NOT NULL").fetchone()[0] > 0
        connection.execute("DELETE FROM caller")
        connection.commit()
        connection.execute("VACUUM INTO ?", (str(into),))
    connection.close()
    return into


def test_with_sqlite(own_service: RunningService, tmp_path: Path) -> None:
    own_service.start()
    stage = a_day(own_service)
    blocked(stage)
    for call in stage.played:
        stage.logged(call)
    assert leaks_in_pages(own_service) == {}
    own_service.stop()
    assert leaks_in_tables(own_service.settings.storage.database_url) == {}
    assert leaks_in_files(own_service.home, VICTIM) == {}, "a unit that keeps no numbers leaves none in any file"
    file = own_service.home / "var" / "callrouter.db"
    assert Leaks(CITIZEN).found_in(file.read_bytes()) == ["digits"], "else nothing can be found at all"
    copy = without_callers(file, tmp_path / "copy.db")
    file.unlink()
    assert leaks_in_files(own_service.home, *ALL) == {}
    assert copy.exists()


def test_with_postgresql(on_postgres: RunningService) -> None:
    """Its tables are searched, not the server's own files: in those the table `caller` stands with the rest."""
    on_postgres.start()
    stage = a_day(on_postgres)
    blocked(stage)
    for call in stage.played:
        stage.logged(call)
    assert leaks_in_pages(on_postgres) == {}
    on_postgres.stop()
    assert leaks_in_tables(on_postgres.settings.storage.database_url) == {}
    assert leaks_in_files(on_postgres.home, *ALL) == {}


def test_without_a_database(own_service: RunningService) -> None:
    (own_service.home / "var" / "callrouter.db").mkdir(parents=True)
    own_service.start()
    a_day(own_service)
    assert leaks_in_pages(own_service) == {}
    own_service.stop()
    spooled = list((own_service.home / "var" / "spool").glob("*.jsonl"))
    assert sum(path.stat().st_size for path in spooled) > 0
    assert leaks_in_files(own_service.home, *ALL) == {}
