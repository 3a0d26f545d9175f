"""Pages of the queue by cells: cases alike in all that the queue filters and orders by.

The counts of a filter (`case_tallies`) say in which cells its cases are, and the
priority and due day of each cell. A page takes the cells in order and from each as
many cases as it still wants, by id. What it costs follows from the page and the
number of cells, not from the cases that the filter leaves out, and any order of
priority and due day reads the same index.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    Text,
    bindparam,
    literal,
    tuple_,
)

from sluicegate.adapters.store.models import table
from sluicegate.adapters.store.unit import Unit
from sluicegate.cases.filters import Order
from sluicegate.services.ports.casework import QueueKey

Condition = ColumnElement[bool]

ORDERS = {Order.PRIORITY: ("priority", "due_key"), Order.DUE: ("due_key", "priority")}
"""Columns by which each order goes; the id of the case comes last."""


def place_of(key: QueueKey, order: Order) -> tuple[int | str, ...]:
    """Return where a row stands in an order, without its id."""
    values: dict[str, int | str] = {"priority": key[0], "due_key": key[1]}
    return tuple(values[name] for name in ORDERS[order])


def after_row(rows: Any, key: QueueKey, order: Order) -> Condition:
    """Return the condition that a row comes after another in an order."""
    columns = [rows.c[name] for name in (*ORDERS[order], "case_id")]
    place = (*place_of(key, order), key[2])
    found: Condition = tuple_(*columns) > tuple_(*map(literal, place))
    return found


class CasePages:
    """Reads the ids of a page from cells."""

    def __init__(self, unit: Unit, connection: Connection, order: Order) -> None:
        self._unit = unit
        self._connection = connection
        self._order = order

    def ids(
        self,
        rule: str,
        alike: Sequence[Condition],
        *,
        after: QueueKey | None,
        limit: int,
        narrowed: Sequence[Condition] = (),
    ) -> list[str]:
        """Return the ids of the first cases after a key, in order.

        `alike` says which cells, under a rule or, where it is empty, of all cases;
        `narrowed` is what the rows of `cases` must be beside it.
        """
        found: list[str] = []
        start = None if after is None else place_of(after, self._order)
        cells = self._connection.execute(self._cells(rule, alike, start))
        query = self._first_of(is_by_rule=bool(rule), narrowed=narrowed)
        for place, together in groupby(cells, key=lambda row: tuple(row[1:])):
            last = after[2] if after is not None and place == start else ""
            wanted = limit - len(found)
            here: list[str] = []
            for cell in together:
                values = {"cell": cell.sequence, "last": last, "most": wanted}
                here += self._connection.execute(query, values).scalars()
            found += sorted(here)[:wanted]
            if len(found) >= limit:
                break
        return list(dict.fromkeys(found))

    def _cells(
        self, rule: str, alike: Sequence[Condition], start: tuple[int | str, ...] | None
    ) -> Select[Any]:
        tallies = table("case_tallies")
        columns = [tallies.c[name] for name in ORDERS[self._order]]
        query = self._unit.rows(tallies, tallies.c.sequence, *columns).where(
            tallies.c.rule == rule, tallies.c.cases != 0, *alike
        )
        if start is not None:
            query = query.where(tuple_(*columns) >= tuple_(*map(literal, start)))
        return query.order_by(*columns)

    def _first_of(self, *, is_by_rule: bool, narrowed: Sequence[Condition]) -> Select[Any]:
        """Return the query of the first ids of a cell after `last`, at most `most`."""
        cases = table("cases")
        rows = table("case_rules") if is_by_rule else cases
        query = self._unit.rows(rows, rows.c.case_id)
        if is_by_rule and narrowed:
            query = query.join(cases, cases.c.case_id == rows.c.case_id).where(
                cases.c.tenant_id == self._unit.tenant
            )
        return (
            query.where(
                rows.c.cell == bindparam("cell", type_=BigInteger()),
                rows.c.case_id > bindparam("last", type_=Text()),
                *narrowed,
            )
            .order_by(rows.c.case_id)
            .limit(bindparam("most", type_=BigInteger()))
        )
