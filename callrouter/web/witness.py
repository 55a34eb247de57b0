"""What the process that happens to answer would decide now: the job `boundary-canary` asks it at /witness."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, jsonify

from callrouter import clock
from callrouter.calllog.processes import own_name
from callrouter.domain.control import Control
from callrouter.domain.schedule import Schedule
from callrouter.domain.witness import witness

PATH = "/witness"


def blueprint(schedule: Callable[[], Schedule | None], control: Callable[[], Control]) -> Blueprint:
    """Like /readyz for people and programs of ours, without a password and with nothing personal."""
    routes = Blueprint("witness", __name__)

    @routes.get(PATH)
    def answer() -> Response:
        at = clock.now()
        said: dict[str, Any] = witness(schedule(), control(), at)
        return jsonify(process=own_name(), at=at.isoformat(), **said)

    return routes
