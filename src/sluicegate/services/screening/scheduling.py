"""Screening on schedule: a job when one is due, and an alarm when none came in time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sluicegate.core.identifiers import TenantId
from sluicegate.services.access.principals import Principal, PrincipalKind
from sluicegate.services.ports.store import Store
from sluicegate.services.ports.work import Job, JobKind, JobState, NewNotice, NoticeKind
from sluicegate.services.screening.condition import Condition, condition_of
from sluicegate.services.settings import Settings
from sluicegate.services.work.jobs import ask_for
from sluicegate.services.work.kinds import ScreeningJob

WORKER = "system:worker"
"""Who asks for work that the schedule of a node brings."""

ALARM = "screening alarm"
"""The act of an alarm: screening is late, or a list too old."""

_WAITING = (JobState.WAITING, JobState.RUNNING)


def ask_when_due(store: Store, tenant: TenantId, found: Condition, *, at: datetime) -> Job | None:
    """Put a run of screening into the queue when one is due and none waits; return its job."""
    if found.due is None:
        return None
    waiting = store.work.jobs(reader=None, states=_WAITING, kinds=(JobKind.SCREENING,), limit=1)
    if waiting:
        return None
    worker = Principal(WORKER, PrincipalKind.OPERATOR, tenant, "", frozenset())
    return ask_for(store, ScreeningJob(found.due), worker, at=at)


def alarm(store: Store, found: Condition, *, at: datetime) -> int:
    """Tell who wants to know that screening is late or a list too old, once a day; say how many."""
    if not found.is_alarm:
        return 0
    day = at.date().isoformat()
    notices = [
        NewNotice(
            one.account,
            NoticeKind.SCREENING_LATE,
            day,
            f"{NoticeKind.SCREENING_LATE.value} {one.account} {day}",
        )
        for one in store.work.all_wishes()
        if NoticeKind.SCREENING_LATE in one.kinds
    ]
    with store.transaction():
        told = store.work.add_notices(notices, at=at)
        if told:
            record = {"late": found.is_late, "stale": list(found.stale), "told": told}
            store.act(ALARM, record, at=at, by=WORKER, reason=ALARM)
    return told


def see_to(
    store: Store,
    tenant: TenantId,
    versions: Mapping[str, str],
    stale: Sequence[str],
    settings: Settings,
    *,
    now: datetime,
) -> Job | None:
    """Ask for a run when one is due, and raise the alarm where something is late."""
    found = condition_of(store, versions, stale, settings, now=now)
    alarm(store, found, at=now)
    return ask_when_due(store, tenant, found, at=now)
