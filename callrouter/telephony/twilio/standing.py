"""What Twilio says of an account as a whole: whom it may ring, and how many calls at once.

Sources: twilio.com/docs/voice/api/dialingpermissions-country-resource, /docs/iam/api/account,
/docs/trust-hub/trusthub-rest-api/customer-profiles; the limits: help.twilio.com, "How fast can I place or receive
phone calls with Twilio?", as of 2026.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from callrouter.telephony.standing import Capacity, Country

_A_PAGE = 1000
_LIMITED_SINCE = datetime(2026, 2, 3, tzinfo=UTC)
"""Accounts that were upgraded from trial before have no limit; when that was, the interface does not say."""

_TRIAL, _NO_PROFILE, _INDIVIDUAL = 5, 2, 3
_ASK = "In the console: Trust Hub > Customer Profiles. A business profile that is approved takes the limit away."


def countries(client: Any) -> Iterator[Country]:
    """The geographic permissions for voice."""
    for found in client.voice.v1.dialing_permissions.countries.stream(page_size=_A_PAGE):
        costly = found.high_risk_special_numbers_enabled or found.high_risk_tollfraud_numbers_enabled
        yield Country(
            found.name or found.iso_code,
            tuple(found.country_codes or ()),
            may_be_rung=bool(found.low_risk_numbers_enabled),
            may_be_costly=bool(costly),
        )


def capacity(client: Any) -> Capacity:
    """What is known of the limit. A forwarded call counts twice, and once more for each further phone that rings."""
    account = client.api.v2010.account.fetch()
    if account.status != "active":
        return Capacity(0, f"the account is {account.status}", "In the console: Billing, or ask the provider.")
    if account.type == "Trial":
        return Capacity(_TRIAL, "a trial account, which rings verified numbers alone", "Upgrade the account.")
    approved = set(_approved(client))
    if "business" in approved:
        return Capacity(None, "an approved business profile")
    most, whose = (_INDIVIDUAL, "an individual's profile") if approved else (_NO_PROFILE, "no approved profile")
    is_new = account.date_created is not None and account.date_created >= _LIMITED_SINCE
    is_owner = account.owner_account_sid in (None, account.sid)
    if is_new and is_owner:
        return Capacity(most, whose, _ASK)
    unknown = "unless it was upgraded before 2026-02-03" if is_owner else "unless its parent account has one"
    return Capacity(most, f"{whose}, {unknown}", _ASK, is_certain=False)


def _approved(client: Any) -> Iterator[str]:
    """Of what kind the approved primary profiles are; others say nothing of the limit."""
    policies = {
        found.policy_sid
        for found in client.trusthub.v1.customer_profiles.stream(status="twilio-approved", page_size=_A_PAGE)
    }
    for sid in sorted(filter(None, policies)):
        name = (client.trusthub.v1.policies(sid).fetch().friendly_name or "").casefold()
        if name.startswith("primary"):
            yield "business" if "business" in name else "individual"
