"""The values of settings as they are typed: a value, or a ValueError that says what is expected."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import TypeVar, cast

from callrouter.domain.phone import PhoneNumber

PLATFORMS = {
    "DYNO": "Heroku",
    "FLY_APP_NAME": "Fly.io",
    "K_SERVICE": "Cloud Run",
    "RAILWAY_ENVIRONMENT_NAME": "Railway",
    "RENDER": "Render",
    "VCAP_APPLICATION": "Cloud Foundry",
}
"""The variables by which platforms are known that start each time from an image.

Sources: devcenter.heroku.com/articles/dynos, fly.io/docs/machines/runtime-environment,
cloud.google.com/run/docs/container-contract, docs.railway.com/reference/variables,
render.com/docs/environment-variables, docs.cloudfoundry.org/devguide/deploy-apps/environment-variable.html.
"""

MIN_SECRET_LENGTH = 32
MAX_THREADS = 64
MAX_PROXIES = 9
COMPLIANCE = ("full", "partly", "not")
"""The three answers that the law on accessibility to digital public service knows."""

T = TypeVar("T")

_ACCOUNT_SID = re.compile(r"AC[0-9a-fA-F]{32}")
_AUTH_TOKEN = re.compile(r"[0-9a-fA-F]{32}")
_REGION = re.compile(r"[a-z]{2}[0-9]")
_EDGE = re.compile(r"[a-z][a-z0-9-]*")
_PLACE = re.compile(r"([A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\])(?::([0-9]{1,5}))?")
_MAIL_ADDRESS = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+")
_SMS_SENDER = re.compile(r"\+[1-9][0-9]{6,14}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}")
_PUBLIC_URL = re.compile(r"(https://[^\s/?#:@\[\]]+|http://(localhost|127\.0\.0\.1|\[::1\]))(:[0-9]+)?(/[^\s?#@]*)?")
_HOST_AND_PORT = re.compile(r"([^:/?]*|\[[0-9a-fA-F:]+\])(:[0-9]{1,5})?([/?]|$)")
_IN_MEMORY = re.compile(r"^$|^\?|:memory:|mode=memory")
_DRIVERS = {
    "sqlite:///": "sqlite:///",
    "postgresql+psycopg://": "postgresql+psycopg://",
    "postgresql://": "postgresql+psycopg://",
    "postgres://": "postgresql+psycopg://",
}


def _matching(pattern: re.Pattern[str], what: str, *, shown: bool = True) -> Callable[[str], str]:
    """A reader of texts like *pattern*; one that is secret, or easily mixed up with a secret, is not *shown*."""

    def read(text: str) -> str:
        if not pattern.fullmatch(text):
            found = repr(text) if shown else f"{len(text)} characters (not shown: it may be a secret)"
            raise ValueError(f"expected {what}, got {found}")
        return text

    return read


account_sid = _matching(_ACCOUNT_SID, "AC and 32 hex digits", shown=False)
auth_token = _matching(_AUTH_TOKEN, "32 hex digits", shown=False)
region = _matching(_REGION, "a region such as ie1")
edge = _matching(_EDGE, "an edge such as dublin")
mail_address = _matching(_MAIL_ADDRESS, "a mail address such as callrouter@example.se")
sms_sender = _matching(_SMS_SENDER, "a number such as +46846500400, or a name of 11 letters and digits at most")
mail_security = _matching(re.compile("starttls|tls|none"), "starttls, tls or none")


def host_and_port(text: str) -> tuple[str, int | None]:
    """A host and, if it says so, its port."""
    found = _PLACE.fullmatch(text)
    if found is None or not 0 < int(found[2] or 1) < 65536:
        raise ValueError(f"expected a host such as smtp.example.se, or smtp.example.se:587, got {text!r}")
    return found[1].strip("[]"), int(found[2]) if found[2] else None


def secret(text: str) -> str:
    """A key: long enough that nobody guesses it."""
    if len(text) < MIN_SECRET_LENGTH:
        make = 'python3 -c "import secrets; print(secrets.token_urlsafe(32))"'
        raise ValueError(f"expected at least {MIN_SECRET_LENGTH} characters, got {len(text)}; make one with: {make}")
    return text


def number(text: str) -> PhoneNumber:
    """A number in E.164, with or without blanks and hyphens."""
    found = PhoneNumber.parse(re.sub(r"[ \u00a0-]", "", text))
    if found is None:
        raise ValueError(f"expected a number with its country code, such as +46846500499, got {text!r}")
    return found


def public_url(text: str) -> str:
    """An address that the provider reaches, without a slash at its end."""
    expected = "expected an address such as https://calls.example.se, without user name, ? and #"
    if not _PUBLIC_URL.fullmatch(text):
        raise ValueError(f"{expected}, got {text.rpartition('@')[2]!r}")
    return text.rstrip("/")


def database_url(text: str) -> str:
    """An address of SQLite or PostgreSQL, as SQLAlchemy writes it."""
    expected = "expected sqlite:///FILE or postgresql://USER@HOST/NAME"
    given = next((start for start in _DRIVERS if text.startswith(start)), None)
    if given is None:
        raise ValueError(f"{expected}, got {text.partition('://')[0]}://…" if "://" in text else expected)
    rest = text.removeprefix(given)
    if given == "sqlite:///" and _IN_MEMORY.search(rest):
        raise ValueError(f"{expected}, got no file: what is kept in memory is lost with the process")
    if given != "sqlite:///" and not _HOST_AND_PORT.match(rest.rpartition("@")[2]):
        raise ValueError(f"{expected}, got a port that is no number")
    return _DRIVERS[given] + rest


def thread_count(text: str) -> int:
    """How many requests are answered at once."""
    if not text.isdecimal() or not 1 <= int(text) <= MAX_THREADS:
        raise ValueError(f"expected a number from 1 to {MAX_THREADS}, got {text!r}")
    return int(text)


def proxy_count(text: str) -> int:
    """How many proxies stand in front of us."""
    if not text.isdecimal() or int(text) > MAX_PROXIES:
        raise ValueError(f"expected a number from 0 to {MAX_PROXIES}, got {text!r}")
    return int(text)


def names(text: str) -> tuple[str, ...]:
    """Names with semicolons between them."""
    return tuple(name.strip() for name in text.split(";") if name.strip())


def day(text: str) -> date:
    """A date."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"expected a date such as 2026-11-30, got {text!r}") from None


