"""Letters, made of what the log says when they are sent: no number stands in them that is not masked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from sqlalchemy import Connection, select

from callrouter.calllog.conditions import same_call
from callrouter.calllog.database import Database
from callrouter.calllog.hand_over import HandedCall, hand_over
from callrouter.calllog.missed import answered_since, message_seconds
from callrouter.calllog.tables import CallerRow, CallRow
from callrouter.domain.closing import last_closing
from callrouter.domain.notice import Notice
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.schedule import Schedule
from callrouter.domain.words import NoticeKind, Origin
from callrouter.notices import many_missed, report
from callrouter.notices.letter import Letter
from callrouter.notices.wording import ENDED, calls, how, language_of, moment

_LISTED = 30


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes letters with links to the pages at *public_url*, if there is one; *at* (aware) is now."""

    database: Database
    schedule: Schedule
    origin: Origin
    public_url: str | None
    at: datetime

    def letter(self, notices: Sequence[Notice]) -> Letter | None:
        """The letter of *notices*, several of missed calls alone; None: what they tell of is not there any more."""
        if len(notices) == 1:
            return self._single(notices[0])
        keys = [(date.fromisoformat(each.facts["day"]), each.facts["call_id"]) for each in notices]
        with self.database.reading() as connection:
            return many_missed.letter(connection, self.schedule, keys, self._link("call-backs"))

    def _single(self, notice: Notice) -> Letter | None:
        with self.database.reading() as connection:
            match notice.kind:
                case NoticeKind.MISSED_CALL:
                    return self._missed_call(connection, notice.facts["day"], notice.facts["call_id"])
                case NoticeKind.HAND_OVER:
                    return self._hand_over(connection, notice.facts["unit"], notice.facts["at"])
                case NoticeKind.REPORT:
                    first, last = (date.fromisoformat(notice.facts[end]) for end in ("first", "last"))
                    link = self._link("reports", {"from": str(first), "to": str(last)})
                    return report.letter(connection, self.schedule, self.origin, (first, last, self.at), link)
                case NoticeKind.WARNING:
                    return self._warning(notice)

    def _missed_call(self, connection: Connection, day: str, call_id: str) -> Letter | None:
        key = (date.fromisoformat(day), call_id)
        query = select(CallRow.__table__, CallerRow.number).where(CallRow.day == key[0], CallRow.call_id == call_id)
        call = connection.execute(query.join(CallerRow, same_call(CallerRow, CallRow), isouter=True)).one_or_none()
        if call is None:
            return None
        unit = self.schedule.units.get(call.unit or "")
        language, title = language_of(self.schedule, unit), unit.title if unit else call.unit or "callrouter"
        seconds, again = message_seconds(connection, [key]).get(call_id), answered_since(connection, key, self.at)
        told_how = how(language, call.disposition, seconds)
        when = moment(language, call.received_at, self.schedule.zone)
        told = [_missed(language, title, when, told_how), _from(language, call.number)]
        if again:
            told.append(_reached(language, moment(language, again, self.schedule.zone)))
        clock = f"{call.received_at.astimezone(self.schedule.zone):%H:%M}"
        subject = f"{'Missat samtal till' if language == 'sv' else 'Missed call to'} {title} {clock}"
        return Letter(subject, tuple(told), f"{subject}: {told_how}.", language, self._link(f"calls/{day}/{call_id}"))

    def _hand_over(self, connection: Connection, name: str, at: str) -> Letter | None:
        unit, opened = self.schedule.units.get(name), datetime.fromisoformat(at)
        closing = last_closing(unit.hours, opened) if unit else None
        if unit is None or closing is None:
            return None
        handed = hand_over(connection, name, closing, self.origin, self.at)
        language = language_of(self.schedule, unit)
        waiting = sum(each.is_to_call_back for each in handed.calls)
        outcomes = ", ".join(f"{count} {ENDED[each][language]}" for each, count in handed.outcomes.items())
        since = moment(language, closing.span.start, self.schedule.zone)
        subject = f"{'Överlämning' if language == 'sv' else 'Hand-over'} {unit.title}: "
        subject += calls(language, len(handed.calls))
        told = (
            f"{_since(language, since)}: {outcomes or calls(language, 0)}.",
            _to_call_back(language, waiting),
            self._lines(language, handed.calls),
        )
        link = self._link("hand-over", {"unit": name, "at": at})
        short = f"{subject}, {_to_call_back(language, waiting)}"
        return Letter(subject, tuple(filter(None, told)), short, language, link)

    def _lines(self, language: str, handed: Sequence[HandedCall]) -> str:
        lines = [
            f"{moment(language, each.call.received_at, self.schedule.zone)}  "
            f"{how(language, each.ended, each.message_seconds)}"
            for each in handed[:_LISTED]
        ]
        return "\n".join([*lines, *(["…"] if len(handed) > _LISTED else [])])

    def _warning(self, notice: Notice) -> Letter:
        language = language_of(self.schedule)
        first, _, rest = str(notice.facts[language]).partition("\n")
        told = tuple(filter(None, (first, rest.strip())))
        return Letter(f"callrouter: {first}", told, f"callrouter: {first}", language, self._link(""))

    def _link(self, path: str, asked: dict[str, str] | None = None) -> str | None:
        if self.public_url is None:
            return None
        return f"{self.public_url}/{path}" + (f"?{urlencode(asked)}" if asked else "")


def _missed(language: str, title: str, when: str, how: str) -> str:
    if language == "sv":
        return f"Någon ringde {title} {when} och fick inte tala med någon: {how}."
    return f"Somebody called {title} on {when} and spoke with nobody: {how}."


def _from(language: str, number: str | None) -> str:
    known = PhoneNumber.parse(number) if number else None
    if language == "sv":
        return f"Från {known}. Hela numret står på sidan." if known else "Numret finns inte hos oss."
    return f"From {known}. The page has the whole number." if known else "The number is not kept here."


def _reached(language: str, when: str) -> str:
    if language == "sv":
        return f"Samma uppringare har ringt igen och fått svar, {when}."
    return f"The same caller has called again and was answered, on {when}."


def _since(language: str, when: str) -> str:
    return f"Sedan stängningen {when}" if language == "sv" else f"Since closing on {when}"


def _to_call_back(language: str, count: int) -> str:
    return f"{count} att ringa tillbaka." if language == "sv" else f"{count} to call back."
