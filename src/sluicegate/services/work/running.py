"""Doing long work: one job at a time, under a lease, with progress, stoppable at every step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from sluicegate.core.clock import Clock
from sluicegate.core.identifiers import TenantId
from sluicegate.core.phrases import Language
from sluicegate.core.problems import ProblemsError
from sluicegate.core.reasons import Sentence, say
from sluicegate.services.access.authority import NotFoundError, RefusedError
from sluicegate.services.access.principals import Principal, PrincipalKind, Scope
from sluicegate.services.ports.store import LakeError, Store, StoreError
from sluicegate.services.ports.work import Ending, EventKind, Job, JobKind, JobState, Told
from sluicegate.services.work.events import Event, announce
from sluicegate.services.work.rights import Directory, narrowed, principal_of
from sluicegate.services.work.sealing import sealed_for

ENDED = "job ended"
TOLD_EVERY = timedelta(seconds=1)
"""Progress is written at most this often, unless the step changes."""


class JobFailedError(RuntimeError):
    """Work that cannot be done, for a reason that people are told."""

    def __init__(self, told: Told) -> None:
        self.told = told
        super().__init__(told.en)


class JobCancelledError(RuntimeError):
    """Someone asked that the job stop."""


class WorkerStoppingError(RuntimeError):
    """The worker is to end; the job waits for another one."""


class LeaseLostError(RuntimeError):
    """The job is no longer this worker's: its lease ran out and another took it."""


class Work(Protocol):
    """Does the jobs of one kind."""

    def __call__(self, task: Task) -> Mapping[str, Any]:
        """Do the job and return its result as JSON values."""
        ...


@dataclass(frozen=True)
class Bench:
    """What a worker works with.

    `heartbeat(job_id)` renews the lease while its context is open; `is_stopping`
    says whether the worker is to end; `expected` are exceptions whose text is
    meant for people: any other one is a fault of the program and ends the worker.
    """

    worker: str
    tenant: TenantId
    clock: Clock
    directory: Directory
    works: Mapping[JobKind, Work]
    heartbeat: Callable[[str], AbstractContextManager[object]]
    is_stopping: Callable[[], bool] = lambda: False
    lease: timedelta = timedelta(minutes=2)
    attempts: int = 3
    expected: tuple[type[Exception], ...] = ()

    def lease_until(self) -> datetime:
        """Return the instant to which a lease taken now runs."""
        return self.clock.now() + self.lease


EXPECTED: tuple[type[Exception], ...] = (
    JobFailedError,
    LakeError,
    NotFoundError,
    ProblemsError,
    RefusedError,
    StoreError,
)
"""Exceptions of services whose text is meant for people."""


@dataclass
class Task:
    """A job under way, for the work that does it: what was asked, for whom, and its progress.

    Every call of `step` and `tell` may end the work: by raising, as everything
    that a service writes is kept in one transaction or not at all.
    """

    store: Store
    bench: Bench
    job: Job
    principal: Principal
    _step: str = ""
    _told_at: datetime | None = field(default=None, repr=False)

    @property
    def parameters(self) -> Mapping[str, Any]:
        """What was asked."""
        return self.job.parameters

    def step(self, name: str) -> None:
        """Say that a step begins; its length is not known."""
        self._tell(name, 0, None)

    def tell(self, name: str, done: int, total: int | None) -> None:
        """Say how far a step has come; may be called often."""
        is_new = name != self._step or (total is not None and done >= total)
        told_at = self._told_at
        if is_new or told_at is None or self.bench.clock.now() - told_at >= TOLD_EVERY:
            self._tell(name, done, total)

    def _tell(self, name: str, done: int, total: int | None) -> None:
        bench = self.bench
        self._step, self._told_at = name, bench.clock.now()
        job = self.store.work.report_job(
            self.job.job_id,
            bench.worker,
            lease_until=bench.lease_until(),
            step=name,
            done=done,
            total=total,
        )
        if job is None:
            raise LeaseLostError(self.job.job_id)
        if job.is_cancel_asked:
            raise JobCancelledError(self.job.job_id)
        if bench.is_stopping():
            raise WorkerStoppingError(self.job.job_id)


