"""What is decided by hand, as a file: the copy that a service starts on while its database is away.

No caller's number stands in it, only keyed hashes.
"""

import json
from datetime import datetime
from typing import Any

from callrouter.domain.control import Block, Control, Ending, Override
from callrouter.domain.span import Span
from callrouter.domain.words import State

_FORMAT = 1

Json = dict[str, Any]


def written(control: Control) -> bytes:
    """*control* as a file."""
    content = {
        "format": _FORMAT,
        "overrides": [_override_out(override) for override in control.overrides],
        "blocks": [_block_out(block) for block in control.blocks],
    }
    return json.dumps(content, ensure_ascii=False, indent=1).encode("utf-8", "replace")


def read_back(content: bytes) -> Control:
    """The control that *content* was written of.

    Raises:
        ValueError: it is damaged, or of another format.
    """
    try:
        kept = json.loads(content)
        if kept["format"] != _FORMAT:
            raise ValueError(f"it has format {kept['format']!r}, expected {_FORMAT}")
        return Control(tuple(map(_override_in, kept["overrides"])), tuple(map(_block_in, kept["blocks"])))
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"it is damaged: {type(error).__name__} {error}") from error


def _override_out(override: Override) -> Json:
    return _common_out(override) | {"state": override.state, "destination": override.destination}


def _block_out(block: Block) -> Json:
    return _common_out(block) | {"caller_key": block.caller_key, "key_id": block.key_id}


def _common_out(made: Override | Block) -> Json:
    ended = made.ended
    return {
        "id": made.id,
        "unit": made.unit,
        "start": made.span.start.isoformat(),
        "end": made.span.end.isoformat() if made.span.end else None,
        "why": made.why,
        "who": made.who,
        "ended": [ended.who, ended.why, ended.planned_end.isoformat()] if ended else None,
    }


def _override_in(kept: Json) -> Override:
    span, ended = _span(kept), _ending(kept["ended"])
    state = State(kept["state"]) if kept["state"] else None
    destination = _text(kept["destination"]) if kept["destination"] else None
    unit, why, who = _common_in(kept)
    return Override(int(kept["id"]), unit, span, state, destination, why, who, ended)


def _block_in(kept: Json) -> Block:
    span, ended = _span(kept), _ending(kept["ended"])
    unit, why, who = _common_in(kept)
    hashed = (_text(kept["caller_key"]), _text(kept["key_id"]))
    return Block(int(kept["id"]), unit, *hashed, span, why, who, ended)


def _common_in(kept: Json) -> tuple[str, str, str]:
    return _text(kept["unit"]), _text(kept["why"]), _text(kept["who"])


def _span(kept: Json) -> Span:
    return Span(_instant(kept["start"]), _instant(kept["end"]) if kept["end"] else None)


def _ending(kept: list[Any] | None) -> Ending | None:
    if kept is None:
        return None
    who, why, planned_end = kept
    return Ending(_text(who), None if why is None else _text(why), _instant(planned_end))


def _text(value: object) -> str:
    """What a call is decided by is what it says it is: a damaged file is refused here, not while somebody calls."""
    if not isinstance(value, str):
        raise TypeError(f"expected a text, got {value!r}")
    return value


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(f"{text} has no time zone")
    return at
