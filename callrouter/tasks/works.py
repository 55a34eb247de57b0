"""What tasks do. Each makes a Wish: what is asked for, and the work that a thread of this process then does.

What a child process is given must be such that it can be sent to it: functions of modules, and values.
"""

import shutil
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from callrouter.calllog.audit import BEGINNING, Verified, entry_of, length, verify
from callrouter.calllog.backup import UnfitError, back_up, problems_of
from callrouter.calllog.copies import Account
from callrouter.calllog.database import Database
from callrouter.calllog.export import Order, export, in_child
from callrouter.calllog.export.child import StoppedError
from callrouter.calllog.export.research import ResearchOrder, export_research
from callrouter.calllog.retention import Foreseen, Run, foresee
from callrouter.calllog.windows import Bounds, Progress, Tell
from callrouter.domain.retention import Due
from callrouter.domain.words import TaskKind
from callrouter.tasks.runner import Finished, Place, Wish

_STEPS = 1000
_ENTRIES_AT_ONCE = 5_000

Count = Callable[[tuple[int, int]], None]
"""Told how much is done, of how much."""


def export_of(url: str, order: Order, who: str) -> Wish:
    """An export of calls; *order* names the file, without a folder."""

    def work(place: Place) -> Finished:
        here = replace(order, file=place.folder / order.file.name)
        rows = in_child(_export, (url, here), _shown(place, order.period), place.stop)
        return Finished({"rows": rows}, order.file.name)

    action = "export-numbers" if order.show_numbers else "export"
    return Wish(TaskKind.EXPORT, who, action, order.told() | {"file": order.file.name}, work)


def research_of(url: str, order: ResearchOrder, who: str) -> Wish:
    """An export for research, as one file: its folder, packed."""

    def work(place: Place) -> Finished:
        here = replace(order, folder=place.folder / order.folder.name)
        calls = in_child(_research, (url, here), _shown(place, order.period), place.stop)
        return Finished({"rows": calls}, name)

    (start, end), name = order.period, f"{order.folder.name}.zip"
    asked = {"from": start.isoformat(), "to": end.isoformat(), "unit": order.unit, "origin": order.origin.value}
    asked["file"] = name
    return Wish(TaskKind.RESEARCH, who, "export-research", asked, work)


def back_up_of(database: Path, target: Path, who: str) -> Wish:
    """A back-up of an SQLite database."""

    def work(place: Place) -> Finished:
        in_child(_back_up, (database, target), lambda done: place.tell(*done), place.stop)
        return Finished({"bytes": target.stat().st_size})

    return Wish(TaskKind.BACK_UP, who, "back-up", {"file": target.name}, work)


def check_of(back_up_file: Path, who: str) -> Wish:
    """A look at whether a back-up can be used."""

    def work(place: Place) -> Finished:
        return Finished({"problems": in_child(_check, back_up_file, lambda done: place.tell(*done), place.stop)})

    return Wish(TaskKind.BACK_UP_CHECK, who, "back-up-check", {"file": back_up_file.name}, work)


def audit_check_of(url: str, who: str, noted: str | None = None) -> Wish:
    """A walk along the chain of the audit log. *noted*: a last hash of earlier, whose entry must still be there."""

    def work(place: Place) -> Finished:
        found = in_child(_follow, url, lambda done: place.tell(*done), place.stop)
        told = {"entries": found.entries, "last_hash": found.last_hash, "broken_at": found.broken_at}
        return Finished(told | ({"noted": noted, "noted_at": _at(url, noted)} if noted else {}))

    return Wish(TaskKind.AUDIT_CHECK, who, "audit-check", {"noted": noted} if noted else {}, work)


def _at(url: str, noted: str) -> int | None:
    with closing(Database(url)) as database, database.reading() as connection:
        return entry_of(connection, noted)


def retention_of(
    database: Database, account: Callable[[], Account | None], dues: Iterable[Due], who: str, at: datetime
) -> Wish:
    """A run of retention: in this process, for it rests most of the time, and has to know the provider's account."""
    known = tuple(dues)

    def work(place: Place) -> Finished:
        gone, total = 0, sum(each.count for each in foresee(database, known))
        place.tell(0, total)

        def on_gone(count: int) -> None:
            nonlocal gone
            gone += count
            place.tell(gone, total)

        protocol = Run(database, account(), who, at, place.stop, on_gone=on_gone).destroy(known)
        if place.stop.is_set():
            raise StoppedError
        counts = sum(protocol.destroyed.values())
        return Finished({"count": counts, "outstanding": protocol.outstanding})

    return Wish(TaskKind.RETENTION, who, "retention-run", {}, work)


def preview_of(url: str, dues: Iterable[Due], who: str) -> Wish:
    """A count of what a run of retention would destroy now."""
    known = tuple(dues)

    def work(place: Place) -> Finished:
        found = in_child(_foresee, (url, known), lambda done: place.tell(*done), place.stop)
        return Finished({"found": [_told(each) for each in found]})

    return Wish(TaskKind.RETENTION_PREVIEW, who, "retention-preview", {}, work)


def _told(each: Foreseen) -> dict[str, Any]:
    order = each.order
    decided_on = order.decided_on.isoformat() if order.decided_on else None
    by = {"before": order.before.isoformat(), "decision": order.decision, "decided_on": decided_on}
    return {"what": order.what, "unit": each.unit, "count": each.count, "held": each.held} | by


def _shown(place: Place, period: Bounds) -> Tell:
    def tell(done: Progress) -> None:
        place.tell(round(done.share(period) * _STEPS), _STEPS)

    return tell


def _export(asked: tuple[str, Order], tell: Tell) -> int:
    url, order = asked
    return export(Database(url), order, tell)


def _research(asked: tuple[str, ResearchOrder], tell: Tell) -> int:
    url, order = asked
    made = export_research(Database(url), order, tell)
    shutil.make_archive(str(order.folder), "zip", order.folder.parent, order.folder.name)
    shutil.rmtree(order.folder)
    return made.calls


def _back_up(asked: tuple[Path, Path], tell: Count) -> None:
    database, target = asked
    try:
        back_up(database, target, lambda done, total: tell((done, total)))
    except UnfitError as error:
        raise UnfitError(f"the database is damaged: {error}") from error


def _check(file: Path, tell: Count) -> list[str]:
    tell((0, 0))
    return problems_of(file)


def _foresee(asked: tuple[str, tuple[Due, ...]], tell: Count) -> list[Foreseen]:
    url, dues = asked
    return foresee(Database(url), dues, lambda done, total: tell((done, total)))


def _follow(url: str, tell: Count) -> Verified:
    database, found = Database(url), Verified(0, BEGINNING)
    while True:
        with database.reading() as connection:
            further, total = verify(connection, found, _ENTRIES_AT_ONCE), length(connection)
        tell((further.entries, total))
        if further.broken_at is not None or further.entries == found.entries:
            return further
        found = further
