"""Open cases by their due day, read page by page from the queue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sluicegate.cases.case import Case, State
from sluicegate.cases.filters import Filter
from sluicegate.core.clock import Clock
from sluicegate.services.access.principals import Scope
from sluicegate.services.ports.casework import CaseRow, QueueKey
from sluicegate.services.ports.store import Store
from sluicegate.services.work.notices import DueCase

OPEN = tuple(state for state in State if state is not State.CLOSED)
PAGE = 500
CALENDAR_DAYS = 366
"""How far ahead a calendar looks."""

MOST_CASES = 2_000
"""Cases in one calendar, the most pressing ones first."""

NO_DUE_DAY = "9999-12-31"
"""Sorts cases without a due day behind all others, as the store's own key does."""


@dataclass(frozen=True)
class StoreDue:
    """Implements `notices.DueCases` and `calendar.CasesDue` over the cases of a store."""

    store: Store
    clock: Clock

    def __call__(self, scope: Scope, until: datetime) -> Iterator[DueCase]:
        """Yield open cases within a scope that are due by the day of an instant."""
        wanted = Filter(states=OPEN, due_before=until.date() + timedelta(days=1))
        for row in self._rows(wanted, scope, who=""):
            if row.due is not None:
                yield DueCase(
                    row.case_id,
                    row.due.isoformat(),
                    row.jurisdiction,
                    row.assignee,
                    row.sealed_for,
                )

    def cases(self, scope: Scope, assignee: str | None) -> Iterator[Case]:
        """Yield open cases with a due day within a year, of one assignee or of all."""
        last = self.clock.now().date() + timedelta(days=CALENDAR_DAYS)
        wanted = Filter(states=OPEN, assignee=assignee or "", due_before=last)
        for number, row in enumerate(self._rows(wanted, scope, who=assignee or "")):
            if number >= MOST_CASES:
                return
            case = self.store.cases.find(row.case_id, scope)
            if case is not None:
                yield case

    def _rows(self, wanted: Filter, scope: Scope, *, who: str) -> Iterator[CaseRow]:
        after: QueueKey | None = None
        while True:
            rows = self.store.cases.queue(wanted, scope, who=who, after=after, limit=PAGE)
            yield from rows
            if len(rows) < PAGE:
                return
            after = key_of(rows[-1])


def key_of(row: CaseRow) -> QueueKey:
    """Return where the queue goes on after a row."""
    return (row.priority.value, _due_key(row.due), row.case_id)


def _due_key(due: date | None) -> str:
    return NO_DUE_DAY if due is None else due.isoformat()
