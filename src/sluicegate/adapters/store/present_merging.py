"""The first rows of many cells, merged: what a page under any filter of facets is.

Each cell's rows stand in order in an index. At most `limit` cells can give a row
to a page of `limit` rows: those whose own first rows come first. So the first
row of every cell is looked up, and then the rows of those few cells.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Row, select

from sluicegate.adapters.store.models import table
from sluicegate.adapters.store.present_filters import after_key
from sluicegate.adapters.store.unit import Unit
from sluicegate.services.paging import Key

Conditions = Callable[[FromClause], list[ColumnElement[bool]]]
"""Given the rows' table, returns what their sort keys must be."""


class Merging:
    """Reads pages of one read model in the order of one key and the rows' id."""

    def __init__(self, unit: Unit, connection: Connection, model: str, key: Sequence[str]) -> None:
        self._unit = unit
        self._connection = connection
        self._rows = table(model)
        self._key = tuple(key)

    def page(
        self,
        cells: Sequence[int],
        limit: int,
        *,
        after: Sequence[Key] | None = None,
        conditions: Conditions = lambda _rows: [],
    ) -> Sequence[Row[Any]]:
        """Return the first `limit` rows of cells after a key, in order."""
        if len(cells) > limit:
            heads = self._read(cells, 1, None, after, conditions)
            heads = sorted(heads, key=lambda row: tuple(row._mapping[one] for one in self._key))
            cells = [row.cell for row in heads[:limit]]
        return self._read(cells, limit, limit, after, conditions)

    def _read(
        self,
        cells: Sequence[int],
        of_each: int,
        limit: int | None,
        after: Sequence[Key] | None,
        conditions: Conditions,
    ) -> Sequence[Row[Any]]:
        groups = table("present_cells")
        rows, inner = self._rows, self._rows.alias("inner_rows")
        key = [inner.c[one] for one in self._key]
        first = (
            select(inner.c.sequence)
            .where(
                inner.c.tenant_id == self._unit.tenant,
                inner.c.cell == groups.c.sequence,
                *([] if after is None else [after_key(key, after)]),
                *conditions(inner),
            )
            .order_by(*key)
            .limit(of_each)
            .correlate(groups)
        )
        query = (
            select(rows)
            .select_from(groups.join(rows, rows.c.sequence.in_(first)))
            .where(
                groups.c.tenant_id == self._unit.tenant,
                # Not by the index of tenants: without statistics SQLite takes that to be
                # narrow, reads every row by it and asks the inner query of each.
                rows.c.tenant_id.concat("") == self._unit.tenant,
                groups.c.sequence.in_(cells),
            )
        )
        if limit is not None:
            query = query.order_by(*(rows.c[one] for one in self._key)).limit(limit)
        return self._connection.execute(query).all()
