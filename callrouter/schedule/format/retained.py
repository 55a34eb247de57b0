"""Retention rules that contradict each other, or do nothing yet."""

from collections.abc import Mapping
from datetime import datetime

from callrouter.domain.retention import kept_since
from callrouter.domain.schedule import Schedule
from callrouter.domain.wallclock import wall_time
from callrouter.domain.words import Retained
from callrouter.schedule.format.problems import Findings
from callrouter.schedule.format.records import Values
from callrouter.schedule.format.shape import InFile, InRetention

Rules = Mapping[Retained, Values]


def check_retention(file: Values, found: Findings) -> None:
    """Refuse a second rule for the same class: nobody could say which holds."""
    first: dict[str, Values] = {}
    for rule in file.get(InFile.retention) or ():
        what = rule.get(InRetention.what)
        if what and first.setdefault(what, rule) is not rule:
            before = first[what].node.line
            text = "a rule for {what} stands on line {line}; expected one a class"
            found.error(rule.at(InRetention.what), text, what=what, line=before)


def look_at_retention(file: Values, schedule: Schedule, at: datetime, found: Findings) -> None:
    """Warn of rules that hold otherwise than they say, in a *schedule* without an error, made from *file*."""
    rules = {rule.need(InRetention.what): rule for rule in file.get(InFile.retention) or ()}
    today = wall_time(at, schedule.zone).date()
    for rule in rules.values():
        if (day := rule.need(InRetention.date).value) > today:
            found.warn(rule.at(InRetention.date), "decided on {day}: nothing goes before that day", day=day)
    _warn_of_longer(rules, schedule, at, found)


def _warn_of_longer(rules: Rules, schedule: Schedule, at: datetime, found: Findings) -> None:
    """What hangs on a call goes with it."""
    calls = rules.get(Retained.CALLS)
    if calls is None:
        return
    keep = calls.need(InRetention.keep)
    for what, rule in rules.items():
        longer = rule.need(InRetention.keep)
        if kept_since(longer, at, schedule.zone) < kept_since(keep, at, schedule.zone):
            text = "{what} go with their calls after {keep} (line {line}), before their {longer} are over"
            found.warn(rule.at(InRetention.keep), text, what=what, keep=keep, line=calls.node.line, longer=longer)