def accessibility(text: str) -> str:
    """How far the pages fulfil the law."""
    if text not in COMPLIANCE:
        raise ValueError(f"expected one of {', '.join(COMPLIANCE)}, got {text!r}")
    return text


class SettingsError(ValueError):
    """The environment is not fit to start with; the message lists every problem, a line each."""


class Reader:
    """Reads variables one by one and gathers what is wrong with them."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._problems: list[str] = []
        self._told: set[str] = set()

    @property
    def told(self) -> frozenset[str]:
        """The variables that were asked for and are set."""
        return frozenset(self._told)

    def required(self, name: str, read: Callable[[str], T], what: str) -> T:
        """The value of *name*; a missing one is a problem that says to set it to *what*."""
        value = self.optional(name, read)
        if value is None and not self._environ.get(name, "").strip():
            self._problems.append(f"{name} is not set: set it to {what}")
        return cast(T, value)  # finish() raises before a missing one is used

    def optional(self, name: str, read: Callable[[str], T]) -> T | None:
        """The value of *name*, or None; a malformed one is a problem."""
        text = self._environ.get(name, "").strip()
        if not text:
            return None
        self._told.add(name)
        try:
            return read(text)
        except ValueError as error:
            self._problems.append(f"{name}: {error}")
            return None

    def finish(self) -> None:
        """Raise what was gathered."""
        if self._problems:
            raise SettingsError("\n".join(self._problems))


def sqlite_address(file: Path) -> str:
    """The `sqlite:///` address of a *file*, whatever it is called: of what has a meaning there, each is written out."""
    return f"sqlite:///{str(file).replace('%', '%25').replace('?', '%3F')}"
