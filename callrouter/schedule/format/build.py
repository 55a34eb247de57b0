"""From the settings of a file without an error to the frozen values that the rest of the program knows."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from callrouter.domain.days import Holidays
from callrouter.domain.destination import Contract, Destination, Target
from callrouter.domain.message import Message
from callrouter.domain.oncall import Person, Rota
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.schedule import Menu, Notify, Retention, Review, Schedule, TestCall, Unit
from callrouter.schedule.format.build_hours import hours_of, rota_of, span_of
from callrouter.schedule.format.numbers import countries_of
from callrouter.schedule.format.phones import Phone
from callrouter.schedule.format.readers import Placed
from callrouter.schedule.format.records import Values
from callrouter.schedule.format.ring_shape import InContract, InDestination
from callrouter.schedule.format.shape import InFile, InNotify, InRetention, InReview, InTestCall
from callrouter.schedule.format.spoken import message_of
from callrouter.schedule.format.unit_shape import InMenu, InUnit


@dataclass(frozen=True, slots=True)
class Builder:
    """Makes the parts of one file; *messages*, *people* and *rotas* are what its names stand for."""

    zone: ZoneInfo
    holidays: Holidays | None
    messages: Mapping[str, Message]
    people: Mapping[str, Person]
    rotas: Mapping[str, Rota]

    def unit(self, name: str, unit: Values) -> Unit:
        opens = unit.need(InUnit.open).value
        closes = unit.get(InUnit.closed)
        return Unit(
            name=name,
            title=unit.get(InUnit.name) or name[:1].upper() + name[1:],
            numbers=tuple(number.value.number for number in unit.need(InUnit.numbers)),
            hours=hours_of(unit, self.zone, self.holidays),
            open=opens,
            closed=closes.value if closes else opens,
            is_alarm=closes is None,
            closed_message=self._message(unit.get(InUnit.message)),
            menu=self._menu(unit.get(InUnit.menu)),
            keeps_numbers=unit.get(InUnit.privacy) is not False,
            recordings_kept=unit.get(InUnit.recordings),
            missed_call=_addresses(unit.get(InUnit.missed_call) or ()),
            line=unit.node.line,
        )

    def destination(self, name: str, destination: Values) -> Destination:
        then = destination.get(InDestination.then)
        contracts = destination.get(InDestination.contracts) or ()
        return Destination(
            name=name,
            ring=self._ring(destination.get(InDestination.ring) or ()),
            contracts=tuple(self._contract(contract) for contract in contracts),
            together=bool(destination.get(InDestination.together)),
            seconds=destination.get(InDestination.seconds) or 25,
            rounds=destination.get(InDestination.rounds) or 1,
            accept_key=bool(destination.get(InDestination.accept)),
            show_caller=bool(destination.get(InDestination.caller_id)),
            message=self._message(destination.get(InDestination.message)),
            voicemail=bool(destination.get(InDestination.voicemail)),
            then=then.value if then else None,
            title=destination.get(InDestination.name) or "",
        )

    def _contract(self, contract: Values) -> Contract:
        return Contract(
            company=contract.need(InContract.company),
            span=span_of(contract.need(InContract.period).value, self.zone),
            ring=self._ring(contract.need(InContract.ring)),
            answer_within=contract.get(InContract.answer_within),
        )

    def _ring(self, entries: Iterable[Placed[Phone | str]]) -> tuple[Target, ...]:
        named: dict[str, Target] = {**self.people, **self.rotas}
        return tuple(entry.value.number if isinstance(entry.value, Phone) else named[entry.value] for entry in entries)

    def _message(self, name: Placed[str] | None) -> Message | None:
        return self.messages[name.value] if name else None

    def _menu(self, menu: Values | None) -> Menu | None:
        if menu is None:
            return None
        keys = {entry.name: unit.value for entry, unit in menu.entries(InMenu.keys)}
        return Menu(self.messages[menu.need(InMenu.message).value], keys)


def build(file: Values, holidays: Holidays | None, version: str) -> Schedule:
    """Return the schedule of *file*, which has no error; *version* is the hash of its bytes."""
    zone = file.need(InFile.timezone)
    people = {name: Person(name, number) for name, number in _people(file)}
    rotas = {entry.name: rota_of(entry.name, blocks, people, zone) for entry, blocks in file.entries(InFile.rotas)}
    messages = {entry.name: message_of(entry.name, parts) for entry, parts in file.entries(InFile.messages)}
    builder = Builder(zone, holidays, messages, people, rotas)
    return Schedule(
        version=version,
        zone=zone,
        units={entry.name: builder.unit(entry.name, unit) for entry, unit in file.entries(InFile.units)},
        destinations={e.name: builder.destination(e.name, d) for e, d in file.entries(InFile.destinations)},
        messages=messages,
        rotas=rotas,
        people=people,
        notify=_notify(file.get(InFile.notify)),
        review=_review(file.get(InFile.review)),
        test_calls=tuple(map(_test_call, file.get(InFile.test_calls) or ())),
        retention=tuple(map(_retention, file.get(InFile.retention) or ())),
        countries=countries_of(file),
    )


def _people(file: Values) -> Iterator[tuple[str, PhoneNumber]]:
    for entry, phone in file.entries(InFile.people):
        yield entry.name, phone.value.number


def _notify(notify: Values | None) -> Notify:
    if notify is None:
        return Notify()
    fields = (InNotify.missed_call, InNotify.hand_over, InNotify.warnings)
    missed_call, hand_over, warnings = (_addresses(notify.get(field) or ()) for field in fields)
    reports = tuple(placed.value for placed in notify.get(InNotify.reports) or ())
    return Notify(missed_call, hand_over, reports, warnings)


def _addresses(entries: Iterable[Placed[Phone | str]]) -> tuple[str | PhoneNumber, ...]:
    return tuple(entry.value.number if isinstance(entry.value, Phone) else entry.value for entry in entries)


def _review(review: Values | None) -> Review:
    if review is None:
        return Review()
    categories = review.get(InReview.categories) or ()
    return Review(review.get(InReview.targets) or Review().targets, categories)


def _test_call(test: Values) -> TestCall:
    weekdays, at = test.need(InTestCall.at)
    return TestCall(test.need(InTestCall.destination).value, weekdays, at)


def _retention(rule: Values) -> Retention:
    return Retention(
        what=rule.need(InRetention.what),
        keep=rule.need(InRetention.keep),
        decision=rule.need(InRetention.decision),
        decided_on=rule.need(InRetention.date).value,
    )
