"""`callrouter serve`: the service itself."""

import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import click

from callrouter import clock, logs
from callrouter.calllog.database import Database
from callrouter.checks.lasting import lasting, mounts
from callrouter.cli.private import keep_private
from callrouter.cli.problems import Problem, explained
from callrouter.listen import Listen
from callrouter.people.first import first_link
from callrouter.people.users import By
from callrouter.settings import (
    Settings,
    is_handed_its_socket,
    os_user,
    phone_network_settings,
    platform,
    service_settings,
    share_metrics,
)
from callrouter.web.shared_metrics import MEMORY, shared_place

log = logging.getLogger(__name__)

_PREPARING_SECONDS = 0.5
"""How long callers, who hear nothing of ours yet, wait for others who write: it is tried again while we answer."""


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option(
    "--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Processes that answer calls."
)
@click.option("--jobs/--no-jobs", default=True, show_default=True, help="Run the jobs in the same command.")
@click.option(
    "--phone-network", is_flag=True, help="Play on the built-in phone network: no account, no real phone, made-up keys."
)
def command(*, host: str, port: int, workers: int, jobs: bool, phone_network: bool) -> None:
    """Start the service.

    Without --phone-network this is the real thing: it does not start unless the provider's credentials, the public URL,
    the keys and the last resort are set.
    """
    keep_private()
    listen = Listen(host, port, workers, jobs)
    with explained("callrouter does not start"):
        settings = phone_network_settings(f"http://{listen.address}") if phone_network else service_settings()
    writer = logs.set_up(settings.health.log_format)
    if not is_handed_its_socket():
        _require_free(host, port)
    if not phone_network:
        _tell_of_loss(settings)
    first = prepare(settings)
    with _sharing(workers, f"{port}" if is_handed_its_socket() else None):
        from callrouter.server import Server

        greeting = _greeting(settings, listen.address) + _welcome(settings, first)
        Server(settings, listen, writer, lambda: _say(greeting)).run()


@contextmanager
def _sharing(workers: int, together: str | None) -> Iterator[None]:
    """Several processes count together. Prometheus's library has to know before the server imports it.

    *together*: what names the services that answer on one socket, which are asked as one.
    """
    if workers == 1 and together is None:
        yield
        return
    with shared_place(together=together) as place:
        if place:
            share_metrics(place)
        else:
            log.warning("metrics: each process counts for itself, for %s cannot be written", MEMORY)
        yield


def _say(greeting: str) -> None:
    """Whoever reads it may be gone, or their disk full: calls are answered all the same."""
    with suppress(OSError):
        click.echo(greeting)


def _tell_of_loss(settings: Settings) -> None:
    lost = lasting(settings.storage, platform(), mounts())
    if lost:
        log.warning("%s. %s", lost.found, lost.advice)


def _require_free(host: str, port: int) -> None:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise Problem(
            f"callrouter cannot listen on {host}:{port}: {error.strerror}. Choose another with --host, --port."
        ) from error


def prepare(settings: Settings) -> str | None:
    """Prepare the database. Where it is broken the service starts all the same: calls are answered, and spooled.

    On the phone network, as long as nobody can sign in: the secret of a link by which the first administrator can.
    """
    secret = None
    try:
        database = Database(settings.storage.database_url, _PREPARING_SECONDS)
        database.prepare()
        if settings.phone_network:
            with database.writing() as connection:
                secret = first_link(connection, By(os_user(), clock.now()))
        database.close()
    except Exception as error:  # noqa: BLE001 - whatever it is, calls must be answered; /readyz tells it too
        log.warning("the database is not usable, calls go to the spool until it is: %s", str(error).splitlines()[0])
    return secret


def _welcome(settings: Settings, secret: str | None) -> str:
    if secret is None:
        return ""
    return (
        f"\nThe pages: {os_user()} chooses a password here, once, and is administrator from then on:\n"
        f"  {settings.public_url}/welcome/{secret}"
    )


def _greeting(settings: Settings, address: str) -> str:
    if not settings.phone_network:
        return f"callrouter answers calls at {settings.public_url} (listening on {address})."
    where = "" if address == "127.0.0.1:8000" else f" --url http://{address}"
    return (
        f"callrouter is on its built-in phone network at http://{address}: no account, no real phone is rung.\n"
        "Try, in another terminal:\n"
        f'  .venv/bin/callrouter call +46846500400 --from +46701740650 --at "2026-11-23 18:30"{where}\n'
        "  .venv/bin/callrouter log"
    )
