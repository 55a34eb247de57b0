"""What somebody who calls at an instant meets first: a phone that rings, the tone for a message, or a goodbye."""

from datetime import datetime
from typing import assert_never

from callrouter.domain.decision import Decision
from callrouter.domain.routing import first_step
from callrouter.domain.schedule import Schedule
from callrouter.domain.steps import AskMenu, Goodbye, Ring, TakeMessage
from callrouter.domain.words import Reach


def reach(schedule: Schedule, decision: Decision, at: datetime) -> Reach:
    """Say how far a call gets that arrives at *at* (aware), so decided, and presses no key of a menu."""
    step = first_step(schedule, decision, at, asks_menu=False)
    match step:
        case Ring():
            return Reach.PHONE
        case TakeMessage():
            return Reach.MESSAGE
        case Goodbye() | AskMenu():  # the menu was not asked for
            return Reach.NOBODY
        case _:
            assert_never(step)
