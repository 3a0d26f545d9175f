"""What filings need of a store: heads that never change, versions that only grow.

Every reading takes a `Scope`; rows outside it are as if they were not there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from sluicegate.cases.filings.filing import FilingState
from sluicegate.services.access.principals import Scope


class FilingChangedError(RuntimeError):
    """Somebody else changed the filing meanwhile."""

    def __init__(self, filing_id: str, expected: int) -> None:
        self.filing_id = filing_id
        self.expected = expected
        super().__init__(
            f"filing {filing_id}: was changed by someone else meanwhile (it is no longer at "
            f"version {expected}); read it again"
        )


@dataclass(frozen=True, slots=True)
class FilingHead:
    """What of a filing never changes; recipient in both languages as it was when drafted."""

    filing_id: str
    case_id: str
    form_id: str
    form_digest: str
    duty: str
    obligation: str
    recipient_en: str
    recipient_zh: str
    jurisdiction: str
    sealed_for: str | None
    corrects: str | None
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class FilingVersion:
    """A version of a filing; `version` counts from 1.

    `values` are kept as entered, `origins` are field → stored origin. `digest`
    is that of the content. `people` are who proposed, filed and checked it, as
    far as that has happened.
    """

    version: int
    state: FilingState
    values: Mapping[str, Any]
    origins: Mapping[str, Mapping[str, str]]
    digest: str
    reason: str
    at: datetime
    by: str
    people: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FilingKept:
    """A filing as stored: its head, and its last version."""

    head: FilingHead
    last: FilingVersion


class FilingStore(Protocol):
    """Filings of one tenant."""

    def find(self, filing_id: str, scope: Scope) -> FilingKept | None:
        """Return a filing at its last version; None outside the scope."""
        ...

    def of_case(self, case_id: str, scope: Scope) -> Sequence[FilingKept]:
        """Return the filings of a case, oldest first."""
        ...

    def listed(
        self, scope: Scope, *, state: FilingState | None, form: str | None, limit: int
    ) -> Sequence[FilingKept]:
        """Return filings, the newest first."""
        ...

    def last_of_form(self, form: str, scope: Scope, sealed_for: str | None) -> FilingKept | None:
        """Return the newest filing of a form with the same seal that was not withdrawn."""
        ...

    def versions(self, filing_id: str, scope: Scope) -> Sequence[FilingVersion]:
        """Return all versions, oldest first; none outside the scope."""
        ...

    def open(self, head: FilingHead, first: FilingVersion, form_text: str) -> None:
        """Write a new filing with its first version, and its form unless it is kept already."""
        ...

    def add(self, head: FilingHead, version: FilingVersion) -> None:
        """Write a further version.

        Raises:
            FilingChangedError: there is one of this number already.
        """
        ...

    def form_text(self, digest: str) -> str:
        """Return the text of a form by its digest."""
        ...
