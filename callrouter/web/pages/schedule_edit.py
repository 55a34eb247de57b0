"""The schedule in an editor: judged, compared with what holds, asked of the calls that were; then saved, with why."""

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from flask import Blueprint, abort, g, jsonify, redirect, request, url_for
from flask import Response as FlaskResponse
from werkzeug.wrappers import Response

from callrouter.calllog.published import text_of
from callrouter.calls.schedule_edits import ChangedMeanwhileError, Edit, NotWrittenError, Review, review, save
from callrouter.domain.control import LONGEST_WHY
from callrouter.domain.schedule import title_of
from callrouter.domain.until import in_one_line
from callrouter.schedule.format.problems import Problem
from callrouter.schedule.format.reading import read, version_of
from callrouter.schedule.format.source import LARGEST
from callrouter.swedish import said
from callrouter.web.auth import remember_language
from callrouter.web.editor_words import editor_words
from callrouter.web.rendering import render
from callrouter.web.schedule_lines import excerpt, in_words
from callrouter.web.site import Site, signed_in, visit
from callrouter.web.texts import Text, language_of

MOST_BYTES = 2 * LARGEST + 64_000
"""Twice the largest schedule: browsers make two bytes of the end of a line, and there is room to be told of errors."""

HAS_ERRORS = Text("Ett schema med fel kan inte sparas.", "A schedule with errors cannot be saved.")
NOT_REVIEWED = Text(
    "Texten är en annan än den du granskade. Det här skulle den ändra.",
    "The text is another than the one you reviewed. This is what it would change.",
)
NO_WHY = Text("Skriv varför. Andra kommer att fråga.", "Say why. Others will ask.")
LONG_WHY = Text("Skriv högst 200 tecken.", "Write at most 200 characters.")
MEANWHILE = Text(
    "Någon annan har ändrat schemat medan du skrev. Ingenting är sparat, och din text står kvar. Skillnaden nedan är "
    "mot det som gäller nu: det du inte har skrivit själv är den andres ändring.",
    "Somebody else changed the schedule while you wrote. Nothing is saved, and your text is still here. The difference "
    "below is against what holds now: what you did not write yourself is the other's change.",
)
NOT_WRITTEN = Text(
    "Filen gick inte att skriva: {reason}. Texten står kvar: kopiera eller hämta den.",
    "The file could not be written: {reason}. The text is still here: copy or download it.",
)


@dataclass(frozen=True, slots=True)
class Typed:
    """What the form holds: the text, the version that it was made from, the version that was reviewed, and why."""

    text: str
    base: str
    reviewed: str = ""
    why: str = ""

    @classmethod
    def of_the_form(cls) -> "Typed":
        """Read it; a browser's ends of lines are those of the file."""
        form = request.form
        text = form.get("text", "").replace("\r\n", "\n").replace("\r", "\n")
        return cls(text, form.get("base", ""), form.get("reviewed", ""), in_one_line(form.get("why", "")))

    @property
    def version(self) -> str:
        """The version that it would be."""
        return version_of(self.text)


def blueprint(site: Site) -> Blueprint:
    """The editor."""
    routes = Blueprint("schedule_edit", __name__)
    routes.url_value_preprocessor(_takes_large_forms)

    @routes.get("/schedule/edit")
    def form() -> Response:
        typed = _to_begin_with(site)
        return _page(site, typed, Review(read(typed.text, visit().at)))

    @routes.post("/schedule/edit", endpoint="review")
    def compare() -> Response:
        if "to" not in request.form:
            return _reviewed(site, Typed.of_the_form())
        g.visit = replace(visit(), language=language_of(request.form["to"]))
        response = _reviewed(site, Typed.of_the_form())
        remember_language(site, response, visit().language)
        return response

    @routes.post("/schedule/edit/problems")
    def problems() -> Response:
        reading = read(Typed.of_the_form().text, visit().at)
        return jsonify(errors=[*map(_entry, reading.errors)], warnings=[*map(_entry, reading.warnings)])

    @routes.post("/schedule/edit/text")
    def download() -> Response:
        answer = FlaskResponse(Typed.of_the_form().text, content_type="application/yaml; charset=utf-8")
        answer.headers["Content-Disposition"] = 'attachment; filename="schedule.yaml"'
        return answer

    @routes.post("/schedule/edit/save", endpoint="save")
    def keep() -> Response:
        return _saved(site, Typed.of_the_form())

    return routes


def _takes_large_forms(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Before the form is read: a schedule of ten thousand exceptions fits."""
    request.max_content_length = request.max_form_memory_size = MOST_BYTES


def _to_begin_with(site: Site) -> Typed:
    """What is kept now; or, over it, the text of an earlier version that somebody wants back."""
    content = site.schedule_place.content()
    base, wanted = version_of(content), request.args.get("version")
    if wanted is None:
        return Typed(content.decode("utf-8-sig", errors="replace"), base)
    with site.database.reading() as connection:
        text = text_of(connection, wanted) or abort(404)
    why = Text("Tillbaka till version {version}", "Back to version {version}")
    return Typed(text, base, why=why.said(visit().language, version=wanted[:8]))


def _reviewed(site: Site, typed: Typed, error: str = "") -> Response:
    """The form with what *typed* would change."""
    reviewed = review(site.database, typed.text, site.loaded().schedule, visit().at, site.origin)
    if reviewed.reading.schedule is None:
        error = error or HAS_ERRORS.said(visit().language)
    return _page(site, typed, reviewed, error)


def _saved(site: Site, typed: Typed) -> Response:
    wrong = _wrong_with(typed)
    if wrong or read(typed.text, visit().at).schedule is None:
        return _reviewed(site, typed, wrong.said(visit().language) if wrong else "")
    edit = Edit(typed.text, typed.base, signed_in().name, typed.why)
    try:
        save(site.database, site.schedule_place, edit, visit().at)
    except ChangedMeanwhileError:
        base = version_of(site.schedule_place.content())
        site.schedule_changed()
        return _reviewed(site, Typed(typed.text, base, why=typed.why), MEANWHILE.said(visit().language))
    except NotWrittenError as error:
        return _reviewed(site, typed, NOT_WRITTEN.said(visit().language, reason=str(error)))
    site.schedule_changed()
    return redirect(url_for("schedule.page", done="schedule-saved"), 303)


def _wrong_with(typed: Typed) -> Text | None:
    if typed.version != typed.reviewed:
        return NOT_REVIEWED
    if not typed.why:
        return NO_WHY
    return LONG_WHY if len(typed.why) > LONGEST_WHY else None


def _page(site: Site, typed: Typed, of: Review, error: str = "") -> Response:
    place = site.schedule_place
    return render(
        "schedule_edit.html",
        422 if error else 200,
        typed=typed,
        place=place,
        is_writable=place.is_writable(),
        is_same=typed.version == typed.base,
        in_force=site.loaded().schedule,
        review=of,
        title_then=partial(title_of, of.reading.schedule),
        parts=in_words(of.found, of.reading.schedule) if of.found and of.reading.schedule else [],
        excerpt=excerpt(typed.text, of.reading),
        error=error,
        longest_why=LONGEST_WHY,
        words=editor_words(visit().language),
        earlier=request.args.get("version", "")[:8],
    )


def _entry(problem: Problem) -> dict[str, Any]:
    return {"line": problem.line, "text": said(problem.sentence, visit().language)}
