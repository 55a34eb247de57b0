"""Our numbers at the built-in phone network, which plays this provider."""

from callrouter.telephony.provider import Endpoint
from callrouter.telephony.simulator import NumberConfig
from callrouter.telephony.twilio.links import address


def number_config(public_url: str) -> NumberConfig:
    """One of them, set up for the service at *public_url*; without a fallback."""
    voice, status = (address(public_url, endpoint) for endpoint in (Endpoint.INCOMING, Endpoint.ENDED))
    return NumberConfig(voice, status_callback=status.partition("#")[0])
