"""What the pages get of the service around them."""

from collections.abc import Mapping
from functools import partial

from callrouter import clock
from callrouter.app.jobs import zone
from callrouter.app.parts import Parts
from callrouter.calllog.database import Database
from callrouter.calls.schedule_places import schedule_place
from callrouter.jobs.overview import overview
from callrouter.jobs.registry import JOBS
from callrouter.jobs.tools import provider_account
from callrouter.sealing import Pseudonymizer
from callrouter.settings import Settings
from callrouter.telephony.simulator import Phone, PhoneNetwork, WsgiTransport
from callrouter.telephony.twilio.played import number_config
from callrouter.twilio_settings import Twilio
from callrouter.web.health import Condition
from callrouter.web.phone_room import Network
from callrouter.web.site import Site
from callrouter.web.webhooks import Webhooks


def site(
    settings: Settings,
    parts: Parts,
    database: Database,
    conditions: Mapping[str, Condition],
    webhooks: Webhooks,
    callers: Pseudonymizer,
) -> Site:
    """All that pages may use. *webhooks*: those of this process, for the phone network around it that they show."""
    account, schedules, controls = settings.account, parts.schedules, parts.controls
    return Site(
        database=database,
        loaded=schedules.current,
        control=controls.current,
        control_changed=controls.check,
        schedule_place=schedule_place(schedules.source),
        schedule_changed=schedules.check,
        conditions=conditions,
        public_url=settings.public_url,
        secret_key=settings.secret_key,
        callers=callers,
        message=partial(_message, account) if account else None,
        settings=settings,
        tasks=parts.tasks,
        account=lambda: provider_account(account),
        jobs=lambda: overview(database, JOBS, zone(schedules), clock.now()),
        identity_provider=settings.web.identity_provider,
        proxies=settings.web.proxies,
        origin=settings.origin,
        network=_network(settings, webhooks) if settings.phone_network else None,
        carrier=None if settings.phone_network else "Twilio",
    )


def _message(account: Twilio, sid: str) -> bytes:
    """One that a caller left, fetched from the provider as somebody listens to it."""
    from callrouter.telephony.twilio.http import Patience
    from callrouter.telephony.twilio.rest import TwilioAccount

    patience = Patience(retries=1, longest_pause_seconds=1)
    return TwilioAccount(account, public_url="", patience=patience).recording(sid)


def _network(settings: Settings, webhooks: Webhooks) -> Network:
    """The built-in phone network around the service in this process, for the page on which calls are played."""
    account, config = settings.twilio, number_config(settings.public_url)

    def network(to: str, phones: Mapping[str, Phone]) -> PhoneNetwork:
        return PhoneNetwork(WsgiTransport(webhooks), account.account_sid, account.auth_tokens[0], {to: config}, phones)

    return network
