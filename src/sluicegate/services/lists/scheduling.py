"""Lists on schedule: the job that fetches what is due, and the alarm when a list cannot be had."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sluicegate.core.identifiers import TenantId
from sluicegate.services.access.principals import Principal, PrincipalKind
from sluicegate.services.lists.fetching import FetchOutcome
from sluicegate.services.lists.settings import PlannedFetch
from sluicegate.services.lists.state import current_versions
from sluicegate.services.ports.store import Store
from sluicegate.services.ports.work import Job, JobKind, JobState, NewNotice, NoticeKind
from sluicegate.services.work.deliveries import WORKER
from sluicegate.services.work.jobs import ask_for
from sluicegate.services.work.kinds import ListFetchJob

ALARM = "list alarm"
"""The act of an alarm: a list could not be fetched."""

_WAITING = (JobState.WAITING, JobState.RUNNING)
_LOOKED_BACK = 200
"""Jobs among which the last fetching of each list is sought."""


@dataclass(frozen=True, slots=True)
class FetchStanding:
    """How a list on schedule stands: when it was last asked for and last had, and when it is due.

    `asked` and `had` are None when it never was.
    """

    plan: PlannedFetch
    asked: datetime | None
    had: datetime | None
    due: datetime

    @property
    def has_failed(self) -> bool:
        """Whether the last asking gave nothing."""
        return self.asked is not None and (self.had is None or self.had < self.asked)


def standings(
    store: Store, plan: Sequence[PlannedFetch], *, now: datetime
) -> Sequence[FetchStanding]:
    """Return how each list on schedule stands, in the order of the setting."""
    asked, had = _last_asked(store), _last_had(store)
    found = []
    for one in plan:
        times = [when for when in (asked.get(one.list_id), had.get(one.list_id)) if when]
        due = max(times) + timedelta(hours=one.hours) if times else now
        found.append(FetchStanding(one, asked.get(one.list_id), had.get(one.list_id), due))
    return found


def _last_asked(store: Store) -> dict[str, datetime]:
    """Return list → when a job was last asked for that names it; those over long ago are gone."""
    jobs = store.work.jobs(reader=None, kinds=(JobKind.LIST_FETCH,), limit=_LOOKED_BACK)
    found: dict[str, datetime] = {}
    for job in jobs:
        for name in ListFetchJob.of(job.parameters).lists:
            found[name] = max(job.created_at, found.get(name, job.created_at))
    return found


def _last_had(store: Store) -> dict[str, datetime]:
    """Return list → when its version in use was taken in, or given again by its issuer."""
    confirmed = store.lists.confirmations()
    found = {}
    for version in current_versions(store.lists.versions()):
        again = confirmed.get(version.version_id)
        times = [version.about.loaded_at, *([again.at] if again else [])]
        found[version.about.list_id] = max(times)
    return found


def ask_when_due(
    store: Store, tenant: TenantId, plan: Sequence[PlannedFetch], *, now: datetime
) -> Job | None:
    """Put a job into the queue that fetches what is due, unless one waits; return it."""
    due = tuple(one.plan.list_id for one in standings(store, plan, now=now) if one.due <= now)
    if not due:
        return None
    if store.work.jobs(reader=None, states=_WAITING, kinds=(JobKind.LIST_FETCH,), limit=1):
        return None
    worker = Principal(WORKER, PrincipalKind.OPERATOR, tenant, "", frozenset())
    return ask_for(store, ListFetchJob(due), worker, at=now)


def alarm(store: Store, outcomes: Iterable[FetchOutcome], *, at: datetime) -> int:
    """Tell who wants to know that a list could not be fetched; say how many were told.

    Of a list that fails again and again it is told once, until it was had meanwhile.
    """
    had = _last_had(store)
    failed = sorted(one.list_id for one in outcomes if one.imported is None)
    wishes = [one for one in store.work.all_wishes() if NoticeKind.LIST_NOT_FETCHED in one.kinds]
    kind = NoticeKind.LIST_NOT_FETCHED
    told = 0
    with store.transaction():
        for name in failed:
            since = had[name].isoformat() if name in had else "never"
            notices = [
                NewNotice(one.account, kind, name, f"{kind.value} {one.account} {name} {since}")
                for one in wishes
            ]
            count = store.work.add_notices(notices, at=at)
            if count:
                record = {"list": name, "told": count}
                store.act(ALARM, record, at=at, by=WORKER, reason=ALARM)
            told += count
    return told
