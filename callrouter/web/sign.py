"""What a visitor is told when something is not as they hoped, in both languages; also where no page can be made."""

from collections.abc import Mapping
from html import escape

from callrouter.web.texts import Text

_LATER = Text(
    "Försök igen om en stund. Telefonin är inte berörd: samtalen besvaras som vanligt.",
    "Try again in a moment. Telephony is not affected: calls are answered as usual.",
)

FAULTS: Mapping[int, tuple[Text, Text]] = {
    400: (
        Text("Det gick inte att förstå", "That was not understood"),
        Text("Något i adressen eller formuläret saknas eller är fel.", "Something in the address or form is wrong."),
    ),
    401: (
        Text("Logga in", "Sign in"),
        Text("Sidan kräver att du loggar in.", "This page needs you to sign in."),
    ),
    403: (
        Text("Det får du inte", "You may not do that"),
        Text(
            "Sidan är för andra än dig. Skickade du ett formulär kan det ha varit för gammalt: gå tillbaka, ladda om "
            "och försök igen.",
            "This page is for others. If you sent a form, it may have been too old: go back, reload and try again.",
        ),
    ),
    404: (
        Text("Sidan finns inte", "There is no such page"),
        Text("Kontrollera adressen, eller börja om från startsidan.", "Check the address, or begin at the home page."),
    ),
    405: (
        Text("Så går det inte att göra", "That cannot be done this way"),
        Text("Gå tillbaka och använd knapparna på sidan.", "Go back and use the buttons of the page."),
    ),
    413: (
        Text("Det är för mycket på en gång", "That is too much at once"),
        Text("Det du skickade är för stort.", "What you sent is too large."),
    ),
    429: (
        Text("För många försök", "Too many attempts"),
        Text("Vänta en kvart och försök igen.", "Wait a quarter of an hour, then try again."),
    ),
    500: (
        Text("Något gick fel hos oss", "Something went wrong on our side"),
        Text(
            "Felet är antecknat. Telefonin är inte berörd: samtalen besvaras som vanligt.",
            "It has been noted. Telephony is not affected: calls are answered as usual.",
        ),
    ),
    503: (
        Text("Sidan kan inte visas just nu", "The page cannot be shown right now"),
        _LATER,
    ),
}
"""A heading and what to do, by HTTP status."""

_STYLES = ("vendor/pico.min.css", "callrouter.css")

NO_DATABASE = (Text("Databasen svarar inte", "The database does not answer"), _LATER)
"""The same for a page that needs the database. Not one word more: nobody is known to be signed in."""


def told(status: int) -> tuple[Text, Text]:
    """The words for *status*; the nearest general ones where it has none of its own."""
    return FAULTS.get(status) or FAULTS[400 if status < 500 else 500]


def sign(status: int, root: str = "") -> bytes:
    """A page that needs nothing of ours: no template, no language chosen; our looks only if they can be had.

    *root*: the path that the service stands under.
    """
    heading, rest = told(status)
    parts = "".join(
        f'<section class="sheet" lang="{language}"><h1>{head}</h1><p>{text}</p></section>'
        for language, head, text in (("sv", heading.sv, rest.sv), ("en", heading.en, rest.en))
    )
    styles = "".join(f'<link rel="stylesheet" href="{escape(root)}/static/{name}">' for name in _STYLES)
    page = (
        '<!doctype html><html lang="sv"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark">'
        f'<meta name="viewport" content="width=device-width"><title>{heading.sv}</title>{styles}</head>'
        f'<body class="narrow"><main>{parts}</main></body></html>'
    )
    return page.encode()
