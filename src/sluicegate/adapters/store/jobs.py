"""The queue of long work in the store: taken by one worker at a time, under a lease."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, delete, func, insert, or_, update
from sqlalchemy.exc import IntegrityError

from sluicegate.adapters.store.models import table
from sluicegate.adapters.store.unit import Unit, new_ids
from sluicegate.core.exact import dump_json, load_json
from sluicegate.services.ports.work import Ending, Job, JobKind, JobState, NewJob, Told

JOBS = table("jobs")
_FREE: Mapping[str, Any] = {"worker": None, "lease_until": None}
_OVER = [state.value for state in JobState if state.is_over]
_PRIVATE = [kind.value for kind in JobKind if kind.is_private]


class SqlJobs:
    """Implements `services.ports.work.JobStore` for one tenant."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    def add_job(self, job: NewJob, *, at: datetime) -> str:
        """Put a job at the end of the queue; return its id."""
        instant = self._unit.instant(at)
        job_id = next(new_ids(instant))
        row = {
            **self._unit.stamp(instant),
            "job_id": job_id,
            "kind": job.kind.value,
            "parameters": dump_json(job.parameters),
            "rights": dump_json(job.rights),
            "asked_by": job.asked_by,
            "state": JobState.WAITING.value,
            "step": "",
            "done": 0,
            "attempts": 0,
            "is_cancel_asked": False,
            "exclusive": job.kind.exclusive,
        }
        with self._unit.writing() as connection:
            connection.execute(insert(JOBS), [row])
        return job_id

    def job(self, job_id: str) -> Job | None:
        """Return a job, or None."""
        with self._unit.reading() as connection:
            return self._job(connection, job_id)

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
        """Return jobs, newest first, after the job `before`; of private ones the reader's own."""
        query = self._unit.rows(JOBS).order_by(JOBS.c.sequence.desc()).limit(limit)
        own = JOBS.c.asked_by == (reader or "")
        query = query.where(or_(JOBS.c.kind.not_in(_PRIVATE), own) if with_others else own)
        if states:
            query = query.where(JOBS.c.state.in_([state.value for state in states]))
        if kinds:
            query = query.where(JOBS.c.kind.in_([kind.value for kind in kinds]))
        if before is not None:
            place = self._unit.rows(JOBS, JOBS.c.sequence).where(JOBS.c.job_id == before)
            query = query.where(JOBS.c.sequence < place.scalar_subquery())
        with self._unit.reading() as connection:
            return tuple(_job_of(row) for row in connection.execute(query))

    def take_job(
        self, worker: str, *, at: datetime, lease_until: datetime, attempts: int, given_up: Told
    ) -> Job | None:
        """Take the oldest job that may run now, or None; no two workers take the same.

        The change is a compare-and-set: whoever sets the state first has the job.
        That two exclusive jobs never run at once, the index `ux_jobs_exclusive` keeps.
        """
        taken = {
            "state": JobState.RUNNING.value,
            "worker": worker,
            "lease_until": lease_until,
            "started_at": at,
            "attempts": JOBS.c.attempts + 1,
        }
        busy: set[str] = set()
        with self._unit.writing() as connection:
            self._take_back(connection, at, attempts, given_up)
            while True:
                row = connection.execute(self._oldest(busy)).first()
                if row is None:
                    return None
                waiting = (JOBS.c.job_id == row.job_id, JOBS.c.state == JobState.WAITING.value)
                try:
                    with self._unit.writing() as inner:
                        is_mine = self._change_job(inner, taken, *waiting)
                except IntegrityError:
                    busy.add(row.exclusive)
                    continue
                if is_mine:
                    return self._job(connection, row.job_id)

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
        values = {"lease_until": lease_until, "step": step, "done": done, "total": total}
        with self._unit.writing() as connection:
            if not self._change_job(connection, values, *_held(job_id, worker)):
                return None
            return self._job(connection, job_id)

    def renew_job(self, job_id: str, worker: str, *, lease_until: datetime) -> bool:
        """Renew a job's lease; False when the job is no longer the worker's."""
        with self._unit.writing() as connection:
            return self._change_job(
                connection, {"lease_until": lease_until}, *_held(job_id, worker)
            )

    def end_job(self, job_id: str, worker: str, ending: Ending, *, at: datetime) -> bool:
        """End a running job; False when it is no longer the worker's."""
        with self._unit.writing() as connection:
            return self._change_job(connection, _ended(ending, at), *_held(job_id, worker))

    def release_job(self, job_id: str, worker: str, *, is_attempt: bool) -> bool:
        """Let a running job wait again; `is_attempt` says whether the attempt counts."""
        counted = JOBS.c.attempts if is_attempt else JOBS.c.attempts - 1
        values = {**_FREE, "state": JobState.WAITING.value, "attempts": counted}
        with self._unit.writing() as connection:
            return self._change_job(connection, values, *_held(job_id, worker))

    def cancel_job(self, job_id: str, *, at: datetime) -> Job | None:
        """Cancel a waiting job, or ask a running one to stop; return it, None if there is none."""
        over = {**_ended(Ending(JobState.CANCELLED), at), "is_cancel_asked": True}
        named = JOBS.c.job_id == job_id
        with self._unit.writing() as connection:
            if not self._change_job(
                connection, over, named, JOBS.c.state == JobState.WAITING.value
            ):
                asked = {"is_cancel_asked": True}
                self._change_job(connection, asked, named, JOBS.c.state == JobState.RUNNING.value)
            return self._job(connection, job_id)

    def job_counts(self) -> Mapping[tuple[str, str], int]:
        """Return (kind, state) → how many jobs, private ones left out."""
        query = (
            self._unit.rows(JOBS, JOBS.c.kind, JOBS.c.state, func.count())
            .where(JOBS.c.kind.not_in(_PRIVATE))
            .group_by(JOBS.c.kind, JOBS.c.state)
        )
        with self._unit.reading() as connection:
            return {(kind, state): count for kind, state, count in connection.execute(query)}

    def jobs_over(self, *, before: datetime, limit: int) -> Sequence[Job]:
        """Return jobs of every kind that were over before an instant, the oldest first."""
        query = (
            self._unit.rows(JOBS)
            .where(JOBS.c.state.in_(_OVER), JOBS.c.finished_at < before)
            .order_by(JOBS.c.sequence)
            .limit(limit)
        )
        with self._unit.reading() as connection:
            return tuple(_job_of(row) for row in connection.execute(query))

    def forget_job(self, job_id: str) -> bool:
        """Remove a job that is over; False when there is none."""
        gone = delete(JOBS).where(
            JOBS.c.tenant_id == self._unit.tenant,
            JOBS.c.job_id == job_id,
            JOBS.c.state.in_(_OVER),
        )
        with self._unit.writing() as connection:
            return connection.execute(gone).rowcount > 0

    def wanted_files(self) -> frozenset[str]:
        """Return the digests of kept files that jobs which are not over still name."""
        states = [state.value for state in JobState if not state.is_over]
        query = self._unit.rows(JOBS, JOBS.c.parameters).where(JOBS.c.state.in_(states))
        with self._unit.reading() as connection:
            documents = [load_json(text) for (text,) in connection.execute(query)]
        return frozenset(found for one in documents for found in _digests(one))

    def _job(self, connection: Connection, job_id: str) -> Job | None:
        query = self._unit.rows(JOBS).where(JOBS.c.job_id == job_id)
        row = connection.execute(query).one_or_none()
        return None if row is None else _job_of(row)

    def _oldest(self, busy: set[str]) -> Select[Any]:
        query = (
            self._unit.rows(JOBS, JOBS.c.job_id, JOBS.c.exclusive)
            .where(JOBS.c.state == JobState.WAITING.value)
            .order_by(JOBS.c.sequence)
            .limit(1)
        )
        if busy:
            query = query.where(
                or_(JOBS.c.exclusive.is_(None), JOBS.c.exclusive.not_in(sorted(busy)))
            )
        return query

    def _take_back(
        self, connection: Connection, at: datetime, attempts: int, given_up: Told
    ) -> None:
        """End or queue again the jobs whose worker no longer renews its lease."""
        left = (JOBS.c.state == JobState.RUNNING.value, JOBS.c.lease_until < at)
        cancelled = _ended(Ending(JobState.CANCELLED), at)
        self._change_job(connection, cancelled, *left, JOBS.c.is_cancel_asked)
        failed = _ended(Ending(JobState.FAILED, problem=given_up), at)
        self._change_job(connection, failed, *left, JOBS.c.attempts >= attempts)
        self._change_job(connection, {**_FREE, "state": JobState.WAITING.value}, *left)

    def _change_job(
        self, connection: Connection, values: Mapping[str, Any], *where: ColumnElement[bool]
    ) -> bool:
        change = update(JOBS).where(JOBS.c.tenant_id == self._unit.tenant, *where)
        return connection.execute(change.values(**values)).rowcount > 0


