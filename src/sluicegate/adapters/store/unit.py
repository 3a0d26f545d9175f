"""The unit of work of one tenant: connections, transactions and new ids."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, FromClause, Select, select

from sluicegate.core.calendars import require_offset
from sluicegate.core.clock import Clock
from sluicegate.core.identifiers import TenantId, uuid7

WRITING = {"sluicegate_begin": "BEGIN IMMEDIATE"}
"""Execution options of a writer: SQLite takes its write lock at once, so that two
writers wait for each other and neither fails half-way."""

_RANDOM_BITS = 50


class Unit:
    """Connections to one tenant's rows; a thread has at most one open transaction."""

    def __init__(self, engine: Engine, tenant: TenantId, clock: Clock) -> None:
        self.engine = engine
        self.tenant = tenant
        self.clock = clock
        self._open = threading.local()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Keep everything written inside together; one inside another is a part of it."""
        with self.writing():
            yield

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give the open transaction, as a part of it, or one of its own."""
        outer: Connection | None = getattr(self._open, "connection", None)
        if outer is not None:
            with outer.begin_nested():
                yield outer
            return
        with self.engine.connect().execution_options(**WRITING) as connection:
            self._open.connection = connection
            try:
                with connection.begin():
                    yield connection
            finally:
                self._open.connection = None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give the open transaction, or a connection for one reading."""
        outer: Connection | None = getattr(self._open, "connection", None)
        if outer is not None:
            yield outer
            return
        with self.engine.connect() as connection:
            yield connection

    def rows(self, table: FromClause, *columns: Any) -> Select[Any]:
        """Return a selection of this tenant's rows; every query begins here."""
        return select(*(columns or (table,))).where(table.c.tenant_id == self.tenant)

    def instant(self, at: datetime | None) -> datetime:
        """Return a given instant, or the present one by the store's clock."""
        return require_offset(self.clock.now() if at is None else at)

    def stamp(self, at: datetime) -> dict[str, Any]:
        """Return the columns that say whose row it is and when it is written."""
        offset = at.utcoffset()
        assert offset is not None
        return {
            "tenant_id": self.tenant,
            "recorded_at": at,
            "recorded_offset_minutes": round(offset.total_seconds() / 60),
        }


def new_ids(at: datetime) -> Iterator[str]:
    """Yield UUIDv7 texts of one instant that sort in the order they were made.

    The random part begins with a counter (RFC 9562, 6.2, method 1).
    """
    number = 0
    while True:
        yield str(uuid7(at, (number << _RANDOM_BITS) | secrets.randbits(_RANDOM_BITS)))
        number += 1
