"""Read models of what the last pass found: rows, filters, and the store's part of all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, Protocol

from sluicegate.services.access.principals import Scope
from sluicegate.services.paging import Key
from sluicegate.services.ports.present_world import WorldFilter, WorldMark, WorldPart, WorldRow


class FindingOrder(Enum):
    """How findings are sorted on pages."""

    GRAVITY = "gravity"
    """Certain first, enforced before not enforced, then the largest amount."""
    AMOUNT = "amount"
    DUE = "due"
    CHANGED = "changed"
    """Changed last in front."""
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Facets:
    """What findings are counted and filtered by; all are codes.

    Of an obligation only the first five and `is_enforced` are told; it binds
    where its finding's text is enforced.
    """

    jurisdiction: str = ""
    instrument: str = ""
    rule: str = ""
    question: str = ""
    subject_kind: str = ""
    certainty: str = ""
    level: str = ""
    is_written: bool = False
    is_enforced: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """How many rows share all facets; `number` names the cell in its store."""

    number: int
    facets: Facets
    count: int


@dataclass(frozen=True, slots=True)
class FindingFilter:
    """Which findings are asked for; an empty part asks for all.

    `due_by` takes findings with an obligation due on or before a day; `text` is
    the beginning of a subject's name. `subject` is a subject as findings write
    it, e.g. `run:c-1/r-1`. With `text` rows come by name, with `due_by` by due
    day, whatever `order` says: only so is a page found without reading the rest.
    """

    jurisdictions: frozenset[str] = frozenset()
    instruments: frozenset[str] = frozenset()
    rules: frozenset[str] = frozenset()
    questions: frozenset[str] = frozenset()
    subject_kinds: frozenset[str] = frozenset()
    certainties: frozenset[str] = frozenset()
    levels: frozenset[str] = frozenset()
    is_written: bool | None = None
    is_enforced: bool | None = None
    subject: str | None = None
    customer_id: str | None = None
    due_by: date | None = None
    text: str = ""
    order: FindingOrder = FindingOrder.GRAVITY

    @property
    def sorted_by(self) -> FindingOrder:
        """How the rows come."""
        if self.text:
            return FindingOrder.NAME
        return FindingOrder.DUE if self.due_by is not None else self.order


@dataclass(frozen=True, slots=True)
class FindingRow:
    """An open finding as a page lists it.

    `amount`, `threshold` and `share_of_threshold` are exact decimal text; the
    amount is the central figure in FLOP. `due` is the nearest due day of its
    obligations. `opened_at` is when a pass first found it, `changed_at` when
    its present version was written, by pass `pass_id`; `as_of` is the day the
    version speaks of. `version` grows with every version of any finding.
    """

    finding_id: str
    facets: Facets
    subject: str
    subject_id: str
    subject_name: str
    customer_id: str
    amount: str | None
    threshold: str | None
    threshold_unit: str | None
    share_of_threshold: str | None
    due: date | None
    as_of: date | None
    opened_at: datetime
    changed_at: datetime
    pass_id: str
    version: int
    key: tuple[Key, ...]
    """Where the row stands in the order that was asked for."""

    def as_json(self) -> dict[str, Any]:
        """Return the row as a list of the API or an export writes it."""
        facets = self.facets
        return {
            "id": self.finding_id,
            "subject": self.subject,
            "subject_kind": facets.subject_kind,
            "subject_id": self.subject_id,
            "subject_name": self.subject_name,
            "customer_id": self.customer_id,
            "rule": facets.rule,
            "instrument": facets.instrument,
            "jurisdiction": facets.jurisdiction,
            "question": facets.question,
            "certainty": facets.certainty,
            "level": facets.level,
            "as_written": facets.is_written,
            "as_enforced": facets.is_enforced,
            "amount": self.amount,
            "threshold": self.threshold,
            "threshold_unit": self.threshold_unit,
            "share_of_threshold": self.share_of_threshold,
            "due": None if self.due is None else self.due.isoformat(),
            "as_of": None if self.as_of is None else self.as_of.isoformat(),
            "opened_at": self.opened_at.isoformat(),
            "changed_at": self.changed_at.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class ObligationFilter:
    """Which obligations are asked for; an empty part asks for all. They come by due day.

    `due_from` and `due_by` are first and last day; either leaves out those
    without a day.
    """

    jurisdictions: frozenset[str] = frozenset()
    instruments: frozenset[str] = frozenset()
    rules: frozenset[str] = frozenset()
    subject_kinds: frozenset[str] = frozenset()
    is_binding: bool | None = None
    customer_id: str | None = None
    finding_id: str | None = None
    due_from: date | None = None
    due_by: date | None = None


@dataclass(frozen=True, slots=True)
class ObligationRow:
    """An open obligation as a page lists it; `document` is as the pass wrote it."""

    obligation_id: str
    finding_id: str
    facets: Facets
    customer_id: str
    due: date | None
    is_binding: bool
    document: Mapping[str, Any]
    key: tuple[Key, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the row as a list of the API or an export writes it."""
        written = self.document
        return {
            "id": self.obligation_id,
            "finding": self.finding_id,
            "customer_id": self.customer_id,
            "jurisdiction": self.facets.jurisdiction,
            "duty": written["duty"],
            "duty_zh": written["duty_zh"],
            "who": written["who"],
            "to": written["to"],
            "to_zh": written["to_zh"],
            "due": None if self.due is None else self.due.isoformat(),
            "calculation": written["calculation"],
            "subject": written["subject"],
            "subject_name": written["subject_name"],
            "binding": self.is_binding,
            "reference": written["reference"],
        }


