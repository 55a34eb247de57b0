"""Our account with the provider, for commands that ask it something."""

from collections.abc import Callable

import click

from callrouter.settings import Twilio, public_url, twilio_settings
from callrouter.telephony.provider import Account

AccountOf = Callable[[Twilio, str], Account]
"""The account of some settings, for a public URL; as click's `obj`, another one than the provider's own."""


def account_of_settings(ctx: click.Context) -> Account | None:
    """The account of the settings; None: it or the public URL is not set.

    Raises:
        SettingsError: one of them is missing in part, or malformed.
    """
    twilio, url = twilio_settings(), public_url()
    if twilio is None or url is None:
        return None
    account_of: AccountOf | None = ctx.obj
    if account_of:
        return account_of(twilio, url)
    from callrouter.telephony.twilio.rest import TwilioAccount

    return TwilioAccount(twilio, url)
