"""The settings that only the pages need; `settings` reads the environment for them."""

from dataclasses import dataclass, field
from datetime import date

from callrouter import setting_values as values
from callrouter.setting_values import Reader


@dataclass(frozen=True, slots=True)
class IdentityProvider:
    """Where people sign in by OpenID Connect, as whom we are known there, and which claim is a user's name here."""

    issuer: str
    client_id: str
    client_secret: str
    name_claim: str


@dataclass(frozen=True, slots=True)
class Organisation:
    """Who answers for the service, as the statements of the pages tell everybody; None: nobody has said.

    *contact*, *data_protection_officer*: a mail address, a telephone number or an address of a page. *processors*: who
    else handles the data, beside the provider and the companies of the schedule. *accessibility*: `full`, `partly` or
    `not`, as assessed on the day *assessed*, and *published* since.
    """

    name: str | None = None
    contact: str | None = None
    data_protection_officer: str | None = None
    legal_basis: str | None = None
    processors: tuple[str, ...] = ()
    accessibility: str = "partly"
    assessed: date | None = None
    published: date | None = None


@dataclass(frozen=True, slots=True)
class Web:
    """What only the pages need. *proxies*: how many stand in front, each adding an address to X-Forwarded-For."""

    identity_provider: IdentityProvider | None = None
    proxies: int = 0
    organisation: Organisation = field(default_factory=Organisation)


def read_web(reader: Reader) -> Web:
    """Read them; what is wrong with them *reader* gathers."""
    proxies = reader.optional("CALLROUTER_PROXIES", values.proxy_count) or 0
    return Web(_identity_provider(reader), proxies, _organisation(reader))


def _identity_provider(reader: Reader) -> IdentityProvider | None:
    """None where none is named; one that is named must be told as a whole."""
    issuer = reader.optional("CALLROUTER_OIDC_ISSUER", values.public_url)
    if issuer is None:
        return None
    name = "the name by which the identity provider knows this service"
    return IdentityProvider(
        issuer,
        reader.required("CALLROUTER_OIDC_CLIENT_ID", str, name),
        reader.required("CALLROUTER_OIDC_CLIENT_SECRET", str, "the secret that goes with it"),
        reader.optional("CALLROUTER_OIDC_NAME", str) or "preferred_username",
    )


def _organisation(reader: Reader) -> Organisation:
    return Organisation(
        name=reader.optional("CALLROUTER_ORGANISATION", str),
        contact=reader.optional("CALLROUTER_CONTACT", str),
        data_protection_officer=reader.optional("CALLROUTER_DATA_PROTECTION_OFFICER", str),
        legal_basis=reader.optional("CALLROUTER_LEGAL_BASIS", str),
        processors=reader.optional("CALLROUTER_PROCESSORS", values.names) or (),
        accessibility=reader.optional("CALLROUTER_ACCESSIBILITY", values.accessibility) or "partly",
        assessed=reader.optional("CALLROUTER_ACCESSIBILITY_ASSESSED", values.day),
        published=reader.optional("CALLROUTER_PUBLISHED", values.day),
    )
