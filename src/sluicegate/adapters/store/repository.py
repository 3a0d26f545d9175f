"""The store: all truth of one node and tenant, on SQLite or PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict
from datetime import datetime, timedelta, timezone
from typing import Any

from sqlalchemy import Engine, insert

from sluicegate.adapters.store.accounts import Accounts
from sluicegate.adapters.store.audit import Audit
from sluicegate.adapters.store.cases import SqlCases
from sluicegate.adapters.store.clients import Clients
from sluicegate.adapters.store.consultations import Consultations
from sluicegate.adapters.store.datasets import Datasets
from sluicegate.adapters.store.diligence import Diligence
from sluicegate.adapters.store.exchange import Exchange
from sluicegate.adapters.store.filings import Filings
from sluicegate.adapters.store.histories import Histories
from sluicegate.adapters.store.lineages import Lineages
from sluicegate.adapters.store.links import Links
from sluicegate.adapters.store.lists import Lists
from sluicegate.adapters.store.matches import Matches
from sluicegate.adapters.store.models import table
from sluicegate.adapters.store.ownership_diligence import OwnershipRecords
from sluicegate.adapters.store.passes import Passes
from sluicegate.adapters.store.present_world import SqlPresent
from sluicegate.adapters.store.requests import Requests
from sluicegate.adapters.store.statements import Statements
from sluicegate.adapters.store.unit import Unit, new_ids
from sluicegate.adapters.store.validation import Validation
from sluicegate.adapters.store.work import SqlWork
from sluicegate.core.canonical import canonical_bytes, digest
from sluicegate.core.clock import Clock
from sluicegate.core.identifiers import TenantId
from sluicegate.registry.records import PERSONAL_FIELDS
from sluicegate.services.ports import Act, UsageBatch


class PersonalDataError(ValueError):
    """An act that would carry personal data into the log, where it cannot be erased."""


class SqlStore(Statements, Passes):
    """Implements `services.ports.Store` for one tenant; `open_store` makes one."""

    def __init__(self, engine: Engine, tenant: TenantId, clock: Clock) -> None:
        unit = Unit(engine, tenant, clock)
        Statements.__init__(self, unit)
        self._unit = unit
        self.accounts = Accounts(unit)
        self.cases = SqlCases(unit)
        self.clients = Clients(unit)
        self.audit = Audit(unit)
        self.consultations = Consultations(unit)
        self.datasets = Datasets(unit)
        self.diligence = Diligence(unit)
        self.exchange = Exchange(unit)
        self.filings = Filings(unit)
        self.histories = Histories(unit)
        self.lineages = Lineages(unit)
        self.links = Links(unit)
        self.lists = Lists(unit)
        self.matches = Matches(unit)
        self.ownership_diligence = OwnershipRecords(unit)
        self.present = SqlPresent(unit)
        self.requests = Requests(unit)
        self.validation = Validation(unit)
        self.work = SqlWork(unit)

    @property
    def tenant(self) -> TenantId:
        """The tenant whose rows this store sees."""
        return self._unit.tenant

    @property
    def engine(self) -> Engine:
        """The database's engine, for the node's own care of it."""
        return self._unit.engine

    def close(self) -> None:
        """Give all connections back."""
        self._unit.engine.dispose()

    def __enter__(self) -> SqlStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def transaction(self) -> AbstractContextManager[None]:
        """Everything written inside is kept together or not at all."""
        return self._unit.transaction()

    def act(
        self,
        name: str,
        record: Mapping[str, Any],
        *,
        at: datetime | None = None,
        by: str,
        reason: str,
        sealed_for: str | None = None,
    ) -> str:
        """Write the act's canonical bytes, digest, actor, time and reason; return its id.

        `record` says what was done by ids, digests and counts; `sealed_for`
        names the group that alone may see the act.

        Raises:
            PersonalDataError: the record has a column that may describe a person.
        """
        personal = sorted(_keys(record) & PERSONAL_FIELDS)
        if personal:
            raise PersonalDataError(
                f"act {name}: the record holds {', '.join(personal)}; give digests and counts only"
            )
        instant = self._unit.instant(at)
        act_id = next(new_ids(instant))
        document = {
            "act": act_id,
            "tenant": self.tenant,
            "name": name,
            "at": instant.isoformat(),
            "by": by,
            "reason": reason,
            "record": record,
        }
        row = {
            **self._unit.stamp(instant),
            "recorded_by": by,
            "act_id": act_id,
            "name": name,
            "canonical": canonical_bytes(document),
            "digest": digest(document),
            "reason": reason,
            "drained_at": None,
            "sealed_for": sealed_for,
        }
        with self._unit.writing() as connection:
            connection.execute(insert(table("acts")), [row])
        return act_id

    def acts(self) -> Iterator[Act]:
        """Yield all acts, oldest first."""
        acts = table("acts")
        with self._unit.reading() as connection:
            rows = connection.execute(self._unit.rows(acts).order_by(acts.c.sequence)).all()
        for row in rows:
            yield Act(
                act_id=row.act_id,
                name=row.name,
                canonical=row.canonical,
                digest=row.digest,
                at=_at_offset(row.recorded_at, row.recorded_offset_minutes),
                by=row.recorded_by,
                reason=row.reason,
                drained_at=row.drained_at,
                sealed_for=row.sealed_for,
            )

    def usage_batches(self, *, known_on: datetime | None = None) -> Sequence[UsageBatch]:
        """Return the batches of the lake, oldest first."""
        batches = table("usage_batches")
        query = self._unit.rows(batches).order_by(batches.c.sequence)
        if known_on is not None:
            query = query.where(batches.c.recorded_at <= known_on)
        with self._unit.reading() as connection:
            rows = connection.execute(query).all()
        return tuple(
            UsageBatch(
                batch=row.batch,
                source_digest=row.source_digest,
                file=row.file,
                rows=row.rows,
                superseding=row.superseding,
                recorded_at=_at_offset(row.recorded_at, row.recorded_offset_minutes),
            )
            for row in rows
        )

    def add_usage_batch(self, batch: UsageBatch) -> None:
        """Enter a batch; from then on its files count."""
        row = {**asdict(batch), **self._unit.stamp(self._unit.instant(batch.recorded_at))}
        with self._unit.writing() as connection:
            connection.execute(insert(table("usage_batches")), [row])

    def seen_file(self, file_digest: str, kind: str) -> int | None:
        """Return how many rows a file gave when it was read before, or None."""
        files = table("intake_files")
        query = self._unit.rows(files, files.c.rows).where(
            files.c.file_digest == file_digest, files.c.kind == kind
        )
        with self._unit.reading() as connection:
            found: int | None = connection.execute(query).scalar_one_or_none()
        return found

    def remember_file(
        self, file_digest: str, kind: str, rows: int, *, at: datetime | None = None
    ) -> None:
        """Remember that a file was read whole; the first reading stands."""
        stamp = self._unit.stamp(self._unit.instant(at))
        with self._unit.writing() as connection:
            if self.seen_file(file_digest, kind) is None:
                row = {**stamp, "file_digest": file_digest, "kind": kind, "rows": rows}
                connection.execute(insert(table("intake_files")), [row])


def _keys(value: Any) -> set[str]:
    """Return every key in a record, at any depth."""
    found: set[str] = set()
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Mapping):
            found.update(part)
            waiting.extend(part.values())
        elif isinstance(part, Sequence) and not isinstance(part, str | bytes):
            waiting.extend(part)
    return found


def _at_offset(instant: datetime, minutes: int) -> datetime:
    return instant.astimezone(timezone(timedelta(minutes=minutes)))
