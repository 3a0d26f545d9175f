"""What casework needs of a store: cases as they stand, their events, blocks, files and views.

Every reading takes a `Scope`; rows outside it are as if they were not there. A
pass acts for the node and reads the ordinary cases that it opened itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from sluicegate.cases.case import Case, CaseEvent, CaseKind, Outcome, Priority, State
from sluicegate.cases.filters import Filter
from sluicegate.services.access.principals import Scope


class CaseChangedError(RuntimeError):
    """Somebody else changed the case meanwhile."""

    def __init__(self, case_id: str, expected: int, found: int | None) -> None:
        self.case_id = case_id
        self.expected = expected
        self.found = found
        super().__init__(
            f"case {case_id}: was changed by someone else meanwhile (version "
            f"{'unknown' if found is None else found}, expected {expected}); read it again"
        )


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case as the queue shows it. `lead_rule` is the rule of its weightiest alert."""

    case_id: str
    kind: CaseKind
    title: str
    subject: str
    subject_kind: str
    subject_id: str
    subject_name: str
    customer_id: str
    jurisdiction: str
    state: State
    priority: Priority
    due: date | None
    assignee: str | None
    escalated_to: str | None
    snoozed_until: date | None
    outcome: Outcome | None
    opened_at: datetime
    changed_at: datetime
    version: int
    alert_count: int
    lead_rule: str
    proposed_by: str | None
    sealed_for: str | None


@dataclass(frozen=True, slots=True)
class Facets:
    """How many cases a filter keeps, and how many there are under each value.

    `rules` are those of the filter without its own rule, so that another can be
    chosen. It is empty where a filter by text, subject or customer keeps so many
    that they cannot be counted by rule at once.
    `overdue` counts those whose due day has passed, `unassigned` those of nobody.
    Mappings are value → count, the values as filters name them.
    """

    total: int
    states: Mapping[str, int] = field(default_factory=dict)
    priorities: Mapping[str, int] = field(default_factory=dict)
    jurisdictions: Mapping[str, int] = field(default_factory=dict)
    subject_kinds: Mapping[str, int] = field(default_factory=dict)
    assignees: Mapping[str, int] = field(default_factory=dict)
    rules: Mapping[str, int] = field(default_factory=dict)
    overdue: int = 0
    unassigned: int = 0
    escalated: int = 0


@dataclass(frozen=True, slots=True)
class CaseChange:
    """A case before and after events that are to be written; None before its first."""

    before: Case | None
    after: Case
    events: tuple[CaseEvent, ...]


@dataclass(frozen=True, slots=True)
class AlertPlace:
    """In which case a finding is, and whether the last pass still found it."""

    case_id: str
    is_gone: bool


@dataclass(frozen=True, slots=True)
class BlockStanding:
    """A stop on a customer; `released_at` None while it stands."""

    block_id: str
    case_id: str
    customer_id: str
    placed_at: datetime
    placed_by: str
    released_at: datetime | None


@dataclass(frozen=True, slots=True)
class View:
    """A filter of the queue under a name that its owner gave."""

    name: str
    query: Mapping[str, str]


QueueKey = tuple[int, str, str]
"""Priority, due key and case id of a row: where the queue goes on."""


class CaseStore(Protocol):
    """Cases of one tenant."""

    def find(self, case_id: str, scope: Scope) -> Case | None:
        """Return a case as it stands; None outside the scope, or where there is none."""
        ...

    def events(self, case_id: str, scope: Scope) -> Sequence[CaseEvent]:
        """Return the events of a case, oldest first; none outside the scope."""
        ...

    def write(self, changes: Sequence[CaseChange]) -> None:
        """Write events and what they fold to.

        Raises:
            CaseChangedError: a case is not at the version that `before` has.
        """
        ...

    def queue(
        self, wanted: Filter, scope: Scope, *, who: str, after: QueueKey | None, limit: int
    ) -> Sequence[CaseRow]:
        """Return rows of the queue in the order that the filter names. `who` is `me`.

        `after` is the place of a row as `QueueKey` writes it, whatever the order.
        """
        ...

    def counts(self, wanted: Filter, scope: Scope, *, who: str, today: date) -> Facets:
        """Count what a filter keeps."""
        ...

    def recount(self, *, at: datetime) -> None:
        """Count the cases anew and index their names, should either ever differ from them."""
        ...

    def faults(self) -> Sequence[str]:
        """Say where the counts of cases and the index of their names differ from the cases."""
        ...

    def row(self, case_id: str, scope: Scope) -> CaseRow | None:
        """Return one case as the queue shows it."""
        ...

    def related(self, case: Case, scope: Scope) -> Sequence[CaseRow]:
        """Return the other cases of the same subject or customer, and those it is linked to."""
        ...

    def every(self) -> Iterator[tuple[Case, Sequence[CaseEvent]]]:
        """Yield every case as it is kept, with its events, to fold it again and compare."""
        ...

    def findings(self, ids: Collection[str]) -> Mapping[str, Mapping[str, Any]]:
        """Return finding id → its latest document, closed or not."""
        ...

    def obligations(self, ids: Collection[str]) -> Mapping[str, Mapping[str, Any]]:
        """Return obligation id → its latest document, closed or not."""
        ...

    def standing(
        self, case_ids: Collection[str], *, has_sealed: bool = False
    ) -> Mapping[str, Case]:
        """Return ordinary cases by id, for a pass; sealed ones too only when told."""
        ...

    def alert_places(self) -> Mapping[str, AlertPlace]:
        """Return finding id → in which ordinary case it is, for a pass."""
        ...

    def rested(self, on: date) -> Sequence[str]:
        """Return the ids of the cases whose rest has ended by a day, sealed ones too."""
        ...

    def blocks(self, customer_id: str, scope: Scope | None = None) -> Sequence[BlockStanding]:
        """Return the stops that stand on a customer, oldest first.

        A block is no secret within its tenant: without a scope, all of them, for
        whoever must hold them.
        """
        ...

    def put_attachment(
        self, case: Case, attachment_id: str, content: bytes, sha256: str, *, at: datetime, by: str
    ) -> None:
        """Keep the content of a file."""
        ...

    def attachment(self, case_id: str, attachment_id: str, scope: Scope) -> bytes | None:
        """Return the content of a file; None when it was erased or there is none."""
        ...

    def erase_attachment(self, case_id: str, attachment_id: str, scope: Scope) -> bool:
        """Erase the content of a file; say whether there was any."""
        ...

    def views(self, owner: str) -> Sequence[View]:
        """Return the views that a principal saved, in order of their names."""
        ...

    def save_view(self, owner: str, view: View, *, at: datetime) -> None:
        """Keep a view; one of the same name is replaced."""
        ...

    def drop_view(self, owner: str, name: str) -> bool:
        """Forget a view; say whether there was one."""
        ...
