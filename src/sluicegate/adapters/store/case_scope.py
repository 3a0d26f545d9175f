"""Which rows about cases a principal may see: the same condition for each of their tables."""

from __future__ import annotations

from sqlalchemy import ColumnElement, FromClause, literal, or_

from sluicegate.adapters.store.unit import Unit
from sluicegate.services.access.principals import Scope


def within(unit: Unit, rows: FromClause, scope: Scope) -> list[ColumnElement[bool]]:
    """Return what rows with `sealed_for` and `jurisdiction` must be; of another tenant none are."""
    needed: list[ColumnElement[bool]] = []
    if scope.tenant != unit.tenant:
        needed.append(literal(scope.tenant) == literal(unit.tenant))
    open_to_all: ColumnElement[bool] = rows.c.sealed_for.is_(None)
    if scope.sealed_groups:
        open_to_all = or_(open_to_all, rows.c.sealed_for.in_(sorted(scope.sealed_groups)))
    needed.append(open_to_all)
    if scope.jurisdictions is not None:
        needed.append(rows.c.jurisdiction.in_(["", *sorted(scope.jurisdictions)]))
    return needed
