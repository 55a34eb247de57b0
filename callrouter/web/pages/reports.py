"""Reports: how the calls of a period were answered, when they came, how long callers waited; each as a file too."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Blueprint, abort, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from callrouter.calllog.catching_up import missing_since
from callrouter.calllog.disputes import open_disputes
from callrouter.calllog.gone import whole_from
from callrouter.calllog.reports import Asked, repeat_callers, units_counted
from callrouter.calllog.spreadsheet import as_csv, as_xlsx
from callrouter.web import findings, report_wish
from callrouter.web.figures import Figured
from callrouter.web.rendering import as_file, render
from callrouter.web.report import AT_MOST, read, table, waits
from callrouter.web.report_charts import Charts, seconds_said
from callrouter.web.report_wish import NAMED, Wish
from callrouter.web.site import Site, visit

TABLES = frozenset({"total", "unit", "company", "heat", "day", "month", "waits"})
"""What can be had as a file. People who were rung are not told apart here."""


def blueprint(site: Site) -> Blueprint:
    """The page, its tables as files, and the callers, who are slower to count."""
    routes = Blueprint("reports", __name__)

    @routes.get("/reports")
    def page() -> Response:
        with site.database.reading() as connection:
            wish, asked = _chosen(site, connection)
            disputed = open_disputes(connection)
            report = read(connection, asked, site.loaded().schedule, visit().at, visit().today)
            missing = missing_since(connection, wish.period, visit().at)
        charts = Charts(report, Figured(visit().language), _titles(site))
        units = _units(site, asked.units)
        return _render(
            "reports.html", site, wish, charts=charts, report=report, units=units, missing=missing, disputed=disputed
        )

    @routes.get("/reports/callers")
    def callers() -> Response:
        with site.database.reading_at_length(AT_MOST) as connection:
            wish, asked = _chosen(site, connection)
            found, gone = repeat_callers(connection, asked), whole_from(connection, wish.period, visit().zone)
        return _render("callers.html", site, wish, callers=found, gone_before=gone)

    @routes.get("/reports/<name>.<any(csv, xlsx):form>")
    def file(name: str, form: str) -> Response:
        if name not in TABLES:
            abort(404)
        with site.database.reading() as connection:
            wish, asked = _chosen(site, connection)
            heads, rows = table(connection, asked, name, site.loaded().schedule, visit().at)
        called = f"callrouter-{name}-{wish.period.first}-{wish.period.last}.{form}"
        return as_file(called, as_xlsx(name, heads, rows) if form == "xlsx" else as_csv(heads, rows))

    return routes


def _chosen(site: Site, connection: Connection) -> tuple[Wish, Asked]:
    """What the address asks for."""
    counted = units_counted(connection, site.origin)
    try:
        wish = report_wish.wish(request.args, visit().today, _units(site, counted))
    except LookupError:
        abort(404)
    return wish, Asked(wish.period, site.origin, wish.unit, units=counted)


def _units(site: Site, counted: Iterable[str]) -> list[str]:
    """The units that can be asked for: those of the schedule, and of the counts."""
    return list(dict.fromkeys([*_titles(site), *filter(None, counted)]))


def _titles(site: Site) -> Mapping[str, str]:
    """What each unit is called."""
    schedule = site.loaded().schedule
    return {name: unit.title for name, unit in schedule.units.items()} if schedule else {}


def _render(template: str, site: Site, wish: Wish, **values: Any) -> Response:
    figured = Figured(visit().language)
    words = {"findings": findings, "figured": figured, "waits": waits, "seconds_said": seconds_said}
    status = 422 if wish.error else 200
    return render(template, status, wish=wish, titles=_titles(site), named=NAMED, **words, **values)
