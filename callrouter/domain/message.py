"""What a caller hears, as schedule.yaml has it."""

from dataclasses import dataclass

LANGUAGES = ("ar", "da", "de", "en", "es", "fi", "fr", "nb", "pl", "sv")
"""The languages (ISO 639-1) that a message can be read aloud in: every provider has a voice for each."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """Words to be read aloud in one of LANGUAGES."""

    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Audio:
    """A recorded file to be played."""

    url: str


@dataclass(frozen=True, slots=True)
class Message:
    """What a caller hears, part after part, in the order written."""

    name: str
    parts: tuple[Spoken | Audio, ...]
