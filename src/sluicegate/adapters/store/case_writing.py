"""Writing cases: their events, what they fold to, and what is found and counted by them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, update

from sluicegate.adapters.store.case_names import index_faults, make_index_anew
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
from sluicegate.cases.case import Case
from sluicegate.cases.documents import write_json
from sluicegate.services.ports.casework import (
    CaseChange,
    CaseChangedError,
)

CHUNK = 1_000
"""Cases, or ids, of one statement."""
_MANY = 5_000
"""Cases written at once from which the statistics of the tables are taken anew."""
_LARGE_CACHE = "PRAGMA cache_size = -131072"
"""128 MiB for a connection that writes many: its indexes are then not written page by page."""


class CaseWriting:
    """Writes what happened in cases."""

    _unit: Unit

    def write(self, changes: Sequence[CaseChange]) -> None:
        """Write events and what they fold to.

        Raises:
            CaseChangedError: a case is not at the version that `before` has.
        """
        with self._unit.writing() as connection:
            if len(changes) >= _MANY and connection.dialect.name == "sqlite":
                connection.exec_driver_sql(_LARGE_CACHE)
            for chunk in chunks(changes):
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


def chunks(parts: Sequence[Any]) -> Iterable[Sequence[Any]]:
    """Return the parts in order, as many together as one statement takes."""
    return (parts[start : start + CHUNK] for start in range(0, len(parts), CHUNK))
