"""Keys, tokens and passwords are changed as docs/operations.md says, with calls on the line: none of them notices."""

from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

from callrouter import clock
from callrouter.calllog.database import Database
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.words import Role
from callrouter.people import sessions
from callrouter.telephony.simulator import answers
from tests.calllog.postgres import needed_server
from tests.people.somebody import added
from tests.schedules import CENTRE, GUARD_1
from tests.service import until
from tests.stories.conftest import CALLER
from tests.stories.machines import Machine, Switchboard, environment, machine, secret, switchboard, token

SCREENED = PhoneNumber("+46846500460")
ANNA = PhoneNumber("+46701740611")


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[Machine, Machine]]:
    """Two services on one database, as `callrouter@1` and `callrouter@2`: they are restarted one after the other."""
    given = environment(CALLROUTER_DATABASE_URL=f"sqlite:///{tmp_path / 'callrouter.db'}")
    first, second = machine(tmp_path / "first", given), machine(tmp_path / "second", given)
    first.start()
    second.start()
    yield first, second
    first.stop()
    second.stop()


@pytest.fixture
def phones(pair: tuple[Machine, Machine]) -> Switchboard:
    phones = switchboard(*pair)
    phones.on(ANNA, does=answers(after=6, talks=60))
    return phones


class TestTheProvidersToken:
    def test_calls_go_on_over_all_its_steps(self, phones: Switchboard) -> None:
        first, second = phones.machines
        old, new = first.given["TWILIO_AUTH_TOKEN"], token()
        ringing = phones.on_the_line(SCREENED, seconds=3)
        for each in (first, second):
            each.restart(TWILIO_AUTH_TOKEN_NEXT=new)
            phones.rings(SCREENED)
        asked = phones.on_the_line(SCREENED, seconds=8)
        phones.promotes(new)
        phones.ends(ringing)
        for each in (first, second):
            each.restart(TWILIO_AUTH_TOKEN=new, TWILIO_AUTH_TOKEN_NEXT="")
            phones.rings(SCREENED)
        phones.ends(asked)
        assert len(phones.played) == 6
        phones.are_all_logged()
        phones.promotes(old)
        refused = phones.network(SCREENED.e164).call(CALLER, SCREENED.e164, clock.now())
        assert {error.code for error in refused.errors} == {11200}, "the old token opens nothing any more"


class TestTheKeyThatSealsTheStateOfCalls:
    def test_calls_go_on_over_all_its_steps(self, phones: Switchboard) -> None:
        """Between two restarts one machine has to open what the other one has sealed."""
        old, new = phones.machines[0].given["CALLROUTER_SECRET_KEY"], secret()
        ringing = phones.on_the_line(SCREENED, seconds=3)
        steps = ({"CALLROUTER_SECRET_KEY_OLD": new}, {"CALLROUTER_SECRET_KEY": new, "CALLROUTER_SECRET_KEY_OLD": old})
        for step in steps:
            for each in phones.machines:
                each.restart(**step)
                phones.rings(SCREENED)
        asked = phones.on_the_line(SCREENED, seconds=8)
        phones.ends(ringing)
        for each in phones.machines:
            each.restart(CALLROUTER_SECRET_KEY_OLD="")
        phones.ends(asked)
        assert len(phones.played) == 6
        phones.are_all_logged()
        assert "fail-safe" not in "".join(each.log() for each in phones.machines)

    def test_whoever_is_signed_in_stays_signed_in(self, pair: tuple[Machine, Machine]) -> None:
        first, _ = pair
        cookie = signed_in(first)
        assert status(first, "/calls", cookie) == 200
        first.restart(CALLROUTER_SECRET_KEY=secret())
        assert status(first, "/calls", cookie) == 200


def knows_one_block(machine: Machine) -> bool:
    control = machine.ready()["control"]
    return bool(control["blocks"] == 1 and control["blocks_of_another_key"] == 0)


