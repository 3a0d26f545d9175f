"""The first rows of many cells, merged: what a page under any filter of facets is.

Each cell's rows stand in order in an index. At most `limit` cells can give a row
to a page of `limit` rows: those whose own first rows come first. So the first
row of every cell is looked up, and then the rows of those few cells.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    FromClause,
    Row,
    Select,
    bindparam,
)

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
            cells = self._nearest(cells, limit, after, conditions)
        found: list[tuple[Any, ...]] = []
        first = self._first_of(bindparam("cell", type_=BigInteger()), after, conditions)
        for cell in cells:
            values = {"cell": cell, "most": limit}
            found += [tuple(row) for row in self._connection.execute(first, values)]
        ids = [row[-1] for row in sorted(found)[:limit]]
        by_id = {row._mapping[self._key[-1]]: row for row in self._whole(ids)}
        return [by_id[one] for one in ids]

    def _nearest(
        self,
        cells: Sequence[int],
        limit: int,
        after: Sequence[Key] | None,
        conditions: Conditions,
    ) -> Sequence[int]:
        """Return the `limit` cells whose first rows come first."""
        groups = table("present_cells")
        first = self._first_of(groups.c.sequence, after, conditions)
        only_id = first.with_only_columns(self._rows.c[self._key[-1]]).correlate(groups)
        query = self._unit.rows(groups, only_id.scalar_subquery()).where(
            groups.c.sequence.in_(cells)
        )
        ids = [one for (one,) in self._connection.execute(query, {"most": 1}) if one is not None]
        heads = sorted(self._whole(ids), key=lambda row: [row._mapping[one] for one in self._key])
        return [row.cell for row in heads[:limit]]

    def _first_of(
        self, cell: ColumnElement[int], after: Sequence[Key] | None, conditions: Conditions
    ) -> Select[Any]:
        """Return the query of the first keys of a cell, as `most` says; only an index is read."""
        rows = self._rows
        key = [rows.c[one] for one in self._key]
        query = self._unit.rows(rows, *key).where(rows.c.cell == cell)
        if after is not None:
            query = query.where(after_key(key, after))
        return (
            query.where(*conditions(rows))
            .order_by(*key)
            .limit(bindparam("most", type_=BigInteger()))
        )

    def _whole(self, ids: Sequence[str]) -> Sequence[Row[Any]]:
        """Return rows by id: asked by sequence, SQLite would read all rows of the tenant."""
        query = self._unit.rows(self._rows).where(self._rows.c[self._key[-1]].in_(ids))
        return self._connection.execute(query).all()
