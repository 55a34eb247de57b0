"""`callrouter call`: play a whole call against the running service, through the built-in phone network."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Event
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import click
from sqlalchemy import Row
from sqlalchemy.exc import SQLAlchemyError

from callrouter import clock
from callrouter.calllog.database import Database
from callrouter.calllog.queries import calls_named
from callrouter.calllog.refusal import in_a_line
from callrouter.calls.schedule_source import schedule_source
from callrouter.cli.instants import instant
from callrouter.cli.problems import Problem, explained
from callrouter.cli.timeline import differences, told
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.schedule import Schedule
from callrouter.schedule.store import ScheduleStore
from callrouter.settings import Settings, phone_network_settings
from callrouter.telephony import simulator
from callrouter.telephony.simulator import HttpTransport, Phone, PhoneNetwork, PlayedCall
from callrouter.telephony.twilio.played import number_config

_FRONT_DESK = {"answers": simulator.answers(), "busy": simulator.busy(), "silent": simulator.silent()}
_GUARD = {
    "accepts": simulator.answers(),
    "declines": simulator.declines(),
    "voicemail": simulator.voicemail(),
    "silent": simulator.silent(),
}
_LOG_WAIT_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Scene:
    """A call as it is asked for on the command line."""

    to: str
    from_: str
    at: datetime
    front_desk: str
    guard: str
    caller: simulator.Caller


def _keys(_context: click.Context, _parameter: click.Parameter, keys: str) -> str:
    if unknown := set(keys) - set("0123456789*#"):
        raise click.BadParameter(f"a telephone has the keys 0 to 9, * and #, and no {', '.join(sorted(unknown))}")
    return keys


@click.command("call")
@click.argument("to")
@click.option("--from", "from_", default="+46701740650", show_default=True, help="Who calls; `anonymous` for nobody.")
@click.option("--at", "at_text", help='Wall clock of the schedule\'s zone, such as "2026-11-23 16:30". Default: now.')
@click.option(
    "--front-desk",
    type=click.Choice(list(_FRONT_DESK)),
    default="answers",
    show_default=True,
    help='The phones of "open".',
)
@click.option(
    "--guard", type=click.Choice(list(_GUARD)), default="accepts", show_default=True, help="All other phones."
)
@click.option("--hang-up-after", type=click.FloatRange(min=0), help="The caller hangs up after this many seconds.")
@click.option(
    "--keys", default="", callback=_keys, help="What the caller presses: a key for each menu, one after another."
)
@click.option(
    "--message", type=click.FloatRange(min=0), default=0, help="The caller leaves a message of these seconds."
)
@click.option("--url", default="http://127.0.0.1:8000", show_default=True, help="Where the service listens.")
@click.option("--show-numbers", is_flag=True, help="Numbers in full instead of masked.")
def command(  # noqa: PLR0913 - one argument an option
    *,
    to: str,
    from_: str,
    at_text: str | None,
    front_desk: str,
    guard: str,
    hang_up_after: float | None,
    keys: str,
    message: float,
    url: str,
    show_numbers: bool,
) -> None:
    """Play a whole call to the number TO against the running service, and tell what happened.

    The service must run under --phone-network, from the same directory. Exits with 1 if the service made a mistake.
    """
    with explained("The call was not played"):
        settings = phone_network_settings(url)
        _require_service(url)
        source = schedule_source(settings.schedule, Database(settings.storage.database_url))
        schedule = ScheduleStore(source, settings.storage.last_good_schedule).current().schedule
        zone = schedule.zone if schedule else UTC
        at = instant(at_text, zone)
        caller = simulator.Caller(hangs_up_after=hang_up_after, keys=tuple(keys), message=message)
        scene = Scene(_plain(to), _plain(from_), at, front_desk, guard, caller)
        played = _play(scene, settings, schedule, url)
        logged, unread = _logged(settings, played)
    for line in told(played, logged, schedule, show_numbers=show_numbers, unread=unread):
        click.echo(line)
    if played.errors or logged is None or differences(played, logged):
        raise SystemExit(1)


def _require_service(url: str) -> None:
    try:
        with urlopen(f"{url}/healthz", timeout=3) as answer:  # noqa: S310 - an address the user gave, read only
            answer.read()
    except (URLError, OSError, ValueError) as error:
        reason = getattr(getattr(error, "reason", error), "strerror", None) or getattr(error, "reason", error)
        raise Problem(
            f"No service answers at {url} ({reason}). Start one with `make run`, or say where: --url."
        ) from error


def _plain(number: str) -> str:
    """A number as people type it, without blanks; words such as `anonymous` stay."""
    return number.replace(" ", "").replace("\N{NO-BREAK SPACE}", "")


def _play(scene: Scene, settings: Settings, schedule: Schedule | None, url: str) -> PlayedCall:
    """Play the call to its end; time passes as fast as the service answers."""
    network = PhoneNetwork(
        HttpTransport(url),
        settings.twilio.account_sid,
        settings.twilio.auth_tokens[0],
        {scene.to: number_config(settings.public_url)},
        _phones(scene, settings, schedule),
    )
    return network.call(scene.from_, scene.to, scene.at, scene.caller)


def _phones(scene: Scene, settings: Settings, schedule: Schedule | None) -> Mapping[str, Phone]:
    """The front desk sits at the numbers of the unit's `open`; every other number is a guard's."""
    guard, desk = _GUARD[scene.guard], _FRONT_DESK[scene.front_desk]
    everybody = {n.e164: guard for n in (schedule.numbers if schedule else ())}
    if settings.last_resort:
        everybody[settings.last_resort.e164] = guard
    unit = schedule.unit_by_number(PhoneNumber.parse(scene.to)) if schedule else None
    if schedule and unit:
        everybody |= {n.e164: desk for n in schedule.destinations[unit.open].numbers}
    return everybody


def _logged(settings: Settings, played: PlayedCall) -> tuple[Row[Any] | None, str | None]:
    """The call in the log, once its record is complete; None if it is not there in time. And why nobody could look."""
    database = Database(settings.storage.database_url)
    deadline = clock.monotonic() + _LOG_WAIT_SECONDS
    found: Row[Any] | None = None
    while clock.monotonic() < deadline:
        try:
            with database.reading() as connection:
                found = next(iter(calls_named(connection, played.sid)), None)
        except SQLAlchemyError as error:
            return None, in_a_line(error)
        if found is not None and found.ended_at is not None:
            break
        Event().wait(0.05)
    return found, None
