"""Customers, groups and runs as the last pass measured them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    Table,
    delete,
    exists,
    false,
    func,
    insert,
)

from sluicegate.adapters.store.models import table
from sluicegate.adapters.store.present import PresentFindings
from sluicegate.adapters.store.present_filters import after_key
from sluicegate.adapters.store.projection import FINDING
from sluicegate.core.exact import load_json
from sluicegate.services.access.principals import Scope
from sluicegate.services.paging import Key
from sluicegate.services.ports.present_world import (
    Standing,
    WorldFilter,
    WorldMark,
    WorldOrder,
    WorldPart,
    WorldRow,
)
from sluicegate.services.present.keys import is_storable, name_key, prefix_end

_CHUNK = 2_000
_JSON = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
"""Documents hold text, truth values and lists; 100,000 of them are written in one pass."""


@dataclass(frozen=True, slots=True)
class _Form:
    """Where a part is kept: its table, the column of its ids, and of its owner."""

    table: str
    id: str
    owner: str | None


_FORMS = {
    WorldPart.CUSTOMERS: _Form("present_customers", "customer_id", "group_id"),
    WorldPart.GROUPS: _Form("present_groups", "group_id", None),
    WorldPart.RUNS: _Form("present_runs", "run_key", "customer_id"),
}


class SqlPresent(PresentFindings):
    """Implements `services.ports.present.PresentStore` for one tenant."""

    def keep_world(
        self, mark: WorldMark, rows: Mapping[WorldPart, Sequence[WorldRow]], *, at: datetime
    ) -> int:
        """Replace customers, groups and runs by those of a pass; return how many rows changed."""
        stamp = self._unit.stamp(at)
        changed = 0
        with self._unit.writing() as connection:
            for part, form in _FORMS.items():
                changed += self._keep_part(connection, stamp, form, part, rows.get(part, ()))
            worlds = table("present_worlds")
            connection.execute(delete(worlds).where(worlds.c.tenant_id == self._unit.tenant))
            said = {
                "as_of": mark.as_of,
                "measured_at": mark.measured_at,
                "coverage": _JSON.encode(mark.coverage),
            }
            connection.execute(insert(worlds), [{**stamp, **said}])
        return changed

    def _keep_part(
        self,
        connection: Connection,
        stamp: Mapping[str, Any],
        form: _Form,
        part: WorldPart,
        rows: Sequence[WorldRow],
    ) -> int:
        """Write the rows that differ from those kept, and remove those that are gone."""
        model = table(form.table)
        known = self._unit.rows(model, model.c[form.id], model.c.digest)
        kept = dict(map(tuple, connection.execute(known)))
        written = [made for row in rows if (made := _written(form, part, row, kept)) is not None]
        gone = set(kept) - {row.id for row in rows}
        replaced = sorted(gone | {one[form.id] for one in written if one[form.id] in kept})
        for start in range(0, len(replaced), _CHUNK):
            chunk = replaced[start : start + _CHUNK]
            connection.execute(
                delete(model).where(
                    model.c.tenant_id == self._unit.tenant, model.c[form.id].in_(chunk)
                )
            )
        if written:
            connection.execute(insert(model), [{**stamp, **one} for one in written])
        return len(written) + len(gone)

    def world_mark(self) -> WorldMark | None:
        """Return what the kept world stands for; None before the first pass."""
        worlds = table("present_worlds")
        with self._unit.reading() as connection:
            row = connection.execute(self._unit.rows(worlds)).one_or_none()
        return (
            None if row is None else WorldMark(row.as_of, row.measured_at, load_json(row.coverage))
        )

    def world_row(self, part: WorldPart, identifier: str) -> WorldRow | None:
        """Return a customer, group or run by its id (a run by its key)."""
        form = _FORMS[part]
        model = table(form.table)
        if not is_storable(identifier):
            return None
        query = self._unit.rows(model).where(model.c[form.id] == identifier)
        with self._unit.reading() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else _world_row(form, row)

    def world_rows(
        self,
        part: WorldPart,
        wanted: WorldFilter,
        after: tuple[Key, ...] | None,
        limit: int,
        scope: Scope | None = None,
    ) -> Sequence[WorldRow]:
        """Return at most `limit` rows after a key: of the order's key and the id.

        Only findings that the scope sees count; without one, all of the tenant.
        """
        form = _FORMS[part]
        model = table(form.table)
        by_amount = wanted.sorted_by is WorldOrder.AMOUNT
        key = (model.c.amount_key if by_amount else model.c.name_key, model.c[form.id])
        query = self._filtered(form, model, self._unit.rows(model), wanted)
        if after is not None:
            query = query.where(after_key(key, after))
        with self._unit.reading() as connection:
            if wanted.has_findings and part is WorldPart.CUSTOMERS:
                query = query.where(self._is_found(connection, model, scope))
            rows = connection.execute(query.order_by(*key).limit(limit)).all()
        return [_world_row(form, row) for row in rows]

    def _is_found(
        self, connection: Connection, model: Table, scope: Scope | None
    ) -> ColumnElement[bool]:
        """Return the condition that a customer has an open finding within a scope."""
        seen = self._cells(connection, FINDING, scope or Scope(self._unit.tenant))
        found = table("present_findings")
        return exists().where(
            found.c.tenant_id == self._unit.tenant,
            found.c.customer_id == model.c.customer_id,
            found.c.cell.in_([cell.number for cell in seen]),
        )

    def acts_named(self, name: str) -> int:
        """Return how many acts of a name there are that are sealed for nobody."""
        acts = table("acts")
        query = self._unit.rows(acts, func.count())
        query = query.where(acts.c.name == name, acts.c.sealed_for.is_(None))
        with self._unit.reading() as connection:
            found: int = connection.execute(query).scalar_one()
        return found

    def world_beginning(self, part: WorldPart, identifier: str, limit: int) -> Sequence[WorldRow]:
        """Return at most `limit` rows whose id begins so, in order of ids."""
        form = _FORMS[part]
        model = table(form.table)
        key = model.c[form.id]
        if not is_storable(identifier):
            return ()
        query = (
            self._unit.rows(model)
            .where(key >= identifier, key < prefix_end(identifier))
            .order_by(key)
            .limit(limit)
        )
        with self._unit.reading() as connection:
            rows = connection.execute(query).all()
        return [_world_row(form, row) for row in rows]

    def world_count(self, part: WorldPart, wanted: WorldFilter) -> int:
        """Return how many rows there are."""
        form = _FORMS[part]
        model = table(form.table)
        query = self._filtered(form, model, self._unit.rows(model, func.count()), wanted)
        with self._unit.reading() as connection:
            found: int = connection.execute(query).scalar_one()
        return found

    def _filtered(
        self, form: _Form, model: Table, query: Select[Any], wanted: WorldFilter
    ) -> Select[Any]:
        conditions = list(_conditions(form, model, wanted))
        return query.where(*conditions) if conditions else query


def _conditions(form: _Form, model: Table, wanted: WorldFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.text:
        begins = name_key(wanted.text)
        yield model.c.name_key >= begins
        yield model.c.name_key < prefix_end(begins)
    if wanted.owner is not None and form.owner is not None:
        yield model.c[form.owner] == wanted.owner if is_storable(wanted.owner) else false()
    if wanted.standing is not None and "standing" in model.c:
        yield model.c.standing == wanted.standing.value
    if wanted.country and "country" in model.c:
        yield model.c.country == wanted.country if is_storable(wanted.country) else false()


def _written(
    form: _Form, part: WorldPart, row: WorldRow, kept: Mapping[str, str]
) -> dict[str, Any] | None:
    """Return a row as it is written; None when it is kept already."""
    columns: dict[str, Any] = {
        form.id: row.id,
        "name": row.name,
        "name_key": name_key(row.name),
        "amount_key": row.amount_key,
        "document": _JSON.encode(row.document),
    }
    if form.owner is not None:
        columns[form.owner] = row.owner
    if part is WorldPart.CUSTOMERS:
        columns |= {"standing": row.standing.value, "country": row.country}
    elif part is WorldPart.GROUPS:
        columns["members"] = row.members
    else:
        columns["started"] = row.started
    content = hashlib.sha256("\n".join(map(str, columns.values())).encode()).hexdigest()
    return None if kept.get(row.id) == content else {**columns, "digest": content}


def _world_row(form: _Form, row: Row[Any]) -> WorldRow:
    said = row._mapping
    return WorldRow(
        id=said[form.id],
        name=row.name,
        owner=None if form.owner is None else said[form.owner],
        document=load_json(row.document),
        amount_key=row.amount_key,
        standing=Standing(said.get("standing", Standing.NAMED.value)),
        country=said.get("country"),
        members=said.get("members", 0),
        started=said.get("started"),
    )
