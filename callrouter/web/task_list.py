"""Tasks as a page shows them: each with what it was, how far it is, what came of it, and what can be done."""

from collections.abc import Collection, Mapping
from typing import Any

from flask import url_for

from callrouter.calllog import tasks
from callrouter.domain.words import TaskKind
from callrouter.tasks.folder import file_of
from callrouter.web.site import Site, signed_in, visit

EXPORTS = (TaskKind.EXPORT, TaskKind.RESEARCH)

_RETENTION = "/administration/retention"

LISTS: Mapping[str, tuple[str, Collection[TaskKind], int]] = {
    "exports": ("/exports", EXPORTS, 20),
    "preview": (_RETENTION, (TaskKind.RETENTION_PREVIEW,), 1),
    "retention": (_RETENTION, (TaskKind.RETENTION,), 5),
    "audit": ("/administration/audit", (TaskKind.AUDIT_CHECK,), 1),
    "back-ups": ("/administration/back-ups", (TaskKind.BACK_UP, TaskKind.BACK_UP_CHECK), 5),
}
"""The lists of tasks: on which page each stands, of what kinds, and how many at most."""


def task_list(site: Site, name: str) -> Mapping[str, Any]:
    """What `part_tasks.html` needs. Exports are their owner's alone; other tasks are everybody's who may see them."""
    home, kinds, most = LISTS[name]
    at, by = visit().at, signed_in().name if kinds == EXPORTS else None
    with site.database.reading() as connection:
        known = tasks.newest(connection, kinds, by, most)
    fetchable = {task.key for task in known if file_of(site.tasks.folder, task, at)}
    is_going_on = any(not task.is_over(at) for task in known)
    address = url_for("tasks.own") if kinds == EXPORTS else url_for("tasks.of_kind", kind=name)
    shown = {"tasks": known, "fetchable": fetchable, "address": address, "is_going_on": is_going_on}
    return shown | {"name": name, "home": home, "titles": site.titles}
