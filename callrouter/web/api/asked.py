"""What may be asked, and how it is read: each parameter is declared once, and the OpenAPI document says the same."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import cache
from types import NoneType
from typing import Annotated, Any, TypeVar, get_args

import msgspec
from msgspec import Meta, Struct, field
from werkzeug.datastructures import MultiDict

from callrouter.calllog.cursor import Cursor
from callrouter.domain.report import GroupBy
from callrouter.domain.words import DecidedBy, Disposition, Origin, State
from callrouter.schedule.format.problems import nearest
from callrouter.web.problems import ProblemError, Wrong

S = TypeVar("S", bound=Struct)

# A dollar also matches before a last line break: of that none is to follow.
Name = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$(?!\n)")]
Instant = Annotated[datetime, Meta(tz=True)]

_BOOLEANS = {"true": True, "false": False}


class Asked(Struct, frozen=True, kw_only=True):
    """Parameters of a question: a field each, None where it is not asked."""


class Nothing(Asked, frozen=True, kw_only=True):
    """A question without parameters."""


class CallsAsked(Asked, frozen=True, kw_only=True):
    """Which calls."""

    since: Annotated[Instant, Meta(description="Received from then on.")] | None = field(default=None, name="from")
    until: Annotated[Instant, Meta(description="Received before then.")] | None = None
    unit: Annotated[Name, Meta(description="To this unit.")] | None = None
    disposition: Annotated[Disposition, Meta(description="Ended so.")] | None = None
    state: Annotated[State, Meta(description="While the unit was open, or closed.")] | None = None
    decided_by: Annotated[DecidedBy, Meta(description="Decided by this kind of rule.")] | None = None
    destination: Annotated[Name, Meta(description="Offered to this destination.")] | None = None
    company: Annotated[Name, Meta(description="Offered to this company.")] | None = None
    person: Annotated[Name, Meta(description="Offered to this person.")] | None = None
    answered: Annotated[bool, Meta(description="With the three above: not only offered, answered there.")] | None = None
    origin: Annotated[Origin, Meta(description="Real ones, or simulated ones.")] | None = None
    reviewed: Annotated[bool, Meta(description="Reviewed, or not yet.")] | None = None
    category: Annotated[Name, Meta(description="Filed under this category.")] | None = None
    follow_up: Annotated[bool, Meta(description="With something still to be done.")] | None = None
    limit: Annotated[int, Meta(ge=1, le=200, description="How many at most. Default: 50.")] | None = None
    cursor: Annotated[Name, Meta(description="Where to go on: `older` or `newer` of an answer.")] | None = None


class CallAsked(Asked, frozen=True, kw_only=True):
    """Which call."""

    day: Annotated[date, Meta(description="`day` of the call: the UTC date of its arrival.")]
    call_id: Annotated[Name, Meta(description="`call_id` of the call.")]


class ScheduleAsked(Asked, frozen=True, kw_only=True):
    """Of which units and dates the hours, and an instant to be explained."""

    unit: Annotated[Name, Meta(description="This unit alone.")] | None = None
    first: Annotated[date, Meta(description="The first local date. Default: today.")] | None = field(
        default=None, name="from"
    )
    last: Annotated[date, Meta(description="The last one; a year at most. Default: a week in all.")] | None = field(
        default=None, name="to"
    )
    at: Annotated[Instant, Meta(description="Explain what is decided about a call that arrives then.")] | None = None


class ReportsAsked(Asked, frozen=True, kw_only=True):
    """Of which calls the figures, and told apart by what."""

    first: Annotated[date, Meta(description="The first local date. Default: that of this month.")] | None = field(
        default=None, name="from"
    )
    last: Annotated[date, Meta(description="The last one. Default: today.")] | None = field(default=None, name="to")
    unit: Annotated[Name, Meta(description="Calls to this unit alone.")] | None = None
    origin: Annotated[Origin, Meta(description="Who made the calls. Default: real.")] | None = None
    by: Annotated[GroupBy, Meta(description="Tell apart by this.")] | None = None


@cache
def parameters(kind: type[Struct]) -> Mapping[str, tuple[str, Any, bool]]:
    """The parameters of *kind* as they are written: the field of each, its type, and whether it must be given."""
    return {
        each.encode_name: (each.name, _given(each.type), each.default is msgspec.NODEFAULT)
        for each in msgspec.structs.fields(kind)
    }


def read(kind: type[S], path: Mapping[str, str], query: MultiDict[str, str]) -> S:
    """Read *kind* from what stands in the path and in the query.

    Raises:
        ProblemError: something is wrong; all of it at once, with what was found and what is expected.
    """
    known, wrong, values = parameters(kind), [*_unknown(kind, path, query)], {}
    given = {name: query[name] for name in query if name in known} | dict(path)
    for name, text in given.items():
        attribute, of, _ = known[name]
        try:
            values[attribute] = _value(text, of)
        except (msgspec.ValidationError, ValueError):
            wrong.append(Wrong(name, text, expected(schema_of(of))))
    if wrong:
        raise ProblemError(400, "Not all parameters could be understood: see errors.", wrong)
    return kind(**values)


@cache
def schema_of(kind: Any) -> Mapping[str, Any]:
    """The JSON Schema of a parameter, all in one: as it is validated, and as the document says."""
    (schema,), components = msgspec.json.schema_components([kind])
    for inner in schema.get("allOf", [schema]):
        if "$ref" in inner:
            found = components[inner["$ref"].rpartition("/")[2]]
            return {k: v for k, v in found.items() if k not in ("title", "description")} | _beside(schema)
    return schema


def expected(schema: Mapping[str, Any]) -> str:
    """What a parameter of *schema* is to be, in words."""
    if "enum" in schema:
        return "one of " + ", ".join(schema["enum"])
    match schema.get("format") or schema["type"]:
        case "date":
            return "a date such as 2026-11-23"
        case "date-time":
            return "an instant with its offset, such as 2026-11-23T16:30:00+01:00 (a + is written %2B)"
        case "integer":
            return f"a whole number from {schema['minimum']} to {schema['maximum']}"
        case "boolean":
            return "true or false"
        case _:
            return f"text of at most {schema['maxLength']} characters, without control characters"


def cursor_in(text: str | None) -> Cursor | None:
    """The place in the list that *text* names.

    Raises:
        ProblemError: it names none.
    """
    try:
        return Cursor.parse(text) if text else None
    except ValueError as error:
        raise ProblemError.of("cursor", text, "`older` or `newer` of an answer, as it stands there") from error


def _given(kind: Any) -> Any:
    """What is given where something is: the type without None."""
    plain = [each for each in get_args(kind) if each is not NoneType]
    return plain[0] if NoneType in get_args(kind) else kind


def _value(text: str, kind: Any) -> Any:
    if schema_of(kind).get("type") == "boolean":
        return msgspec.convert(_BOOLEANS.get(text), kind)
    return msgspec.convert(text, kind, strict=False)


def _unknown(kind: type[Struct], path: Mapping[str, str], query: MultiDict[str, str]) -> Iterator[Wrong]:
    """What is asked and means nothing here, or is asked twice: whoever asks for it would be answered something else."""
    known = [name for name in parameters(kind) if name not in path]
    for name, texts in query.lists():
        if name not in known:
            close = nearest(name, known).removeprefix("; ")
            yield Wrong(name, texts[0], close or f"only {', '.join(known) or 'no parameters'}")
        elif len(texts) > 1:
            yield Wrong(name, ", ".join(texts), "one value")


def _beside(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in schema.items() if key not in ("allOf", "$ref")}
