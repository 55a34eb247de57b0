"""Routes through destinations: each one ends, within the hops a call may take, and reaches a human or a message."""

from collections.abc import Iterator, Mapping
from datetime import date

from callrouter.domain.routing import HOP_CAP
from callrouter.schedule.format.problems import Findings
from callrouter.schedule.format.readers import Placed
from callrouter.schedule.format.records import Values
from callrouter.schedule.format.references import rings
from callrouter.schedule.format.ring_shape import InContract, InDestination
from callrouter.schedule.format.shape import InFile
from callrouter.schedule.format.unit_shape import InUnit

_MOST_AT_ONCE = 10

Destinations = Mapping[str, Values]


def check_routes(file: Values, today: date, found: Findings) -> None:
    """Note loops, routes that are too long or lead nowhere, and ways of ringing that lose calls."""
    destinations = {entry.name: value for entry, value in file.entries(InFile.destinations)}
    for destination in destinations.values():
        _check_ringing(destination, found)
    _refuse_loops(destinations, found)
    for _, unit in file.entries(InFile.units):
        for field in (InUnit.open, InUnit.closed):
            _check_way(unit.get(field), destinations, today, found)


def _check_ringing(destination: Values, found: Findings) -> None:
    needed = (InDestination.ring, InDestination.contracts, InDestination.message)
    if not any(destination.has(field) for field in needed):
        found.error(destination.node, "rings nobody and has no message; expected 'ring', 'contracts' or 'message'")
    if not destination.get(InDestination.together):
        return
    place = destination.at(InDestination.together)
    if destination.has(InDestination.accept):
        text = (
            "'together' and 'accept: key' exclude each other: the first to pick up, even a voicemail, silences the "
            "others before anybody can press a key; expected one of the two"
        )
        found.error(place, text)
    if any(len(ring) > _MOST_AT_ONCE for ring in rings(destination)):
        found.error(place, "rings more than {most} at once; expected at most {most}", most=_MOST_AT_ONCE)


def _refuse_loops(destinations: Destinations, found: Findings) -> None:
    told: set[str] = set()
    for start in destinations:
        route = list(_route(start, destinations))
        last = route[-1]
        following = _then(destinations[last]) if last in destinations else None
        if following in route:
            loop = [*route[route.index(following) :], following]
            if not told & set(loop):
                place = destinations[last].at(InDestination.then)
                found.error(place, "a call would go round for ever: {way}", way=" > ".join(loop))
            told |= set(loop)


def _route(start: str, destinations: Destinations) -> Iterator[str]:
    """Yield the names of a route, until it ends or comes to a name for the second time."""
    seen: set[str] = set()
    name: str | None = start
    while name is not None and name not in seen:
        seen.add(name)
        yield name
        name = _then(destinations[name]) if name in destinations else None


def _then(destination: Values) -> str | None:
    then = destination.get(InDestination.then)
    return then.value if then else None


def _check_way(start: Placed[str] | None, destinations: Destinations, today: date, found: Findings) -> None:
    if start is None or start.value not in destinations:
        return
    route = list(_route(start.value, destinations))
    if len(route) > HOP_CAP:
        text = "leads through {n} destinations; expected at most {most}: {way}"
        found.error(start.node, text, n=len(route), most=HOP_CAP, way=" > ".join(route))
    # A name without a readable destination has been told of, and may be the human.
    if all(name in destinations and not _helps(destinations[name], today) for name in route):
        found.error(start.node, "reaches neither a human nor a message: {way}", way=" > ".join(route))


def _helps(destination: Values, today: date) -> bool:
    """Say whether somebody is rung, or a message heard, at some time from *today*."""
    if not destination.has(InDestination.contracts):
        return True  # a number or a message, or an error that has been told
    if destination.has(InDestination.ring) or destination.has(InDestination.message):
        return True
    for contract in destination.get(InDestination.contracts) or ():
        period = contract.get(InContract.period)
        if period is None or period.value.last is None or period.value.last >= today:
            return True
    return False
