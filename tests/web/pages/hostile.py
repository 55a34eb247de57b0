"""Hostile words, put wherever people, callers and the schedule can put them."""

import json
from dataclasses import replace
from datetime import timedelta
from random import Random

from sqlalchemy import insert

from callrouter.calllog import review
from callrouter.calllog.audit import Deed, append
from callrouter.calllog.control import add_override
from callrouter.calllog.tables import CallEventRow
from callrouter.domain.call_filter import Sight
from callrouter.domain.control import Override
from callrouter.domain.record import AnsweredBy
from callrouter.domain.review import Act, Task
from callrouter.domain.span import Span
from callrouter.domain.words import EventKind, Scope
from callrouter.people import api_tokens
from callrouter.schedule.format.problems import ScheduleErrors
from tests.calllog.made_calls import MadeCall, keep, made_call
from tests.people.somebody import BY, NOON
from tests.web.pages.house import EXAMPLE, House

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
    house.read_control()
    house.conditions = {"recorder": lambda: {"ok": False, "error": text, "waiting": 1}}
    house.rebuild()
    use_schedule(house, text)
    return calls


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


def use_schedule(house: House, text: str) -> None:
    """The schedule with *text* in its words; where that is no schedule, what is wrong with it."""
    quoted = json.dumps(text)
    hostile = EXAMPLE.read_text("utf-8")
    for before in ("name: Trygghetscenter", "why: Personalmöte", "why: Julstängt"):
        assert before in hostile
        hostile = hostile.replace(before, f"{before.partition(':')[0]}: {quoted}")
    try:
        house.use_schedule(hostile)
    except ScheduleErrors as error:
        house.loaded = replace(house.loaded, errors=error.errors)
