"""A call comes in, is asked what it wants, and is sent on its way."""

from dataclasses import replace
from datetime import datetime

from callrouter.calls.redials import LastCall
from callrouter.calls.service import Reply, Service, go_on, kept
from callrouter.domain.call import RunningCall
from callrouter.domain.routing import (
    AskMenu,
    Ring,
    TakeMessage,
    again,
    ask_menu,
    decide,
    decide_unclaimed,
    first_step,
)
from callrouter.domain.schedule import Schedule, Unit
from callrouter.telephony.provider import Inbound

MENU_ROUNDS = 2
"""How often a caller who presses nothing hears the menu."""


def answer(service: Service, inbound: Inbound, at: datetime) -> Reply:
    """A new call: decide where it goes, and ring. Who called just now is spared the menu and the long message.

    Raises:
        NoScheduleError: there is nothing to decide by.
    """
    schedule, key = service.schedule_now(), service.key_of(inbound.caller)
    unit = schedule.unit_by_number(inbound.called)
    decision = decide(schedule, unit, at, service.control(), key) if unit else decide_unclaimed(schedule, at)
    step = first_step(schedule, decision, at)
    last = service.redials.last_call(key, inbound.call_id, at)
    if last and unit and isinstance(step, AskMenu):
        unit = _chosen_before(schedule, unit, last)
        decision = decide(schedule, unit, at, service.control(), key)
    if last:
        step = again(schedule, decision, last.taken_by, at)
    caller = inbound.caller if isinstance(step, AskMenu) else kept(service.caller_key, unit, inbound.caller)
    call = RunningCall(inbound.call_id, inbound.called, caller, decision, service.origin, is_redial=last is not None)
    service.redials.called(key, inbound.call_id, decision.unit, at)
    return go_on(service, call, step, [], at)


def menu_answered(service: Service, call: RunningCall, key: str, at: datetime) -> Reply:
    """The caller pressed *key* in the menu, or none: their call becomes that unit's; asked once more, `open` rings.

    Raises:
        NoScheduleError: there is nothing to decide by.
    """
    schedule = service.schedule_now()
    told = [*call.told(), call.menu_key(key, at)]
    unit = schedule.units.get(call.decision.unit or "")
    chosen = schedule.units.get(unit.menu.keys.get(key, "")) if unit and unit.menu else None
    if chosen and chosen is not unit:
        caller_key = service.key_of(call.caller)
        call = replace(call, decision=decide(schedule, chosen, at, service.control(), caller_key))
        service.redials.called(caller_key, call.call_id, chosen.name, at)
    elif chosen is None and unit and unit.menu and call.menu_asked < MENU_ROUNDS:
        return go_on(service, call, ask_menu(schedule, unit.menu), told, at)
    call = replace(call, caller=kept(service.caller_key, chosen or unit, call.caller))
    return go_on(service, call, first_step(schedule, call.decision, at, asks_menu=False), told, at)


def skipped(call: RunningCall) -> Reply:
    """The caller pressed a key during an announcement: what came after it comes now."""
    return Reply(call.rested(Ring(call.attempt)) if call.attempt else TakeMessage(()), call)


def _chosen_before(schedule: Schedule, unit: Unit, last: LastCall) -> Unit:
    """The unit that the caller chose from the menu of *unit* last time, or *unit*."""
    is_in_menu = unit.menu and last.unit in unit.menu.keys.values()
    return schedule.units.get(last.unit or "", unit) if is_in_menu else unit
