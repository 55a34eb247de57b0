"""Disclosure: every field that secrecy may cover is masked, and its reason told."""

import pytest

from callrouter.domain.disclosure import MASKED, MASKING, disclosed
from callrouter.domain.words import DecidedBy

CALL = {
    "call_id": "CA1",
    "from": "+467******50",
    "forwarded_from": None,
    "answered_by": {"company": "Nordbevakning AB", "person": "anna"},
    "legs": [{"to": "+463******10", "person": "anna", "outcome": "answered"}, {"to": "+463******20", "person": None}],
    "notes": [{"who": "bo", "text": "Ringde om sin granne"}],
    "holds": [],
}


def test_what_is_masked_and_what_is_not() -> None:
    told = disclosed({"number": "+467******50", "calls": [CALL], "staff": []})
    (call,) = told["calls"]
    assert (call["call_id"], call["from"], call["forwarded_from"]) == ("CA1", MASKED, None)
    assert call["answered_by"] == {"company": "Nordbevakning AB", "person": MASKED}
    assert call["legs"] == [
        {"to": MASKED, "person": MASKED, "outcome": "answered"},
        {"to": MASKED, "person": None},
    ]
    assert call["notes"] == [{"who": "bo", "text": MASKED}]
    assert (told["number"], told["staff"]) == (MASKED, [])


def test_each_reason_is_told_once_and_only_for_what_was_there() -> None:
    told = disclosed({"number": "+467******50", "calls": [CALL]})["masked"]
    assert list(told) == [
        *("number", "calls.from", "calls.answered_by.person", "calls.legs.to", "calls.legs.person"),
        "calls.notes.text",
    ]
    assert told["calls.notes.text"] == MASKING["calls.notes.text"]


@pytest.mark.parametrize("decided_by", [*(each.value for each in DecidedBy), "a word of another release", None])
def test_why_a_call_went_where_it_did_is_masked_where_somebody_typed_it(decided_by: str | None) -> None:
    call = CALL | {"decided_by": decided_by, "reason": "2026-12-24 closed: Julafton"}
    (told,) = disclosed({"calls": [call]})["calls"]
    is_rule = decided_by in set(DecidedBy) - {DecidedBy.OVERRIDE}
    assert told["reason"] == (call["reason"] if is_rule else MASKED)


@pytest.mark.parametrize("reason", sorted(set(MASKING.values())))
def test_every_reason_names_the_rule_to_try_it_by(reason: str) -> None:
    assert ": OSL " in reason
