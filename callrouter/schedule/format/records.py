"""Blocks of known settings: what may stand there, what must, and what is nearest to a typo."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from callrouter.domain.sentence import Sentence
from callrouter.schedule.format.problems import Findings, similar
from callrouter.schedule.format.readers import Json, Named, Reader, refuse_kind
from callrouter.schedule.format.tree import Mapping, Node, Scalar

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True)
class Field(Generic[T_co]):
    """A setting of a block. *doc* is what an editor shows beside it."""

    name: str
    reader: Reader[T_co]
    doc: str
    required: bool = False


@dataclass(frozen=True)
class Values:
    """A block that has been read: ask it by field."""

    node: Mapping
    _values: dict[str, Any]
    _nodes: dict[str, Node]
    rest: tuple[tuple[Scalar, Node], ...] = ()

    def get(self, field: Field[T]) -> T | None:
        """Return the value of *field*; None: not there, or unreadable."""
        value: T | None = self._values.get(field.name)
        return value

    def need(self, field: Field[T]) -> T:
        """Return the value of a required *field* of a file without an error.

        Raises:
            KeyError: it is not there, which such a file does not allow.
        """
        value: T = self._values[field.name]
        return value

    def entries(self, field: Field[dict[str, Named[T]]]) -> list[tuple[Named[T], T]]:
        """Return the readable entries of a block of names."""
        named = self.get(field) or {}
        return [(entry, entry.value) for entry in named.values() if entry.value is not None]

    def has(self, field: Field[Any]) -> bool:
        """Say whether *field* stands there, readable or not."""
        return field.name in self._nodes

    def at(self, field: Field[Any]) -> Node:
        """Return where *field* stands; the block itself if it does not."""
        return self._nodes.get(field.name, self.node)


@dataclass(frozen=True)
class Record:
    """A block of known settings. *others* says of a further key whether it may stand there."""

    fields: tuple[Field[Any], ...]
    expected: str
    others: Callable[[Scalar, Findings], bool] | None = None
    other_schema: Json | None = None

    def read(self, node: Node, found: Findings) -> Values | None:
        if not isinstance(node, Mapping):
            refuse_kind(node, self.expected, found)
            return None
        known = {field.name: field for field in self.fields}
        values: dict[str, object] = {}
        rest: list[tuple[Scalar, Node]] = []
        for key, value in node.pairs:
            if key.text in known:
                values[key.text] = known[key.text].reader.read(value, found)
            elif self._may_stand(key, found):
                rest.append((key, value))
        nodes = {key.text: value for key, value in node.pairs}
        self._miss(node, nodes, found)
        return Values(node, values, nodes, tuple(rest))

    def _may_stand(self, key: Scalar, found: Findings) -> bool:
        if self.others:
            return self.others(key, found)
        refuse_setting(key, (field.name for field in self.fields), found)
        return False

    def _miss(self, node: Mapping, nodes: dict[str, Node], found: Findings) -> None:
        for field in self.fields:
            if field.required and field.name not in nodes:
                text = "'{name}' is missing; expected it here: {doc}"
                found.error(node, text, name=field.name, doc=Sentence(field.doc))

    def json_schema(self) -> Json:
        properties = {field.name: {**field.reader.json_schema(), "description": field.doc} for field in self.fields}
        required = [field.name for field in self.fields if field.required]
        rest = {} if self.other_schema is None else {"patternProperties": self.other_schema}
        needs = {"required": required} if required else {}
        return {"type": "object", "properties": properties, "additionalProperties": False, **rest, **needs}


def refuse_setting(key: Scalar, known: Iterable[str], found: Findings) -> None:
    """Note an unknown setting, with the nearest known one."""
    names = list(known)
    hint = similar(key.text, names) or Sentence.of("; expected {names}", names=names)
    found.error(key, "there is no setting '{name}' here{hint}", name=key.text, hint=hint)
