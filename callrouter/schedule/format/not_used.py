"""Settings of the format that nothing acts on yet: read and checked, and told, so that nobody relies on them.

Delete a line here when its part is built.
"""

from callrouter.schedule.format.problems import Problem
from callrouter.schedule.format.tree import Mapping, Node

NOT_USED = {
    "test-calls": "no test call is made yet",
}


def not_used(file: Mapping) -> tuple[Problem, ...]:
    """Return a warning for every setting of *file* that does nothing yet."""
    return tuple(_warning(key, NOT_USED[key.path[-1]]) for key, _ in file.pairs if key.path[-1] in NOT_USED)


def _warning(key: Node, so_far: str) -> Problem:
    return Problem(key.line, key.path, f"this setting is read and checked, but {so_far}")
