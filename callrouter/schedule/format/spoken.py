"""Messages: in Swedish where Swedes call, of a length that can be spoken, or a recorded file."""

from callrouter.domain.message import Audio, Message, Spoken
from callrouter.schedule.format.numbers import countries_of
from callrouter.schedule.format.problems import Findings
from callrouter.schedule.format.readers import Named, Placed
from callrouter.schedule.format.records import Values
from callrouter.schedule.format.shape import InFile, InHolidays

_LONGEST = 3000  # what a neural voice speaks at once
_PLAY = "play"

Parts = dict[str, Named[Placed[str]]]


def check_messages(file: Values, found: Findings) -> None:
    """Note messages that cannot be spoken, and those without the language of the country."""
    needs_swedish = _is_swedish(file)
    for entry, parts in file.entries(InFile.messages):
        for part in parts.values():
            _check_part(part, found)
        if _PLAY in parts and len(parts) > 1:
            found.error(entry.key, "has both 'play' and texts; expected one file, or a text for each language")
        elif needs_swedish and _PLAY not in parts and "sv" not in parts:
            found.error(entry.key, "has no Swedish text; expected 'sv: …', for the country is SE")


def message_of(name: str, parts: Parts) -> Message:
    """Return the message with its parts in the order of the file."""
    spoken = [(key, part.value.value) for key, part in parts.items() if part.value]
    return Message(name, tuple(Audio(text) if key == _PLAY else Spoken(key, text) for key, text in spoken))


def _check_part(part: Named[Placed[str]], found: Findings) -> None:
    if part.value is None:
        return
    text = part.value.value
    if part.name == _PLAY and not text.startswith("https://"):
        found.error(part.value.node, "'{text}' is no address of a file; expected https://…/file.mp3", text=text)
    if len(text) > _LONGEST:
        found.error(part.value.node, "has {n} characters; expected at most {most}", n=len(text), most=_LONGEST)


def _is_swedish(file: Values) -> bool:
    holidays = file.get(InFile.holidays)
    country = holidays.get(InHolidays.country) if holidays else None
    return "SE" in countries_of(file) or bool(country and country.value == "SE")
