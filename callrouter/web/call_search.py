"""Which calls somebody asks for, as it stands in an address: read from it, and written back.

A caller's number never stands there: it is typed into a form of its own, and travels sealed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from callrouter.calllog.cursor import Cursor
from callrouter.domain.call_filter import CallFilter, Sight, SoughtCaller
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.until import read_since, read_until
from callrouter.domain.words import DecidedBy, Disposition, Origin, Role, State
from callrouter.people.users import User
from callrouter.web.site import Site, visit
from callrouter.web.texts import Text

_WORDS = {"disposition": Disposition, "state": State, "decided_by": DecidedBy, "origin": Origin}
_NAMES = ("unit", "destination", "company", "person", "category")
_YES_NO = {"yes": True, "no": False}
FIELDS = ("since", "until", *_NAMES, *_WORDS, "answered", "reviewed", "follow_up", "caller")
"""What may stand in an address, besides the place in the list."""

_FOR_STAFF = frozenset({"decided_by", "company", "category", "reviewed", "follow_up", "caller"})
"""What a company is not asked, for it is told nothing of it."""

_SHOWN_AT_ONCE = frozenset({"since", "until", "unit", "disposition", "reviewed", "follow_up", "caller"})

_LABELS: Mapping[str, Text] = {
    "since": Text("Från och med", "From"),
    "until": Text("Till och med", "To"),
    "unit": Text("Enhet", "Unit"),
    "disposition": Text("Hur det slutade", "How it ended"),
    "state": Text("Öppet eller stängt", "Open or closed"),
    "decided_by": Text("Vad som avgjorde", "Decided by"),
    "destination": Text("Svarsställe", "Destination"),
    "company": Text("Företag", "Company"),
    "person": Text("Person", "Person"),
    "answered": Text("Bara besvarade där", "Only if answered there"),
    "origin": Text("Ursprung", "Origin"),
    "reviewed": Text("Granskning", "Review"),
    "category": Text("Kategori", "Category"),
    "follow_up": Text("Uppföljning", "Follow-up"),
    "caller": Text("Nummer", "Number"),
}
_CALLER = "caller:"


@dataclass(frozen=True, slots=True)
class Search:
    """What is asked for: as it was *typed*, as it is *wanted*; *wrong*: the fields that make no sense."""

    typed: Mapping[str, str]
    wanted: CallFilter
    cursor: Cursor | None = None
    wrong: tuple[str, ...] = field(default=())

    def query(self, **changed: str | None) -> str:
        """The end of an address that asks for the same, but for what is *changed*."""
        asked = {name: value for name, value in {**self.typed, **changed}.items() if value}
        return f"?{urlencode(asked)}" if asked else ""

    def text(self, name: str) -> str:
        """What stands in a field."""
        return self.typed.get(name, "")

    def but(self, **asked: Any) -> CallFilter:
        """The same search, with something else asked for."""
        return replace(self.wanted, **asked)

    @property
    def is_backwards(self) -> bool:
        """Whether the period ends before it begins."""
        since, until = self.wanted.since, self.wanted.until
        return since is not None and until is not None and until <= since

    @property
    def has_more(self) -> bool:
        """Whether something is asked for that stands in the folded part of the form."""
        return bool(self.typed.keys() - _SHOWN_AT_ONCE)


def label(name: str) -> str:
    """What a field is called."""
    return _LABELS[name].said(visit().language)


def sight_of(user: User) -> Sight:
    """Which calls *user* may see at all."""
    return Sight(company=user.company or "") if user.role is Role.CONTRACTOR else Sight()


def fields_for(user: User) -> list[str]:
    """What *user* may ask for."""
    return [name for name in FIELDS if user.role is not Role.CONTRACTOR or name not in _FOR_STAFF]


def read_search(site: Site, user: User, given: Mapping[str, str]) -> Search:
    """The search that an address or a form asks for, as far as *user* may."""
    typed = {name: given[name].strip() for name in fields_for(user) if given.get(name, "").strip()}
    asked: dict[str, Any] = {}
    wrong = []
    for name, text in typed.items():
        try:
            asked |= _read(site, name, text)
        except (ValueError, KeyError):
            wrong.append(name)
    if user.role is Role.CONTRACTOR and asked.keys() & {"destination", "person", "answered"}:
        asked["company"] = user.company or ""  # their own phones: whom else the call was offered to is not told
    if asked.get("answered") and not any(asked.get(by) for by in ("destination", "company", "person")):
        wrong.append("answered")
        del asked["answered"]
    cursor = None
    try:
        cursor = Cursor.parse(given["page"]) if given.get("page") else None
    except ValueError:
        wrong.append("page")
    return Search(typed, CallFilter(**asked), cursor, tuple(wrong))


def sealed_caller(site: Site, number: PhoneNumber) -> str:
    """*number*, as it may stand in an address: nobody but this service can read it."""
    return site.sealer.seal(_CALLER + number.e164)


def _read(site: Site, name: str, text: str) -> dict[str, Any]:
    if name in _WORDS:
        return {name: _WORDS[name](text)}
    if name in _NAMES:
        return {name: text}
    field_name, read = _READERS[name]
    return {field_name: read(site, text)}


def _caller(site: Site, sealed: str) -> SoughtCaller:
    """Whoever is sought by a number that was typed.

    Raises:
        ValueError: it is no sealed number.
    """
    opened = site.sealer.open(sealed)
    if not opened.startswith(_CALLER):
        raise ValueError("sealed for something else")
    number = PhoneNumber(opened.removeprefix(_CALLER))
    return SoughtCaller(site.callers.key(number.e164), site.callers.key_id, number)


_READERS: Mapping[str, tuple[str, Callable[[Site, str], Any]]] = {
    "since": ("since", lambda site, text: read_since(text, site.zone)),
    "until": ("until", lambda site, text: read_until(text, site.zone, visit().at)),
    "answered": ("answered", lambda _, text: _YES_NO[text]),
    "reviewed": ("is_reviewed", lambda _, text: _YES_NO[text]),
    "follow_up": ("has_follow_up", lambda _, text: _YES_NO[text]),
    "caller": ("caller", _caller),
}
