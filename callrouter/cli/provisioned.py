"""What `callrouter provision` tells: a row an address, in each region, and a row for whatever else somebody must do."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import click

from callrouter.calls.provisioning import Difference, Provisioned, addresses
from callrouter.checks.provider import NOT_REACHED
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.schedule import Schedule

COLUMNS = ("", "number", "region", "address", "now", "note")
_COLOURS = {
    "ok": "green",
    "set up": "green",
    "would change": "yellow",
    "warning": "yellow",
    "not set up": "red",
    "error": "red",
}
_AWAY = "Take it away from there in the provider's console, then run this again."
_NO_FALLBACK = "`callrouter fallback` makes the document; then --fallback-url."


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a number in a region, None where there is but one: what is *said* of it, or the *error*."""

    number: PhoneNumber
    region: str | None
    said: Provisioned | None = None
    error: str = ""


def rows(done: Iterable[Done], schedule: Schedule | None, *, is_dry: bool) -> Iterator[tuple[str, ...]]:
    """All of it: state, number, region, address, what it is now, and what it was, should be, or is to be done."""
    unknown = set()
    for each in done:
        where = (each.number.e164, each.region or "")
        if each.said is None:
            yield ("error", *where, "", each.error, NOT_REACHED)
            continue
        yield from ((state, *where, *rest) for state, *rest in _told(each.said, is_dry=is_dry))
        if schedule and schedule.unit_by_number(each.number) is None:
            unknown.add(each.number.e164)
    for number in sorted(unknown):
        yield "warning", number, "", "", "no unit of the schedule has this number", ""


def _told(said: Provisioned, *, is_dry: bool) -> Iterator[tuple[str, str, str, str]]:
    before, left = _by_name(said.before), _by_name(said.left)
    for what, now in addresses(said.now).items():
        if what in left:
            yield "would change" if is_dry else "not set up", what, now or "none", f"expected {left[what].expected}"
        elif what in before:
            yield "set up", what, now, f"was {before[what].found or 'none'}"
        elif what == "fallback URL" and not now:
            yield "warning", what, "none", _NO_FALLBACK
        else:
            yield "ok", what, now, ""
    if said.now.overruled_by:
        yield "error", said.now.overruled_by, "the number belongs to it: the provider ignores these addresses", _AWAY


def _by_name(differences: Iterable[Difference]) -> dict[str, Difference]:
    return {difference.what: difference for difference in differences}


def coloured(row: Sequence[str]) -> tuple[str, ...]:
    """A row, as a terminal shows it."""
    state, *rest = row
    return click.style(state, fg=_COLOURS[state]), *rest


def as_json(done: Done) -> dict[str, Any]:
    """The same for machines."""
    where = {"number": done.number.e164, "region": done.region}
    said = done.said
    if said is None:
        return where | {"error": done.error}
    return where | {
        "in_force": said.is_in_force,
        "overruled_by": said.now.overruled_by,
        "voice_url": said.now.voice_url or None,
        "fallback_url": said.now.fallback_url or None,
        "status_url": said.now.status_url or None,
        "before": _listed(said.before),
        "after": None if said.after is None else _listed(said.after),
    }


def _listed(differences: Iterable[Difference]) -> list[dict[str, str]]:
    return [{"what": each.what, "found": each.found, "expected": each.expected} for each in differences]
