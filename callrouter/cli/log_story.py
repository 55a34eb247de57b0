"""One call: every attempt, every event, and what people wrote of it."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, tzinfo
from functools import partial
from typing import Any

from sqlalchemy import Row

from callrouter.calllog.export import as_json, event_as_json, shown
from callrouter.calllog.queries import LoggedEvent
from callrouter.calllog.story import Story
from callrouter.cli.columns import Titles
from callrouter.cli.log_table import minute, seconds
from callrouter.domain.ending import ending
from callrouter.domain.review import FollowUp, Note
from callrouter.domain.schedule import Schedule, title_of
from callrouter.domain.words import DecidedBy, EventKind


def story_as_json(story: Story, *, show_numbers: bool) -> dict[str, Any]:
    """The story for a machine."""
    return as_json(story.call, show_numbers=show_numbers) | {
        "notes": [{"at": n.written.at.isoformat(), "who": n.written.who, "text": n.text} for n in story.notes],
        "follow_ups": [follow_up_as_json(each) for each in story.follow_ups],
        "earlier_calls": [call.call_id for call in story.earlier],
        "events": [event_as_json(event, show_numbers=show_numbers) for event in story.events],
    }


def follow_up_as_json(each: FollowUp) -> dict[str, Any]:
    """A follow-up for a machine."""
    return {
        "id": each.id,
        "call_id": each.call_id,
        "what": each.task.what,
        "owner": each.task.owner,
        "due_at": each.task.due_at.isoformat(),
        "added_at": each.added.at.isoformat(),
        "added_by": each.added.who,
        "done_at": each.done.at.isoformat() if each.done else None,
        "done_by": each.done.who if each.done else None,
        "result": each.result,
    }


def in_sentences(
    story: Story, schedule: Schedule | None, zone: tzinfo, at: datetime, *, show_numbers: bool
) -> Iterator[str]:
    """The story for a person as it looks at *at* (aware), by the clocks of *zone* and the names that people use."""
    titles = partial(title_of, schedule)
    record, call = as_json(story.call, show_numbers=show_numbers), story.call
    line = f" (line {record['line']})" if record["line"] else ""
    forwarded = f", forwarded by {record['forwarded_from']}" if record["forwarded_from"] else ""
    whence = record["from"] or "a caller without a number here"
    yield f"Call {record['call_id']} to {record['to']} from {whence}{forwarded}"
    yield f"  received    {call.local_time or record['received_at']}"
    yield f"  unit        {titles(record['unit']) if record['unit'] else 'none claims the number'}"
    yield f"  decided     {_decided(record)}{line}"
    yield f"  schedule    {(record['schedule_version'] or 'none')[:12]}"
    yield f"  disposition {ending(call.disposition, call.received_at, at)}{_answered(record, titles)}"
    yield f"  review      {_review(call, zone)}"
    yield from _part("Notes", (_note(each, zone) for each in story.notes))
    yield from _part("Follow-ups", (_follow_up(each, zone) for each in story.follow_ups))
    yield from _part("Earlier calls of this caller", (_earlier(each, at, titles) for each in story.earlier))
    yield "Attempts"
    yield from [_leg_line(leg, titles) for leg in record["legs"]] or ["  nobody was rung"]
    yield "Events"
    yield from (f"  {line}" for line in steps(story.events, zone, titles))


def steps(events: Iterable[LoggedEvent], zone: tzinfo, titles: Titles = str) -> Iterator[str]:
    """A line for each event of a call, by the clocks of *zone*; numbers are masked."""
    yield from (f"{each.at.astimezone(zone):%H:%M:%S.%f} {each.kind}{_detail(each, titles)}" for each in events)


def _decided(record: dict[str, Any]) -> str:
    if record["decided_by"] == DecidedBy.FROM_PROVIDER:
        return "not by us: the call was added from the provider's list"
    return f"{record['state']} by {record['decided_by']}: {record['reason']}"


def _part(title: str, lines: Iterator[str]) -> Iterator[str]:
    """A heading and what stands under it; nothing where there is nothing."""
    for number, line in enumerate(lines):
        if number == 0:
            yield title
        yield line


def _review(call: Row[Any], zone: tzinfo) -> str:
    if call.reviewed_at is None:
        return "not yet"
    category = f": {call.category}" if call.category else ""
    return f"{at_minute(call.reviewed_at, zone)} by {call.reviewed_by}{category}"


def _note(note: Note, zone: tzinfo) -> str:
    return f"  {at_minute(note.written.at, zone)} {note.written.who}: {note.text}"


def _follow_up(each: FollowUp, zone: tzinfo) -> str:
    task = f"  {each.id}  {each.task.owner} until {at_minute(each.task.due_at, zone)}: {each.task.what}"
    return task + (f"; done {at_minute(each.done.at, zone)} by {each.done.who}: {each.result}" if each.done else "")


def _earlier(call: Row[Any], at: datetime, titles: Titles) -> str:
    ended = ending(call.disposition, call.received_at, at)
    return f"  {minute(call.local_time, call.received_at)} {call.call_id} {titles(call.unit or '-')} {ended}"


def at_minute(at: datetime, zone: tzinfo) -> str:
    """Write `2026-11-23 16:30`."""
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def _answered(record: dict[str, Any], titles: Titles) -> str:
    by = record["answered_by"]
    if not by:
        return ""
    times = f"after {seconds(record['seconds_to_answer'])}, talked {seconds(record['talked_seconds'])}"
    return f" by {who(by, titles)} {times}"


def _leg_line(leg: dict[str, Any], titles: Titles) -> str:
    talked = "" if leg["talked_seconds"] is None else f", talked {leg['talked_seconds']} s"
    rang = "" if leg["rang_seconds"] is None else f" after {leg['rang_seconds']} s"
    source = ", from the provider's list" if leg["from_provider"] else ""
    return f"  {leg['to']} ({who(leg, titles) or 'unknown'}): {leg['outcome'] or 'not told'}{rang}{talked}{source}"


def who(phone: Mapping[str, Any], titles: Titles) -> str:
    """Whose a phone is: `anna, Nordbevakning AB, Bevakningen`; empty where nobody knows."""
    destination = phone["destination"] and titles(phone["destination"])
    return ", ".join(part for part in (phone["person"], phone["company"], destination) if part)


def _detail(event: LoggedEvent, titles: Titles) -> str:
    told = {key: str(event.facts[key]) for key in ("destination", "status", "outcome") if event.facts.get(key)}
    words = [titles(word) if key == "destination" else word for key, word in told.items()]
    if event.kind is EventKind.MENU_KEY:
        words.append(f"key {event.facts['key'] or 'none'}")
    if event.facts.get("to"):
        words.insert(0, shown(event.facts["to"], show_numbers=False) or "")
    if event.facts.get("from_provider"):
        words.append("from the provider's list")
    return f" ({', '.join(words)})" if words else ""
