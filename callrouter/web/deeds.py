"""What the audit log has of who did what, as its page says it. A deed of a later release is shown as it stands."""

from collections.abc import Mapping

from callrouter.web.texts import Text

DEEDS: Mapping[str, Text] = {
    "sign-in": Text("loggade in", "signed in"),
    "sign-in-refused": Text("fick inte logga in", "was refused at sign-in"),
    "sign-out": Text("loggade ut", "signed out"),
    "sign-out-everywhere": Text("loggade ut överallt", "signed out everywhere"),
    "session-end": Text("avslutade en inloggning", "ended a session"),
    "password-set": Text("valde ett lösenord", "chose a password"),
    "user-add": Text("lade till en användare", "added a user"),
    "user-change": Text("ändrade en användare", "changed a user"),
    "user-disable": Text("stängde av en användare", "disabled a user"),
    "user-enable": Text("släppte in en användare igen", "enabled a user"),
    "user-link": Text("gjorde en engångslänk", "made a one-time link"),
    "user-bind": Text("knöts till organisationens konto", "was bound to the organisation's account"),
    "api-token-add": Text("gjorde en åtkomstnyckel", "made an API token"),
    "api-token-revoke": Text("drog in en åtkomstnyckel", "revoked an API token"),
    "api-token-refused": Text("visade en åtkomstnyckel som inte gäller", "showed an API token that is not good"),
    "override": Text("styrde en enhet för hand", "controlled a unit by hand"),
    "override-end": Text("avslutade en manuell styrning", "ended an override"),
    "block": Text("spärrade en uppringare", "blocked a caller"),
    "block-end": Text("hävde en spärr", "ended a block"),
    "schedule": Text("sparade schemat", "saved the schedule"),
    "show-numbers": Text("såg nummer i klartext", "saw numbers in full"),
    "find-caller": Text("sökte efter ett nummer", "searched for a number"),
    "listen": Text("lyssnade på ett meddelande", "listened to a message"),
    "call-back": Text("tog en återuppringning", "took a call-back"),
    "call-back-done": Text("avslutade en återuppringning", "finished a call-back"),
    "call-back-let-go": Text("lämnade ifrån sig en återuppringning", "let go of a call-back"),
    "review": Text("granskade ett samtal", "reviewed a call"),
    "unreview": Text("tog tillbaka en granskning", "took a review back"),
    "note": Text("skrev en anteckning", "wrote a note"),
    "follow-up": Text("bad om en uppföljning", "asked for a follow-up"),
    "follow-up-done": Text("avslutade en uppföljning", "finished a follow-up"),
    "dispute": Text("bestred ett samtal", "disputed a call"),
    "reconcile": Text("jämförde loggen med operatörens lista", "held the log against the provider's list"),
    "recover": Text("hämtade händelser ur tjänstens egen logg", "brought events back from the service's own log"),
    "settle": Text("avgjorde ett bestridande", "settled a dispute"),
    "withdraw": Text("tog tillbaka ett bestridande", "withdrew a dispute"),
    "export": Text("begärde ett uttag", "asked for an export"),
    "export-numbers": Text("begärde nummer i ett uttag", "asked for an export with numbers"),
    "export-research": Text("begärde ett uttag för forskning", "asked for a research export"),
    "export-fetch": Text("hämtade ett uttag", "fetched an export"),
    "task-stop": Text("avbröt ett beställt arbete", "stopped a task"),
    "back-up": Text("gjorde en säkerhetskopia", "made a back-up"),
    "back-up-check": Text("kontrollerade en säkerhetskopia", "checked a back-up"),
    "audit-check": Text("kontrollerade granskningsloggen", "checked the audit log"),
    "retention-run": Text("gallrade för hand", "ran retention by hand"),
    "look up": Text("sökte vad som finns om ett nummer", "looked up what is kept of a number"),
    "disclose": Text("lämnade ut uppgifter", "disclosed data"),
    "erase": Text("raderade ett nummer", "erased a number"),
    "hold": Text("spärrade ett samtal mot gallring", "put a call on hold"),
    "lift hold": Text("hävde en gallringsspärr", "lifted a hold"),
    "destroy": Text("gallrade", "deleted what was overdue"),
    "disturbance": Text("hade en störning", "had a disturbance"),
    "provision": Text("ställde in ett nummer hos operatören", "set up a number at the provider"),
}
"""By the action of a `Deed`."""


def deed(action: str) -> Text:
    """What *action* is called."""
    return DEEDS.get(action) or Text(action, action)
