"""What the last pass found: pages, counts, one finding, what is owed, what changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from enum import Enum
from typing import Any

from sluicegate.services.access.actions import Action
from sluicegate.services.access.authority import NotFoundError
from sluicegate.services.access.principals import Resource
from sluicegate.services.desk import Desk
from sluicegate.services.paging import (
    DEFAULT_LIMIT,
    Cursor,
    Page,
    filter_digest,
    page_of,
    require_limit,
)
from sluicegate.services.ports.present import (
    Cell,
    ChangeRow,
    Facets,
    FindingFilter,
    FindingOrder,
    FindingRow,
    ObligationFilter,
    ObligationRow,
    PassRow,
)

FINDING = "finding"
MOST_OWED = 200
"""Obligations shown with one finding; a rule asks for a handful."""

_KEY_KINDS: Mapping[FindingOrder, tuple[type[str] | type[int], ...]] = {
    FindingOrder.GRAVITY: (int, str, str),
    FindingOrder.AMOUNT: (str, str),
    FindingOrder.DUE: (str, str),
    FindingOrder.CHANGED: (int, str),
    FindingOrder.NAME: (str, str),
}


@dataclass(frozen=True, slots=True)
class Counts:
    """How many findings a filter lets through, and how many each choice of a facet would.

    `by` is facet (`jurisdiction`, `instrument`, `rule`, `subject_kind`,
    `certainty`, `level`, `is_enforced`, `is_written`) → value → count, under
    all other parts of the filter, so that a page can show what another choice
    would give. Truth values are `true` and `false`.
    """

    total: int
    by: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class FindingShown:
    """One finding with what is owed because of it.

    `document` is as the pass wrote it (see `services.findings.Finding.as_json`).
    `row` is None when the last pass found it no more.
    """

    finding_id: str
    facets: Facets
    document: Mapping[str, Any]
    row: FindingRow | None
    obligations: tuple[ObligationRow, ...]

    @property
    def is_open(self) -> bool:
        """Whether the last pass still finds it."""
        return self.row is not None


def findings(
    desk: Desk,
    wanted: FindingFilter | None = None,
    cursor: str | None = None,
    limit: int = DEFAULT_LIMIT,
) -> Page[FindingRow]:
    """Return a page of open findings within the principal's scope.

    Raises RefusedError, CursorError.
    """
    desk.must(Action.FINDING_READ)
    wanted = wanted or FindingFilter()
    made_for = filter_digest(plain(wanted))
    after = _after(cursor, made_for, _KEY_KINDS[wanted.sorted_by])
    rows = desk.store.present.findings(desk.scope, wanted, after, require_limit(limit) + 1)
    return page_of(rows, limit, lambda row: row.key, made_for)


def counts(desk: Desk, wanted: FindingFilter | None = None) -> Counts:
    """Count the open findings that a filter lets through. Raises RefusedError."""
    desk.must(Action.FINDING_READ)
    wanted = wanted or FindingFilter()
    cells = desk.store.present.counted(desk.scope, wanted)
    total = sum(cell.count for cell in cells if _fits(cell.facets, wanted))
    return Counts(total, {name: _by(name, cells, wanted) for name in _FACETS})


def finding(desk: Desk, finding_id: str) -> FindingShown:
    """Return a finding, also one that the last pass found no more.

    Raises NotFoundError, RefusedError.
    """
    store, scope = desk.store.present, desk.scope
    row = store.finding(scope, finding_id)
    facets = store.last_facets(scope, finding_id) if row is None else row.facets
    document = None if facets is None else desk.store.finding(finding_id)
    if facets is None or document is None:
        desk.must(Action.FINDING_READ)
        raise NotFoundError(FINDING, finding_id)
    resource = Resource(FINDING, desk.principal.tenant, finding_id, facets.jurisdiction)
    desk.must(Action.FINDING_READ, resource)
    owed = ObligationFilter(finding_id=finding_id)
    duties = store.obligations(scope, owed, None, MOST_OWED)
    return FindingShown(finding_id, facets, document, row, tuple(duties))


def obligations(
    desk: Desk,
    wanted: ObligationFilter | None = None,
    cursor: str | None = None,
    limit: int = DEFAULT_LIMIT,
) -> Page[ObligationRow]:
    """Return a page of open obligations by due day, those without a day last.

    Raises RefusedError, CursorError.
    """
    desk.must(Action.FINDING_READ)
    wanted = wanted or ObligationFilter()
    made_for = filter_digest({"obligations": plain(wanted)})
    after = _after(cursor, made_for, (str, str))
    rows = desk.store.present.obligations(desk.scope, wanted, after, require_limit(limit) + 1)
    return page_of(rows, limit, lambda row: row.key, made_for)


def changes(
    desk: Desk, since: str | None = None, cursor: str | None = None, limit: int = DEFAULT_LIMIT
) -> Page[ChangeRow]:
    """Return what passes after the pass `since` changed, the last in front; without, all.

    Raises RefusedError, CursorError, and NotFoundError when there is no such pass.
    """
    desk.must(Action.FINDING_READ)
    made_for = filter_digest({"changes": since or "all"})
    before = _after(cursor, made_for, (int, int))
    try:
        rows = desk.store.present.changes(desk.scope, since, before, require_limit(limit) + 1)
    except LookupError as error:
        raise NotFoundError("pass", since or "") from error
    return page_of(rows, limit, lambda row: row.key, made_for)


def passes(desk: Desk, cursor: str | None = None, limit: int = DEFAULT_LIMIT) -> Page[PassRow]:
    """Return the passes that changed something, the last in front.

    Raises RefusedError, CursorError.
    """
    desk.must(Action.FINDING_READ)
    made_for = filter_digest({"list": "passes"})
    before = _before(cursor, made_for)
    rows = desk.store.present.passes(before, require_limit(limit) + 1)
    return page_of(rows, limit, lambda row: (row.sequence,), made_for)


def plain(wanted: Any) -> dict[str, Any]:
    """Return a filter as JSON values, for the digest that a cursor keeps."""
    return {part.name: _plain(getattr(wanted, part.name)) for part in fields(wanted)}


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


def _after(
    cursor: str | None, made_for: str, kinds: Sequence[type[str] | type[int]]
) -> tuple[str | int | None, ...] | None:
    return None if cursor is None else Cursor.decode(cursor, made_for, kinds).keys


def _before(cursor: str | None, made_for: str) -> int | None:
    key = None if cursor is None else Cursor.decode(cursor, made_for, (int,)).keys[0]
    return key if isinstance(key, int) else None


_FACETS = {
    "jurisdiction": "jurisdictions",
    "instrument": "instruments",
    "rule": "rules",
    "question": "questions",
    "subject_kind": "subject_kinds",
    "certainty": "certainties",
    "level": "levels",
    "is_written": "is_written",
    "is_enforced": "is_enforced",
}
"""Facet → the part of a filter that chooses among its values."""


def _fits(facets: Facets, wanted: FindingFilter, but: str | None = None) -> bool:
    """Say whether a filter lets facets through, one facet left out."""
    for name, part in _FACETS.items():
        chosen, value = getattr(wanted, part), getattr(facets, name)
        if name == but or chosen is None:
            continue
        if isinstance(chosen, bool):
            if chosen is not value:
                return False
        elif chosen and value not in chosen:
            return False
    return True


def _by(name: str, cells: Collection[Cell], wanted: FindingFilter) -> dict[str, int]:
    """Return value → count of one facet, the most frequent first."""
    found: dict[str, int] = {}
    for cell in cells:
        if _fits(cell.facets, wanted, but=name):
            value = getattr(cell.facets, name)
            shown = str(value).lower() if isinstance(value, bool) else str(value)
            found[shown] = found.get(shown, 0) + cell.count
    return dict(sorted(found.items(), key=lambda one: (-one[1], one[0])))
