"""What the schedule has been: who saved it when and why, each version to look at, to compare, and to go back to."""

from collections.abc import Sequence

from flask import Blueprint, abort
from werkzeug.wrappers import Response

from callrouter.calllog.published import Publication, history, text_of
from callrouter.calls.schedule_edits import DAYS_AHEAD
from callrouter.schedule.format.reading import read, version_of
from callrouter.schedule.preview.difference import difference
from callrouter.schedule.preview.difference_words import PartInWords
from callrouter.web.rendering import render
from callrouter.web.schedule_lines import in_words, line_difference
from callrouter.web.site import Site, visit

_MOST = 100


def blueprint(site: Site) -> Blueprint:
    """The list, and each version."""
    routes = Blueprint("schedule_history", __name__)

    @routes.get("/schedule/history")
    def page() -> Response:
        with site.database.reading() as connection:
            saved = history(connection, site.schedule_place.file, _MOST)
        return render("schedule_history.html", saved=saved, in_force=_row_in_force(site, saved), most=_MOST)

    @routes.get("/schedule/history/<version>")
    def version(version: str) -> Response:
        with site.database.reading() as connection:
            text = text_of(connection, version) or abort(404)
            saved = [each for each in history(connection, site.schedule_place.file, _MOST) if each.version == version]
        content = site.schedule_place.content()
        now = content.decode("utf-8-sig", errors="replace")
        return render(
            "schedule_version.html",
            version=version,
            text=text,
            saved=saved,
            is_kept=version_of(content) == version,
            parts=_parts(site, content, text),
            lines=list(line_difference(now, text)),
        )

    return routes


def _row_in_force(site: Site, saved: Sequence[Publication]) -> int | None:
    """The place in *saved* of the version that holds, as it came into force last; not the first, if a file is broken.

    None: it is not among them.
    """
    schedule = site.loaded().schedule
    holds = schedule.version if schedule else None
    return next((place for place, each in enumerate(saved) if each.version == holds), None)


def _parts(site: Site, content: bytes, then: str) -> list[PartInWords] | None:
    """What going back would change from now on; None: one of them cannot be read today."""
    at, in_force = visit().at, site.loaded().schedule
    is_in_force = in_force is not None and in_force.version == version_of(content)
    old, new = in_force if is_in_force else read(content, at).schedule, read(then, at).schedule
    if old is None or new is None:
        return None
    return in_words(difference(old, new, at, DAYS_AHEAD), new)
