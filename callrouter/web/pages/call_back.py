"""The page of whoever calls back: the number, and how it went."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, redirect, request, url_for
from sqlalchemy import Row
from werkzeug.wrappers import Response

from callrouter.calllog import calling_back
from callrouter.calllog.missed import call_backs, waiting_calls
from callrouter.calllog.review import add_note, notes
from callrouter.domain.call_back import CallBack
from callrouter.domain.review import Act
from callrouter.web.call_back_form import Refused, read_outcome, results_of
from callrouter.web.discretion import hidden
from callrouter.web.rendering import render
from callrouter.web.site import Site, signed_in, visit
from callrouter.web.texts import Text

OLDEST = "oldest"


def add_to(routes: Blueprint, site: Site) -> None:
    """Add the page of a call-back to the list's."""

    @routes.get("/call-backs/<int:number>")
    def form(number: int) -> Response:
        return _form(site, number)

    @routes.post("/call-backs/<int:number>/done")
    def done(number: int) -> Response:
        try:
            is_done = _finish(site, number)
        except Refused as refused:
            return _form(site, number, refused.text)
        return to_list("call-back-done" if is_done else "call-back-over")

    @routes.post("/call-backs/<int:number>/let-go")
    def let_go(number: int) -> Response:
        with site.database.writing() as connection:
            is_gone = calling_back.let_go(connection, number, act_now())
        return to_list("call-back-let-go" if is_gone else "call-back-over")


def act_now() -> Act:
    """Whoever asks does it, now."""
    return Act(signed_in().name, visit().at)


def choice() -> dict[str, str]:
    """What of the list somebody wants to see: a unit, and the order."""
    order = OLDEST if request.args.get("order") == OLDEST else ""
    return {"unit": request.args.get("unit", ""), "order": order}


def query() -> dict[str, Any]:
    """The same, for addresses."""
    return {name: value for name, value in choice().items() if value}


def to_list(done: str) -> Response:
    """Back to the list, which says what was *done*."""
    return redirect(url_for("call_backs.page", done=done, **query()), 303)


def _form(site: Site, number: int, error: Text | None = None) -> Response:
    with site.database.reading() as connection:
        mine = calling_back.own(connection, number, signed_in().name)
        calls = waiting_calls(connection, (mine.day, mine.call_id), visit().at) if mine else ()
        keys = [(call.day, call.call_id) for call in calls]
        tries = [each for some in call_backs(connection, keys).values() for each in some if each.result]
        written = [note for key in keys for note in notes(connection, key)]
    if mine is None or not calls:
        return to_list("call-back-over" if mine or _was_ours(site, number) else "call-back-not-yours")
    caller = _caller(mine, calls)
    return render(
        "call_back.html",
        422 if error else 200,
        mine=mine,
        number=caller,
        calls=calls,
        tries=tries,
        notes=written,
        results=results_of(caller),
        typed=request.form,
        error=error.said(visit().language) if error else "",
        discreet=site.discreet,
        titles=site.titles,
        asked=query(),
    )


def _was_ours(site: Site, number: int) -> bool:
    """Whether whoever asks has had the call-back *number*."""
    with site.database.reading() as connection:
        taken_by = calling_back.taken_by(connection, number)
    if taken_by is None:
        abort(404)
    return taken_by == signed_in().name


def _caller(mine: CallBack, calls: Sequence[Row[Any]]) -> str | None:
    """The number to call, where it is known."""
    found: str | None = next(call.number for call in calls if call.call_id == mine.call_id)
    return found


def _finish(site: Site, number: int) -> CallBack | None:
    """Keep how it went.

    Raises:
        Refused: what was typed cannot be kept.
    """
    act = act_now()
    with site.database.reading() as connection:
        mine = calling_back.own(connection, number, act.who)
        if mine is None or not waiting_calls(connection, (mine.day, mine.call_id), act.at):
            return None
        caller = hidden(site, connection, (mine.day, mine.call_id))
    outcome = read_outcome(request.form, site.zone, act.at, caller)
    with site.database.writing() as connection:
        done = calling_back.finish(connection, number, act, outcome.result, outcome.again_at)
        if done and outcome.note:
            add_note(connection, (mine.day, mine.call_id), act, outcome.note)
    return done