def _held(job_id: str, worker: str) -> tuple[ColumnElement[bool], ...]:
    running = JOBS.c.state == JobState.RUNNING.value
    return (JOBS.c.job_id == job_id, JOBS.c.worker == worker, running)


def _ended(ending: Ending, at: datetime) -> dict[str, Any]:
    return {
        **_FREE,
        "state": ending.state.value,
        "finished_at": at,
        "result": None if ending.result is None else dump_json(ending.result),
        "problem_en": None if ending.problem is None else ending.problem.en,
        "problem_zh": None if ending.problem is None else ending.problem.zh,
    }


def _digests(value: Any) -> set[str]:
    """Return what stands under the key `digest`, at any depth."""
    found: set[str] = set()
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Mapping):
            found.update(one for key, one in part.items() if key == "digest")
            waiting.extend(part.values())
        elif isinstance(part, list):
            waiting.extend(part)
    return found


def _job_of(row: Row[Any]) -> Job:
    problem = None if row.problem_en is None else Told(row.problem_en, row.problem_zh)
    return Job(
        job_id=row.job_id,
        kind=JobKind(row.kind),
        parameters=load_json(row.parameters),
        state=JobState(row.state),
        asked_by=row.asked_by,
        rights=load_json(row.rights),
        created_at=row.recorded_at,
        step=row.step,
        done=row.done,
        total=row.total,
        started_at=row.started_at,
        finished_at=row.finished_at,
        lease_until=row.lease_until,
        worker=row.worker,
        attempts=row.attempts,
        is_cancel_asked=row.is_cancel_asked,
        result=None if row.result is None else load_json(row.result),
        problem=problem,
    )
