"""Numbers of the file: of a country that is allowed, in one place, and never a way back to ourselves."""

from collections.abc import Iterable, Iterator

from callrouter.domain.phone import PhoneNumber
from callrouter.domain.sentence import Sentence
from callrouter.schedule.format.phones import Phone
from callrouter.schedule.format.problems import Findings
from callrouter.schedule.format.readers import Placed
from callrouter.schedule.format.records import Values
from callrouter.schedule.format.references import rings
from callrouter.schedule.format.ring_shape import InBlock, InDestination
from callrouter.schedule.format.shape import InFile, InNotify
from callrouter.schedule.format.tree import Node
from callrouter.schedule.format.unit_shape import InUnit


def check_numbers(file: Values, found: Findings) -> None:
    """Note numbers that may not stand where they stand, and mobiles whose voicemail would take a call."""
    own = _own_numbers(file, found)
    _refuse_way_back(file, own, found)
    _refuse_foreign(file, found)
    _warn_of_voicemail(file, found)


def countries_of(file: Values) -> tuple[str, ...]:
    """Return the countries whose numbers may be rung: those named, or those of the units' own numbers."""
    named = file.get(InFile.countries)
    if named or file.has(InFile.countries):
        return named or ()
    own = (number for _, unit in file.entries(InFile.units) for number in unit.get(InUnit.numbers) or ())
    return tuple(dict.fromkeys(number.value.country for number in own))


def _own_numbers(file: Values, found: Findings) -> dict[PhoneNumber, Node]:
    own: dict[PhoneNumber, Node] = {}
    for _, unit in file.entries(InFile.units):
        for number in unit.get(InUnit.numbers) or ():
            first = own.setdefault(number.value.number, number.node)
            if first is not number.node:
                text = "this number already belongs to the unit '{unit}' on line {line}; expected it once"
                found.error(number.node, text, unit=_owner(first), line=first.line)
    return own


def _owner(place: Node) -> str:
    """The name of the unit that it is a number of."""
    return place.path[1]


def _refuse_way_back(file: Values, own: dict[PhoneNumber, Node], found: Findings) -> None:
    for phone in _phones(_rung(file)):
        if owner := own.get(phone.value.number):
            text = "this number belongs to the unit '{unit}': the call would come back here; expected another one"
            found.error(phone.node, text, unit=_owner(owner))


def _refuse_foreign(file: Values, found: Findings) -> None:
    allowed = countries_of(file)
    own = (number for _, unit in file.entries(InFile.units) for number in unit.get(InUnit.numbers) or ())
    for phone in [*own, *_phones(_rung(file)), *_phones(_notified(file))]:
        if allowed and phone.value.country not in allowed:
            text = "a number of {country}; expected one of {allowed} (more countries: the setting 'countries')"
            found.error(phone.node, text, country=phone.value.country or Sentence("no country"), allowed=allowed)


def _rung(file: Values) -> Iterator[Placed[Phone | str]]:
    for _, destination in file.entries(InFile.destinations):
        for ring in rings(destination):
            yield from ring
    for _, person in file.entries(InFile.people):
        yield Placed(person.value, person.node)


def _notified(file: Values) -> Iterator[Placed[Phone | str]]:
    if notify := file.get(InFile.notify):
        for field in (InNotify.missed_call, InNotify.hand_over, InNotify.warnings):
            yield from notify.get(field) or ()
    for _, unit in file.entries(InFile.units):
        yield from unit.get(InUnit.missed_call) or ()


def _phones(entries: Iterable[Placed[Phone | str]]) -> Iterator[Placed[Phone]]:
    for entry in entries:
        if isinstance(entry.value, Phone):
            yield Placed(entry.value, entry.node)


def _warn_of_voicemail(file: Values, found: Findings) -> None:
    people = {entry.name: person.value for entry, person in file.entries(InFile.people)}
    rotas = {entry.name: _names(blocks) for entry, blocks in file.entries(InFile.rotas)}
    for _, destination in file.entries(InFile.destinations):
        if destination.has(InDestination.accept):
            continue
        for entry in (entry for ring in rings(destination) for entry in ring):
            if _is_mobile(entry.value, people, rotas):
                text = "rings a mobile without 'accept: key': its voicemail would take the call"
                found.warn(entry.node, text)


def _is_mobile(entry: Phone | str, people: dict[str, Phone], rotas: dict[str, set[str]]) -> bool:
    if isinstance(entry, Phone):
        return entry.is_mobile
    return any(people[name].is_mobile for name in rotas.get(entry, {entry}) if name in people)


def _names(blocks: Iterable[Values]) -> set[str]:
    return {person.value for block in blocks for person in block.get(InBlock.people) or ()}
