"""The use cases of a call: where routing meets the log. No web, no provider, no clock: instants are given.

Every step is an event in the log before its answer goes out.
"""

from callrouter.calls.arrival import answer, menu_answered, skipped
from callrouter.calls.attempts import attempt_ended, key_pressed, leg_changed, whispered
from callrouter.calls.endings import call_ended, fail_safely, message_left, record_fail_safe
from callrouter.calls.service import NoScheduleError, Records, Reply, Service

__all__ = [
    "NoScheduleError",
    "Records",
    "Reply",
    "Service",
    "answer",
    "attempt_ended",
    "call_ended",
    "fail_safely",
    "key_pressed",
    "leg_changed",
    "menu_answered",
    "message_left",
    "record_fail_safe",
    "skipped",
    "whispered",
]
