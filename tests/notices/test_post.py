"""The ways to people: a mail server that takes, refuses, hangs; the provider; files where nobody real is told."""

import ssl
from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any, cast

import pytest

from callrouter import clock
from callrouter.domain.phone import PhoneNumber
from callrouter.notices.letter import Letter
from callrouter.notices.post import FilePost, NotTakenError, RealPost, connected
from callrouter.telephony.provider import Account, ProviderRefusedError, ProviderUnavailableError
from tests.checks.web import certificate
from tests.notices.mail_server import PASSWORD, SENDER, mail_house

TO = "desk@example.se"
LETTER = Letter(
    "Missat samtal till Växeln 18:30",
    ("Någon ringde & fick inte svar: <b>obesvarat</b>.", "En rad\ntill"),
    "Missat samtal till Växeln 18:30: obesvarat.",
    "sv",
    "https://calls.example.se/calls/2026-11-23/CA1",
)
MAIL = LETTER.mail(SENDER, TO, "abc")


def test_a_mail_arrives_as_it_was_written() -> None:
    with mail_house() as house:
        RealPost(house.settings()).mail(MAIL)
    (mail,) = house.mails
    assert (mail["From"], mail["To"], mail["Subject"]) == (SENDER, TO, "Missat samtal till Växeln 18:30")
    assert (mail["Message-ID"], mail["Auto-Submitted"]) == ("<abc@example.se>", "auto-generated")
    assert house.recipients == [TO]
    plain, html = (cast("Any", mail.get_body((kind,))).get_content() for kind in ("plain", "html"))
    assert plain.replace("\r\n", "\n").split("\n\n") == [*LETTER.paragraphs, f"{LETTER.link}\n"]
    assert "<p>Någon ringde &amp; fick inte svar: &lt;b&gt;obesvarat&lt;/b&gt;.</p>" in html
    assert f'<a href="{LETTER.link}">' in html


def test_a_title_with_a_line_break_makes_no_header() -> None:
    mail = Letter("a\r\nBcc: x@example.se", ("b",), "c", "sv").mail(SENDER, TO, "abc")
    assert mail["Subject"] == "a Bcc: x@example.se"
    assert mail["Bcc"] is None


class TestSecured:
    @pytest.fixture
    def own(self, tmp_path: Path) -> Path:
        return certificate(tmp_path / "own.pem", clock.now() + timedelta(days=30))

    def test_by_starttls_and_signed_in(self, own: Path) -> None:
        with mail_house(certificate=own) as house:
            trusted = ssl.create_default_context(cafile=str(own))
            RealPost(house.settings("starttls", PASSWORD), trusted=lambda: trusted).mail(MAIL)
        assert (house.signed_in, house.is_secured) == ([True], [True])

    def test_to_a_server_that_is_not_trusted_nothing_goes(self, own: Path) -> None:
        with mail_house(certificate=own) as house, pytest.raises(NotTakenError, match="SSLCertVerificationError"):
            RealPost(house.settings("starttls", PASSWORD)).mail(MAIL)
        assert house.mails == []

    def test_to_a_server_without_starttls_nothing_goes_in_the_open(self) -> None:
        with mail_house() as house, pytest.raises(NotTakenError, match="SMTPNotSupportedError") as met:
            RealPost(house.settings("starttls", PASSWORD)).mail(MAIL)
        assert met.value.is_away
        assert house.mails == []

    def test_a_wrong_password_is_told_and_not_shown(self) -> None:
        with mail_house() as house, pytest.raises(NotTakenError, match="535") as met:
            RealPost(house.settings(password="wrong")).mail(MAIL)
        assert "wrong" not in str(met.value)
        assert met.value.is_away


@pytest.mark.parametrize(
    ("replies", "said", "for_good", "is_away"),
    [
        ({"RCPT": "550 no such user"}, "refuses the recipient (550)", True, False),
        ({"RCPT": "450 come again"}, "refuses the recipient (450)", False, False),
        ({"DATA": "554 looks like spam"}, "refuses the mail (554)", False, False),
        ({"MAIL": "530 who are you"}, "refuses the mail (530)", False, False),
        ({"EHLO": "421 too busy", "HELO": "421 too busy"}, "does not take mail (SMTPHeloError 421)", False, True),
    ],
)
def test_a_refusal_says_whether_another_try_may_help(
    replies: dict[str, str], said: str, for_good: bool, is_away: bool
) -> None:
    with mail_house(replies=replies) as house, pytest.raises(NotTakenError) as met:
        RealPost(house.settings()).mail(MAIL)
    assert str(met.value) == f"localhost:{house.port} {said}"
    assert (met.value.for_good, met.value.is_away) == (for_good, is_away)


def test_a_server_that_hangs_is_waited_for_and_left() -> None:
    with (
        mail_house(hangs=True) as house,
        pytest.raises(NotTakenError, match="does not take mail") as met,
        connected(house.settings(), ssl.create_default_context(), seconds=0.2),
    ):
        """Nobody comes here."""
    assert met.value.is_away


def test_where_nothing_is_set_the_setting_is_named() -> None:
    with pytest.raises(NotTakenError, match="CALLROUTER_SMTP_HOST"):
        RealPost().mail(MAIL)
    with pytest.raises(NotTakenError, match="CALLROUTER_SMS_FROM"):
        RealPost().sms("+46701740660", "x", "abc")


class Provider:
    """Of the account only the SMS."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error, self.sent = error, list[tuple[str, str, str]]()

    def send_sms(self, sender: str, to: PhoneNumber, text: str) -> None:
        if self.error:
            raise self.error
        self.sent.append((sender, to.e164, text))


def by_sms(provider: Provider) -> Callable[[], None]:
    post = RealPost(sms_sender="Trygghet", account=lambda: cast("Account", provider))
    return lambda: post.sms("+46701740660", LETTER.sms, "abc")


def test_an_sms_goes_through_the_provider() -> None:
    provider = Provider()
    by_sms(provider)()
    assert provider.sent == [("Trygghet", "+46701740660", f"{LETTER.short} {LETTER.link}")]


@pytest.mark.parametrize(("error", "is_away"), [(ProviderRefusedError, False), (ProviderUnavailableError, True)])
def test_a_provider_in_trouble_is_asked_again_later(error: type[Exception], is_away: bool) -> None:
    with pytest.raises(NotTakenError, match="why") as met:
        by_sms(Provider(error("why")))()
    assert (met.value.for_good, met.value.is_away) == (False, is_away)


def test_an_sms_stays_short_and_keeps_its_link() -> None:
    text = Letter("s", (), "many words " * 99, "sv", LETTER.link).sms
    assert len(text) <= 300
    assert text.endswith(f"… {LETTER.link}")


class TestOnThePhoneNetwork:
    def test_it_lies_in_files(self, tmp_path: Path) -> None:
        post = FilePost(tmp_path / "outbox")
        post.mail(MAIL)
        post.sms("+46701740660", LETTER.sms, "def")
        kept = message_from_bytes((tmp_path / "outbox" / "abc.eml").read_bytes(), policy=policy.default)
        assert kept["Subject"] == LETTER.subject
        assert (tmp_path / "outbox" / "def.txt").read_text("utf-8") == f"+46701740660\n{LETTER.sms}\n"

    def test_a_disk_that_takes_nothing_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "outbox").write_text("a file where the folder should be")
        with pytest.raises(NotTakenError, match="cannot be written"):
            FilePost(tmp_path / "outbox").mail(MAIL)