class ChangedHow(Enum):
    """How a pass changed a finding.

    FIGURES is a new version whose facets are those of the one before.
    """

    NEW = "new"
    CHANGED = "changed"
    FIGURES = "figures"
    CLEARED = "cleared"


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """What one pass changed about one finding; `before` and `after` are its facets."""

    key: tuple[Key, ...]
    pass_id: str
    at: datetime
    finding_id: str
    subject: str
    subject_name: str
    customer_id: str
    how: ChangedHow
    before: Facets | None
    after: Facets | None


@dataclass(frozen=True, slots=True)
class PassRow:
    """A pass that changed something: how many findings it wrote and closed."""

    pass_id: str
    at: datetime
    by: str
    changed: int
    closed: int
    sequence: int


class PresentStore(Protocol):
    """The read models of one tenant. Every reading of findings takes the scope of who asks."""

    def cells(self, scope: Scope) -> Sequence[Cell]:
        """Return how many open findings share which facets."""
        ...

    def counted(self, scope: Scope, wanted: FindingFilter) -> Sequence[Cell]:
        """Return the same of the findings of a subject, customer, due day or name alone.

        The parts of `wanted` that are facets are not looked at.
        """
        ...

    def findings(
        self, scope: Scope, wanted: FindingFilter, after: tuple[Key, ...] | None, limit: int
    ) -> Sequence[FindingRow]:
        """Return at most `limit` open findings after a key."""
        ...

    def finding(self, scope: Scope, finding_id: str) -> FindingRow | None:
        """Return an open finding; None when there is none within the scope."""
        ...

    def last_facets(self, scope: Scope, finding_id: str) -> Facets | None:
        """Return the facets of a finding that is or was there; None outside the scope."""
        ...

    def obligations(
        self, scope: Scope, wanted: ObligationFilter, after: tuple[Key, ...] | None, limit: int
    ) -> Sequence[ObligationRow]:
        """Return at most `limit` open obligations after a key, by due day."""
        ...

    def obligation_cells(self, scope: Scope) -> Sequence[Cell]:
        """Return how many open obligations share which facets."""
        ...

    def passes(self, before: int | None, limit: int) -> Sequence[PassRow]:
        """Return passes, the last in front; `before` is the sequence of the last one seen."""
        ...

    def changes(
        self, scope: Scope, since: str | None, before: tuple[Key, ...] | None, limit: int
    ) -> Sequence[ChangeRow]:
        """Return what passes after the pass `since` changed, the last in front.

        `before` is the key of the last row seen. Raises LookupError when there
        is no such pass.
        """
        ...

    def faults(self) -> Sequence[str]:
        """Compare the read model of findings with the versions; return what differs."""
        ...

    def rebuild(self) -> None:
        """Make the read model of findings and obligations again from the versions."""
        ...

    def keep_world(
        self, mark: WorldMark, rows: Mapping[WorldPart, Sequence[WorldRow]], *, at: datetime
    ) -> int:
        """Replace customers, groups and runs by those of a pass; return how many rows changed."""
        ...

    def world_mark(self) -> WorldMark | None:
        """Return what the kept world stands for; None before the first pass."""
        ...

    def world_row(self, part: WorldPart, identifier: str) -> WorldRow | None:
        """Return a customer, group or run by its id (a run by its key)."""
        ...

    def world_rows(
        self,
        part: WorldPart,
        wanted: WorldFilter,
        after: tuple[Key, ...] | None,
        limit: int,
        scope: Scope | None = None,
    ) -> Sequence[WorldRow]:
        """Return at most `limit` rows after a key; findings count as far as the scope sees them."""
        ...

    def acts_named(self, name: str) -> int:
        """Return how many acts of a name there are that are sealed for nobody."""
        ...

    def world_beginning(self, part: WorldPart, identifier: str, limit: int) -> Sequence[WorldRow]:
        """Return at most `limit` rows whose id begins so, in order of ids."""
        ...

    def world_count(self, part: WorldPart, wanted: WorldFilter) -> int:
        """Return how many rows there are."""
        ...
