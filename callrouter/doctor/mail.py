"""Whether people can be told: the mail server, who sends SMS, and what was not sent lately."""

import ssl
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from callrouter import clock
from callrouter.calllog import outbox
from callrouter.calllog.database import Database
from callrouter.checks.finding import Finding, Level
from callrouter.checks.provider import MEND_SCHEDULE
from callrouter.domain.counted import counted
from callrouter.domain.schedule import Schedule
from callrouter.domain.words import NoticeState
from callrouter.mail_settings import MailServer, Told
from callrouter.notices.letter import Letter
from callrouter.notices.post import NotTakenError, connected
from callrouter.settings import notice_settings, storage_settings

_LATELY = timedelta(days=7)
_SECONDS = 5.0


def mail(schedule: Callable[[], Schedule | None], to: str | None) -> Iterator[Finding]:
    """Whether the ways to those whom the schedule names are set, and the mail server answers; *to*: a test mail."""
    told, in_force = notice_settings(), schedule()
    if in_force is None:
        said = "not known whom to tell: there is no schedule"
        yield Finding("mail", Level.WARNING, said, MEND_SCHEDULE)
    else:
        yield from not_set(told, in_force.notified)
    if told.mail:
        yield server(told.mail, to, ssl.create_default_context())
    elif to:
        yield Finding(
            "mail", Level.ERROR, "no test mail was sent: there is no mail server", "Set CALLROUTER_SMTP_HOST."
        )
    yield from not_sent(Database(storage_settings().database_url), clock.now())


def not_set(told: Told, named: frozenset[str]) -> Iterator[Finding]:
    """What the schedule needs and the settings do not have."""
    by_mail = sum("@" in each for each in named)
    by_sms = len(named) - by_mail
    if by_mail and not told.mail:
        said = f"the schedule names mail addresses to be told ({by_mail}), and there is no mail server"
        yield Finding("mail", Level.WARNING, said, "Set CALLROUTER_SMTP_HOST.")
    if by_sms and not told.sms_sender:
        said = f"the schedule names numbers to be told ({by_sms}), and nobody to send SMS as"
        yield Finding("mail", Level.WARNING, said, "Set CALLROUTER_SMS_FROM.")
    if not named and not told.mail:
        yield Finding("mail", Level.OK, "not used: the schedule names nobody to be told")


def server(settings: MailServer, to: str | None, trusted: ssl.SSLContext) -> Finding:
    """Whether it can be reached, secured and signed in to; and took a mail for *to*."""
    try:
        with connected(settings, trusted, _SECONDS) as smtp:
            if to:
                smtp.send_message(_test_letter().mail(settings.sender, to, f"test.{clock.now():%Y%m%d%H%M%S%f}"))
    except NotTakenError as error:
        return Finding("mail", Level.ERROR, str(error), "Look at the settings CALLROUTER_SMTP_…")
    done = [{"none": "not encrypted"}.get(settings.security, settings.security)]
    done += ["signed in"] * bool(settings.user) + [f"took a test mail for {to}"] * bool(to)
    level = Level.WARNING if settings.security == "none" and settings.host not in _OWN else Level.OK
    advice = "" if level is Level.OK else "Set CALLROUTER_SMTP_SECURITY to starttls or tls."
    return Finding("mail", level, f"{settings.place} answers: {', '.join(done)}", advice)


def not_sent(database: Database, at: datetime) -> Iterator[Finding]:
    """What could not be sent in the last days before *at* (aware)."""
    if database.path and not database.path.exists():
        return
    with database.reading() as connection:
        failed = outbox.counted(connection, at - _LATELY)[NoticeState.FAILED]
    if failed:
        said = f"{counted(failed, 'notice')} of the last 7 days not sent"
        yield Finding("mail", Level.WARNING, said, "callrouter outbox list --state failed")


def _test_letter() -> Letter:
    told = ("Det här är ett prov från callrouter.", "This is a test from callrouter.")
    return Letter("callrouter: prov / test", told, told[0], "sv")


_OWN = ("localhost", "127.0.0.1", "::1")
