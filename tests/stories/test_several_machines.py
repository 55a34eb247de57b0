"""Two machines on one PostgreSQL behind a balancer: one is killed, both are upgraded, and each has a clock."""

import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bench.load import SCHEDULE, differences
from callrouter import clock
from callrouter.calllog.database import Database
from callrouter.calllog.tables import JobRunRow
from callrouter.domain.phone import PhoneNumber
from callrouter.keys import FILE_NAME as KEYS
from callrouter.schedule import load
from callrouter.settings import PHONE_NETWORK_LAST_RESORT
from callrouter.simulate import Scenes
from tests.calllog.postgres import needed_server
from tests.notices.mail_server import SENDER, MailHouse, mail_house
from tests.service import PATIENCE_SECONDS, until
from tests.stories.balancer import nginx, small
from tests.stories.machines import Machine, environment, machine, switchboard
from tests.stories.under_load import Load

pytestmark = pytest.mark.alone

SCENES = Scenes(load(SCHEDULE.read_bytes()), 2027, 5, (), PHONE_NETWORK_LAST_RESORT)
LOAD = Load(SCENES, rate=4, enough=90)
Pair = tuple[Machine, Machine]


@contextmanager
def two(home: Path, *options: str) -> Iterator[Pair]:
    """Two machines: own directories, one database, the schedule published in it, the same keys."""
    given = environment(CALLROUTER_DATABASE_URL=needed_server().empty_database(), CALLROUTER_SCHEDULE="database")
    first, second = machine(home / "first", given), machine(home / "second", given)
    for done in (first.run("db", "upgrade"), first.run("schedule", "publish", str(SCHEDULE), "--why", "Första")):
        assert done.returncode == 0, done.stderr
    first.options = second.options = (*first.options, *options)
    first.start()
    if "--phone-network" in options:
        shutil.copytree(first.home / "var", second.home / "var", ignore=lambda _, names: {*names} - {KEYS})
    second.start()
    try:
        yield first, second
    finally:
        first.stop()
        second.stop()


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    """As they are deployed."""
    with two(tmp_path) as machines:
        yield machines


@pytest.fixture
def played(tmp_path: Path) -> Iterator[Pair]:
    """On the phone network, whose calls are of another year."""
    with two(tmp_path, "--phone-network") as machines:
        yield machines


@pytest.mark.parametrize("front", [small, nginx], ids=["small", "nginx"])
def test_one_is_killed_and_comes_back_and_both_are_upgraded(played: Pair, tmp_path: Path, front: Any) -> None:
    first, second = played

    def happens() -> None:
        second.stop(signal.SIGKILL)
        seen = len(answered(first))
        until(lambda: len(answered(first)) > seen, "the other one answers")
        second.start()
        for each in played:
            each.restart()

    with front(tmp_path, list(played)) as address:
        offered = LOAD.while_calls_come(first.settings, address, happens)
    assert offered.failed == []
    assert len({performance.call.sid for performance in offered.performances}) == len(offered.performances)
    assert differences(first, SCENES, offered) == [], "each is in the log once, as the network saw it"
    for each in played:
        assert answered(each), f"{each.home.name} has answered"
        until(lambda each=each: each.ready()["recorder"]["ok"], f"{each.home.name} is well")


def answered(service: Machine) -> list[str]:
    """The lines that tell of a webhook."""
    return [line for line in service.log().splitlines() if '"endpoint"' in line]


def test_with_a_clock_on_each_a_missed_call_is_told_once(pair: Pair) -> None:
    """Both look every few seconds; when one is gone, the other goes on."""
    with mail_house() as house:
        given = {
            "CALLROUTER_SMTP_HOST": f"localhost:{house.port}",
            "CALLROUTER_SMTP_SECURITY": "none",
            "CALLROUTER_MAIL_FROM": SENDER,
        }
        for each in pair:
            each.given = each.given | given
        with pair[0].ticking() as one, pair[1].ticking() as other:
            missed(pair)
            until(lambda: told(house) == 1, "the owner is told within a minute", 60)
            one.terminate()
            assert one.wait(PATIENCE_SECONDS) == 0
            missed(pair)
            until(lambda: told(house) == 2, "the owner is told by the other one within a minute", 60)
            other.terminate()
            assert other.wait(PATIENCE_SECONDS) == 0
        assert told(house) == 2
    slots = runs(pair[0])
    assert len(slots) == len(set(slots))


def told(house: MailHouse) -> int:
    """How many mails tell of a missed call."""
    return sum("issat samtal" in str(mail["Subject"]) for mail in house.mails)


def missed(pair: Pair) -> None:
    """Somebody calls a unit just now, and nobody is there."""
    phones = switchboard(*pair)
    phones.service = pair[0]
    phones.logged(phones.call(PhoneNumber("+46846500450"), clock.now().isoformat(), hangs_up_after=40))


def runs(service: Machine) -> list[tuple[str, str]]:
    database = Database(service.settings.storage.database_url)
    with database.reading() as connection:
        found = [(row.job, row.slot) for row in connection.execute(select(JobRunRow.job, JobRunRow.slot))]
    database.close()
    return found
