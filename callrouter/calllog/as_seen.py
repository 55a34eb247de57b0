"""What of a call somebody may see: a company sees that it was offered the call, and what its own phones did."""

from collections.abc import Mapping, Sequence
from typing import Any

from callrouter.domain.call_filter import Sight

Json = dict[str, Any]

_OF_THE_HOUSE = ("reason", "line", "schedule_version", "reviewed_at", "reviewed_by", "category")
"""Who decided it and why, and what was thought of it afterwards: nothing that another company is told."""


def call_seen(call: Json, sight: Sight) -> Json:
    """*call*, a record as JSON, without what *sight* does not reach."""
    if sight.company is None:
        return call
    by = call["answered_by"]
    own = {"answered_by": by if by and by["company"] == sight.company else None}
    own["legs"] = [leg for leg in call["legs"] if leg["company"] == sight.company]
    if own["answered_by"] is None:
        own |= {"seconds_to_answer": None, "talked_seconds": None}
    return call | dict.fromkeys(_OF_THE_HOUSE) | own


def steps_seen(steps: Sequence[Mapping[str, Any]], sight: Sight) -> list[Mapping[str, Any]]:
    """The same of the steps of a call, with their facts: those of other companies' attempts are left out."""
    if sight.company is None:
        return list(steps)
    theirs = {step["facts"]["attempt"] for step in steps if step["facts"].get("company") == sight.company}
    return [step for step in steps if step["facts"].get("attempt") in theirs]
