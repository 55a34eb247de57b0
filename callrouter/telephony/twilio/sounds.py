"""What the provider can sound like: a voice for each language, and the tone that a country's telephones ring with."""

from collections.abc import Mapping

from callrouter.domain.phone import PhoneNumber

VOICES: Mapping[str, tuple[str, str]] = {
    "ar": ("ar-AE", "Polly.Hala-Neural"),
    "da": ("da-DK", "Polly.Sofie-Neural"),
    "de": ("de-DE", "Polly.Vicki-Neural"),
    "en": ("en-GB", "Polly.Amy-Neural"),
    "es": ("es-ES", "Polly.Lucia-Neural"),
    "fi": ("fi-FI", "Polly.Suvi-Neural"),
    "fr": ("fr-FR", "Polly.Lea-Neural"),
    "nb": ("nb-NO", "Polly.Ida-Neural"),
    "pl": ("pl-PL", "Polly.Ola-Neural"),
    "sv": ("sv-SE", "Polly.Elin-Neural"),
}
"""Language -> locale and voice; one that does not fit the other fails. twilio.com/docs/voice/twiml/say/text-speech"""

_RING_TONES: Mapping[str, str] = {
    "+31": "nl",
    "+32": "be",
    "+33": "fr",
    "+34": "es",
    "+353": "uk",
    "+358": "fi",
    "+370": "lt",
    "+372": "ee",
    "+41": "ch",
    "+43": "at",
    "+44": "uk",
    "+45": "dk",
    "+46": "se",
    "+47": "no",
    "+48": "pl",
    "+49": "de",
}
"""Country code -> tone; unknown to the provider are all but some thirty. twilio.com/docs/voice/twiml/dial#ringtone"""


def ring_tone(called: PhoneNumber | None) -> str | None:
    """The tone that callers of our number *called* know as ringing; None leaves it to the provider."""
    if called is None:
        return None
    return next((tone for code, tone in _RING_TONES.items() if called.e164.startswith(code)), None)
