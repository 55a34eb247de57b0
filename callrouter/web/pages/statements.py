"""A company's month, call by call: for those who look back, and for the company itself, whose name is in no address."""

import re
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from flask import Blueprint, abort, request
from sqlalchemy import Connection
from werkzeug.routing import PathConverter
from werkzeug.wrappers import Response

from callrouter.calllog.ledger import companies, statement
from callrouter.calllog.spreadsheet import as_csv, as_xlsx
from callrouter.calllog.statement import statement_table
from callrouter.calllog.statement_words import WORDS
from callrouter.domain.ledger import OUTCOMES, Line, Statement
from callrouter.domain.measures import FEW, Share
from callrouter.domain.period import Period
from callrouter.domain.words import Outcome
from callrouter.web.figures import Figured
from callrouter.web.notices import notice
from callrouter.web.rendering import as_file, render
from callrouter.web.report import AT_MOST
from callrouter.web.report_wish import month_called
from callrouter.web.site import Site, signed_in, visit

ALL, MISSED, DISPUTED = "all", "missed", "disputed"
MOST_LINES = 300
"""On one page; a file has them all."""

_DIGEST, _DIGITS = "~", 16
_LONGEST_PLAIN = 200
_ODD = re.compile(r"^$|^[/~]|//|/$|(^|/)\.\.?(/|$)|/[^/]*\.(csv|xlsx)$")
"""What is not plain in an address, or could be read as another."""


@dataclass(frozen=True, slots=True)
class Months:
    """The first days of the month before, and of the one after unless it is to come."""

    before: date
    after: date | None


class _Company(PathConverter):
    """A company in an address: by its name, or by a digest of one that no address brings whole to us.

    A browser resolves dots, proxies join slashes, a router reads one line, and servers refuse what is too long.
    """

    def to_url(self, value: Any) -> str:
        """The part of the address that stands for the company called *value*."""
        is_plain = value.isprintable() and len(value.encode()) <= _LONGEST_PLAIN and not _ODD.search(value)
        return super().to_url(value if is_plain else _digest(value))


def _digest(company: str) -> str:
    return _DIGEST + sha256(company.encode()).hexdigest()[:_DIGITS]


def blueprint(site: Site) -> Blueprint:
    """The statement of any company, the one of one's own, and both as files."""
    routes = Blueprint("statements", __name__)
    routes.record_once(lambda state: state.app.url_map.converters.update(company=_Company))

    @routes.get("/reports/contract/<company:company>/<month>")
    def of_company(company: str, month: str) -> Response:
        return _page(site, _stated(site, company, month), is_own=False)

    @routes.get("/reports/contract/<company:company>/<month>.<any(csv, xlsx):form>")
    def file_of_company(company: str, month: str, form: str) -> Response:
        return _file(_stated(site, company, month), form)

    @routes.get("/company/statement", defaults={"month": ""})
    @routes.get("/company/statement/<month>")
    def own(month: str) -> Response:
        return _page(site, _stated(site, own_company(), month or f"{visit().today:%Y-%m}"), is_own=True)

    @routes.get("/company/statement/<month>.<any(csv, xlsx):form>")
    def own_file(month: str, form: str) -> Response:
        return _file(_stated(site, own_company(), month), form)

    return routes


def own_company() -> str:
    """The company of whoever is signed in; who has none has no statement."""
    return signed_in().company or abort(404)


def _stated(site: Site, company: str, month: str) -> Statement:
    period = month_called(month) or abort(404)
    with site.database.reading_at_length(AT_MOST) as connection:
        name = _named(site, connection, company) if company.startswith(_DIGEST) else company
        made = statement(connection, name, period, site.loaded().schedule, site.origin)
        is_known = made.lines or name == signed_in().company or name in _known(site, connection)
    return made if is_known else abort(404)


def _named(site: Site, connection: Connection, digest: str) -> str:
    """The company of which an address has the *digest*; where nobody knows such, that is its name."""
    return next((name for name in _known(site, connection) if _digest(name) == digest), digest)


def _known(site: Site, connection: Connection) -> set[str]:
    """The companies of the log, and those of today's contracts."""
    schedule = site.loaded().schedule
    contracts = [c for d in schedule.destinations.values() for c in d.contracts] if schedule else []
    return {*companies(connection), *(contract.company for contract in contracts)}


def _file(made: Statement, form: str) -> Response:
    """The name says the month alone: a company's may have any letters."""
    heads, rows = statement_table(made)
    name = f"callrouter-statement-{made.period.first:%Y-%m}.{form}"
    return as_file(name, as_xlsx("statement", heads, rows) if form == "xlsx" else as_csv(heads, rows))


def _page(site: Site, made: Statement, *, is_own: bool) -> Response:
    show, day = request.args.get("show", ALL), request.args.get("day", "")
    chosen = [line for line in made.lines if _is_shown(line, show) and (not day or day == line.arrived[:10])]
    first = (request.args.get("page", 1, int) - 1) * MOST_LINES
    first = first if 0 < first < len(chosen) else 0
    words: dict[str, Any] = {"words": WORDS[visit().language], "figured": Figured(visit().language), "share_of": Share}
    return render(
        "statement.html",
        statement=made,
        lines=chosen[first : first + MOST_LINES],
        page=first // MOST_LINES + 1,
        first=first + 1,
        chosen=len(chosen),
        show=show,
        day=day,
        outcomes=(*OUTCOMES, *([None] if made.outcomes[None] else [])),
        few=FEW,
        months=_months(made.period),
        is_own=is_own,
        titles=site.titles,
        notice=notice(),
        **words,
    )


def _is_shown(line: Line, show: str) -> bool:
    match show:
        case "missed":
            return line.outcome is not Outcome.ANSWERED or line.is_within is False
        case "disputed":
            return bool(line.disputes)
        case _:
            return True


def _months(period: Period) -> Months:
    before = period.months_before(1).first
    after = period.months_before(-1).first
    return Months(before, after if after <= visit().today else None)
