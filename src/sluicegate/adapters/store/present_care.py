"""Care of the read model of findings: compared with the versions, and made again from them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, delete, func

from sluicegate.adapters.store.models import table
from sluicegate.adapters.store.projection import (
    FINDING,
    OBLIGATION,
    PassMark,
    Projection,
    Version,
)
from sluicegate.adapters.store.unit import Unit
from sluicegate.core.exact import load_json

_SLICE = 20_000
"""Versions that a rebuild holds in memory at once."""


class PresentCare:
    """Compares and rebuilds one tenant's rows."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    def faults(self) -> Sequence[str]:
        """Compare the read model with the versions; return what differs."""
        with self._unit.reading() as connection:
            return [
                *self._differing(connection, "findings", "present_findings", "finding_id"),
                *self._differing(connection, "obligations", "present_obligations", "obligation_id"),
                *self._miscounted(connection, FINDING, "present_findings"),
                *self._miscounted(connection, OBLIGATION, "present_obligations"),
            ]

    def _differing(
        self, connection: Connection, name: str, model: str, identifier: str
    ) -> Iterator[str]:
        versions, rows = table(name), table(model)
        newest = self._unit.rows(versions, func.max(versions.c.sequence)).group_by(
            versions.c.document_id
        )
        there = self._unit.rows(versions, versions.c.document_id, versions.c.sequence).where(
            versions.c.sequence.in_(newest), versions.c.document.is_not(None)
        )
        truth = set(map(tuple, connection.execute(there)))
        shown = self._unit.rows(rows, rows.c[identifier], rows.c.version)
        model_rows = set(map(tuple, connection.execute(shown)))
        wrong = len({one for one, _ in truth ^ model_rows})
        if wrong:
            yield f"{model}: {wrong} rows are not those of the last versions of {name}"

    def _miscounted(self, connection: Connection, part: str, model: str) -> Iterator[str]:
        cells, rows = table("present_cells"), table(model)
        kept = self._unit.rows(cells, cells.c.sequence, cells.c.count).where(
            cells.c.part == part, cells.c.count != 0
        )
        counted = self._unit.rows(rows, rows.c.cell, func.count()).group_by(rows.c.cell)
        if set(map(tuple, connection.execute(kept))) != set(
            map(tuple, connection.execute(counted))
        ):
            yield f"present_cells: the counts of {model} are not those of its rows"

    def rebuild(self) -> None:
        """Make the read model again from the versions, pass by pass as they were written."""
        with self._unit.writing() as connection:
            self.rebuild_in(connection)

    def rebuild_in(self, connection: Connection) -> None:
        """Do so as a part of an open transaction."""
        models = ("present_changes", "present_findings", "present_obligations", "present_cells")
        for name in models:
            rows = table(name)
            connection.execute(delete(rows).where(rows.c.tenant_id == self._unit.tenant))
        passes = table("passes")
        columns = (passes.c.pass_id, passes.c.sequence, passes.c.recorded_at)
        query = self._unit.rows(passes, *columns).order_by(passes.c.sequence)
        marks = {row.pass_id: PassMark(*row) for row in connection.execute(query)}
        findings = self._slices(connection, "findings", marks)
        obligations = self._slices(connection, "obligations", marks)
        waiting = next(obligations, None)
        for mark, versions in findings:
            # Obligations of passes before this one that wrote no finding come first.
            while waiting is not None and waiting[0].sequence < mark.sequence:
                Projection(self._unit, connection, waiting[0].at).apply({}, waiting[1])
                waiting = next(obligations, None)
            Projection(self._unit, connection, mark.at).apply(versions, {}, mark)
        while waiting is not None:
            Projection(self._unit, connection, waiting[0].at).apply({}, waiting[1])
            waiting = next(obligations, None)

    def _slices(
        self, connection: Connection, name: str, marks: Mapping[str, PassMark]
    ) -> Iterator[tuple[PassMark, dict[str, Version]]]:
        """Yield the versions of a table pass by pass, at most `_SLICE` at a time."""
        versions = table(name)
        columns = (
            versions.c.sequence,
            versions.c.document_id,
            versions.c.document,
            versions.c.recorded_at,
            versions.c.pass_id,
        )
        last = 0
        while True:
            query = self._unit.rows(versions, *columns).where(versions.c.sequence > last)
            rows = connection.execute(query.order_by(versions.c.sequence).limit(_SLICE)).all()
            if not rows:
                return
            for pass_id, together in groupby(rows, key=lambda row: row.pass_id):
                yield marks[pass_id], {row.document_id: _version(row) for row in together}
            last = rows[-1].sequence


def _version(row: Row[Any]) -> Version:
    document = None if row.document is None else load_json(row.document)
    return Version(document, row.sequence, row.recorded_at, row.pass_id)
