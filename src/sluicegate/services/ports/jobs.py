"""The queue of long work: what a job does, how it stands, and what the store keeps of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, Protocol


class JobKind(Enum):
    """What a job does. A new kind is a member here and its work in `wiring.work`."""

    INTAKE = "intake"
    ASSESS = "assess"
    REPORT = "report"
    ASK_MANY = "ask_many"
    BULK_ACTS = "bulk_acts"
    SCREENING = "screening"
    LIST_IMPORT = "list_import"
    LIST_FETCH = "list_fetch"
    OWNERSHIP = "ownership"
    VALIDATION = "validation"
    SCREENING_CHANGE = "screening_change"
    LINKS = "links"
    EXCHANGE = "exchange"
    LINEAGE = "lineage"

    @property
    def code(self) -> str:
        """The code by which the terms label it."""
        return f"work_{self.value}"

    @property
    def exclusive(self) -> str | None:
        """What the job has to itself while it runs: of those that name it, one runs at a time."""
        return _LAKE if self in _LAKE_WRITERS else None

    @property
    def is_private(self) -> bool:
        """Whether only who asked for the job may know of it: its result is theirs."""
        return self in _PRIVATE


_LAKE = "lake"
_LAKE_WRITERS = frozenset({JobKind.INTAKE, JobKind.ASSESS, JobKind.REPORT, JobKind.SCREENING})
_PRIVATE = frozenset({JobKind.ASK_MANY, JobKind.BULK_ACTS, JobKind.EXCHANGE})


class JobState(Enum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def code(self) -> str:
        """The code by which the terms label it."""
        return f"job_{self.value}"

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens to the job."""
        return self not in (JobState.WAITING, JobState.RUNNING)


@dataclass(frozen=True, slots=True)
class Told:
    """A text for people in both languages."""

    en: str
    zh: str


@dataclass(frozen=True, slots=True)
class NewJob:
    """A job to be asked for.

    `rights` is what the asker may do and see, as `services.work.rights` writes it.
    """

    kind: JobKind
    parameters: Mapping[str, Any]
    asked_by: str
    rights: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Job:
    """A job as it stands; `done` of `total` in the unit of the step, `total` None if unknown."""

    job_id: str
    kind: JobKind
    parameters: Mapping[str, Any]
    state: JobState
    asked_by: str
    rights: Mapping[str, Any]
    created_at: datetime
    step: str = ""
    done: int = 0
    total: int | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    lease_until: datetime | None = None
    worker: str | None = None
    attempts: int = 0
    is_cancel_asked: bool = False
    result: Mapping[str, Any] | None = None
    problem: Told | None = None


@dataclass(frozen=True, slots=True)
class Ending:
    """How a job ended: its state, and its result or what went wrong."""

    state: JobState
    result: Mapping[str, Any] | None = None
    problem: Told | None = None


class JobStore(Protocol):
    """The queue of long work of one tenant."""

    def add_job(self, job: NewJob, *, at: datetime) -> str:
        """Put a job at the end of the queue; return its id."""
        ...

    def job(self, job_id: str) -> Job | None:
        """Return a job, or None."""
        ...

    def jobs(
        self,
        *,
        reader: str | None,
        with_others: bool = True,
        states: Sequence[JobState] = (),
        kinds: Sequence[JobKind] = (),
        before: str | None = None,
        limit: int = 50,
    ) -> Sequence[Job]:
        """Return jobs, newest first, after the job `before`.

        Private jobs of others than `reader` are left out; None leaves all of them out.
        Without `with_others` only those that the reader asked for are returned.
        """
        ...

    def take_job(
        self, worker: str, *, at: datetime, lease_until: datetime, attempts: int, given_up: Told
    ) -> Job | None:
        """Take the oldest job that may run now, or None; no two workers take the same.

        A job whose lease ran out waits again, unless it was taken `attempts`
        times: then it has failed, for the reason `given_up`.
        """
        ...

    def report_job(
        self,
        job_id: str,
        worker: str,
        *,
        lease_until: datetime,
        step: str,
        done: int,
        total: int | None,
    ) -> Job | None:
        """Write how far a job has come and renew its lease; None when it is not the worker's."""
        ...

    def renew_job(self, job_id: str, worker: str, *, lease_until: datetime) -> bool:
        """Renew a job's lease; False when the job is no longer the worker's."""
        ...

    def end_job(self, job_id: str, worker: str, ending: Ending, *, at: datetime) -> bool:
        """End a running job; False when it is no longer the worker's."""
        ...

    def release_job(self, job_id: str, worker: str, *, is_attempt: bool) -> bool:
        """Let a running job wait again; `is_attempt` says whether the attempt counts."""
        ...

    def cancel_job(self, job_id: str, *, at: datetime) -> Job | None:
        """Cancel a waiting job, or ask a running one to stop; return it, None if there is none."""
        ...

    def job_counts(self) -> Mapping[tuple[str, str], int]:
        """Return (kind, state) → how many jobs, private ones left out."""
        ...

    def jobs_over(self, *, before: datetime, limit: int) -> Sequence[Job]:
        """Return jobs of every kind that were over before an instant, the oldest first."""
        ...

    def forget_job(self, job_id: str) -> bool:
        """Remove a job that is over; False when there is none."""
        ...

    def wanted_files(self) -> frozenset[str]:
        """Return the digests of kept files that jobs which are not over still name."""
        ...
