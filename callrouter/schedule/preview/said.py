"""What the settings of a schedule say, in words and numbers, each under its name in the file."""

from collections.abc import Mapping

from callrouter.domain.days import days_in_words
from callrouter.domain.destination import Destination, ServiceTarget
from callrouter.domain.message import Audio, Message
from callrouter.domain.oncall import Person, Rota
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.schedule import Schedule, Unit

Words = tuple[str | PhoneNumber, ...]
"""What a setting says: words and numbers in order; empty: nothing."""

Said = Mapping[str, Words]


def said_by_unit(unit: Unit) -> Said:
    """Return the settings of a unit, save its hours."""
    menu = unit.menu
    return {
        "name": (unit.title,),
        "numbers": unit.numbers,
        "open": (unit.open,),
        "closed": () if unit.is_alarm else (unit.closed,),
        "message": _name(unit.closed_message),
        "menu": tuple(f"{key} {name}" for key, name in menu.keys.items()) if menu else (),
        "menu message": _name(menu.message if menu else None),
        "privacy": ("full" if unit.keeps_numbers else "hash",),
        "recordings": (unit.recordings_kept,) if unit.recordings_kept else (),
        "missed-call": unit.missed_call,
    }


def said_by_destination(destination: Destination) -> Said:
    """Return the settings of a destination, save its line."""
    return {
        "name": (destination.title,),
        "together": ("all at once" if destination.together else "one after another",),
        "seconds": (f"{destination.seconds} s",),
        "rounds": (str(destination.rounds),),
        "accept": _yes(is_so=destination.accept_key),
        "caller-id": ("caller" if destination.show_caller else "own",),
        "message": _name(destination.message),
        "voicemail": _yes(is_so=destination.voicemail),
        "then": (destination.then,) if destination.then else (),
    }


def said_by_message(message: Message) -> Said:
    """Return the texts of a message by language, and the order in which they are heard."""
    parts = {"play" if isinstance(part, Audio) else part.language: part for part in message.parts}
    texts: dict[str, Words] = {
        key: (part.url if isinstance(part, Audio) else part.text,) for key, part in parts.items()
    }
    return {"order": tuple(parts), **texts}


def said_by_person(person: Person) -> Said:
    """Return a person's number."""
    return {"number": (person.number,)}


def said_by_rota(_rota: Rota) -> Said:
    """Return nothing: all that a rota says is who is on call when."""
    return {}


def said_by_file(schedule: Schedule) -> Said:
    """Return the settings that belong to no unit, destination, rota, person or message."""
    notify, review = schedule.notify, schedule.review
    tests = (f"{test.destination} {days_in_words(test.weekdays)} {test.at:%H:%M}" for test in schedule.test_calls)
    kept = (f"{rule.what} {rule.keep} ({rule.decision}, {rule.decided_on})" for rule in schedule.retention)
    return {
        "timezone": (str(schedule.zone),),
        "countries": schedule.countries,
        "unclaimed numbers": (schedule.first_unit.closed,),
        "notify > missed-call": notify.missed_call,
        "notify > hand-over": notify.hand_over,
        "notify > reports": notify.reports,
        "notify > warnings": notify.warnings,
        "review > targets": tuple(map(in_promise, review.targets)),
        "review > categories": review.categories,
        "test-calls": tuple(tests),
        "retention": tuple(kept),
    }


def in_promise(target: ServiceTarget) -> str:
    """Write a share and seconds as the file does: `98.5% 30s`."""
    return f"{round(target.share * 100, 4):g}% {target.seconds}s"


def _name(message: Message | None) -> Words:
    return (message.name,) if message else ()


def _yes(*, is_so: bool) -> Words:
    return ("yes" if is_so else "no",)
