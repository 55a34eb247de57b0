"""What a page says after something was done: named in the address that the browser is sent to."""

from collections.abc import Mapping

from flask import request

from callrouter.web.site import visit
from callrouter.web.texts import Text

NOTICES: Mapping[str, Text] = {
    "override-made": Text("Klart. Styrningen gäller nu.", "Done. The override is in force."),
    "override-ended": Text("Klart. Styrningen är avslutad.", "Done. The override is ended."),
    "schedule-saved": Text("Klart. Schemat är sparat och gäller.", "Done. The schedule is saved and in force."),
    "user-changed": Text(
        "Klart. Användaren har en ny roll och är utloggad överallt.",
        "Done. The user has a new role, and is signed out everywhere.",
    ),
    "user-disabled": Text(
        "Klart. Användaren är avstängd och utloggad överallt.",
        "Done. The user is disabled, and signed out everywhere.",
    ),
    "user-enabled": Text("Klart. Användaren kan logga in igen.", "Done. The user can sign in again."),
    "session-ended": Text("Klart. Inloggningen är avslutad.", "Done. The session is ended."),
    "session-over": Text("Den inloggningen var redan slut.", "That session was over already."),
    "held": Text("Klart. Ingenting av samtalet gallras.", "Done. Nothing of the call is deleted."),
    "hold-lifted": Text(
        "Klart. Spärren är hävd: det som är för gammalt går vid nästa gallring.",
        "Done. The hold is lifted: what is too old goes with the next run.",
    ),
    "hold-over": Text("Den spärren var redan hävd.", "That hold was lifted already."),
    "override-over": Text("Den styrningen var redan slut.", "That override was over already."),
    "call-back-done": Text("Klart. Tack!", "Done. Thank you!"),
    "call-back-let-go": Text("Den ligger kvar i listan för andra.", "It stays in the list for others."),
    "call-back-over": Text(
        "Den har du inte längre: tiden gick ut och någon annan har tagit den, eller så är den redan klar.",
        "It is no longer yours: its time ran out and somebody else has taken it, or it is done already.",
    ),
    "call-back-not-yours": Text("Den är en kollegas, inte din.", "It is a colleague's, not yours."),
    "call-back-settled": Text("Struken ur listan.", "Taken off the list."),
    "password-chosen": Text(
        "Klart. Lösenordet är sparat: logga in med det.", "Done. The password is saved: sign in with it."
    ),
    "ticked": Text("Avbockat.", "Ticked off."),
    "ticked-nothing": Text("Inget var markerat, eller så var det redan avbockat.", "Nothing new was marked."),
    "call-reviewed": Text("Klart. Samtalet är granskat.", "Done. The call is reviewed."),
    "call-unreviewed": Text("Klart. Samtalet är inte längre granskat.", "Done. The call is not reviewed any more."),
    "note-added": Text("Klart. Anteckningen är sparad.", "Done. The note is kept."),
    "follow-up-added": Text("Klart. Uppföljningen är sparad.", "Done. The follow-up is kept."),
    "follow-up-done": Text("Klart. Uppföljningen är avslutad.", "Done. The follow-up is finished."),
    "follow-up-over": Text("Den uppföljningen var redan klar.", "That follow-up was done already."),
    "disputed": Text("Klart. Samtalet är märkt som bestritt.", "Done. The call is marked as disputed."),
    "dispute-withdrawn": Text("Klart. Bestridandet är återtaget.", "Done. The dispute is withdrawn."),
    "dispute-settled": Text("Klart. Bestridandet är avgjort.", "Done. The dispute is settled."),
    "dispute-over": Text("Det bestridandet var redan avslutat.", "That dispute was over already."),
}


def notice() -> str:
    """What was done, if the address names something."""
    text = NOTICES.get(request.args.get("done", ""))
    return text.said(visit().language) if text else ""
