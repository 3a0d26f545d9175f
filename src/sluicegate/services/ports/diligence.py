"""What due diligence needs of a store: events, their documents, and erasing with proof."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from sluicegate.core.identifiers import TenantId
from sluicegate.core.reasons import Sentence
from sluicegate.kyc.diligence.events import About, Event
from sluicegate.kyc.diligence.file import Band, Standing
from sluicegate.kyc.diligence.redaction import Redaction
from sluicegate.kyc.diligence.retention import Records


class DiligenceChangedError(RuntimeError):
    """Somebody else wrote about the same customer, hold or production meanwhile."""

    def __init__(self, subject: str) -> None:
        self.subject = subject
        super().__init__(f"{subject}: was changed by someone else meanwhile; read it again")


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event that is to be written; the store gives it its salt and version."""

    event: Event
    private: Mapping[str, str] | None = None
    content: bytes | None = None


@dataclass(frozen=True, slots=True)
class Erasable:
    """A row that holds personal data of a customer: where it is kept, and which columns."""

    kept_in: str
    row_id: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Disposal:
    """An erasing: whose records, by which rule, when and by whom."""

    disposal_id: str
    customer_id: str
    rule: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What stands for an erased row: the columns, and a salted digest of what stood in them."""

    disposal_id: str
    customer_id: str
    kept_in: str
    row_id: str
    fields: tuple[str, ...]
    digest: str
    rule: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Mentions:
    """How many rows that no disposal erases speak of a customer, by table.

    They name it by its id alone. `filed` are the filings that went out and stay
    with the name, as the authority received them.
    """

    by_table: Mapping[str, int]
    filed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StandingRow:
    """How a customer stands: what its events fold to, as lists read it.

    `waiting` counts proposals that wait for a second person.
    """

    customer_id: str
    version: int
    standing: Standing
    band: Band | None
    review_by: date | None
    waiting: int
    disposals: int


@dataclass(frozen=True, slots=True)
class StandingFilter:
    """Which customers are wanted; every part that is given has to hold."""

    review_by: date | None = None
    is_waiting: bool = False
    is_disposed: bool = False
    standings: frozenset[Standing] = frozenset()


class Copies(Protocol):
    """What a node keeps outside its store that may name a customer: reports, packs, caches."""

    def redact(self, said: Redaction, disposal_id: str, tenant: TenantId) -> int:
        """Take words out of a tenant's files and drop the caches; return how many files changed."""
        ...


class DiligenceStore(Protocol):
    """Due diligence of one tenant."""

    def add(self, new: NewEvent) -> Event:
        """Write an event and return it as it is kept.

        Raises:
            DiligenceChangedError: the subject has an event of that version already.
        """
        ...

    def events(
        self, about: About, subject: str, *, known_on: datetime | None = None
    ) -> Sequence[Event]:
        """Return the events of one subject, oldest first."""
        ...

    def every(self, about: About) -> Mapping[str, Sequence[Event]]:
        """Return the events of every subject of a kind, each oldest first, by subject."""
        ...

    def standings(
        self, wanted: StandingFilter, *, after: str = "", limit: int
    ) -> Sequence[StandingRow]:
        """Return at most `limit` customers that fit: by review day where one is asked, else by id.

        `after` is the id of the last one that was read.
        """
        ...

    def count_standings(self, wanted: StandingFilter) -> int:
        """Count the customers that fit."""
        ...

    def content(self, event_id: str) -> bytes | None:
        """Return the document of an event; None when there is none or it was erased."""
        ...

    def erasable(self, customer_id: str, records: Collection[Records]) -> Sequence[Erasable]:
        """Return the rows that hold personal data of a customer, of some kinds of records."""
        ...

    def erase(self, rows: Sequence[Erasable], disposal: Disposal) -> Sequence[Tombstone]:
        """Empty what rows hold of personal data, and leave a tombstone for each."""
        ...

    def redaction(self, customer_id: str) -> Redaction:
        """Return the words by which a customer and its owners are named, as long as they stand."""
        ...

    def redact(self, said: Redaction, disposal: Disposal) -> Sequence[Tombstone]:
        """Take words out of the documents that speak of a customer; their digests stay."""
        ...

    def tombstones(self, customer_id: str) -> Sequence[Tombstone]:
        """Return the tombstones of a customer, oldest first."""
        ...

    def faults(self, customer_id: str) -> Sequence[Sentence]:
        """Say which erased rows are not empty, or differ from what their tombstone says."""
        ...

    def mentions(self, customer_id: str) -> Mentions:
        """Count the rows that speak of a customer and are not erased."""
        ...

    def settle(self) -> None:
        """Leave no copy of what was erased in the files of the database, as far as it can."""
        ...
