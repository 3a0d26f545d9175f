"""Answers kept for idempotency keys, on SQLite or PostgreSQL."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Delete, Update, delete, insert, update
from sqlalchemy.exc import IntegrityError

from sluicegate.adapters.store.models import table
from sluicegate.adapters.store.unit import Unit
from sluicegate.services.ports.requests import Attempt, KeptAnswer, Standing

KEPT = timedelta(hours=24)
"""How long an answer is kept."""

LOST = timedelta(minutes=10)
"""A request without an answer for so long was lost with its process; its key is free again."""


class Requests:
    """Implements `services.ports.requests.RequestStore` for one tenant."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    def begin(self, attempt: Attempt, *, at: datetime) -> KeptAnswer | Standing:
        """Return the answer kept for a request, or what its key stands for; a new one is kept."""
        try:
            with self._unit.writing() as connection:
                kept = table("kept_requests")
                query = self._unit.rows(kept).where(
                    kept.c.principal == attempt.principal, kept.c.key == attempt.key
                )
                row = connection.execute(query).one_or_none()
                if row is not None and not _is_over(row, at):
                    return _standing(row, attempt)
                if row is not None:
                    connection.execute(self._chosen(delete(kept), attempt))
                fresh = {
                    **self._unit.stamp(at),
                    "principal": attempt.principal,
                    "key": attempt.key,
                    "fingerprint": attempt.fingerprint,
                }
                connection.execute(insert(kept), [fresh])
                self.forget(before=at - KEPT)
        except IntegrityError:
            # Another process entered the key between the look and the entry.
            return Standing.RUNNING
        return Standing.NEW

    def keep(self, attempt: Attempt, answer: KeptAnswer, *, at: datetime) -> None:
        """Keep the answer of a request that was begun."""
        kept = table("kept_requests")
        values = {
            **self._unit.stamp(at),
            "status": answer.status,
            "headers": json.dumps([list(pair) for pair in answer.headers]),
            "body": answer.body,
        }
        with self._unit.writing() as connection:
            connection.execute(self._chosen(update(kept), attempt).values(**values))

    def drop(self, attempt: Attempt) -> None:
        """Forget a request that changed nothing, so that its key can be used again."""
        with self._unit.writing() as connection:
            connection.execute(self._chosen(delete(table("kept_requests")), attempt))

    def forget(self, *, before: datetime) -> int:
        """Forget every key that is older than an instant; return how many."""
        kept = table("kept_requests")
        statement = delete(kept).where(
            kept.c.tenant_id == self._unit.tenant, kept.c.recorded_at < before
        )
        with self._unit.writing() as connection:
            return int(connection.execute(statement).rowcount)

    def _chosen(self, statement: Any, attempt: Attempt) -> Any:
        """Return an update or a delete that meets the row of one attempt."""
        assert isinstance(statement, Update | Delete)
        kept = table("kept_requests")
        return statement.where(
            kept.c.tenant_id == self._unit.tenant,
            kept.c.principal == attempt.principal,
            kept.c.key == attempt.key,
        )


def _is_over(row: Any, at: datetime) -> bool:
    age = at - row.recorded_at
    return bool(age >= KEPT or (row.status is None and age >= LOST))


def _standing(row: Any, attempt: Attempt) -> KeptAnswer | Standing:
    if row.fingerprint != attempt.fingerprint:
        return Standing.OTHER
    if row.status is None:
        return Standing.RUNNING
    headers = tuple((str(name), str(text)) for name, text in json.loads(row.headers))
    return KeptAnswer(row.status, headers, row.body)
