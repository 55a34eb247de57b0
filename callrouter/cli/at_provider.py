"""Our account with the provider, for commands that ask it something."""

from collections.abc import Callable

import click

from callrouter.settings import public_url, twilio_settings
from callrouter.telephony.provider import Account
from callrouter.twilio_settings import Twilio

AccountOf = Callable[[Twilio, str], Account]
"""The account of some settings, for a public URL; as click's `obj`, another one than the provider's own."""


def account_of_settings(ctx: click.Context) -> Account | None:
    """The account of the settings, in the first of its regions; None: it or the public URL is not set.

    Raises:
        SettingsError: one of them is missing in part, or malformed.
    """
    return next(iter(accounts_of_settings(ctx)), None)


def accounts_of_settings(ctx: click.Context) -> tuple[Account, ...]:
    """The account in each region of the settings; none where it or the public URL is not set.

    Raises:
        SettingsError: as above.
    """
    twilio, url = twilio_settings(), public_url()
    if twilio is None or url is None:
        return ()
    account_of: AccountOf = ctx.obj or _account_of
    return tuple(account_of(each, url) for each in twilio.regions)


def _account_of(twilio: Twilio, url: str) -> Account:
    from callrouter.telephony.twilio.rest import TwilioAccount

    return TwilioAccount(twilio, url)
