"""Which rows of the read models a scope and a filter let through."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Table, bindparam, false, tuple_

from sluicegate.adapters.store.models import table
from sluicegate.adapters.store.unit import Unit
from sluicegate.services.access.principals import Scope
from sluicegate.services.paging import Key
from sluicegate.services.ports.present import Facets, FindingFilter, ObligationFilter
from sluicegate.services.present.keys import day_key, is_storable, name_key, prefix_end

_LAST_DAY = "9999-12-31"


def require_tenant(scope: Scope, unit: Unit) -> None:
    """Refuse a scope of another tenant: a fault of the caller, not of a person."""
    if scope.tenant != unit.tenant:
        raise ValueError(
            f"scope of tenant {scope.tenant}: the store is of {unit.tenant}; open that tenant's"
        )


def is_seen(scope: Scope, facets: Facets) -> bool:
    """Say whether rows with facets lie within a scope."""
    return scope.jurisdictions is None or facets.jurisdiction in scope.jurisdictions


def fits(facets: Facets, wanted: FindingFilter) -> bool:
    """Say whether findings with facets are asked for."""
    sets: tuple[tuple[str, Collection[str]], ...] = (
        (facets.jurisdiction, wanted.jurisdictions),
        (facets.instrument, wanted.instruments),
        (facets.rule, wanted.rules),
        (facets.question, wanted.questions),
        (facets.subject_kind, wanted.subject_kinds),
        (facets.certainty, wanted.certainties),
        (facets.level, wanted.levels),
    )
    return (
        all(not chosen or one in chosen for one, chosen in sets)
        and wanted.is_written in (None, facets.is_written)
        and wanted.is_enforced in (None, facets.is_enforced)
    )


def owed_fits(facets: Facets, wanted: ObligationFilter) -> bool:
    """Say whether obligations with facets are asked for."""
    sets: tuple[tuple[str, Collection[str]], ...] = (
        (facets.jurisdiction, wanted.jurisdictions),
        (facets.instrument, wanted.instruments),
        (facets.rule, wanted.rules),
        (facets.subject_kind, wanted.subject_kinds),
    )
    return all(not chosen or one in chosen for one, chosen in sets) and wanted.is_binding in (
        None,
        facets.is_enforced,
    )


def narrowed(wanted: FindingFilter) -> list[ColumnElement[bool]]:
    """Return the conditions of a filter that are no facets."""
    rows = table("present_findings")
    conditions: list[ColumnElement[bool]] = []
    if not all(map(is_storable, (wanted.subject or "", wanted.customer_id or ""))):
        return [false()]
    if wanted.subject is not None:
        conditions.append(rows.c.subject == wanted.subject)
    if wanted.customer_id is not None:
        conditions.append(rows.c.customer_id == wanted.customer_id)
    if wanted.due_by is not None:
        conditions.append(rows.c.due_key <= day_key(wanted.due_by))
    if wanted.text:
        begins = name_key(wanted.text)
        conditions += [rows.c.name_key >= begins, rows.c.name_key < prefix_end(begins)]
    return conditions


def owed_by(rows: Table, wanted: ObligationFilter) -> list[ColumnElement[bool]]:
    """Return the conditions of a filter of obligations that are neither facets nor days."""
    named = ((rows.c.finding_id, wanted.finding_id), (rows.c.customer_id, wanted.customer_id))
    if not all(is_storable(value or "") for _, value in named):
        return [false()]
    return [column == value for column, value in named if value is not None]


def due_range(rows: FromClause, wanted: ObligationFilter) -> list[ColumnElement[bool]]:
    """Return the conditions of a range of due days; a range leaves out what has no day."""
    conditions: list[ColumnElement[bool]] = []
    if wanted.due_from is not None:
        conditions.append(rows.c.due_key >= day_key(wanted.due_from))
    if wanted.due_by is not None or wanted.due_from is not None:
        last = _LAST_DAY if wanted.due_by is None else day_key(wanted.due_by)
        conditions.append(rows.c.due_key <= last)
    return conditions


def after_key(columns: Sequence[ColumnElement[Any]], key: Sequence[Key]) -> ColumnElement[bool]:
    """Return the condition that a row stands after a key."""
    values = [bindparam(None, one, type_=c.type) for c, one in zip(columns, key, strict=True)]
    condition: ColumnElement[bool] = tuple_(*columns) > tuple_(*values)
    return condition


def before_key(columns: Sequence[ColumnElement[Any]], key: Sequence[Key]) -> ColumnElement[bool]:
    """Return the condition that a row stands before a key."""
    values = [bindparam(None, one, type_=c.type) for c, one in zip(columns, key, strict=True)]
    condition: ColumnElement[bool] = tuple_(*columns) < tuple_(*values)
    return condition
