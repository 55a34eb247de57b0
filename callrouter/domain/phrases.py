"""The sentences the product says when the schedule has none for the moment: neutral, and never an error."""

from callrouter.domain.message import Message, Spoken

APOLOGY = Message(
    "apology",
    (
        Spoken("sv", "Tyvärr kan ingen svara just nu. Ring gärna igen. Vid fara för liv, ring 112."),
        Spoken("en", "Sorry, nobody can answer right now. Please call again. In an emergency, call 112."),
    ),
)
"""A caller whom nobody answered is never cut off without a word."""

TRYING_NEXT = Message(
    "trying-next",
    (Spoken("sv", "Vi försöker med nästa."), Spoken("en", "We are trying the next one.")),
)
"""Before each new destination: nobody waits in silence, wondering."""

TRYING_AGAIN = Message(
    "trying-again",
    (Spoken("sv", "Vi försöker igen om en liten stund."), Spoken("en", "We will try again in a moment.")),
)
"""Before a pause in which a line is left to rest: the same."""

LEAVE_A_MESSAGE = Message(
    "leave-a-message",
    (
        Spoken("sv", "Tyvärr kan ingen svara just nu. Lämna ett meddelande efter tonen. Vid fara för liv, ring 112."),
        Spoken("en", "Sorry, nobody can answer right now. Leave a message after the tone. In an emergency, call 112."),
    ),
)
"""Where a message is taken and the schedule has no words for it; the fail-safe's, too, without a number to ring."""

FAREWELL = Message(
    "farewell",
    (
        Spoken("sv", "Tack för ditt samtal. Ring gärna igen om du behöver hjälp. Vid fara för liv, ring 112."),
        Spoken("en", "Thank you for calling. Please call again if you need help. In an emergency, call 112."),
    ),
)
"""After the fail-safe's dial: neutral, for nobody knows whether the caller was helped."""

BLOCKED_CALLER = Message(
    "blocked-caller",
    (
        Spoken("sv", "Tyvärr kan vi inte ta emot det här samtalet. Vid fara för liv, ring 112."),
        Spoken("en", "Sorry, we cannot take this call. In an emergency, call 112."),
    ),
)
"""A caller who is blocked hears this and nothing else: polite, and never without the way to help."""
