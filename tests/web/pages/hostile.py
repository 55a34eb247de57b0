"""Hostile words, put wherever people, callers and the schedule can put them."""

import json
from dataclasses import replace
from datetime import timedelta
from random import Random

from sqlalchemy import Connection, insert

from callrouter.calllog import review
from callrouter.calllog.audit import Deed, append
from callrouter.calllog.calling_back import take
from callrouter.calllog.control import add_override
from callrouter.calllog.disputes import dispute
from callrouter.calllog.published import Publication, publish
from callrouter.calllog.tables import CallEventRow
from callrouter.domain.call_filter import Sight
from callrouter.domain.control import Override
from callrouter.domain.ledger import Dispute
from callrouter.domain.record import AnsweredBy
from callrouter.domain.review import Act, Task
from callrouter.domain.span import Span
from callrouter.domain.words import Disposition, EventKind, Role, Scope
from callrouter.people import api_tokens
from callrouter.schedule.format.problems import ScheduleErrors
from tests.calllog.made_calls import MadeCall, keep, made_call
from tests.people.somebody import BY, NOON
from tests.web.pages.house import EXAMPLE, NAMES, House

MARKUP = "\"'><hostile onhostile=1 src=x></title></script><script>alert(1)</script><!--{{98765*4321}}${98765*4321}"
HOSTILE = {
    "markup": MARKUP,
    "a link": "javascript:alert(1)//\"'><hostile onhostile=1>",
    "a formula": '=HYPERLINK("https://example.org","x")',
    "another formula": "@SUM(1+9)*cmd|' /C calc'!A0",
    "control characters": "bell\x07 nul\x00 escape\x1b[31m back\x08 right\u202e line\u2028 del\x7f",
    "other lines": "one\r\nX-Hostile: 1\r\n\r\nDTSTART:19700101\r\n",
    "10 kB": MARKUP + "å<" * 5_000,
}


def hostile_call(number: int, text: str, dice: Random) -> MadeCall:
    """A call with *text* wherever a call has words."""
    made = made_call(number, NOON - timedelta(hours=number), dice)
    name, was = text.replace("\0", "\ufffd"), made.record  # a schedule with NUL in a name is refused
    legs = tuple(replace(leg, destination=name, company=name, person=name) for leg in was.legs)
    by = was.answered_by and AnsweredBy(name, name, name)
    record = replace(was, unit=text, reason=text, called=text, schedule_version=text, legs=legs, answered_by=by)
    if number == 0:
        record = replace(record, disposition=Disposition.IN_PROGRESS, answered_by=None, ended_at=None)
    return replace(made, record=record, caller={"number": text, "key": "k", "key_id": "i"}, category=text)


def fill(house: House, text: str) -> list[MadeCall]:
    """*text* in the log, in what people wrote beside it, in what is decided by hand, in users, and in the schedule."""
    dice = Random(3)
    calls = [hostile_call(number, text, dice) for number in range(12)]
    act, span = Act(text, NOON), Span(NOON - timedelta(hours=1), NOON + timedelta(hours=1))
    with house.database.writing() as connection:
        keep(connection, calls)
        for call in calls[:4]:
            key = (call.record.day, call.record.call_id)
            review.mark_reviewed(connection, key, act, text)
            review.add_note(connection, key, act, text)
            follow_up = review.add_follow_up(connection, key, act, Task(text, text, NOON + timedelta(days=1)))
            if call is calls[0]:
                review.finish_follow_up(connection, follow_up, act, text)
            connection.execute(insert(CallEventRow), [event(call, text, number) for number in range(3)])
        add_override(connection, Override(0, "trygghetscenter", span, None, "security", text, text))
        append(connection, Deed(text, text, text, {text: text}, NOON))
        api_tokens.add(connection, "hostile", [Scope.CALLS], Sight(text), None, BY)
        dispute_and_take(connection, calls, text)
    publish(house.database, hostile_schedule(text), Publication("abc", NOON, text, text, text))
    house.read_control()
    house.conditions = {"recorder": lambda: {"ok": False, "error": text, "waiting": 1}}
    house.rebuild()
    use_schedule(house, text)
    return calls


def dispute_and_take(connection: Connection, calls: list[MadeCall], text: str) -> None:
    """Of the oldest calls one is disputed, and one called back by the reviewer."""
    keys = [(call.record.day, call.record.call_id) for call in reversed(calls)]
    offered = next(key for key, call in zip(keys, reversed(calls), strict=True) if call.record.legs)
    dispute(connection, offered, Dispute(0, text.replace("\0", "\ufffd"), text, text, NOON))
    assert any(take(connection, key, Act(NAMES[Role.REVIEWER], NOON)) is not None for key in keys)


def event(call: MadeCall, text: str, number: int) -> dict[str, object]:
    kind = (EventKind.ARRIVED, EventKind.RANG, EventKind.LEG)[number]
    facts = {
        "attempt": text,
        "destination": text,
        "company": text,
        "to": text,
        "phones": [{"to": text, "person": text}],
    }
    said = facts | {"reason": text, "status": text, "outcome": text, "decision": text}
    key = {"day": call.record.day, "call_id": call.record.call_id, "id": f"{number}", "kind": kind.value}
    return key | {"at": call.record.received_at, "facts": said}


def hostile_schedule(text: str) -> str:
    """The schedule with *text* in its words."""
    hostile = EXAMPLE.read_text("utf-8")
    names = ("name: Trygghetscenter", "name: Bevakningen")
    for before in (*names, "why: Personalmöte", "why: Julstängt", "company: Nordbevakning AB"):
        assert before in hostile
        hostile = hostile.replace(before, f"{before.partition(':')[0]}: {json.dumps(text)}")
    return hostile


def use_schedule(house: House, text: str) -> None:
    """The same in force; where that is no schedule, what is wrong with it."""
    try:
        house.use_schedule(hostile_schedule(text))
    except ScheduleErrors as error:
        house.loaded = replace(house.loaded, errors=error.errors)
