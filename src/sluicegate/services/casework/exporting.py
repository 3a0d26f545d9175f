"""Taking cases out: the view as it stands as rows, and a case as one document with its digest."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sluicegate.cases.documents import as_document
from sluicegate.cases.filters import Filter
from sluicegate.core.canonical import digest
from sluicegate.core.cells import harmless
from sluicegate.rules.book import RuleBook
from sluicegate.services.access.actions import Action
from sluicegate.services.casework.queue import queue
from sluicegate.services.casework.reading import CaseFile, read_case
from sluicegate.services.casework.writing import found, resource_of
from sluicegate.services.desk import Desk
from sluicegate.services.paging import MOST_ROWS
from sluicegate.services.ports.casework import CaseRow

COLUMNS = (
    *("case_id", "state", "priority", "due", "assignee", "jurisdiction"),
    *("subject", "subject_name", "customer_id", "lead_rule", "alert_count"),
    *("kind", "title", "escalated_to", "outcome", "opened_at", "changed_at", "version"),
)
"""Columns of an export, in order."""


@dataclass(frozen=True, slots=True)
class CaseDocument:
    """A case as one JSON document, and the SHA-256 of its canonical bytes."""

    document: Mapping[str, Any]
    digest: str


def export_rows(desk: Desk, wanted: Filter) -> Iterator[dict[str, Any]]:
    """Yield every row of a view, in the order of the queue; the export is an act.

    Raises:
        RefusedError: the principal may export no cases.
    """
    desk.read(Action.CASE_EXPORT, desk.of("case"), filter=digest(wanted.as_query())[:16])
    return _all_rows(desk, wanted)


def export_csv(desk: Desk, wanted: Filter) -> Iterator[str]:
    """Yield a view as lines of CSV, the names of the columns first; cells are harmless."""
    rows = export_rows(desk, wanted)
    return _lines(rows)


def export_case(desk: Desk, case_id: str, *, book: RuleBook | None = None) -> CaseDocument:
    """Return a case with its timeline, findings and obligations as one document.

    The digest of the same case at the same version is the same, whoever exports it.

    Raises:
        NotFoundError: there is none that the principal may know of.
        RefusedError: the principal may export no cases.
    """
    case = found(desk, case_id)
    desk.must(Action.CASE_EXPORT, resource_of(case, desk.principal.tenant))
    file = read_case(desk, case_id, book=book)
    document = case_document(file)
    content = digest(document)
    desk.read(Action.CASE_EXPORT, resource_of(case, desk.principal.tenant), digest=content)
    return CaseDocument(document, content)


def case_document(file: CaseFile) -> dict[str, Any]:
    """Return what an export holds of a case: nothing that depends on who reads it."""
    return {
        "format": "sluicegate.case/1",
        "case": as_document(file.case),
        "events": [
            {**as_document(one.event), "data": as_document(one.said)} for one in file.timeline
        ],
        "clocks": [
            {"clock_id": one.clock.clock_id, "calculation": [str(step) for step in one.calculation]}
            for one in file.clocks
        ],
        "findings": [dict(file.findings[name]) for name in sorted(file.findings)],
        "obligations": [dict(file.obligations[name]) for name in sorted(file.obligations)],
    }


def _all_rows(desk: Desk, wanted: Filter) -> Iterator[dict[str, Any]]:
    cursor: str | None = None
    while True:
        page = queue(desk, wanted, cursor, MOST_ROWS)
        yield from map(row_document, page.rows)
        cursor = page.next_cursor
        if cursor is None:
            return


def row_document(row: CaseRow) -> dict[str, Any]:
    """Return a row of the queue as JSON values, by the columns of an export."""
    values = {
        "state": row.state.value,
        "priority": row.priority.code,
        "due": None if row.due is None else row.due.isoformat(),
        "kind": row.kind.value,
        "outcome": None if row.outcome is None else row.outcome.value,
        "opened_at": row.opened_at.isoformat(),
        "changed_at": row.changed_at.isoformat(),
    }
    return {name: values[name] if name in values else getattr(row, name) for name in COLUMNS}


def _lines(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    yield _line(COLUMNS)
    for row in rows:
        yield _line("" if row[name] is None else str(row[name]) for name in COLUMNS)


def _line(cells: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([harmless(cell) for cell in cells])
    return out.getvalue()
