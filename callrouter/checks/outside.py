"""What can be seen of the public URL from here: its name, its answer, its certificate."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from ipaddress import ip_address
from urllib.parse import urlsplit

import requests

from callrouter import clock
from callrouter.checks.finding import Finding, Level
from callrouter.domain.sentence import Sentence
from callrouter.settings import public_url

_SECONDS = 5.0
_WARN_DAYS, _ERROR_DAYS = 21, 3
_NOT_SET = "CALLROUTER_PUBLIC_URL is not set"
_SET_IT = "Set it to the https:// address of this service."


def address() -> Iterator[Finding]:
    """Whether the public URL answers."""
    url = public_url()
    yield from answers_at(url) if url else [Finding("public URL", Level.WARNING, f"not looked at: {_NOT_SET}", _SET_IT)]


def answers_at(url: str) -> Iterator[Finding]:
    """Whether the service answers at *url*, as far as can be told from here."""
    host = urlsplit(url).hostname or ""
    try:
        found = {entry[4][0] for entry in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)}
    except OSError as error:
        yield Finding("public URL", Level.ERROR, f"{host} cannot be resolved: {error}", "Look at its DNS entry.")
        return
    if not any(ip_address(str(each).partition("%")[0]).is_global for each in found):
        near = f"{host} is {', '.join(sorted(map(str, found)))} from here, which the provider cannot reach"
        yield Finding("public URL", Level.WARNING, near, "Is it another one from outside?")
    try:
        answer = requests.get(f"{url}/healthz", timeout=_SECONDS, allow_redirects=False)
    except requests.RequestException as error:
        said = f"{url}/healthz: {type(error).__name__}"
        yield Finding("public URL", Level.ERROR, said, "Is the service running, and the proxy in front of it?")
        return
    if answer.status_code != requests.codes.ok or answer.text.strip() != "ok":
        said = f"{url}/healthz answers {answer.status_code}, and not as this service does"
        yield Finding("public URL", Level.ERROR, said, "Does the proxy pass the path on unchanged?")
        return
    yield Finding("public URL", Level.OK, f"{url} answers")


def certificate() -> Iterator[Finding]:
    """How long the certificate of the public URL still holds."""
    there = urlsplit(public_url() or "")
    if there.scheme != "https" or not there.hostname:
        yield Finding("certificate", Level.WARNING, f"not looked at: {_NOT_SET}", _SET_IT)
        return
    yield certificate_of(there.hostname, there.port or 443, ssl.create_default_context(), clock.now())


def certificate_of(host: str, port: int, trusted: ssl.SSLContext, at: datetime) -> Finding:
    """What is to be said *at* of the certificate that *host* shows."""
    try:
        with (
            closing(socket.create_connection((host, port), timeout=_SECONDS)) as plain,
            trusted.wrap_socket(plain, server_hostname=host) as secured,
        ):
            shown = secured.getpeercert() or {}
    except ssl.SSLError as error:
        return Finding(
            "certificate", Level.ERROR, Sentence.of("not trusted: {why}", why=error.reason or error), "Renew it."
        )
    except OSError as error:
        return Finding(
            "certificate",
            Level.ERROR,
            Sentence.of("{place} is out of reach: {why}", place=f"{host}:{port}", why=error),
            "Is the proxy in front of the service running?",
        )
    ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(shown["notAfter"])), UTC)
    days = (ends - at).days
    level = Level.ERROR if days < _ERROR_DAYS else Level.WARNING if days < _WARN_DAYS else Level.OK
    return Finding(
        "certificate",
        level,
        Sentence.of("{n} days left", n=days),
        "" if level is Level.OK else "Why is it not renewed?",
    )
