"""API tokens: what a program reads with, instead of a user who signs in. Each is shown once, and not kept."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from callrouter.calllog.audit import Deed, append
from callrouter.calllog.tables import ApiTokenRow
from callrouter.domain.call_filter import Sight
from callrouter.domain.words import Scope
from callrouter.people import secrets
from callrouter.people.users import By, name_of

BEGINNING = "callrouter_"
"""What every token begins with, so that whoever finds one in a file, or searches files for them, knows what it is."""

NOTED_EVERY = timedelta(minutes=5)
"""How exactly it is known when a token was used last."""

_SHOWN = len(BEGINNING) + 6


class TokenError(ValueError):
    """What was asked for cannot be: a sentence that says why."""


@dataclass(frozen=True, slots=True)
class ApiToken:
    """What a token may read: all of its *scopes*, as far as its *sight* goes.

    *prefix* is how it begins. It is good until *ends_at*, unless it was *revoked_at* before; None: no end.
    """

    name: str
    prefix: str
    scopes: frozenset[Scope]
    sight: Sight
    made: By
    ends_at: datetime | None = None
    revoked_at: datetime | None = None
    used_at: datetime | None = None

    def is_good(self, at: datetime) -> bool:
        """Whether it opens anything at *at* (aware)."""
        return self.revoked_at is None and (self.ends_at is None or at < self.ends_at)


def add(
    connection: Connection, typed: str, scopes: Collection[Scope], sight: Sight, ends_at: datetime | None, by: By
) -> str:
    """Make the token called *typed*; returns what its program is to show, which nobody can ask for again.

    Raises:
        TokenError: the name is taken, or it would read nothing, more than its company's, or never.
        UserError: it is no name.
    """
    name = name_of(typed)
    if find(connection, name):
        raise TokenError(f"There is, or was, a token {name} already: each name is used once, for the audit log's sake.")
    _require_sense(scopes, sight, ends_at, by)
    token = BEGINNING + secrets.made()
    said = {
        "scopes": " ".join(sorted(scopes)),
        "company": sight.company,
        "unit": sight.unit,
    }
    kept = {"name": name, "key": secrets.key_of(token), "prefix": token[:_SHOWN], "made_at": by.at, "made_by": by.who}
    connection.execute(insert(ApiTokenRow), [kept | said | {"ends_at": ends_at}])
    _tell(connection, "api-token-add", name, by, said | {"ends_at": ends_at.isoformat() if ends_at else None})
    return token


def find(connection: Connection, name: str) -> ApiToken | None:
    """The token called *name*, good or not."""
    row = connection.execute(select(ApiTokenRow.__table__).where(ApiTokenRow.name == name)).one_or_none()
    return _token(row) if row else None


def tokens(connection: Connection) -> list[ApiToken]:
    """All tokens by name, those that are no longer good too."""
    return [_token(row) for row in connection.execute(select(ApiTokenRow.__table__).order_by(ApiTokenRow.name))]


def revoke(connection: Connection, typed: str, by: By) -> ApiToken:
    """Let the token called *typed* open nothing any more, at once.

    Raises:
        TokenError: there is no such token, or it is revoked already.
        UserError: it is no name.
    """
    token = find(connection, name_of(typed))
    if token is None:
        known = ", ".join(each.name for each in tokens(connection) if each.revoked_at is None) or "none"
        raise TokenError(f"There is no token {typed}. The tokens are: {known}.")
    if token.revoked_at:
        raise TokenError(f"{token.name} is revoked already, since {token.revoked_at:%Y-%m-%d}.")
    connection.execute(update(ApiTokenRow).where(ApiTokenRow.name == token.name).values(revoked_at=by.at))
    _tell(connection, "api-token-revoke", token.name, by, {})
    return token


def shown(connection: Connection, secret: str) -> ApiToken | None:
    """The token that a program shows, good or not; None: it is none of ours."""
    key = secrets.key_of(secret)
    row = connection.execute(select(ApiTokenRow.__table__).where(ApiTokenRow.key == key)).one_or_none()
    return _token(row) if row else None


def is_to_be_noted(token: ApiToken, at: datetime) -> bool:
    """Whether it is time to note that the token is in use: a write for each request would be in the recorder's way."""
    return token.used_at is None or at - token.used_at >= NOTED_EVERY


def note(connection: Connection, token: ApiToken, at: datetime) -> None:
    """Note that the token is in use."""
    connection.execute(update(ApiTokenRow).where(ApiTokenRow.name == token.name).values(used_at=at))


def tell_refused(connection: Connection, token: ApiToken, at: datetime) -> None:
    """Somebody showed a token of ours that is no longer good: its owner should know."""
    _tell(connection, "api-token-refused", token.name, By(f"token {token.name}", at), {})


def _require_sense(scopes: Collection[Scope], sight: Sight, ends_at: datetime | None, by: By) -> None:
    if not scopes:
        raise TokenError(f"A token reads something: give a scope, one or more of {', '.join(Scope)}.")
    beyond = sorted(set(scopes) - {Scope.CALLS})
    if sight.company is not None and beyond:
        raise TokenError(f"A token of a company reads its calls ({Scope.CALLS}) and nothing else, not {beyond[0]}.")
    if ends_at is not None and ends_at <= by.at:
        raise TokenError(f"A token ends later than now, got {ends_at:%Y-%m-%d %H:%M}.")


def _token(row: Row[Any]) -> ApiToken:
    """The token of a row; a scope that this release does not know opens nothing here."""
    known = frozenset(Scope(each) for each in row.scopes.split() if each in set(Scope))
    ends = (row.ends_at, row.revoked_at, row.used_at)
    return ApiToken(
        row.name, row.prefix, known, Sight(company=row.company, unit=row.unit), By(row.made_by, row.made_at), *ends
    )


def _tell(connection: Connection, action: str, name: str, by: By, facts: Mapping[str, Any]) -> None:
    append(connection, Deed(by.who, action, f"api token {name}", facts, by.at))
