"""Removing long work that has been over for long, with the files that it made."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sluicegate.core.identifiers import TenantId
from sluicegate.services.access.principals import Scope
from sluicegate.services.ports.jobs import Job
from sluicegate.services.ports.store import Store
from sluicegate.services.work.deliveries import WORKER
from sluicegate.services.work.sealing import sealed_for

SWEPT = "job swept"
BATCH = 200


def sweep_jobs(
    store: Store,
    tenant: TenantId,
    remove_results: Callable[[str], object],
    *,
    keep: timedelta,
    now: datetime,
) -> int:
    """Remove jobs that were over longer ago than `keep`, and their results; return how many.

    Each is an act of its own, sealed where the job acted on a sealed case. The
    files go first: a job that stands without them is swept the next time.
    """
    count = 0
    while found := store.work.jobs_over(before=now - keep, limit=BATCH):
        for job in found:
            remove_results(job.job_id)
            count += _forget(store, tenant, job, now)
    return count


def _forget(store: Store, tenant: TenantId, job: Job, now: datetime) -> bool:
    """Remove a job with its act; another worker may have removed it meanwhile."""
    scope = Scope(tenant, None, frozenset(job.rights["sealed_groups"]))
    with store.transaction():
        sealed = sealed_for(store, scope, job.kind, job.parameters)
        if not store.work.forget_job(job.job_id):
            return False
        record = {"job": job.job_id, "kind": job.kind.value, "state": job.state.value}
        store.act(SWEPT, record, at=now, by=WORKER, reason=SWEPT, sealed_for=sealed)
    return True
