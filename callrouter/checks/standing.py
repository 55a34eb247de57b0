"""How we stand with the provider: whom the account may ring, how much at once, who is recorded, and in which region."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import islice

from callrouter import clock
from callrouter.checks.finding import Check, Finding, Level
from callrouter.checks.provider import MEND_SCHEDULE, SET_BOTH
from callrouter.domain.counted import counted
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.schedule import Schedule
from callrouter.domain.span import Span
from callrouter.telephony.provider import Account, ProviderRefusedError, ProviderUnavailableError
from callrouter.telephony.standing import Country

_SECONDS = 30.0
_DAYS = 7
_MOST_RECORDINGS = 10_000
_NAMED = 5
_NOT_ASKED = "not looked at: this needs the account, a public URL and a schedule"
_ELSEWHERE = "Ask the provider, or look in its console."
_ALONE = "They are missing in what goes by the provider's list: reconcile, and deletion of the provider's copies"
_PERMISSIONS = "geographic permissions for voice, in the provider's console"

Look = Callable[[Account, Schedule], Iterable[Finding]]


@dataclass(frozen=True, slots=True)
class Standing:
    """The checks of what the provider says of *account*; None: there is none. *elsewhere*: in other regions."""

    account: Callable[[], Account | None]
    schedule: Callable[[], Schedule | None]
    elsewhere: Callable[[], Sequence[Account]] = tuple

    def checks(self) -> tuple[Check, ...]:
        """All of them."""
        looks: dict[str, Look] = {
            "countries": countries,
            "calls at once": capacity,
            "recordings": recordings,
            "regions": lambda account, schedule: regions(account, schedule, self.elsewhere()),
        }
        return tuple(Check(name, partial(self._look, name, look), _SECONDS) for name, look in looks.items())

    def _look(self, name: str, look: Look) -> Iterator[Finding]:
        account, schedule = self.account(), self.schedule()
        if account is None or schedule is None:
            yield Finding(name, Level.WARNING, _NOT_ASKED, MEND_SCHEDULE if account else SET_BOTH)
            return
        try:
            yield from look(account, schedule)
        except (ProviderRefusedError, ProviderUnavailableError) as error:
            yield Finding(name, Level.WARNING, f"not known: {error}", _ELSEWHERE)


def countries(account: Account, schedule: Schedule) -> Iterator[Finding]:
    """Those of the schedule's numbers may be rung, and no others: fraudsters ring far away, at our cost."""
    known = list(account.countries())
    found = {number: _country(number, known) for number in schedule.numbers}
    needed = {country for country in found.values() if country}
    if strangers := sum(country is None for country in found.values()):
        numbers = f"{counted(strangers, 'number')} of the schedule {'is' if strangers == 1 else 'are'}"
        said = f"{numbers} in no country that the provider knows"
        yield Finding("countries", Level.WARNING, said, _ELSEWHERE)
    for country in sorted(needed, key=lambda each: each.name):
        yield from _needed(country)
    if others := sorted(each.name for each in known if each not in needed and (each.may_be_rung or each.may_be_costly)):
        named = ", ".join(others[:_NAMED]) + (", …" if len(others) > _NAMED else "")
        said = f"countries may be rung that no number of the schedule is in ({len(others)}): {named}"
        yield Finding("countries", Level.WARNING, said, f"Forbid them: {_PERMISSIONS}.")


def _needed(country: Country) -> Iterator[Finding]:
    if not country.may_be_rung:
        said = f"{country.name} may not be rung, and the schedule has numbers there"
        yield Finding("countries", Level.ERROR, said, f"Allow it: {_PERMISSIONS}.")
        return
    yield Finding("countries", Level.OK, f"{country.name} may be rung, as the schedule needs it")
    if country.may_be_costly:
        said = f"{country.name}: numbers that cost much, or that fraudsters use, may be rung too"
        yield Finding("countries", Level.WARNING, said, f"Unless one is in the schedule, forbid them: {_PERMISSIONS}.")


def _country(number: PhoneNumber, known: Sequence[Country]) -> Country | None:
    """The one whose code fits best: +1 is shared by many, which have longer ones of their own."""
    fitting = (
        (len(code), each)
        for each in known
        for code in (f"+{''.join(filter(str.isdigit, code))}" for code in each.codes)
        if number.e164.startswith(code)
    )
    return max(fitting, key=lambda pair: pair[0], default=(0, None))[1]


def capacity(account: Account, _schedule: Schedule) -> Iterator[Finding]:
    """How many calls there may be at once: a forwarded one is two, and one more for each further phone that rings."""
    found = account.capacity()
    if found.most is None:
        yield Finding("calls at once", Level.OK, f"no limit: {found.why}")
        return
    said = f"{found.most} at most: {found.why}; a forwarded call is two of them"
    yield Finding("calls at once", Level.ERROR if found.is_certain else Level.WARNING, said, found.advice)


def recordings(account: Account, _schedule: Schedule) -> Iterator[Finding]:
    """Nobody is recorded but those who were asked for a message; a provider has no setting that would tell."""
    at = clock.now()
    found = list(islice(account.recordings(Span(at - timedelta(days=_DAYS))), _MOST_RECORDINGS))
    talks = sum(not each.is_message for each in found)
    lately = f"in the last {_DAYS} days"
    if talks:
        said = f"{counted(talks, 'recording')} of people who talk {lately}: this service never asks for one"
        how = "Find out what records: a SIP trunk, or another program on the account. Whoever is recorded must know."
        yield Finding("recordings", Level.WARNING, said, how)
        return
    said = f"nobody was recorded {lately} but those who were asked for a message ({len(found)})"
    yield Finding("recordings", Level.OK, said)


def regions(account: Account, schedule: Schedule, elsewhere: Sequence[Account] = ()) -> Iterator[Finding]:
    """Calls come in where their numbers are set up: each region has a set-up and a token of its own."""
    others = {other.region for other in elsewhere}
    if account.region is None:
        yield Finding("regions", Level.OK, "the provider has but one")
        return
    for number in schedule.own_numbers:
        if (found := account.region_of(number)) == account.region:
            yield Finding("regions", Level.OK, f"{number.e164} is handled in {found}, where it is set up")
            continue
        if found in others:
            said = f"{number.e164} is handled in {found}, the second region: its calls are answered"
            how = f"{_ALONE}, which asks {account.region} alone. Move it back in the provider's console."
            yield Finding("regions", Level.WARNING, said, how)
            continue
        said = f"{number.e164} is handled in {found}; what is set up in {account.region} means nothing there"
        how = "Set region, edge and token to that one, or move the number in the provider's console; then provision."
        yield Finding("regions", Level.ERROR, said, how)
