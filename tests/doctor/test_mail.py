"""The doctor's look at mail: what is missing, what does not answer, what was not sent."""

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from callrouter import clock
from callrouter.calllog.database import Database
from callrouter.calllog.outbox import claim_next, note_failed, put
from callrouter.checks.finding import Level
from callrouter.doctor.mail import not_sent, not_set, server
from callrouter.domain.notice import Notice
from callrouter.domain.words import NoticeKind
from callrouter.mail_settings import MailServer, Told
from tests.checks.web import certificate
from tests.notices.mail_server import PASSWORD, mail_house

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
SERVER = MailServer("smtp.example.se", 587, "starttls", "callrouter@example.se")


@pytest.mark.parametrize(
    ("told", "named", "said"),
    [
        (Told(), {"a@example.se"}, ["the schedule names mail addresses to be told (1), and there is no mail server"]),
        (
            Told(SERVER),
            {"+46701740660"},
            ["the schedule names numbers to be told (1), and nobody to send SMS as"],
        ),
        (Told(SERVER, "Trygghet"), {"a@example.se", "+46701740660"}, []),
        (Told(), set(), ["not used: the schedule names nobody to be told"]),
    ],
)
def test_what_the_schedule_needs_must_be_set(told: Told, named: set[str], said: list[str]) -> None:
    assert [finding.found for finding in not_set(told, frozenset(named))] == said


def test_a_server_that_takes_a_test_mail(tmp_path: Path) -> None:
    own = certificate(tmp_path / "own.pem", clock.now() + timedelta(days=30))
    with mail_house(certificate=own) as house:
        settings = house.settings("starttls", PASSWORD)
        found = server(settings, "anna@example.se", ssl.create_default_context(cafile=str(own)))
    said = f"localhost:{house.port} answers: starttls, signed in, took a test mail for anna@example.se"
    assert (found.level, found.found) == (Level.OK, said)
    assert house.recipients == ["anna@example.se"]


def test_without_an_address_no_mail_is_sent() -> None:
    with mail_house() as house:
        assert server(house.settings(), None, ssl.create_default_context()).level is Level.OK
    assert house.mails == []


def test_a_server_that_is_not_this_machine_wants_encryption() -> None:
    with mail_house() as house:
        here, elsewhere = (
            server(house.settings(host=host), None, ssl.create_default_context()) for host in ("127.0.0.1", "127.1")
        )
    assert (here.level, elsewhere.level) == (Level.OK, Level.WARNING)


def test_a_server_that_refuses_us_is_an_error() -> None:
    with mail_house() as house:
        found = server(house.settings(password="wrong"), None, ssl.create_default_context())
    assert (found.level, "535" in found.found) == (Level.ERROR, True)


def test_what_was_not_sent_lately_is_told(database: Database) -> None:
    put(database, [Notice(NoticeKind.WARNING, "x", "a@example.se")], AT)
    assert list(not_sent(database, AT)) == []
    claimed = claim_next(database, AT)
    assert claimed
    note_failed(database, claimed, "no", AT, for_good=True)
    (found,) = not_sent(database, AT + timedelta(days=6))
    assert found.found == "1 notice of the last 7 days not sent"
    assert list(not_sent(database, AT + timedelta(days=8))) == []
