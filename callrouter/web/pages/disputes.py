"""Disputes: a company marks a call of its statement, and takes that back; who answers for the service settles it."""

from flask import Blueprint, abort, redirect, request, url_for
from werkzeug.wrappers import Response

from callrouter.calllog import disputes
from callrouter.calllog.ledger import line_named
from callrouter.calllog.statement_words import WORDS
from callrouter.calls.writing import NotKeptError, Reason, written
from callrouter.domain.control import LONGEST_WHY
from callrouter.domain.ledger import Dispute, Line
from callrouter.web.discretion import NUMBER_TOLD, hidden
from callrouter.web.pages.statements import own_company
from callrouter.web.rendering import render
from callrouter.web.site import Site, signed_in, visit
from callrouter.web.texts import Text

NO_REASON = Text("Skriv varför: båda parter läser det.", "Say why: both sides read it.")
NO_RESULT = Text("Skriv vad parterna kom överens om.", "Say what the parties agreed on.")
TOO_LONG = Text("Skriv högst 200 tecken.", "Write at most 200 characters.")
ALREADY = Text("Samtalet är redan bestritt.", "The call is disputed already.")


def blueprint(site: Site) -> Blueprint:
    """A form to dispute a call, a button that takes it back, a form to settle it."""
    routes = Blueprint("disputes", __name__)

    @routes.get("/company/calls/<call_id>/dispute")
    def form(call_id: str) -> Response:
        return _form(site, own_company(), _line(site, call_id, own_company()))

    @routes.post("/company/calls/<call_id>/dispute")
    def make(call_id: str) -> Response:
        return _make(site, own_company(), _line(site, call_id, own_company()))

    @routes.post("/company/disputes/<int:number>/withdraw")
    def withdraw(number: int) -> Response:
        return _withdraw(site, own_company(), number)

    @routes.get("/reports/disputes/<int:number>")
    def disputed(number: int) -> Response:
        said, line = _numbered(site, number)
        return _form(site, said.company, line, said)

    @routes.post("/reports/disputes/<int:number>")
    def settle(number: int) -> Response:
        return _settle(site, *_numbered(site, number))

    return routes


def _make(site: Site, company: str, line: Line) -> Response:
    reason, error = _typed(site, line, NO_REASON)
    if error:
        return _form(site, company, line, error=error)
    said = Dispute(0, company, reason, signed_in().name, visit().at)
    try:
        with site.database.writing() as connection:
            disputes.dispute(connection, (line.day, line.call_id), said)
    except disputes.DisputedAlreadyError:
        return _form(site, company, line, error=ALREADY)
    except disputes.NotOfferedError:  # destroyed meanwhile
        abort(404)
    return _to_statement(line, "disputed")


def _withdraw(site: Site, company: str, number: int) -> Response:
    with site.database.writing() as connection:
        is_done = disputes.withdraw(connection, number, company, signed_in().name, visit().at)
    said, line = _numbered(site, number)
    if said.company != company:
        abort(404)
    return _to_statement(line, "dispute-withdrawn" if is_done else "dispute-over")


def _settle(site: Site, said: Dispute, line: Line) -> Response:
    result, error = _typed(site, line, NO_RESULT)
    if error:
        return _form(site, said.company, line, said, error)
    with site.database.writing() as connection:
        is_done = disputes.settle(connection, said.id, result, signed_in().name, visit().at)
    done = "dispute-settled" if is_done else "dispute-over"
    month = f"{line.local_time:%Y-%m}"
    return redirect(url_for("statements.of_company", company=said.company, month=month, done=done), 303)


def _typed(site: Site, line: Line, missing: Text) -> tuple[str, Text | None]:
    """What was written of the call of *line*; and what is wrong with it."""
    with site.database.reading() as connection:
        caller = hidden(site, connection, (line.day, line.call_id))
    try:
        return written(request.form.get("text", ""), LONGEST_WHY, caller), None
    except NotKeptError as error:
        wrong = {Reason.EMPTY: missing, Reason.LONG: TOO_LONG, Reason.TELLS_NUMBER: NUMBER_TOLD}
        return "", wrong[error.reason]


def _line(site: Site, call_id: str, company: str) -> Line:
    with site.database.reading() as connection:
        return line_named(connection, call_id, company, site.loaded().schedule) or abort(404)


def _numbered(site: Site, number: int) -> tuple[Dispute, Line]:
    with site.database.reading() as connection:
        found = disputes.dispute_numbered(connection, number) or abort(404)
    (_, call_id), said = found
    return said, _line(site, call_id, said.company)


def _to_statement(line: Line, done: str) -> Response:
    month = f"{line.local_time:%Y-%m}"
    return redirect(url_for("statements.own", month=month, done=done, _anchor=f"call-{line.call_id}"), 303)


def _form(site: Site, company: str, line: Line, said: Dispute | None = None, error: Text | None = None) -> Response:
    """The form about a call of the *company*; about a dispute that was *said*: to settle it."""
    words = WORDS[visit().language]
    told = error.said(visit().language) if error else ""
    return render(
        "dispute.html",
        422 if error else 200,
        company=company,
        line=line,
        said=said,
        error=told,
        typed=request.form.get("text", ""),
        titles=site.titles,
        words=words,
        longest=LONGEST_WHY,
    )
