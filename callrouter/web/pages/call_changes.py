"""What people say of a call: that they have looked at it, notes, and what is still to be done."""

from collections.abc import Callable, Mapping
from datetime import datetime

from flask import Blueprint, abort, redirect, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from callrouter.calllog.projection import CallGoneError
from callrouter.calllog.review import (
    add_follow_up,
    add_note,
    finish_follow_up,
    follow_ups,
    mark_reviewed,
    mark_unreviewed,
)
from callrouter.calls.discretion import Hidden
from callrouter.calls.writing import NotKeptError, Reason, written
from callrouter.domain.review import LONGEST_NOTE, LONGEST_OWNER, LONGEST_TASK, Act, Task
from callrouter.domain.until import NotATimeError, read_until
from callrouter.web.call_page import CallPage
from callrouter.web.discretion import NUMBER_TOLD, hidden
from callrouter.web.site import Site, visit
from callrouter.web.texts import Text

REASONS: Mapping[str, Text] = {
    Reason.EMPTY: Text("Skriv några ord.", "Write some words."),
    Reason.LONG: Text("Skriv kortare.", "Write less."),
    Reason.TELLS_NUMBER: NUMBER_TOLD,
}
NO_DAY = Text("Ange en dag som inte redan har varit.", "Give a day that is not past.")


Change = Callable[..., Response]


def add_to(routes: Blueprint, site: Site) -> None:
    """Add what changes a call; whoever may not see the call is told that there is none."""
    for path, endpoint, change in (
        ("review", "review", _review),
        ("notes", "note", _note),
        ("follow-ups", "follow_up", _follow_up),
        ("follow-ups/<int:number>", "follow_up_done", _follow_up_done),
    ):
        view = _view(site, endpoint, change)
        routes.add_url_rule(f"/calls/<day>/<call_id>/{path}", endpoint, view, methods=["POST"])


def _view(site: Site, form: str, change: Change) -> Change:
    """Do *change*; what was typed in vain comes back in its *form*."""

    def view(day: str, call_id: str, **which: int) -> Response:
        here = CallPage.asked(site, day, call_id)
        try:
            return change(here, **which)
        except CallGoneError:
            abort(404)
        except NotKeptError as error:
            why = REASONS[error.reason]
        except NotATimeError:
            why = NO_DAY
        return here.shown(422, wrong={form: why.said(visit().language)}, typed=request.form)

    return view


def _review(here: CallPage) -> Response:
    act = request.form.get("act")
    with here.site.database.writing() as connection:
        row = here.row(connection)
        if act == "undo":
            mark_unreviewed(connection, here.key, _by(here))
        else:
            mark_reviewed(connection, here.key, _by(here), _category(here.site))
        older = here.beside(connection, row)["older"]
    if act == "next" and older:
        return redirect(older, 303)
    return _done(here, "call-unreviewed" if act == "undo" else "call-reviewed")


def _note(here: CallPage) -> Response:
    with here.site.database.writing() as connection:
        text = _words("note", LONGEST_NOTE, _caller(here, connection))
        add_note(connection, here.key, _by(here), text)
    return _done(here, "note-added")


def _follow_up(here: CallPage) -> Response:
    with here.site.database.writing() as connection:
        add_follow_up(connection, here.key, _by(here), _task(here.site, _caller(here, connection)))
    return _done(here, "follow-up-added")


def _follow_up_done(here: CallPage, number: int) -> Response:
    with here.site.database.writing() as connection:
        result = _words("result", LONGEST_TASK, _caller(here, connection))
        if number not in [each.id for each in follow_ups(connection, here.key)]:
            abort(404)
        is_done = finish_follow_up(connection, number, _by(here), result)
    return _done(here, "follow-up-done" if is_done else "follow-up-over")


def _by(here: CallPage) -> Act:
    return Act(here.user.name, visit().at)


def _caller(here: CallPage, connection: Connection) -> Hidden:
    """Whose number is not to be written, once it is clear that the call may be seen."""
    here.row(connection)
    return hidden(here.site, connection, here.key)


def _words(name: str, longest: int, caller: Hidden) -> str:
    return written(request.form.get(name, ""), longest, caller)


def _task(site: Site, caller: Hidden) -> Task:
    what, owner = _words("what", LONGEST_TASK, caller), _words("owner", LONGEST_OWNER, caller)
    return Task(what, owner, _due(site, request.form.get("due", "")))


def _due(site: Site, typed: str) -> datetime:
    due = read_until(typed, site.zone, visit().at)
    if due <= visit().at:
        raise NotATimeError(typed)
    return due


def _category(site: Site) -> str | None:
    """One of the schedule's; nothing chosen leaves what there is."""
    schedule, name = site.loaded().schedule, request.form.get("category", "")
    if not name:
        return None
    if schedule is None or name not in schedule.review.categories:
        abort(422)
    return name


def _done(here: CallPage, notice: str) -> Response:
    return redirect(here.address(done=notice), 303)
