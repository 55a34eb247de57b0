"""All that the page of one call shows, as far as its reader may see it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import abort, request, url_for
from sqlalchemy import Connection, Row
from werkzeug.wrappers import Response

from callrouter.calllog.cursor import Cursor
from callrouter.calllog.projection import Key
from callrouter.calllog.queries import one_call
from callrouter.calllog.searching import page
from callrouter.calllog.seen import SeenCall, seen
from callrouter.calllog.story import Story
from callrouter.domain.call_filter import Sight
from callrouter.domain.course import Course, Phase, course
from callrouter.domain.ending import goes_on
from callrouter.domain.words import DecidedBy, EventKind
from callrouter.people.users import User
from callrouter.web.call_search import Search, read_search, sight_of
from callrouter.web.notices import notice
from callrouter.web.rendering import part_of, render
from callrouter.web.site import Site, signed_in, visit
from callrouter.web.texts import Text

DECIDED: Mapping[str | None, Text] = {
    DecidedBy.HOURS: Text("Det var {state} enligt veckans öppettider.", "It was {state} by the hours of the week."),
    DecidedBy.SEASON: Text(
        "Det var {state} enligt säsongens öppettider.", "It was {state} by the hours of the season."
    ),
    DecidedBy.DAY_BEFORE: Text(
        "Det var {state}, för dagen därpå är röd.", "It was {state}, for the next day is a red one."
    ),
    DecidedBy.HOLIDAY: Text("Det var {state}, för dagen är en helgdag.", "It was {state}, for the day is a holiday."),
    DecidedBy.EXCEPTION: Text(
        "Det var {state}, för dagen avviker i schemat.", "It was {state}, for the schedule has an exception."
    ),
    DecidedBy.OVERRIDE: Text(
        "Det var {state}, för någon hade styrt den för hand.",
        "It was {state}, for somebody held it so by hand.",
    ),
    DecidedBy.ALWAYS: Text("Enheten svarar dygnet runt.", "The unit answers around the clock."),
    DecidedBy.FAIL_SAFE: Text(
        "Nödkopplingen svarade: enhetens regler kunde inte följas.",
        "The fail-safe answered: the rules of a unit could not be followed.",
    ),
    DecidedBy.BLOCK: Text(
        "Den som ringde var spärrad: ingen telefon ringde.", "The caller was blocked: no phone rang."
    ),
    DecidedBy.FROM_PROVIDER: Text(
        "Samtalet är hämtat ur operatörens lista: tjänsten tog aldrig emot det.",
        "The call comes from the provider's list: the service never received it.",
    ),
    None: Text(
        "Varför samtalet gick dit det gick finns inte i loggen.", "Why it went where it went is not in the log."
    ),
}
"""By the kind of rule that decided."""

PHASES: Mapping[str, Text] = {
    Phase.ANNOUNCED: Text("hör besked", "hears an announcement"),
    "waits": Text("väntar", "waits"),
    Phase.RINGS: Text("ringer", "rings"),
    Phase.SCREENED: Text("har lyft, inte bekräftat", "picked up, not confirmed"),
    Phase.TALKS: Text("talar", "talks"),
    Phase.MESSAGE: Text("lämnar meddelande", "leaves a message"),
}

NO_NUMBER: Mapping[str | None, Text] = {
    "hashed": Text("numret sparas inte för den här enheten", "this unit keeps no numbers"),
    "withheld": Text("skyddat nummer", "withheld number"),
    "other": Text("inget nummer att ringa", "no number to call"),
    "number": Text("numret är raderat", "the number is deleted"),
    None: Text("inget nummer sparat", "no number kept"),
}
"""Why there is none, by what the log says of the caller."""


@dataclass(frozen=True, slots=True)
class CallPage:
    """A call that is looked at: who looks, how far they see, and the list that they come from."""

    site: Site
    user: User
    day: date
    call_id: str

    @classmethod
    def asked(cls, site: Site, day: str, call_id: str) -> "CallPage":
        """The one that the address names; an address that names none is not found."""
        try:
            return cls(site, signed_in(), date.fromisoformat(day), call_id)
        except ValueError:
            abort(404)

    @property
    def sight(self) -> Sight:
        return sight_of(self.user)

    @property
    def search(self) -> Search:
        return read_search(self.site, self.user, request.args)

    def row(self, connection: Connection) -> Row[Any]:
        """The call, if there is one that they may see."""
        return one_call(connection, self.day, self.call_id, self.sight) or abort(404)

    @property
    def key(self) -> Key:
        return self.day, self.call_id

    def address(self, endpoint: str = "calls.call", **values: Any) -> str:
        """Where something is done to this very call, with the list that one comes from."""
        named: dict[str, Any] = {"day": self.day.isoformat(), "call_id": self.call_id, **self.search.typed, **values}
        return url_for(endpoint, **named)

    def shown(self, status: int = 200, **more: Any) -> Response:
        """The page; *more*: what was typed in vain, or asked to be shown."""
        with self.site.database.reading() as connection:
            values = self._values(connection)
        part, _ = part_of("part_call.html", **values)
        own = {"wrong": {}, "typed": {}, "number": "", "granted": "", "notice": notice()}
        return render("call.html", status, part=part, **(values | own | more))

    def live_values(self) -> Mapping[str, Any]:
        """What the part needs that a call in progress asks for again and again."""
        with self.site.database.reading() as connection:
            return self._values(connection)

    def _values(self, connection: Connection) -> dict[str, Any]:
        schedule, row = self.site.loaded().schedule, self.row(connection)
        story = Story.of(connection, row, self.sight, schedule.discreet_units if schedule else None)
        call = seen(row, self.sight)
        return {
            "here": self,
            "call": call,
            "record": call.record,
            "story": story,
            "earlier": [seen(each, self.sight) for each in story.earlier],
            "course": self._course(call, story),
            "is_live": self._is_live(call),
            "why": DECIDED.get(call.record.decided_by, DECIDED[None]),
            "no_number": NO_NUMBER[_caller_kind(story)],
            "categories": schedule.review.categories if schedule else (),
            "phases": PHASES,
            "call_address": call_address,
            "can_fetch": self.site.message is not None,
            "titles": self.site.titles,
            **self.beside(connection, row),
        }

    def _is_live(self, call: SeenCall) -> bool:
        return goes_on(call.record.disposition, call.record.received_at, visit().at)

    def _course(self, call: SeenCall, story: Story) -> Course:
        told = [event.at for event in story.events]
        until = visit().at if self._is_live(call) else max(told, default=call.record.received_at)
        return course(call.record, story.events, until, with_caller=self.sight.company is None)

    def beside(self, connection: Connection, row: Row[Any]) -> Mapping[str, str]:
        """The calls before and after it in the list that one comes from."""
        found = {}
        for name, is_newer in (("newer", True), ("older", False)):
            place = Cursor(row.received_at, row.call_id, is_newer)
            beside = page(connection, self.search.wanted, 1, place, self.sight).calls
            found[name] = call_address(beside[0], self.search) if beside else ""
        return found


def call_address(call: Any, search: Search | None = None) -> str:
    """Where the page of *call* is; with the list of a *search* that one comes from."""
    around: Mapping[str, Any] = search.typed if search else {}
    return url_for("calls.call", day=call.day.isoformat(), call_id=call.call_id, **around)


def _caller_kind(story: Story) -> str | None:
    kinds = [event.facts.get("caller") for event in story.events if event.kind is EventKind.ARRIVED]
    return kinds[-1] if kinds and kinds[-1] in NO_NUMBER else None
