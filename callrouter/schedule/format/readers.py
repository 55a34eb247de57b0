"""The shape of the file: what a node must look like, what is wrong with it, and the JSON Schema of the same."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeAlias, TypeVar

from callrouter.domain.sentence import Sentence
from callrouter.schedule.format.problems import Findings
from callrouter.schedule.format.text import Unreadable
from callrouter.schedule.format.tree import Broken, Mapping, Node, Scalar, Sequence

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
Json: TypeAlias = dict[str, Any]

_KINDS = {Scalar: Sentence("a text"), Sequence: Sentence("a list"), Mapping: Sentence("a block of settings")}


class Reader(Protocol[T_co]):
    """Turns a node into a value."""

    def read(self, node: Node, found: Findings) -> T_co | None:
        """Return the value, or None where the node is unreadable; the reasons are noted in *found*."""
        ...

    def json_schema(self) -> Json:
        """Return the JSON Schema of what is readable."""
        ...


@dataclass(frozen=True, slots=True)
class Placed(Generic[T]):
    """A value and where it stands."""

    value: T
    node: Node


def refuse_kind(node: Node, expected: str | Sentence, found: Findings) -> None:
    """Note that *node* is of the wrong kind."""
    expected = Sentence(expected) if isinstance(expected, str) else expected
    if _is_empty(node):
        found.error(node, "nothing stands here; expected {expected}", expected=expected)
    elif not isinstance(node, Broken):
        text = "{kind} stands here; expected {expected}"
        found.error(node, text, kind=_KINDS[type(node)], expected=expected)


def _is_empty(node: Node) -> bool:
    match node:
        case Scalar(text=content) | Sequence(items=content) | Mapping(pairs=content):
            return not content
        case _:
            return False


@dataclass(frozen=True)
class Word(Generic[T]):
    """A single text. *notice* may find something that is readable but hardly meant."""

    parse: Callable[[str], T]
    expected: str | Sentence
    schema: Json
    is_prose: bool = False
    notice: Callable[[T], Sentence | None] | None = None

    def read(self, node: Node, found: Findings) -> T | None:
        if not isinstance(node, Scalar):
            refuse_kind(node, self.expected, found)
            return None
        try:
            value = self.parse(node.text)
        except Unreadable as error:
            found.error(node, error.sentence)
            return None
        self._look_twice(value, node, found)
        return value

    def _look_twice(self, value: T, node: Scalar, found: Findings) -> None:
        if self.is_prose and node.cut:
            text = "the text ends at '{text}', for ' #' begins a comment; use quotes if it goes on"
            found.warn(node, text, text=node.text[-20:])
        if self.notice and (warning := self.notice(value)):
            found.warn(node, warning)

    def json_schema(self) -> Json:
        return self.schema


@dataclass(frozen=True)
class AtPlace(Generic[T]):
    """What another reader reads, with its place."""

    inner: Reader[T]

    def read(self, node: Node, found: Findings) -> Placed[T] | None:
        value = self.inner.read(node, found)
        return None if value is None else Placed(value, node)

    def json_schema(self) -> Json:
        return self.inner.json_schema()


@dataclass(frozen=True)
class ListOf(Generic[T]):
    """A list; a single item may stand without brackets."""

    item: Reader[T]
    expected: str
    may_be_empty: bool = False

    def read(self, node: Node, found: Findings) -> tuple[T, ...] | None:
        if isinstance(node, Sequence) and (node.items or self.may_be_empty):
            values = (self.item.read(item, found) for item in node.items)
            return tuple(value for value in values if value is not None)
        if isinstance(node, Scalar) and node.text:
            value = self.item.read(node, found)
            return None if value is None else (value,)
        refuse_kind(node, self.expected, found)
        return None

    def json_schema(self) -> Json:
        item = self.item.json_schema()
        least = {} if self.may_be_empty else {"minItems": 1}
        listed: Json = {"type": "array", "items": item, **least}
        return listed if item.get("type") == "object" else {"anyOf": [listed, item]}


@dataclass(frozen=True, slots=True)
class Named(Generic[T]):
    """An entry of a block of names: its key, and its value where that could be read."""

    key: Scalar
    value: T | None

    @property
    def name(self) -> str:
        return self.key.text


@dataclass(frozen=True)
class MapOf(Generic[T]):
    """A block of names with a value each. An entry with an unreadable value is still known by its name."""

    name: Callable[[str], object]
    value: Reader[T]
    expected: str
    name_pattern: str = ""
    may_be_empty: bool = False

    def read(self, node: Node, found: Findings) -> dict[str, Named[T]] | None:
        if not isinstance(node, Mapping) or not (node.pairs or self.may_be_empty):
            refuse_kind(node, self.expected, found)
            return None
        entries: dict[str, Named[T]] = {}
        for key, value in node.pairs:
            try:
                self.name(key.text)
            except Unreadable as error:
                found.error(key, error.sentence)
            entries[key.text] = Named(key, self.value.read(value, found))
        return entries

    def json_schema(self) -> Json:
        names = {"propertyNames": {"pattern": self.name_pattern}} if self.name_pattern else {}
        return {"type": "object", "additionalProperties": self.value.json_schema(), **names}
