"""Cases of one tenant: events that only grow, and what they fold to, to be read quickly."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from typing import Any

from sqlalchemy import Connection, Table, delete, func, insert, or_, update

from sluicegate.adapters.store.case_names import index_faults, make_index_anew
from sluicegate.adapters.store.case_queue import CaseQueue
from sluicegate.adapters.store.case_rows import (
    alert_rows,
    block_rows,
    case_values,
    event_row,
    rule_rows,
)
from sluicegate.adapters.store.case_tallies import Cell, keep_tallies, recount, tally_faults
from sluicegate.adapters.store.models import table
from sluicegate.adapters.store.unit import Unit
from sluicegate.cases.case import Case, CaseEvent, State
from sluicegate.cases.documents import read_json, write_json
from sluicegate.core.exact import dump_json, load_json
from sluicegate.services.access.principals import Scope
from sluicegate.services.ports.casework import (
    AlertPlace,
    BlockStanding,
    CaseChange,
    CaseChangedError,
    CaseRow,
    View,
)

_CHUNK = 1_000
_MANY = 5_000
"""Cases written at once from which the statistics of the tables are taken anew."""
_LARGE_CACHE = "PRAGMA cache_size = -131072"
"""128 MiB for a connection that writes many: its indexes are then not written page by page."""


class SqlCases(CaseQueue):
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
            .where(*self._within(cases, scope))
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
            .where(*self._within(cases, scope))
        )
        query = self._unit.rows(events).where(events.c.case_id.in_(seen)).order_by(events.c.version)
        with self._unit.reading() as connection:
            rows = connection.execute(query).all()
        return tuple(map(_event, rows))

    def row(self, case_id: str, scope: Scope) -> CaseRow | None:
        """Return one case as the queue shows it."""
        cases = table("cases")
        query = self._unit.rows(cases).where(cases.c.case_id == case_id)
        return next(iter(self._rows(query.where(*self._within(cases, scope)))), None)

    def related(self, case: Case, scope: Scope) -> Sequence[CaseRow]:
        """Return the other cases of the same subject or customer, and those it is linked to."""
        cases = table("cases")
        same = [cases.c.subject == case.subject]
        if case.customer_id:
            same.append(cases.c.customer_id == case.customer_id)
        if case.links:
            same.append(cases.c.case_id.in_(case.links))
        query = (
            self._unit.rows(cases)
            .where(or_(*same), cases.c.case_id != case.case_id)
            .where(*self._within(cases, scope))
            .order_by(cases.c.opened_at.desc(), cases.c.case_id)
            .limit(_CHUNK)
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
                .limit(_CHUNK)
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
            for chunk in _chunks(sorted(ids)):
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
            for chunk in _chunks(sorted(case_ids)):
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

    def write(self, changes: Sequence[CaseChange]) -> None:
        """Write events and what they fold to.

        Raises:
            CaseChangedError: a case is not at the version that `before` has.
        """
        with self._unit.writing() as connection:
            if len(changes) >= _MANY and connection.dialect.name == "sqlite":
                connection.exec_driver_sql(_LARGE_CACHE)
            for chunk in _chunks(changes):
                self._write(connection, chunk)
            if len(changes) >= _MANY:
                for name in ("cases", "case_rules", "case_documents", "case_alerts"):
                    connection.exec_driver_sql(f"ANALYZE {name}")

    def _write(self, connection: Connection, changes: Sequence[CaseChange]) -> None:
        stamp = self._unit.stamp(self._unit.instant(changes[0].after.changed_at))
        events = table("case_events")
        self._need_versions(connection, changes)
        rows = [
            event_row(self._unit, one.after, event, version)
            for one in changes
            for version, event in enumerate(
                one.events, 1 if one.before is None else one.before.version + 1
            )
        ]
        connection.execute(insert(events), rows)
        cells = keep_tallies(connection, self._unit, changes, stamp)
        new = [one.after for one in changes if one.before is None]
        old = [one.after for one in changes if one.before is not None]
        if new:
            connection.execute(
                insert(table("cases")), [{**stamp, **case_values(one, cells)} for one in new]
            )
            connection.execute(
                insert(table("case_documents")),
                [{**stamp, "case_id": one.case_id, "document": write_json(one)} for one in new],
            )
        for one in old:
            self._rewrite(connection, one, cells)
        self._write_rules(connection, changes, stamp, cells)
        self._write_alerts(connection, changes, stamp)
        self._write_blocks(connection, changes, stamp)

    def recount(self, *, at: datetime) -> None:
        """Count the cases anew and index their names, should either ever differ from them."""
        with self._unit.writing() as connection:
            recount(connection, self._unit, self._unit.stamp(self._unit.instant(at)))
            make_index_anew(connection)

    def faults(self) -> Sequence[str]:
        """Compare the counts of cases and the index of their names with the cases."""
        with self._unit.reading() as connection:
            faults = tally_faults(connection, self._unit)
        with self._unit.writing() as connection:
            return [*faults, *index_faults(connection)]

    def _need_versions(self, connection: Connection, changes: Sequence[CaseChange]) -> None:
        cases = table("cases")
        ids = [one.after.case_id for one in changes]
        query = self._unit.rows(cases, cases.c.case_id, cases.c.version).where(
            cases.c.case_id.in_(ids)
        )
        if connection.dialect.name == "postgresql":
            query = query.with_for_update()
        found = {row.case_id: int(row.version) for row in connection.execute(query)}
        for one in changes:
            expected = 0 if one.before is None else one.before.version
            if found.get(one.after.case_id, 0) != expected:
                raise CaseChangedError(one.after.case_id, expected, found.get(one.after.case_id))

    def _rewrite(self, connection: Connection, case: Case, cells: Mapping[Cell, int]) -> None:
        for name, values in (
            ("cases", case_values(case, cells)),
            ("case_documents", {"document": write_json(case)}),
        ):
            rows = table(name)
            connection.execute(
                update(rows)
                .where(rows.c.tenant_id == self._unit.tenant, rows.c.case_id == case.case_id)
                .values(values)
            )

    def _write_rules(
        self,
        connection: Connection,
        changes: Sequence[CaseChange],
        stamp: Mapping[str, Any],
        cells: Mapping[Cell, int],
    ) -> None:
        rules = table("case_rules")
        old = [one.after.case_id for one in changes if one.before is not None]
        if old:
            connection.execute(
                delete(rules).where(
                    rules.c.tenant_id == self._unit.tenant, rules.c.case_id.in_(old)
                )
            )
        written = [{**stamp, **row} for one in changes for row in rule_rows(one.after, cells)]
        if written:
            connection.execute(insert(rules), written)

    def _write_alerts(
        self, connection: Connection, changes: Sequence[CaseChange], stamp: Mapping[str, Any]
    ) -> None:
        alerts = table("case_alerts")
        new: list[dict[str, Any]] = []
        for one in changes:
            rows = alert_rows(one)
            new += [{**stamp, **row} for row in rows.new]
            for row in rows.changed:
                connection.execute(
                    update(alerts)
                    .where(
                        alerts.c.tenant_id == self._unit.tenant,
                        alerts.c.finding_id == row["finding_id"],
                        alerts.c.case_id == row["case_id"],
                    )
                    .values(is_gone=row["is_gone"])
                )
        if new:
            connection.execute(insert(alerts), new)

    def _write_blocks(
        self, connection: Connection, changes: Sequence[CaseChange], stamp: Mapping[str, Any]
    ) -> None:
        blocks = table("blocks")
        for one in changes:
            rows = block_rows(one)
            if rows.new:
                connection.execute(insert(blocks), [{**stamp, **row} for row in rows.new])
            for row in rows.changed:
                connection.execute(
                    update(blocks)
                    .where(
                        blocks.c.tenant_id == self._unit.tenant,
                        blocks.c.block_id == row["block_id"],
                    )
                    .values(released_at=row["released_at"])
                )

    def blocks(self, customer_id: str, scope: Scope | None = None) -> Sequence[BlockStanding]:
        """Return the stops that stand on a customer, oldest first."""
        blocks = table("blocks")
        query = (
            self._unit.rows(blocks)
            .where(blocks.c.customer_id == customer_id, blocks.c.released_at.is_(None))
            .order_by(blocks.c.placed_at, blocks.c.block_id)
        )
        if scope is not None:
            query = query.where(*self._within(blocks, scope))
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

    def put_attachment(
        self, case: Case, attachment_id: str, content: bytes, sha256: str, *, at: datetime, by: str
    ) -> None:
        """Keep the content of a file."""
        row = {
            **self._unit.stamp(self._unit.instant(at)),
            "recorded_by": by,
            "attachment_id": attachment_id,
            "case_id": case.case_id,
            "sha256": sha256,
            "content": content,
            "sealed_for": case.sealed_for,
        }
        with self._unit.writing() as connection:
            connection.execute(insert(table("attachments")), [row])

    def attachment(self, case_id: str, attachment_id: str, scope: Scope) -> bytes | None:
        """Return the content of a file; None when it was erased or there is none."""
        files, cases = table("attachments"), table("cases")
        seen = self._unit.rows(cases, cases.c.case_id).where(*self._within(cases, scope))
        query = self._unit.rows(files, files.c.content).where(
            files.c.case_id == case_id,
            files.c.attachment_id == attachment_id,
            files.c.case_id.in_(seen.where(cases.c.case_id == case_id)),
        )
        with self._unit.reading() as connection:
            found: bytes | None = connection.execute(query).scalar_one_or_none()
        return found

    def erase_attachment(self, case_id: str, attachment_id: str, scope: Scope) -> bool:
        """Erase the content of a file; say whether there was any."""
        files = table("attachments")
        if self.attachment(case_id, attachment_id, scope) is None:
            return False
        with self._unit.writing() as connection:
            done = connection.execute(
                update(files)
                .where(
                    files.c.tenant_id == self._unit.tenant,
                    files.c.case_id == case_id,
                    files.c.attachment_id == attachment_id,
                    files.c.content.is_not(None),
                )
                .values(content=None)
            )
        return done.rowcount == 1

    def views(self, owner: str) -> Sequence[View]:
        """Return the views that a principal saved, in order of their names."""
        views = table("saved_views")
        query = (
            self._unit.rows(views, views.c.name, views.c.query)
            .where(views.c.owner == owner)
            .order_by(views.c.name)
        )
        with self._unit.reading() as connection:
            rows = connection.execute(query).all()
        return tuple(View(name, _query(text)) for name, text in rows)

    def save_view(self, owner: str, view: View, *, at: datetime) -> None:
        """Keep a view; one of the same name is replaced."""
        row = {
            **self._unit.stamp(self._unit.instant(at)),
            "owner": owner,
            "name": view.name,
            "query": _query_text(view.query),
        }
        with self._unit.writing() as connection:
            self._forget(connection, owner, view.name)
            connection.execute(insert(table("saved_views")), [row])

    def drop_view(self, owner: str, name: str) -> bool:
        """Forget a view; say whether there was one."""
        with self._unit.writing() as connection:
            return self._forget(connection, owner, name)

    def _forget(self, connection: Connection, owner: str, name: str) -> bool:
        views = table("saved_views")
        done = connection.execute(
            delete(views).where(
                views.c.tenant_id == self._unit.tenant,
                views.c.owner == owner,
                views.c.name == name,
            )
        )
        return done.rowcount == 1


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


def _chunks(parts: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (parts[start : start + _CHUNK] for start in range(0, len(parts), _CHUNK))


def _query(text: str) -> Mapping[str, str]:
    found: Mapping[str, str] = load_json(text)
    return found


def _query_text(query: Mapping[str, str]) -> str:
    return dump_json(query)
