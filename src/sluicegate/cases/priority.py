"""How soon a case wants work, by a rule that anyone can follow.

The kinds of its alerts that are neither cleared nor gone give a priority; the
nearest binding due day may raise it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sluicegate.cases.case import Alert, Clock, Judgement, Priority
from sluicegate.cases.rules import CaseRules, is_kind


def priority_of(
    alerts: Iterable[Alert], clocks: Iterable[Clock], on: date, rules: CaseRules
) -> Priority:
    """Return the priority that the risk rule gives on a day.

    The highest among the alerts counts. A binding due day raises it to urgent
    when it is near or has passed, to high when it is not far.
    """
    live = [one for one in alerts if not one.is_gone and one.judgement is not Judgement.CLEARED]
    found = min((_of_kind(one.kind, rules) for one in live), key=_rank, default=Priority.LOW)
    days = [one.due for one in clocks if one.is_binding and one.is_live and one.due is not None]
    if not days or not live:
        return found
    nearest = min(days)
    if nearest <= rules.urgent_within.after(on):
        return Priority.URGENT
    near = Priority.HIGH if nearest <= rules.high_within.after(on) else Priority.LOW
    return min(found, near, key=_rank)


def raised(priority: Priority) -> Priority:
    """Return the next higher priority, for a case that is handed up.

    >>> raised(Priority.LOW), raised(Priority.URGENT)
    (<Priority.NORMAL: 3>, <Priority.URGENT: 1>)
    """
    return Priority(max(priority.value - 1, Priority.URGENT.value))


def _of_kind(kind: str, rules: CaseRules) -> Priority:
    if is_kind(kind, rules.high):
        return Priority.HIGH
    return Priority.NORMAL if is_kind(kind, rules.normal) else Priority.LOW


def _rank(priority: Priority) -> int:
    return priority.value
