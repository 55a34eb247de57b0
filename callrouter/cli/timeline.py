"""A played call as lines that a person can read, with what the log says of it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, tzinfo
from functools import partial
from typing import Any

import click
from sqlalchemy import Row

from callrouter.calllog.export import shown
from callrouter.cli.columns import Titles
from callrouter.cli.log_story import who
from callrouter.domain.schedule import Schedule, title_of
from callrouter.telephony.simulator import Entry, PlayedCall

_SENTENCES: dict[str, str] = {
    "call": "{who} calls {detail}",
    "said": "the caller hears: {detail}",
    "played": "the caller hears the recording {detail}",
    "waits": "{detail} s of silence",
    "rings": "{who} rings",
    "picked-up": "{who} picks up",
    "whispered": "{who} hears: {detail}",
    "pressed": "{who} presses {detail}",
    "bridged": "{who} talks with the caller",
    "leg-ended": "{who} {detail}",
    "recording": "the tone sounds",
    "message": "the caller left a message of {detail} s",
    "caller-hung-up": "the caller hangs up",
    "application-error": "the caller hears an error message of the network",
    "ended": "the call is over: {detail} ended it",
}
_ENDERS = {"caller": "the caller", "service": "the service", "network": "the network"}
_OUTCOMES: dict[str, str] = {
    "answered": "took the call: rang {rang} s, talked {talked} s",
    "declined": "declined: rang {rang} s",
    "screened-out": "was picked up, but nobody took the call: rang {rang} s",
    "no-answer": "did not answer: rang {rang} s",
    "busy": "is busy: rang {rang} s",
    "failed": "cannot be reached: rang {rang} s",
    "cancelled": "stops ringing: rang {rang} s",
    "dropped": "was put down again: rang {rang} s, talked {talked} s",
}
_COLOURS = {"bridged": "green", "application-error": "red", "call": "bright_white", "ended": "bright_white"}


def told(
    played: PlayedCall,
    logged: Row[Any] | None,
    schedule: Schedule | None,
    *,
    show_numbers: bool,
    unread: str | None = None,
) -> Iterator[str]:
    """The timeline of *played*, then how it ended and whether the log says the same; clocks and names of *schedule*.

    *unread*: why nobody can say what the log says.
    """
    yield from story(played, logged, schedule, show_numbers=show_numbers)
    if unread:
        yield click.style(f"Whether the log has the call is not known, for it cannot be read: {unread}", fg="red")
    else:
        yield _comparison(played, logged)


def story(
    played: PlayedCall, logged: Row[Any] | None, schedule: Schedule | None, *, show_numbers: bool
) -> Iterator[str]:
    """The timeline of *played*, then how it ended; nothing is compared."""
    titles, zone = partial(title_of, schedule), schedule.zone if schedule else UTC
    yield _decision(logged, titles)
    names = _names(logged, titles)
    for entry in played.timeline:
        yield _line(entry, played, names, zone, show_numbers=show_numbers)
        if entry.kind == "call" and logged is not None:
            yield f"            {_why(logged)}"
    yield _ending(played, logged, titles)
    for error in played.errors:
        yield click.style(f"Error of the service: {error.sentence}", fg="red")


def differences(played: PlayedCall, logged: Row[Any]) -> list[str]:
    """Where the log differs from what the network saw: phones, outcomes, the end."""
    # Sorted: phones that ring at once have no order.
    seen = sorted((leg.number, str(leg.outcome)) for leg in played.legs)
    kept = sorted((leg["to"], str(leg["outcome"])) for leg in logged.legs)
    found = []
    if seen != kept:
        found.append(f"the network saw {_named(seen)}, the log has {_named(kept)}")
    if (played.answered_by is not None) != (logged.disposition == "answered"):
        found.append(
            f"the network saw the call {'answered' if played.answered_by else 'not answered'}, "
            f"the log says {logged.disposition}"
        )
    return found


def _decision(logged: Row[Any] | None, titles: Titles) -> str:
    """The unit, and whether it was open."""
    if logged is None:
        return click.style("The log does not have this call.", fg="red")
    state = click.style((logged.state or "no decision").upper(), fg="green" if logged.state == "open" else "yellow")
    unit = f"{titles(logged.unit)} is" if logged.unit else "No unit claims the number: it counts as"
    return f"{unit} {state} ({logged.local_time or logged.received_at})"


def _why(logged: Row[Any]) -> str:
    line = f", line {logged.line}" if logged.line else ""
    version = (logged.schedule_version or "-")[:8]
    return f"{logged.state} by {logged.decided_by}: {logged.reason} (schedule {version}{line})"


def _line(entry: Entry, played: PlayedCall, names: Mapping[str, str], zone: tzinfo, *, show_numbers: bool) -> str:
    at = entry.at.astimezone(zone).strftime("%H:%M:%S")
    name = _who(entry.who, show_numbers=show_numbers) + names.get(entry.who, "")
    sentence = _SENTENCES[entry.kind].format(who=name, detail=_detail(entry, played, show_numbers=show_numbers))
    return f"  {at}  {click.style(sentence, fg=_COLOURS.get(entry.kind))}"


def _detail(entry: Entry, played: PlayedCall, *, show_numbers: bool) -> str:
    if entry.kind == "leg-ended":
        leg = next(leg for leg in played.legs if (leg.number, leg.ended_at) == (entry.who, entry.at))
        return _OUTCOMES[leg.outcome].format(rang=leg.rang_seconds, talked=leg.talked_seconds)
    if entry.kind == "ended":
        return _ENDERS.get(entry.detail, entry.detail)
    return _who(entry.detail, show_numbers=show_numbers)


def _names(logged: Row[Any] | None, titles: Titles) -> dict[str, str]:
    """Whose phone each number is, as the log knows it."""
    legs = logged.legs if logged is not None else []
    return {leg["to"]: f" ({who(leg, titles)})" for leg in legs}


def _who(number: str, *, show_numbers: bool) -> str:
    """A number masked; words such as `anonymous` as they are."""
    return shown(number, show_numbers=show_numbers) or "" if number.startswith("+") else number


def _ending(played: PlayedCall, logged: Row[Any] | None, titles: Titles) -> str:
    """How it ended, in the words of the log."""
    length = (played.ended_at - played.started_at).total_seconds() if played.ended_at else 0
    if logged is None:
        return f"Ended after {length:.0f} s."
    answered_by = {part: getattr(logged, f"answered_{part}") for part in ("person", "company", "destination")}
    by = who(answered_by, titles)
    answered = f" by {by} after {logged.seconds_to_answer} s, talked {logged.talked_seconds} s" if by else ""
    return f"Ended after {length:.0f} s: {logged.disposition}{answered}. Call {played.sid}"


def _comparison(played: PlayedCall, logged: Row[Any] | None) -> str:
    if logged is None:
        return click.style("The log and the network do not agree: the call is not in the log.", fg="red")
    found = differences(played, logged)
    if found:
        return click.style(f"The log and the network do not agree: {'; '.join(found)}.", fg="red")
    return click.style("The log and the network agree.", fg="green")


def _named(legs: Sequence[tuple[str, str]]) -> str:
    return ", ".join(f"{shown(to, show_numbers=False)} {outcome}" for to, outcome in legs) or "nobody rung"
