"""Who may ask for what: one table. What does not stand in it is refused, to everybody."""

from collections.abc import Mapping
from enum import StrEnum

from callrouter.domain.words import Role, Scope


class Audience(StrEnum):
    """Whom a page is for, where that is no matter of roles."""

    EVERYBODY = "everybody"
    """No session is looked at: the answer is the same for all, and may be kept by proxies."""
    VISITORS = "visitors"
    """Signed in or not."""


Admitted = Audience | Scope | frozenset[Role]
"""Everybody, users of some roles, or programs whose token has a scope."""

EVERYBODY, VISITORS = Audience.EVERYBODY, Audience.VISITORS
ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})
STAFF = frozenset({Role.ADMINISTRATOR, Role.REVIEWER})
CONTRACTORS = frozenset({Role.CONTRACTOR})
USERS = frozenset(Role)

ACCESS: Mapping[str, Admitted] = {
    "static": EVERYBODY,
    "opening_hours.page": EVERYBODY,
    "opening_hours.json_": EVERYBODY,
    "opening_hours.linked": EVERYBODY,
    "opening_hours.calendar": EVERYBODY,
    "public_statements.data_protection": EVERYBODY,
    "public_statements.accessibility": EVERYBODY,
    "sign_in.form": VISITORS,
    "sign_in.enter": VISITORS,
    "sign_in.leave": VISITORS,
    "provider.there": VISITORS,
    "provider.back": VISITORS,
    "welcome.form": VISITORS,
    "welcome.set_password": VISITORS,
    "language.switch": VISITORS,
    "home.home": USERS,
    "account.page": USERS,
    "account.change_password": USERS,
    "account.leave_everywhere": USERS,
    "account.end_session": USERS,
    "today.page": STAFF,
    "today.calls": STAFF,
    "today.units": STAFF,
    "today.desk": STAFF,
    "call_backs.page": STAFF,
    "call_backs.list_": STAFF,
    "call_backs.take": STAFF,
    "call_backs.settle": STAFF,
    "call_backs.form": STAFF,
    "call_backs.done": STAFF,
    "call_backs.let_go": STAFF,
    "hand_over.page": STAFF,
    "hand_over.tick_off": STAFF,
    "calls.page": USERS,
    "calls.find_caller": STAFF,
    "calls.call": USERS,
    "calls.now": USERS,
    "calls.show_number": USERS,
    "calls.note": USERS,
    "calls.review": STAFF,
    "calls.follow_up": STAFF,
    "calls.follow_up_done": STAFF,
    "calls.listen": STAFF,
    "calls.message": STAFF,
    "by_hand.form": ADMINISTRATORS,
    "by_hand.make": ADMINISTRATORS,
    "by_hand.end": ADMINISTRATORS,
    "company.page": CONTRACTORS,
    "schedule.page": STAFF,
    "schedule_edit.form": ADMINISTRATORS,
    "schedule_edit.review": ADMINISTRATORS,
    "schedule_edit.problems": ADMINISTRATORS,
    "schedule_edit.save": ADMINISTRATORS,
    "schedule_edit.download": ADMINISTRATORS,
    "schedule_history.page": ADMINISTRATORS,
    "schedule_history.version": ADMINISTRATORS,
    "reports.page": STAFF,
    "reports.callers": STAFF,
    "reports.file": STAFF,
    "statements.of_company": STAFF,
    "statements.file_of_company": STAFF,
    "statements.own": CONTRACTORS,
    "statements.own_file": CONTRACTORS,
    "disputes.form": CONTRACTORS,
    "disputes.make": CONTRACTORS,
    "disputes.withdraw": CONTRACTORS,
    "disputes.disputed": STAFF,
    "disputes.settle": STAFF,
    "phone_network.page": STAFF,
    "phone_network.ring": STAFF,
    "phone_network.call": STAFF,
    "phone_network.now": STAFF,
    "phone_network.act": STAFF,
    "exports.page": STAFF,
    "exports.ask": STAFF,
    "exports.fetch": STAFF,
    "exports.ask_research": ADMINISTRATORS,
    "tasks.own": STAFF,
    "tasks.stop": STAFF,
    "tasks.of_kind": ADMINISTRATORS,
    "administration.page": ADMINISTRATORS,
    "administration.settings": ADMINISTRATORS,
    "administration.health": ADMINISTRATORS,
    "administration.health_now": ADMINISTRATORS,
    "users.page": ADMINISTRATORS,
    "users.add": ADMINISTRATORS,
    "users.user": ADMINISTRATORS,
    "users.change": ADMINISTRATORS,
    "users.disable": ADMINISTRATORS,
    "users.enable": ADMINISTRATORS,
    "users.reset": ADMINISTRATORS,
    "sessions.page": ADMINISTRATORS,
    "sessions.end": ADMINISTRATORS,
    "audit.page": ADMINISTRATORS,
    "audit.check": ADMINISTRATORS,
    "retention.page": ADMINISTRATORS,
    "retention.run": ADMINISTRATORS,
    "retention.count": ADMINISTRATORS,
    "retention.protocol": ADMINISTRATORS,
    "retention.protocol_csv": ADMINISTRATORS,
    "holds.page": ADMINISTRATORS,
    "holds.add": ADMINISTRATORS,
    "holds.lift": ADMINISTRATORS,
    "back_ups.page": ADMINISTRATORS,
    "back_ups.make": ADMINISTRATORS,
    "back_ups.check": ADMINISTRATORS,
    "api.openapi": EVERYBODY,
    "api.calls": Scope.CALLS,
    "api.call": Scope.CALLS,
    "api.schedule": Scope.SCHEDULE,
    "api.status": Scope.STATUS,
    "api.reports": Scope.REPORTS,
}
"""By endpoint: the name of a page family's blueprint, and of its function."""

POLLED = frozenset(
    {
        *("today.calls", "today.units", "today.desk", "call_backs.list_", "calls.now", "phone_network.now"),
        *("tasks.own", "tasks.of_kind", "administration.health_now"),
    }
)
"""Asked for by a page that stands open, not by a person: they keep no session awake."""


def admits(admitted: Admitted | None, role: Role | None) -> bool:
    """Whether somebody with *role* (None: not signed in) may ask for it. What a scope opens, no role does."""
    if admitted is None or isinstance(admitted, Scope):
        return False
    return admitted is EVERYBODY or admitted is VISITORS or role in admitted
