"""What diligence into ownership needs of a store: records whose versions only grow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol


class Ground(Enum):
    """What of a party's ownership calls for diligence."""

    SIGNIFICANT_MINORITY = "significant_minority"
    """Listed and reached owners hold much, and not enough for the rule."""
    UNKNOWN_SHARE = "unknown_share"
    """A listed or reached owner holds a share that nobody states, or a range that may be enough."""
    UNKNOWN_REMAINDER = "unknown_remainder"
    """What nobody states could, with what listed owners hold, be enough for the rule."""
    CONTROL_BY_LISTED = "control_by_listed"
    """A listed party directs the party without shares."""
    NOMINEE_UNEXPLAINED = "nominee_unexplained"
    """A nominee holds, and nobody says for whom."""
    OWNER_NOT_NAMED = "owner_not_named"
    """A source says that it cannot, or need not, name an owner."""

    @property
    def code(self) -> str:
        """The code under which it is labelled."""
        return f"gap_{self.value}"


class DiligenceState(Enum):
    """Whether somebody still has to look."""

    OPEN = "open"
    CLOSED = "closed"

    @property
    def code(self) -> str:
        """The code under which it is labelled."""
        return f"gap_{self.value}"


@dataclass(frozen=True, slots=True, order=True)
class Gap:
    """One thing that is not known, or too much to leave alone.

    `regime` is ofac or bis_affiliates, empty where no rule alone asks.
    `share` is decimal text from 0 to 1: what is held together, or what nobody
    states. `owners` are ids of parties.
    """

    ground: str
    regime: str = ""
    share: str = ""
    owners: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnershipDiligence:
    """A version of a record of diligence; `version` counts from 1.

    `gaps` are what called for it as last found. `searched`, `found` and
    `left_open` are what people wrote; they stand until somebody writes anew.
    """

    diligence_id: str
    version: int
    party_id: str
    state: DiligenceState
    gaps: tuple[Gap, ...]
    searched: str
    found: str
    left_open: str
    reason: str
    at: datetime
    by: str


class DiligenceChangedError(RuntimeError):
    """Somebody else changed the record meanwhile."""

    def __init__(self, diligence_id: str, version: int) -> None:
        super().__init__(
            f"diligence {diligence_id}: was changed by someone else meanwhile (version {version}"
            " is there already); read it again"
        )


class OwnershipDiligenceStore(Protocol):
    """Records of diligence into ownership of one tenant."""

    def add(self, record: OwnershipDiligence) -> None:
        """Write a further version.

        Raises:
            DiligenceChangedError: there is one of this number already.
        """
        ...

    def find(self, diligence_id: str) -> OwnershipDiligence | None:
        """Return the last version of a record, or None."""
        ...

    def versions(self, diligence_id: str) -> Sequence[OwnershipDiligence]:
        """Return all versions of a record, the oldest first."""
        ...

    def last(self, state: DiligenceState | None = None) -> Sequence[OwnershipDiligence]:
        """Return the last version of every record in order of ids, of one state or of both."""
        ...
