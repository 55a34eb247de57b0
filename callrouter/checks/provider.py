"""What the provider says: what time it is, how our numbers are set up, and what answers when we are gone."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import ParseError, canonicalize

import requests

from callrouter import clock
from callrouter.calls.provisioning import Provisioned, inspect
from callrouter.checks.finding import Finding, Level
from callrouter.domain.failsafe import fail_safe
from callrouter.domain.schedule import Schedule
from callrouter.domain.sentence import Sentence
from callrouter.telephony.provider import Account, ProviderRefusedError, ProviderUnavailableError
from callrouter.telephony.twilio.twiml import render_fallback

_SECONDS = 5.0
_OFF, _FAR_OFF = 5.0, 60.0
_NO_ACCOUNT = "not looked at: without an account and a public URL nobody can be asked"
SET_BOTH = "Set CALLROUTER_PUBLIC_URL, TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN."
NOT_REACHED = "Is the provider reached from here, and are account and token right?"
_AWAY = "Take it away from there in the provider's console, then run: callrouter provision"
MEND_SCHEDULE = "See: callrouter schedule check"

Asked = tuple[Mapping[str, str], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class AtProvider:
    """The checks that ask *account*; None: there is none in the settings. *elsewhere*: the same in other regions."""

    account: Callable[[], Account | None]
    schedule: Callable[[], Schedule | None]
    elsewhere: Callable[[], Sequence[Account]] = tuple

    def clocks(self) -> Iterator[Finding]:
        """Our clock against the provider's."""
        account = self.account()
        if account is None:
            yield Finding("clock", Level.WARNING, _NO_ACCOUNT, SET_BOTH)
            return
        before = clock.now()
        try:
            theirs = account.now()
        except (ProviderRefusedError, ProviderUnavailableError) as error:
            yield Finding("clock", Level.ERROR, str(error), NOT_REACHED)
            return
        off = abs((theirs - (before + (clock.now() - before) / 2)).total_seconds())
        level = Level.ERROR if off > _FAR_OFF else Level.WARNING if off > _OFF else Level.OK
        advice = "" if level is Level.OK else "Is the time synchronised? See: timedatectl"
        yield Finding("clock", level, f"{off:.0f} s from the provider's", advice)

    def numbers(self) -> Iterator[Finding]:
        """Each number of the schedule as `provision` would set it up, and the document that it falls back to."""
        account, schedule = self.account(), self.schedule()
        if schedule is None:
            yield Finding("numbers", Level.WARNING, "not looked at: there is no schedule", MEND_SCHEDULE)
            return
        if account is None:
            yield Finding("numbers", Level.WARNING, _NO_ACCOUNT, SET_BOTH)
            return
        yield from _of_region(account, schedule)
        for other in self.elsewhere():
            yield from _of_region(other, schedule, f" ({other.region})")


def _of_region(account: Account, schedule: Schedule, where: str = "") -> Iterator[Finding]:
    """The numbers as one region has them; *where*: what tells it from the first."""
    for number in schedule.own_numbers:
        try:
            found = inspect(account, number)
            yield _of_number(found, f"{number.e164}{where}")
            yield _fallback(account, schedule, found, f"{number.e164}{where}")
        except (ProviderRefusedError, ProviderUnavailableError) as error:
            yield Finding("numbers", Level.ERROR, f"{number.e164}{where}: {error}", NOT_REACHED)


def _fallback(account: Account, schedule: Schedule, found: Provisioned, named: str) -> Finding:
    unit, url = schedule.unit_by_number(found.number), found.now.fallback_url.rpartition(" ")[2]
    how = f"callrouter fallback --unit {unit.name}" if unit else ""
    if not url:
        return Finding("fallback", Level.WARNING, Sentence.of("{number} has none", number=named), how)
    called = unit.numbers[0] if unit else found.number  # as `callrouter fallback` prints it: one for all of the unit's
    expected = render_fallback(fail_safe(schedule, called, None, clock.now()))
    return compared(named, url, expected, how, account.as_asked(url))


def compared(number: str, url: str, expected: str, how: str, asked: Asked = ({}, {})) -> Finding:
    """Whether what stands at *url* is the *expected* document, as far as it can be fetched from here.

    *asked*: fields and headers of the request.
    """
    where = {"number": number, "url": url}
    try:
        answer = requests.post(url, data=asked[0], headers=asked[1], timeout=_SECONDS)
        is_there = answer.status_code == requests.codes.ok
        is_current = is_there and _canonical(answer.text) == _canonical(expected)
    except (requests.RequestException, ParseError) as error:
        text = "{number}: {url} cannot be fetched from here ({why}), and so not compared"
        return Finding("fallback", Level.WARNING, Sentence.of(text, **where, why=type(error).__name__), how)
    if not is_there:
        text = "{number}: {url} answers {status}: it cannot be compared from here"
        return Finding("fallback", Level.WARNING, Sentence.of(text, **where, status=answer.status_code), how)
    if not is_current:
        text = "{number}: {url} is not that of the schedule now"
        return Finding("fallback", Level.WARNING, Sentence.of(text, **where), how)
    return Finding("fallback", Level.OK, f"{number} has the document of the schedule now")


def _of_number(found: Provisioned, number: str) -> Finding:
    how = f"callrouter provision --number {found.number.e164}"
    if found.now.overruled_by:
        text = "{number} belongs to the {what}: calls do not come"
        return Finding("numbers", Level.ERROR, Sentence.of(text, number=number, what=found.now.overruled_by), _AWAY)
    if found.before:
        text, what = "{number}: not as it should be: {what}", [difference.what for difference in found.before]
        return Finding("numbers", Level.ERROR, Sentence.of(text, number=number, what=what), how)
    return Finding("numbers", Level.OK, f"{number} leads here")


def _canonical(document: str) -> str:
    return canonicalize(document, strip_text=True)
