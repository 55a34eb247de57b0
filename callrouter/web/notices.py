"""What a page says after something was done: named in the address that the browser is sent to."""

from collections.abc import Mapping

from flask import request

from callrouter.web.site import visit
from callrouter.web.texts import Text

NOTICES: Mapping[str, Text] = {
    "override-made": Text("Klart. Styrningen gäller nu.", "Done. The override is in force."),
    "override-ended": Text("Klart. Styrningen är avslutad.", "Done. The override is ended."),
    "override-over": Text("Den styrningen var redan slut.", "That override was over already."),
}


def notice() -> str:
    """What was done, if the address names something."""
    text = NOTICES.get(request.args.get("done", ""))
    return text.said(visit().language) if text else ""
