"""Telling what became of cases: webhooks ids and codes, people what they asked for.

Of sealed cases no webhook is told; whether a person may know of one is seen when
the notice is sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sluicegate.cases.case import Case
from sluicegate.cases.events import EventKind as Happened
from sluicegate.services.ports import Store
from sluicegate.services.ports.casework import CaseChange
from sluicegate.services.ports.work import EventKind
from sluicegate.services.work.events import Event, announce_all
from sluicegate.services.work.telling import tell_people

_DECISIONS = frozenset({Happened.DECIDED.value, Happened.CLOSED.value})


def tell(store: Store, changes: Sequence[CaseChange], *, at: datetime) -> None:
    """Announce changes of cases, in the transaction in which they are written."""
    events = [_event(one) for one in changes if one.after.sealed_for is None]
    announce_all(store, events, at=at)
    tell_people(store, changes, at=at)


def _event(change: CaseChange) -> Event:
    case = change.after
    happened = {one.kind for one in change.events}
    kind = EventKind.CASE_CHANGED
    if change.before is None:
        kind = EventKind.CASE_OPENED
    elif happened & _DECISIONS:
        kind = EventKind.CASE_DECIDED
    return Event(
        kind=kind,
        id=case.case_id,
        occasion=change.events[-1].event_id,
        jurisdiction=case.jurisdiction or None,
        codes=_codes(case),
    )


def _codes(case: Case) -> dict[str, str]:
    codes = {"state": case.state.value, "priority": case.priority.name.lower()}
    if case.subject:
        codes["subject"] = case.subject
    if case.due is not None:
        codes["due"] = case.due.isoformat()
    if case.outcome is not None:
        codes["outcome"] = case.outcome.value
    return codes
