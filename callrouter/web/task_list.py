"""Tasks as a page shows them: each with what it was, how far it is, what came of it, and what can be done."""

from collections.abc import Collection, Mapping
from typing import Any

from callrouter.calllog import tasks
from callrouter.domain.words import TaskKind
from callrouter.tasks.folder import file_of
from callrouter.web.site import Site, signed_in, visit

EXPORTS = (TaskKind.EXPORT, TaskKind.RESEARCH)


def task_list(site: Site, kinds: Collection[TaskKind], address: str, most: int = 20) -> Mapping[str, Any]:
    """What `part_tasks.html` needs. Exports are their owner's alone; other tasks are everybody's who may see them.

    *address*: where the part asks for itself again.
    """
    at, user = visit().at, signed_in()
    by = user.name if set(kinds) <= set(EXPORTS) else None
    with site.database.reading() as connection:
        known = tasks.newest(connection, kinds, by, most)
    fetchable = {task.key for task in known if file_of(site.tasks.folder, task, at)}
    is_going_on = any(not task.is_over(at) for task in known)
    return {"tasks": known, "fetchable": fetchable, "address": address, "is_going_on": is_going_on}
