"""Pages of findings, obligations and changes from the read model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from itertools import groupby
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Row,
    func,
)

from sluicegate.adapters.store.models import table
from sluicegate.adapters.store.present_care import PresentCare
from sluicegate.adapters.store.present_filters import (
    after_key,
    before_key,
    due_range,
    fits,
    is_seen,
    narrowed,
    owed_by,
    owed_fits,
    require_tenant,
)
from sluicegate.adapters.store.present_merging import Merging
from sluicegate.adapters.store.projection import (
    FINDING,
    OBLIGATION,
    facets_of,
    read_facets,
    weight_of,
)
from sluicegate.core.exact import load_json
from sluicegate.services.access.principals import Scope
from sluicegate.services.paging import Key
from sluicegate.services.ports.present import (
    Cell,
    ChangedHow,
    ChangeRow,
    Facets,
    FindingFilter,
    FindingOrder,
    FindingRow,
    ObligationFilter,
    ObligationRow,
    PassRow,
)
from sluicegate.services.present.keys import NOTHING, day_key, day_of, is_storable

_ORDER_COLUMNS = {
    FindingOrder.GRAVITY: ("weight", "amount_key"),
    FindingOrder.AMOUNT: ("amount_key",),
    FindingOrder.DUE: ("due_key",),
    FindingOrder.CHANGED: ("changed_key",),
    FindingOrder.NAME: ("name_key",),
}


class PresentFindings(PresentCare):
    """What the last pass found, of one tenant."""

    # -- counts

    def cells(self, scope: Scope) -> Sequence[Cell]:
        """Return how many open findings share which facets."""
        with self._unit.reading() as connection:
            return self._cells(connection, FINDING, scope)

    def obligation_cells(self, scope: Scope) -> Sequence[Cell]:
        """Return how many open obligations share which facets."""
        with self._unit.reading() as connection:
            return self._cells(connection, OBLIGATION, scope)

    def counted(self, scope: Scope, wanted: FindingFilter) -> Sequence[Cell]:
        """Return how many findings of a subject, customer, due day or name share which facets."""
        with self._unit.reading() as connection:
            cells = self._cells(connection, FINDING, scope)
            conditions = narrowed(wanted)
            if not conditions:
                return cells
            counts = self._counts(connection, conditions, wanted)
        return [replace(cell, count=counts[cell.number]) for cell in cells if cell.number in counts]

    def _counts(
        self,
        connection: Connection,
        conditions: Sequence[ColumnElement[bool]],
        wanted: FindingFilter,
    ) -> dict[int, int]:
        """Return cell → how many of its rows fulfil conditions, those without any left out."""
        if wanted.text or wanted.customer_id or wanted.subject:
            about = self._about(wanted)
            query = self._unit.rows(about, about.c.cell, func.count()).group_by(about.c.cell)
        else:
            rows, cells = table("present_findings"), table("present_cells")
            # Cell by cell only the days asked for are read; together it would be all rows.
            of_cell = self._unit.rows(rows, func.count()).where(rows.c.cell == cells.c.sequence)
            counted = of_cell.where(*conditions).correlate(cells).scalar_subquery()
            query = self._unit.rows(cells, cells.c.sequence, counted)
            query = query.where(cells.c.part == FINDING, cells.c.count > 0)
        return {cell: count for cell, count in connection.execute(query) if count}

    def _cells(self, connection: Connection, part: str, scope: Scope) -> list[Cell]:
        """Return the cells within a scope that hold rows, in order of gravity."""
        require_tenant(scope, self._unit)
        cells = table("present_cells")
        columns = (cells.c.sequence, cells.c.facets, cells.c.count)
        query = self._unit.rows(cells, *columns).where(cells.c.part == part, cells.c.count > 0)
        found = (Cell(n, read_facets(text), count) for n, text, count in connection.execute(query))
        seen = (cell for cell in found if is_seen(scope, cell.facets))
        return sorted(seen, key=lambda cell: (weight_of(cell.facets), cell.number))

    def _facets(self, connection: Connection) -> dict[int, Facets]:
        """Return all cells of findings by their numbers, empty ones too."""
        cells = table("present_cells")
        query = self._unit.rows(cells, cells.c.sequence, cells.c.facets)
        rows = connection.execute(query.where(cells.c.part == FINDING))
        return {number: read_facets(text) for number, text in rows}

    # -- findings

    def findings(
        self, scope: Scope, wanted: FindingFilter, after: tuple[Key, ...] | None, limit: int
    ) -> Sequence[FindingRow]:
        """Return at most `limit` open findings after a key."""
        order = wanted.sorted_by
        with self._unit.reading() as connection:
            cells = {
                cell.number: cell
                for cell in self._cells(connection, FINDING, scope)
                if fits(cell.facets, wanted)
            }
            if not cells:
                return ()
            if order is FindingOrder.NAME or wanted.customer_id or wanted.subject:
                rows = self._narrow(connection, wanted, list(cells), after, limit)
            else:
                rows = self._merged(connection, wanted, list(cells.values()), after, limit)
        columns = (*_ORDER_COLUMNS[order], "finding_id")
        return [
            _finding_row(row, cells[row.cell].facets, tuple(row._mapping[c] for c in columns))
            for row in rows
        ]

    def _narrow(
        self,
        connection: Connection,
        wanted: FindingFilter,
        cells: Sequence[int],
        after: tuple[Key, ...] | None,
        limit: int,
    ) -> Sequence[Row[Any]]:
        """Return the rows of one subject, customer or beginning of a name, by their own index."""
        rows = self._about(wanted)
        key = [rows.c[name] for name in (*_ORDER_COLUMNS[wanted.sorted_by], "finding_id")]
        query = self._unit.rows(rows).where(rows.c.cell.in_(cells))
        if after is not None:
            query = query.where(after_key(key, after))
        return connection.execute(query.order_by(*key).limit(limit)).all()

    def _about(self, wanted: FindingFilter) -> FromClause:
        """Return the rows that fulfil the conditions of a filter that are no facets.

        Those of one subject or customer are few and are gathered first: else
        SQLite walks the index of the order that is asked for through all rows.
        """
        rows = table("present_findings")
        query = self._unit.rows(rows).where(*narrowed(wanted))
        if wanted.customer_id or wanted.subject:
            return query.cte("about").prefix_with("MATERIALIZED")
        return query.subquery("about")

    def _merged(
        self,
        connection: Connection,
        wanted: FindingFilter,
        cells: Sequence[Cell],
        after: tuple[Key, ...] | None,
        limit: int,
    ) -> Sequence[Row[Any]]:
        """Return the first rows of cells in the order that is asked for."""
        order = wanted.sorted_by
        merging = Merging(
            self._unit,
            connection,
            "present_findings",
            (_ORDER_COLUMNS[order][-1], "finding_id"),
        )

        def due(rows: FromClause) -> list[ColumnElement[bool]]:
            return [] if wanted.due_by is None else [rows.c.due_key <= day_key(wanted.due_by)]

        if order is not FindingOrder.GRAVITY:
            numbers = [cell.number for cell in cells]
            return merging.page(numbers, limit, after=after, conditions=due)
        found: list[Row[Any]] = []
        for weight, together in groupby(cells, key=lambda cell: weight_of(cell.facets)):
            reached = None if after is None else int(str(after[0]))
            if reached is not None and weight < reached:
                continue
            start = after[1:] if after is not None and weight == reached else None
            numbers = [cell.number for cell in together]
            found += merging.page(numbers, limit - len(found), after=start)
            if len(found) >= limit:
                break
        return found

    def finding(self, scope: Scope, finding_id: str) -> FindingRow | None:
        """Return an open finding; None when there is none within the scope."""
        if not is_storable(finding_id):
            return None
        rows = table("present_findings")
        query = self._unit.rows(rows).where(rows.c.finding_id == finding_id)
        require_tenant(scope, self._unit)
        with self._unit.reading() as connection:
            row = connection.execute(query).one_or_none()
            if row is None:
                return None
            facets = self._facets(connection)[row.cell]
        return _finding_row(row, facets, (row.finding_id,)) if is_seen(scope, facets) else None

    def last_facets(self, scope: Scope, finding_id: str) -> Facets | None:
        """Return the facets of a finding that is or was there; None outside the scope."""
        if not is_storable(finding_id):
            return None
        require_tenant(scope, self._unit)
        versions = table("findings")
        query = (
            self._unit.rows(versions, versions.c.document)
            .where(versions.c.document_id == finding_id, versions.c.document.is_not(None))
            .order_by(versions.c.sequence.desc())
            .limit(1)
        )
        with self._unit.reading() as connection:
            text = connection.execute(query).scalar_one_or_none()
        if text is None:
            return None
        facets = facets_of(load_json(text))
        return facets if is_seen(scope, facets) else None

    # -- obligations

    def obligations(
        self, scope: Scope, wanted: ObligationFilter, after: tuple[Key, ...] | None, limit: int
    ) -> Sequence[ObligationRow]:
        """Return at most `limit` open obligations after a key, by due day."""
        rows = table("present_obligations")
        key = (rows.c.due_key, rows.c.obligation_id)
        conditions = [*owed_by(rows, wanted), *due_range(rows, wanted)]
        if after is not None:
            conditions.append(after_key(key, after))
        with self._unit.reading() as connection:
            cells = {
                cell.number: cell.facets
                for cell in self._cells(connection, OBLIGATION, scope)
                if owed_fits(cell.facets, wanted)
            }
            numbers = list(cells)
            if wanted.finding_id is None and wanted.customer_id is None:
                merging = Merging(
                    self._unit, connection, "present_obligations", ("due_key", "obligation_id")
                )
                found = merging.page(
                    numbers, limit, after=after, conditions=lambda rows: due_range(rows, wanted)
                )
            else:
                query = self._unit.rows(rows).where(rows.c.cell.in_(numbers), *conditions)
                found = connection.execute(query.order_by(*key).limit(limit)).all()
            documents = self._documents(connection, found)
        return [
            ObligationRow(
                obligation_id=row.obligation_id,
                finding_id=row.finding_id,
                facets=cells[row.cell],
                customer_id=row.customer_id,
                due=day_of(row.due_key),
                is_binding=row.is_binding,
                document=documents[row.version],
                key=(row.due_key, row.obligation_id),
            )
            for row in found
        ]

    def _documents(
        self, connection: Connection, rows: Sequence[Row[Any]]
    ) -> dict[int, Mapping[str, Any]]:
        """Return version → document of obligations, by the index of their ids."""
        versions = table("obligations")
        query = self._unit.rows(versions, versions.c.sequence, versions.c.document).where(
            versions.c.document_id.in_([row.obligation_id for row in rows]),
            versions.c.sequence.in_([row.version for row in rows]),
        )
        return {sequence: load_json(text) for sequence, text in connection.execute(query)}

    # -- passes and changes

    def passes(self, before: int | None, limit: int) -> Sequence[PassRow]:
        """Return passes, the last in front; `before` is the sequence of the last one seen."""
        rows = table("passes")
        query = self._unit.rows(rows).order_by(rows.c.sequence.desc()).limit(limit)
        if before is not None:
            query = query.where(rows.c.sequence < before)
        with self._unit.reading() as connection:
            found = connection.execute(query).all()
        return [
            PassRow(
                row.pass_id,
                _at_offset(row),
                row.recorded_by,
                row.changed,
                row.closed,
                row.sequence,
            )
            for row in found
        ]

    def changes(
        self, scope: Scope, since: str | None, before: tuple[Key, ...] | None, limit: int
    ) -> Sequence[ChangeRow]:
        """Return what passes after the pass `since` changed, the last in front."""
        require_tenant(scope, self._unit)
        rows = table("present_changes")
        key = (rows.c.pass_sequence, rows.c.sequence)
        query = self._unit.rows(rows).order_by(*(one.desc() for one in key)).limit(limit)
        if before is not None:
            query = query.where(before_key(key, before))
        with self._unit.reading() as connection:
            if since is not None:
                query = query.where(rows.c.pass_sequence > self._sequence(connection, since))
            facets = self._facets(connection)
            if scope.jurisdictions is not None:
                seen = [number for number, one in facets.items() if is_seen(scope, one)]
                query = query.where(func.coalesce(rows.c.after_cell, rows.c.before_cell).in_(seen))
            found = connection.execute(query).all()
        return [_change_row(row, facets) for row in found]

    def _sequence(self, connection: Connection, pass_id: str) -> int:
        passes = table("passes")
        query = self._unit.rows(passes, passes.c.sequence).where(passes.c.pass_id == pass_id)
        found = connection.execute(query).scalar_one_or_none() if is_storable(pass_id) else None
        if found is None:
            raise LookupError(f"pass {pass_id}: there is none; take one from the list of passes")
        return int(found)


def _finding_row(row: Row[Any], facets: Facets, key: tuple[Key, ...]) -> FindingRow:
    return FindingRow(
        finding_id=row.finding_id,
        facets=facets,
        subject=row.subject,
        subject_id=row.subject_id,
        subject_name=row.subject_name,
        customer_id=row.customer_id,
        amount=row.amount,
        threshold=row.threshold,
        threshold_unit=row.threshold_unit,
        share_of_threshold=row.share_of_threshold,
        due=day_of(row.due_key),
        as_of=day_of(row.as_of or NOTHING),
        opened_at=row.opened_at,
        changed_at=row.changed_at,
        pass_id=row.pass_id,
        version=row.version,
        key=key,
    )


def _change_row(row: Row[Any], facets: Mapping[int, Facets]) -> ChangeRow:
    before = None if row.before_cell is None else facets[row.before_cell]
    after = None if row.after_cell is None else facets[row.after_cell]
    how = ChangedHow.CHANGED
    if before is None:
        how = ChangedHow.NEW
    elif after is None:
        how = ChangedHow.CLEARED
    elif row.before_cell == row.after_cell:
        how = ChangedHow.FIGURES
    return ChangeRow(
        key=(row.pass_sequence, row.sequence),
        pass_id=row.pass_id,
        at=_at_offset(row),
        finding_id=row.finding_id,
        subject=row.subject,
        subject_name=row.subject_name,
        customer_id=row.customer_id,
        how=how,
        before=before,
        after=after,
    )


def _at_offset(row: Row[Any]) -> datetime:
    instant: datetime = row.recorded_at
    return instant.astimezone(timezone(timedelta(minutes=row.recorded_offset_minutes)))