class TestThePrivacyKey:
    def test_changed_it_knows_no_caller_again(self, phones: Switchboard) -> None:
        """What it cannot do is told on /readyz; the numbers themselves are as readable as before."""
        first, second = phones.machines
        phones.on(GUARD_1, does=answers(after=6, talks=60))
        block = ("block", CALLER, "--unit", "centre", "--until", "2099-12-31", "--why", "Hot")
        assert first.run(*block).returncode == 0
        until(lambda: first.ready()["control"]["blocks"] == second.ready()["control"]["blocks"] == 1, "both know it")
        assert phones.rings(CENTRE).rung == ()
        new = secret()
        for each in phones.machines:
            each.restart(CALLROUTER_PRIVACY_KEY=new)
        assert phones.rings(CENTRE).rung != (), "the block matches nobody"
        assert first.ready()["control"]["blocks_of_another_key"] == 1
        phones.are_all_logged()
        assert first.run("log", "--json", "--show-numbers").stdout.count(CALLER) == 2
        assert first.run("block", "end", "1").returncode == 0
        assert first.run(*block).returncode == 0
        until(lambda: all(map(knows_one_block, phones.machines)), "both know the new one alone")
        assert phones.rings(CENTRE).rung == ()


class TestThePasswordOfTheDatabase:
    def test_what_is_told_between_its_two_halves_waits_in_the_spool(self, tmp_path: Path) -> None:
        """PostgreSQL lets whoever is connected go on; here it does not even do that."""
        url = needed_server().empty_database()
        service = machine(tmp_path / "machine", environment(CALLROUTER_DATABASE_URL=with_password(url, "before")))
        service.start()
        phones = switchboard(service)
        phones.on(ANNA, does=answers(after=6, talks=60))
        ringing = phones.on_the_line(SCREENED, seconds=3)
        with_password(url, "after")
        phones.rings(SCREENED)
        until(lambda: service.ready()["recorder"]["spool_entries"] > 0, "events wait in the spool")
        service.restart(CALLROUTER_DATABASE_URL=with_password(url, "after"))
        phones.ends(ringing)
        phones.are_all_logged()
        until(lambda: service.ready()["recorder"]["ok"], "the spool is empty")
        assert service.stop() == 0


def with_password(url: str, password: str) -> str:
    """Let the role `clerk` of this database have that *password*, and nobody be connected as clerk; its address."""
    place = make_url(url)
    host = str(place.query["host"])
    with psycopg.connect(host=host, user="postgres", dbname=place.database, autocommit=True) as connection:
        known = connection.execute("SELECT FROM pg_roles WHERE rolname = 'clerk'").fetchone() is not None
        verb = sql.SQL("ALTER" if known else "CREATE")
        connection.execute(sql.SQL("{} ROLE clerk LOGIN PASSWORD {}").format(verb, sql.Literal(password)))
        connection.execute(sql.SQL("ALTER DATABASE {} OWNER TO clerk").format(sql.Identifier(place.database or "")))
        connection.execute("GRANT ALL ON SCHEMA public TO clerk")
        _ask_for_it(connection)
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'clerk'")
    return str(place.set(username="clerk", password=password).render_as_string(hide_password=False))


def _ask_for_it(connection: psycopg.Connection) -> None:
    """The tests' server trusts everybody else."""
    (hba,) = connection.execute("SHOW hba_file").fetchone() or ("",)
    rules = Path(hba).read_text("utf-8")
    if "clerk" not in rules:
        Path(hba).write_text(f"local all clerk scram-sha-256\n{rules}", "utf-8")
        connection.execute("SELECT pg_reload_conf()")


def signed_in(service: Machine) -> str:
    """The cookie of an administrator."""
    database = Database(service.settings.storage.database_url)
    user = added(database, "anna", Role.ADMINISTRATOR)
    with database.writing() as connection:
        secret_of_session = sessions.begin(connection, user.name, clock.now())
    database.close()
    return f"__Host-callrouter-session={secret_of_session}"


def status(service: Machine, path: str, cookie: str) -> int:
    """What a page answers to whoever shows the *cookie*; a way to the page to sign in is none."""
    request = Request(service.url + path, headers={"Cookie": cookie})
    try:
        with urlopen(request, timeout=10) as answer:
            return 200 if answer.url == request.full_url else 302
    except HTTPError as error:
        with error:
            return error.code
