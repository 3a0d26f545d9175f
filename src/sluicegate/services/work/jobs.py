"""Asking for long work, seeing how far it is, and cancelling it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sluicegate.services.access.actions import Action
from sluicegate.services.access.authority import NotFoundError
from sluicegate.services.access.principals import Principal, Resource, Scope
from sluicegate.services.desk import Desk
from sluicegate.services.ports.store import Store
from sluicegate.services.ports.work import Job, JobKind, JobState, NewJob
from sluicegate.services.work.kinds import NEEDED, Asked
from sluicegate.services.work.rights import rights_of
from sluicegate.services.work.sealing import sealed_for

ASKED, CANCELLED = "job asked", "job cancelled"
MOST_LISTED = 200
_SOMEBODY_ELSE = "user:somebody-else"
"""Stands for whoever else asked, in the question whether the jobs of others may be seen."""


def ask_job(desk: Desk, asked: Asked) -> Job:
    """Put long work into the queue; a worker does it with the rights of who asks.

    Raises:
        RefusedError: the principal may not do what the job does.
    """
    desk.must(NEEDED[asked.job_kind])
    return ask_for(desk.store, asked, desk.principal, at=desk.now())


def ask_for(store: Store, asked: Asked, principal: Principal, *, at: datetime) -> Job:
    """Put work into the queue that follows from other work, or from a schedule of the node."""
    kind, by = asked.job_kind, principal.id
    with store.transaction():
        new = NewJob(kind, asked.parameters(), by, rights_of(principal))
        job_id = store.work.add_job(new, at=at)
        record = {"job": job_id, "kind": kind.value}
        sealed = sealed_for(store, Scope.of(principal), kind, asked.parameters())
        store.act(ASKED, record, at=at, by=by, reason=kind.value, sealed_for=sealed)
    job = store.work.job(job_id)
    assert job is not None
    return job


def list_jobs(
    desk: Desk,
    *,
    states: Sequence[JobState] = (),
    kinds: Sequence[JobKind] = (),
    before: str | None = None,
    limit: int = 50,
) -> Sequence[Job]:
    """Return the jobs that the principal may see, newest first, after the job `before`.

    Everyone sees their own; those of others, as far as they are not private,
    whom the policies let.
    """
    desk.must(Action.JOB_READ)
    others = Resource("job", desk.principal.tenant, maker=_SOMEBODY_ELSE)
    return desk.store.work.jobs(
        reader=desk.principal.id,
        with_others=desk.may(Action.JOB_READ, others).is_allowed,
        states=states,
        kinds=kinds,
        before=before,
        limit=max(1, min(limit, MOST_LISTED)),
    )


def read_job(desk: Desk, job_id: str) -> Job:
    """Return a job.

    Raises:
        NotFoundError: there is none, or it is another's private one.
        RefusedError: it is another's, and the principal sees only their own.
    """
    job = _found(desk, job_id)
    desk.must(Action.JOB_READ, _resource(desk.principal, job))
    return job


def read_files(desk: Desk, job_id: str) -> Job:
    """Return a job whose files are to be given: rows of customers may stand in them.

    Raises:
        NotFoundError, RefusedError: as for reading it; also another's, for who
            may read no sources.
    """
    job = read_job(desk, job_id)
    if job.asked_by != desk.principal.id:
        desk.must(Action.SOURCE_READ)
    return job


def may_cancel(desk: Desk, job: Job) -> bool:
    """Say whether the principal may cancel a job that they see."""
    return desk.may(Action.JOB_CANCEL, _resource(desk.principal, job)).is_allowed


def cancel_job(desk: Desk, job_id: str) -> Job:
    """Cancel a job: a waiting one at once, a running one at its next step.

    A job that is over stays as it is.

    Raises:
        NotFoundError: there is none, or it is another's private one.
        RefusedError: it is another's, and the principal cancels only their own.
    """
    job = _found(desk, job_id)
    desk.must(Action.JOB_CANCEL, _resource(desk.principal, job))
    if job.state.is_over:
        return job
    at, by = desk.now(), desk.principal.id
    with desk.store.transaction():
        cancelled = desk.store.work.cancel_job(job_id, at=at)
        record = {"job": job_id, "kind": job.kind.value}
        sealed = sealed_for(desk.store, desk.scope, job.kind, job.parameters)
        desk.store.act(CANCELLED, record, at=at, by=by, reason=job.kind.value, sealed_for=sealed)
    return cancelled or job


def _found(desk: Desk, job_id: str) -> Job:
    job = desk.store.work.job(job_id)
    is_shown = job is not None and (not job.kind.is_private or job.asked_by == desk.principal.id)
    if job is None or not is_shown:
        raise NotFoundError("job", job_id)
    return job


def _resource(principal: Principal, job: Job) -> Resource:
    return Resource("job", principal.tenant, job.job_id, maker=job.asked_by)
