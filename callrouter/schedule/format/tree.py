"""The YAML file as a tree in which every scalar is text and everything has its line and its path.

YAML itself would turn `10:00` into 600, `no` into False and `0701234567` into an octal number, and would let
the second of two equal keys win. So the parser's events are read, and nothing resolves them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from callrouter.schedule.format.problems import Findings

_DEEPEST = 12  # the format needs 7
_CUT = re.compile(r"\s+#")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text; *cut*: it stands without quotes and a comment ends it."""

    text: str
    line: int
    path: tuple[str, ...]
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    items: tuple["Node", ...]
    line: int
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mapping:
    """Settings and their values, in the order of the file; no key twice."""

    pairs: tuple[tuple[Scalar, "Node"], ...]
    line: int
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Broken:
    """Something that has already been refused: nobody complains about it again."""

    line: int
    path: tuple[str, ...]


Node = Scalar | Sequence | Mapping | Broken


class TooDeepError(Exception):
    """Brackets within brackets within brackets: no schedule, whatever else it is."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def grow(text: str, found: Findings) -> Node:
    """Return the tree of the one YAML document in *text*; what it must not contain is noted in *found*.

    Raises:
        yaml.YAMLError: it is not YAML.
        TooDeepError: it is nested deeper than any schedule.
    """
    return _Gardener(text, found).document()


class _Gardener:
    def __init__(self, text: str, found: Findings) -> None:
        self._lines = text.split("\n")
        # Any: the type stubs know less of the events than the parser guarantees.
        self._events: Iterator[Any] = yaml.parse(text, Loader=_LOADER)
        self._found = found

    def document(self) -> Node:
        root: Node = Broken(1, ())
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent) and not isinstance(root, Broken):
                self._found.error(Broken(_line(event), ()), "a second document begins; expected one")
                break
            if isinstance(event, yaml.NodeEvent):
                root = self._node(event, ())
        return root

    def _node(self, event: yaml.NodeEvent, path: tuple[str, ...], key_line: int | None = None) -> Node:
        line = _line(event)
        if len(path) > _DEEPEST:
            raise TooDeepError(line)
        self._refuse_references(event, path)
        if isinstance(event, yaml.ScalarEvent):
            return Scalar(event.value, line, path, self._is_cut(event))
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(key_line or line, path)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(key_line or line, path)
        return Broken(line, path)

    def _sequence(self, line: int, path: tuple[str, ...]) -> Sequence:
        items: list[Node] = []
        while isinstance(event := next(self._events), yaml.NodeEvent):
            items.append(self._node(event, (*path, f"item {len(items) + 1}")))
        return Sequence(tuple(items), line, path)

    def _mapping(self, line: int, path: tuple[str, ...]) -> Mapping:
        pairs: dict[str, tuple[Scalar, Node]] = {}
        while isinstance(event := next(self._events), yaml.NodeEvent):
            key = self._key(event, path)
            value = self._node(next(self._events), key.path, key.line)
            if isinstance(key, Broken):
                continue
            if key.text in pairs:
                first = pairs[key.text][0].line
                text = "'{key}' stands twice, on line {first} and on line {line}; keep one of them"
                self._found.error(key, text, key=key.text, first=first, line=key.line)
            else:
                pairs[key.text] = key, value
        return Mapping(tuple(pairs.values()), line, path)

    def _key(self, event: yaml.NodeEvent, path: tuple[str, ...]) -> Scalar | Broken:
        node = self._node(event, (*path, "?"))
        if isinstance(node, Scalar):
            name = " ".join(node.text.split())
            return Scalar(name, node.line, (*path, name))
        if not isinstance(node, Broken):
            text = "a list or a block stands where the name of a setting is expected"
            self._found.error(Broken(node.line, path), text)
        return Broken(node.line, path)

    def _refuse_references(self, event: yaml.NodeEvent, path: tuple[str, ...]) -> None:
        place = Broken(_line(event), path)
        if isinstance(event, yaml.AliasEvent):
            text = "an alias, *{name}; write the value out (or put it in quotes)"
            self._found.error(place, text, name=event.anchor)
        elif event.anchor:
            text = "an anchor, &{name}; leave it out (or put the text in quotes)"
            self._found.error(place, text, name=event.anchor)
        elif getattr(event, "tag", None):
            self._found.error(place, "a tag, an exclamation mark with a word; leave it out (or use quotes)")

    def _is_cut(self, event: Any) -> bool:
        if event.style:
            return False  # quoted, or a block
        mark = event.end_mark
        rest = self._lines[mark.line][mark.column :] if mark.line < len(self._lines) else ""
        return bool(event.value and _CUT.match(rest))


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1
