"""The settings of mail and SMS: told as a whole or not at all."""

import pytest

from callrouter.mail_settings import MailServer, Told
from callrouter.setting_values import SettingsError
from callrouter.settings import notice_settings

SENDER = "callrouter@example.se"


@pytest.mark.parametrize(
    ("may", "mail"),
    [
        ({}, MailServer("smtp.example.se", 587, "starttls", SENDER)),
        ({"CALLROUTER_SMTP_SECURITY": "tls"}, MailServer("smtp.example.se", 465, "tls", SENDER)),
        ({"CALLROUTER_SMTP_SECURITY": "none"}, MailServer("smtp.example.se", 25, "none", SENDER)),
        ({"CALLROUTER_SMTP_HOST": "[::1]:2525"}, MailServer("::1", 2525, "starttls", SENDER)),
        (
            {"CALLROUTER_SMTP_USER": "u", "CALLROUTER_SMTP_PASSWORD": "p"},
            MailServer("smtp.example.se", 587, "starttls", SENDER, "u", "p"),
        ),
    ],
)
def test_a_mail_server(may: dict[str, str], mail: MailServer) -> None:
    told = {"CALLROUTER_SMTP_HOST": "smtp.example.se", "CALLROUTER_MAIL_FROM": SENDER}
    assert notice_settings(told | may) == Told(mail)


def test_without_a_mail_server_nobody_is_told() -> None:
    assert notice_settings({}) == Told()
    assert notice_settings({"CALLROUTER_SMS_FROM": "Trygghet"}) == Told(None, "Trygghet")


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("CALLROUTER_MAIL_FROM", "", "is not set: set it to the address that mail comes from"),
        ("CALLROUTER_MAIL_FROM", "anna", "expected a mail address such as callrouter@example.se, got 'anna'"),
        ("CALLROUTER_SMTP_USER", "u", "is not set: set it to the password of CALLROUTER_SMTP_USER"),
        ("CALLROUTER_SMTP_SECURITY", "ssl", "expected starttls, tls or none, got 'ssl'"),
        (
            "CALLROUTER_SMTP_HOST",
            "smtp.example.se:99999",
            "expected a host such as smtp.example.se, or smtp.example.se:587, got 'smtp.example.se:99999'",
        ),
        (
            "CALLROUTER_SMS_FROM",
            "a name that is too long",
            "expected a number such as +46846500400, or a name of 11 letters and digits at most, got 'a name",
        ),
    ],
)
def test_a_mail_server_told_in_part_stops_the_start(name: str, value: str, sentence: str) -> None:
    told = {"CALLROUTER_SMTP_HOST": "smtp.example.se", "CALLROUTER_MAIL_FROM": SENDER}
    with pytest.raises(SettingsError) as raised:
        notice_settings(told | {name: value})
    (found,) = str(raised.value).splitlines()
    assert sentence in found
