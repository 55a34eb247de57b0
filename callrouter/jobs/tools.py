"""What the jobs of one process work with, made of its settings."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from callrouter import clock
from callrouter.calllog.control import load_control
from callrouter.calllog.copies import Account as DeletingAccount
from callrouter.calllog.database import Database
from callrouter.calllog.disturbance import tell_of_spooled
from callrouter.calllog.spool import Spool
from callrouter.calllog.writes import write_entries
from callrouter.calls.deletion import Deletion
from callrouter.domain.call import RunningCall
from callrouter.domain.control import Control
from callrouter.domain.schedule import Schedule
from callrouter.domain.words import Origin
from callrouter.jobs.job import Books, Tools
from callrouter.notices.post import FilePost, Post, RealPost
from callrouter.schedule.format.reading import Reading, read
from callrouter.schedule.watched import ScheduleSource
from callrouter.sealing import Pseudonymizer, Sealer
from callrouter.settings import Settings, notice_settings, privacy_key, public_url
from callrouter.telephony.simulator import HttpTransport, PhoneNetwork, Rest, answers
from callrouter.twilio_settings import Twilio

if TYPE_CHECKING:
    from callrouter.telephony.twilio.rest import TwilioAccount

_NOW_AND_THEN = timedelta(minutes=1)


def job_tools(
    database: Database,
    source: ScheduleSource,
    schedule: Callable[[], Schedule | None],
    twilio: Twilio | None,
    settings: Settings | None = None,
    service_url: str | None = None,
) -> Tools:
    """What is to be had with these; *settings* of the service, *service_url*: where it can be asked from here."""

    def reading() -> Reading:
        return read(source.contents().content, clock.now())

    def control() -> Control:
        return load_control(database, clock.now() - _NOW_AND_THEN)

    return Tools(
        database,
        schedule,
        account=lambda: provider_account(twilio),
        provider=lambda: _account(twilio, settings.public_url) if settings else None,
        reading=reading,
        control=control,
        service_url=service_url or (settings.public_url if settings else None),
        replay=_replay(settings, database) if settings else None,
        ring=_ring(twilio, settings, service_url),
        books=lambda: books(twilio, privacy_key),
        post=_post(twilio, settings),
        public_url=settings.public_url if settings else public_url(),
        origin=settings.origin if settings else Origin.REAL,
    )


def provider_account(twilio: Twilio | None) -> DeletingAccount | None:
    """Our account with the provider, to delete there what it keeps."""
    account = _account(twilio)
    return Deletion(account) if account else None


def books(twilio: Twilio | None, key: Callable[[], str]) -> Books | None:
    """What the log is reconciled with. The privacy *key* is asked for when it is needed.

    Raises:
        SettingsError: there is no privacy key.
    """
    account = _account(twilio)
    return Books(account, Pseudonymizer(key())) if account else None


def _account(twilio: Twilio | None, public_url: str = "") -> "TwilioAccount | None":
    """Our account; its library is imported by whoever needs it, when they do. *public_url*: where calls are led."""
    if twilio is None:
        return None
    from callrouter.telephony.twilio.rest import TwilioAccount

    return TwilioAccount(twilio, public_url)


def _ring(
    twilio: Twilio | None, settings: Settings | None, service_url: str | None
) -> Callable[[RunningCall], None] | None:
    """How a test call is made; under the phone network a phone of that rings, and nobody real."""
    if settings is None or (twilio is None and not settings.phone_network):
        return None
    public_url, sealer = settings.public_url, Sealer(settings.secret_key, settings.old_secret_key)

    def ring(call: RunningCall) -> None:
        played = settings.phone_network
        account = _played_account(settings, service_url, call) if played else _account(twilio, public_url)
        if account:
            account.place_call(call, sealer)

    return ring


def _played_account(settings: Settings, service_url: str | None, call: RunningCall) -> "TwilioAccount":
    """An account of the phone network, on which whoever this call rings picks up and presses 1."""
    from callrouter.telephony.twilio.rest import TwilioAccount

    twilio, url = settings.twilio, service_url or settings.public_url
    phones = {phone.number.e164: answers() for phone in (call.attempt.phones if call.attempt else ())}
    network = PhoneNetwork(HttpTransport(url), twilio.account_sid, twilio.auth_tokens[0], {}, phones)
    return TwilioAccount(twilio, settings.public_url, network=Rest(network, clock.now))


def _post(twilio: Twilio | None, settings: Settings | None) -> Post:
    """The ways to people; under the phone network nobody real is told anything."""
    if settings and settings.phone_network:
        return FilePost(settings.storage.data_dir / "outbox")
    told = settings.notices if settings else notice_settings()
    return RealPost(told.mail, told.sms_sender, lambda: _account(twilio))


def _replay(settings: Settings, database: Database) -> Callable[[], int]:
    spool = Spool(settings.storage.spool_dir, Sealer(settings.secret_key, settings.old_secret_key))
    callers = Pseudonymizer(settings.privacy_key)
    return lambda: spool.replay(
        lambda entries: write_entries(database, callers, entries), partial(tell_of_spooled, database)
    )
