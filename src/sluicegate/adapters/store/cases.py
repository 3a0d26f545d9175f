"""Cases of one tenant: events that only grow, and what they fold to, to be read quickly."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, timedelta, timezone
from typing import Any

from sqlalchemy import Table, func, union

from sluicegate.adapters.store.case_keeping import CaseKeeping
from sluicegate.adapters.store.case_queue import CaseQueue
from sluicegate.adapters.store.case_scope import within
from sluicegate.adapters.store.case_writing import CHUNK, CaseWriting, chunks
from sluicegate.adapters.store.models import table
from sluicegate.adapters.store.unit import Unit
from sluicegate.cases.case import Case, CaseEvent, State
from sluicegate.cases.documents import read_json
from sluicegate.core.exact import load_json
from sluicegate.services.access.principals import Scope
from sluicegate.services.ports.casework import (
    AlertPlace,
    BlockStanding,
    CaseRow,
)


class SqlCases(CaseQueue, CaseWriting, CaseKeeping):
    """Implements `services.ports.casework.CaseStore`."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    def find(self, case_id: str, scope: Scope) -> Case | None:
        """Return a case as it stands; None outside the scope, or where there is none."""
        cases, documents = table("cases"), table("case_documents")
        query = (
            self._unit.rows(cases, documents.c.document)
            .join(documents, documents.c.case_id == cases.c.case_id)
            .where(documents.c.tenant_id == self._unit.tenant, cases.c.case_id == case_id)
            .where(*within(self._unit, cases, scope))
        )
        with self._unit.reading() as connection:
            text = connection.execute(query).scalar_one_or_none()
        return None if text is None else read_json(Case, text)

    def events(self, case_id: str, scope: Scope) -> Sequence[CaseEvent]:
        """Return the events of a case, oldest first; none outside the scope."""
        cases, events = table("cases"), table("case_events")
        seen = (
            self._unit.rows(cases, cases.c.case_id)
            .where(cases.c.case_id == case_id)
            .where(*within(self._unit, cases, scope))
        )
        query = self._unit.rows(events).where(events.c.case_id.in_(seen)).order_by(events.c.version)
        with self._unit.reading() as connection:
            rows = connection.execute(query).all()
        return tuple(map(_event, rows))

    def row(self, case_id: str, scope: Scope) -> CaseRow | None:
        """Return one case as the queue shows it."""
        cases = table("cases")
        query = self._unit.rows(cases).where(cases.c.case_id == case_id)
        return next(iter(self._rows(query.where(*within(self._unit, cases, scope)))), None)

    def related(self, case: Case, scope: Scope) -> Sequence[CaseRow]:
        """Return the other cases of the same subject or customer, and those it is linked to."""
        cases = table("cases")
        alike = [cases.c.subject == case.subject]
        if case.customer_id:
            alike.append(cases.c.customer_id == case.customer_id)
        if case.links:
            alike.append(cases.c.case_id.in_(case.links))
        # One search for each reason: an OR of them may be read without their indexes.
        found = union(*(self._unit.rows(cases, cases.c.case_id).where(one) for one in alike))
        query = (
            self._unit.rows(cases)
            .where(cases.c.case_id.in_(found), cases.c.case_id != case.case_id)
            .where(*within(self._unit, cases, scope))
            .order_by(cases.c.opened_at.desc(), cases.c.case_id)
            .limit(CHUNK)
        )
        return self._rows(query)

    def every(self) -> Iterator[tuple[Case, Sequence[CaseEvent]]]:
        """Yield every case as it is kept, with its events, to fold it again and compare."""
        documents, events = table("case_documents"), table("case_events")
        last = ""
        while True:
            query = (
                self._unit.rows(documents, documents.c.case_id, documents.c.document)
                .where(documents.c.case_id > last)
                .order_by(documents.c.case_id)
                .limit(CHUNK)
            )
            with self._unit.reading() as connection:
                kept = connection.execute(query).all()
                if not kept:
                    return
                last = kept[-1].case_id
                told = connection.execute(
                    self._unit.rows(events)
                    .where(events.c.case_id >= kept[0].case_id, events.c.case_id <= last)
                    .order_by(events.c.case_id, events.c.version)
                ).all()
            by_case: dict[str, list[CaseEvent]] = {}
            for one in told:
                by_case.setdefault(one.case_id, []).append(_event(one))
            for case_id, text in kept:
                yield read_json(Case, text), by_case.get(case_id, [])

    def findings(self, ids: Collection[str]) -> Mapping[str, Mapping[str, Any]]:
        """Return finding id → its latest document, closed or not."""
        return self._documents(table("findings"), ids)

    def obligations(self, ids: Collection[str]) -> Mapping[str, Mapping[str, Any]]:
        """Return obligation id → its latest document, closed or not."""
        return self._documents(table("obligations"), ids)

    def _documents(self, versions: Table, ids: Collection[str]) -> dict[str, Mapping[str, Any]]:
        found: dict[str, Mapping[str, Any]] = {}
        with self._unit.reading() as connection:
            for chunk in chunks(sorted(ids)):
                newest = (
                    self._unit.rows(versions, func.max(versions.c.sequence))
                    .where(versions.c.document_id.in_(chunk), versions.c.document.is_not(None))
                    .group_by(versions.c.document_id)
                )
                query = self._unit.rows(
                    versions, versions.c.document_id, versions.c.document
                ).where(versions.c.sequence.in_(newest))
                for name, text in connection.execute(query):
                    found[name] = load_json(text)
        return found

    def standing(
        self, case_ids: Collection[str], *, has_sealed: bool = False
    ) -> Mapping[str, Case]:
        """Return ordinary cases by id, for a pass; sealed ones too only when told."""
        cases, documents = table("cases"), table("case_documents")
        found: dict[str, Case] = {}
        with self._unit.reading() as connection:
            for chunk in chunks(sorted(case_ids)):
                query = (
                    self._unit.rows(cases, cases.c.case_id, documents.c.document)
                    .join(documents, documents.c.case_id == cases.c.case_id)
                    .where(documents.c.tenant_id == self._unit.tenant)
                    .where(cases.c.case_id.in_(chunk))
                )
                if not has_sealed:
                    query = query.where(cases.c.sealed_for.is_(None))
                for case_id, text in connection.execute(query):
                    found[case_id] = read_json(Case, text)
        return found

    def alert_places(self) -> Mapping[str, AlertPlace]:
        """Return finding id → in which ordinary case it is, for a pass."""
        alerts = table("case_alerts")
        query = self._unit.rows(alerts, alerts.c.finding_id, alerts.c.case_id, alerts.c.is_gone)
        with self._unit.reading() as connection:
            return {
                finding: AlertPlace(case_id, is_gone)
                for finding, case_id, is_gone in connection.execute(query)
            }

    def rested(self, on: date) -> Sequence[str]:
        """Return the ids of the cases whose rest has ended by a day, sealed ones too."""
        cases, tallies = table("cases"), table("case_tallies")
        resting = self._unit.rows(tallies, tallies.c.sequence).where(
            tallies.c.rule == "", tallies.c.state == State.SNOOZED.value
        )
        query = self._unit.rows(cases, cases.c.case_id).where(
            cases.c.cell.in_(resting), cases.c.snoozed_until <= on
        )
        with self._unit.reading() as connection:
            return tuple(connection.execute(query).scalars())

    def blocks(self, customer_id: str, scope: Scope | None = None) -> Sequence[BlockStanding]:
        """Return the stops that stand on a customer, oldest first."""
        blocks = table("blocks")
        query = (
            self._unit.rows(blocks)
            .where(blocks.c.customer_id == customer_id, blocks.c.released_at.is_(None))
            .order_by(blocks.c.placed_at, blocks.c.block_id)
        )
        if scope is not None:
            query = query.where(*within(self._unit, blocks, scope))
        with self._unit.reading() as connection:
            rows = connection.execute(query).all()
        return tuple(
            BlockStanding(
                block_id=row.block_id,
                case_id=row.case_id,
                customer_id=row.customer_id,
                placed_at=row.placed_at,
                placed_by=row.placed_by,
                released_at=row.released_at,
            )
            for row in rows
        )


def _event(row: Any) -> CaseEvent:
    offset = timezone(timedelta(minutes=row.recorded_offset_minutes))
    return CaseEvent(
        event_id=row.event_id,
        case_id=row.case_id,
        kind=row.kind,
        at=row.recorded_at.astimezone(offset),
        by=row.recorded_by,
        reason=row.reason,
        data=row.data,
    )
