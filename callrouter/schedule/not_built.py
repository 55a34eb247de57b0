"""Settings of the format whose part of the service is not built yet: the service refuses them.

A setting that is read and then ignored would turn a caller away in silence. Delete a line here when its part is
built.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from callrouter.schedule.problems import Problem
from callrouter.schedule.tree import Mapping, Node, Scalar


@dataclass(frozen=True, slots=True)
class NotBuilt:
    """A setting by its path (`*` is any name), unless its value is one of *harmless*."""

    path: tuple[str, ...]
    harmless: tuple[str, ...] = ()


NOT_BUILT = (
    NotBuilt(("notify",)),
    NotBuilt(("review",)),
    NotBuilt(("test-calls",)),
    NotBuilt(("retention",)),
)


def unbuilt(file: Mapping) -> tuple[Problem, ...]:
    """Return a problem for every setting of *file* that the service would ignore."""
    return tuple(problem for rule in NOT_BUILT for problem in _uses(file, file, rule.path, rule.harmless))


def _uses(node: Node, place: Node, path: tuple[str, ...], harmless: tuple[str, ...]) -> Iterator[Problem]:
    if not path:
        if not (isinstance(node, Scalar) and node.text.strip().casefold() in harmless):
            yield Problem(place.line, place.path, _sentence(place.path[-1], harmless))
        return
    for key, value in node.pairs if isinstance(node, Mapping) else ():
        if path[0] in ("*", key.text):
            yield from _uses(value, key, path[1:], harmless)


def _sentence(name: str, harmless: tuple[str, ...]) -> str:
    allowed = f" or write '{name}: {harmless[0]}'" if harmless else ""
    return f"this setting is not built yet; remove it{allowed} (the service would ignore it)"
