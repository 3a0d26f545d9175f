"""What webhooks are told of a pass: findings that are new, changed or gone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sluicegate.services.access.jurisdictions import jurisdiction_of
from sluicegate.services.findings import ChangeKind, FindingChange
from sluicegate.services.ports.work import EventKind
from sluicegate.services.work.events import Event

_KINDS = {
    ChangeKind.NEW: EventKind.FINDING_NEW,
    ChangeKind.CHANGED: EventKind.FINDING_CHANGED,
    ChangeKind.CLEARED: EventKind.FINDING_CLEARED,
}


def finding_events(changes: Iterable[FindingChange], pass_id: str) -> Iterator[Event]:
    """Yield an event for each change that a pass found."""
    for one in changes:
        yield Event(
            kind=_KINDS[one.kind],
            id=one.finding,
            occasion=pass_id,
            jurisdiction=jurisdiction_of(one.rule),
            codes={"rule": one.rule, "subject": one.subject},
        )
