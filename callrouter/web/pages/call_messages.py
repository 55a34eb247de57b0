"""Messages that callers left: fetched from the provider when somebody listens, and given on by this service alone.

To listen is asked for by a form and stands in the audit log; the page that follows holds a grant for the player.
"""

import logging
from datetime import datetime, timedelta
from io import BytesIO

from flask import Blueprint, abort, redirect, request, send_file
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from callrouter.calllog.audit import Deed, append
from callrouter.calllog.story import recordings_of
from callrouter.sealing import BrokenSealError
from callrouter.telephony.provider import ProviderRefusedError, ProviderUnavailableError, RecordingGoneError
from callrouter.web.call_page import CallPage
from callrouter.web.site import Site, visit

log = logging.getLogger(__name__)

_GOOD_FOR = timedelta(minutes=30)
_AUDIO = "audio/mpeg"


def add_to(routes: Blueprint, site: Site) -> None:
    """Add what leads to a player, and what it plays."""

    @routes.post("/calls/<day>/<call_id>/messages/<sid>")
    def listen(day: str, call_id: str, sid: str) -> Response:
        here = CallPage.asked(site, day, call_id)
        with site.database.writing() as connection:
            _require_kept(here, connection, sid)
            append(connection, Deed(here.user.name, "listen", f"call {call_id}", {"recording": sid}, visit().at))
        until = (visit().at + _GOOD_FOR).isoformat()
        return redirect(here.address(listen=site.sealer.seal(f"listen {here.user.name} {sid} {until}")), 303)

    @routes.get("/calls/<day>/<call_id>/messages/<sid>")
    def message(day: str, call_id: str, sid: str) -> Response:
        here = CallPage.asked(site, day, call_id)
        if sid != granted(here) or site.message is None:
            abort(404)
        with site.database.reading() as connection:
            _require_kept(here, connection, sid)
        try:
            sound = site.message(sid)
        except RecordingGoneError:
            abort(404)
        except (ProviderUnavailableError, ProviderRefusedError) as error:
            log.warning("a message cannot be fetched: %s", error)
            abort(503)
        answer = send_file(BytesIO(sound), _AUDIO, conditional=True)
        answer.headers["Cache-Control"] = "no-store"
        return answer


def granted(here: CallPage) -> str:
    """The message that the reader may listen to now, by the grant in the address; none: an empty text."""
    try:
        said = here.site.sealer.open(request.args.get("listen", "")).split(" ")
    except BrokenSealError:
        return ""
    match said:
        case ["listen", here.user.name, sid, until] if datetime.fromisoformat(until) > visit().at:
            return sid
        case _:
            return ""


def _require_kept(here: CallPage, connection: Connection, sid: str) -> None:
    """Of a call that the reader may see; what is deleted is not there."""
    kept = [each.sid for each in recordings_of(connection, here.row(connection)) if each.deleted_at is None]
    if sid not in kept:
        abort(404)