def run_next(store: Store, bench: Bench) -> Job | None:
    """Take the oldest job that may run and do it; return it as it ended, None if none waits.

    A fault of the program is raised after the job was put back into the queue;
    after `bench.attempts` of them the job has failed.
    """
    job = store.work.take_job(
        bench.worker,
        at=bench.clock.now(),
        lease_until=bench.lease_until(),
        attempts=bench.attempts,
        given_up=given_up(bench.attempts),
    )
    if job is None:
        return None
    is_settled = False
    try:
        with bench.heartbeat(job.job_id):
            ending = _outcome(store, bench, job)
        is_settled = True
    finally:
        if not is_settled:
            _put_back(store, bench, job)
    if ending is None:
        store.work.release_job(job.job_id, bench.worker, is_attempt=False)
    else:
        _end(store, bench, job, ending)
    return store.work.job(job.job_id)


def _outcome(store: Store, bench: Bench, job: Job) -> Ending | None:
    """Do the job; return how it ended, None when it is to wait for another worker."""
    try:
        task = Task(store, bench, job, present_principal(bench, job))
        task.step("begin")
        return Ending(JobState.DONE, dict(bench.works[job.kind](task)))
    except JobCancelledError:
        return Ending(JobState.CANCELLED)
    except (WorkerStoppingError, LeaseLostError):
        return None
    except (*EXPECTED, *bench.expected) as error:
        return Ending(JobState.FAILED, problem=told_of(error))


def present_principal(bench: Bench, job: Job) -> Principal:
    """Return who the job is done for: with the rights of the asking that are still theirs."""
    asked = principal_of(job.asked_by, job.rights, bench.tenant)
    if asked.kind is PrincipalKind.OPERATOR:
        return asked
    now = bench.directory.principal(job.asked_by)
    if now is None:
        raise JobFailedError(
            both(say("The account that asked for this job is no longer active; ask for it again."))
        )
    return narrowed(asked, now)


def _put_back(store: Store, bench: Bench, job: Job) -> None:
    """Queue a job again after a fault of the program, or give it up."""
    if job.attempts < bench.attempts:
        store.work.release_job(job.job_id, bench.worker, is_attempt=True)
    else:
        _end(store, bench, job, Ending(JobState.FAILED, problem=given_up(bench.attempts)))


def _end(store: Store, bench: Bench, job: Job, ending: Ending) -> None:
    at = bench.clock.now()
    with store.transaction():
        if not store.work.end_job(job.job_id, bench.worker, ending, at=at):
            return
        kind, state = job.kind.value, ending.state.value
        record = {"job": job.job_id, "kind": kind, "state": state}
        scope = Scope(bench.tenant, None, frozenset(job.rights["sealed_groups"]))
        sealed = sealed_for(store, scope, job.kind, job.parameters)
        store.act(ENDED, record, at=at, by=job.asked_by, reason=state, sealed_for=sealed)
        if not job.kind.is_private:
            codes = {"work": kind, "state": state}
            event = Event(EventKind.JOB_DONE, job.job_id, state, codes=codes)
            announce(store, event, at=at)


def given_up(attempts: int) -> Told:
    """Return why a job was given up whose worker never finished it."""
    return both(
        say(
            "The job was begun {attempts} times and its worker ended each time before it was "
            "done; the worker's own log says why.",
            attempts=attempts,
        )
    )


def told_of(error: Exception) -> Told:
    """Return what people are told of an expected exception."""
    if isinstance(error, JobFailedError):
        return error.told
    if isinstance(error, RefusedError) and error.reasons:
        parts = [both(one) for one in error.reasons]
        return Told(" ".join(one.en for one in parts), "".join(one.zh for one in parts))
    return Told(str(error), str(error))


def both(sentence: Sentence) -> Told:
    """Return a sentence in both languages."""
    return Told(sentence.text(Language.EN), sentence.text(Language.ZH))
