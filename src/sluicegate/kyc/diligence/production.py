"""Records handed over on request: what was asked, on what ground, by when, and who released it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum
from typing import Any

from sluicegate.kyc.diligence.events import Event, Kind


class Part(Enum):
    """A part of a customer's records that a production can hold."""

    IDENTITY = "identity"
    OWNERSHIP = "ownership"
    DILIGENCE = "diligence"
    EVIDENCE = "evidence"
    RUNS = "runs"
    FINDINGS = "findings"

    @property
    def code(self) -> str:
        """The code by which it is labelled."""
        return f"part_{self.value}"


class State(Enum):
    """Where a production stands."""

    REQUESTED = "requested"
    RELEASED = "released"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    DELIVERED = "delivered"

    @property
    def code(self) -> str:
        """The code by which it is labelled."""
        return f"production_{self.value}"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a requester asked for: whose records, which parts, on what ground, by when.

    `duty` is the obligation whose period gave the due day, empty where the day
    was entered.
    """

    requester: str
    ground: str
    customers: tuple[str, ...]
    parts: tuple[Part, ...]
    received: date
    due: date
    duty: str


@dataclass(frozen=True, slots=True)
class Production:
    """A production as it stands; `digest` is that of the index of what it holds.

    It holds what was known at `asked_at`, so that what is delivered is what was
    released.
    """

    production_id: str
    version: int
    asked: Asked
    asked_at: datetime
    asked_by: str
    digest: str
    files: int
    state: State
    checked_by: str | None = None
    zip_sha256: str | None = None


_STATES: Mapping[Kind, State] = {
    Kind.APPROVED: State.RELEASED,
    Kind.REJECTED: State.REJECTED,
    Kind.TAKEN_BACK: State.WITHDRAWN,
    Kind.DELIVERED: State.DELIVERED,
}


def fold_production(events: Iterable[Event]) -> Production | None:
    """Return a production after its events, oldest first; None without any."""
    found: Production | None = None
    for event in events:
        said = event.data
        if event.kind is Kind.REQUESTED:
            found = _requested(event, said)
        elif found is not None:
            found = replace(found, version=event.version, state=_STATES[event.kind])
            if event.kind in (Kind.APPROVED, Kind.REJECTED):
                found = replace(found, checked_by=event.by)
            if event.kind is Kind.DELIVERED:
                found = replace(found, zip_sha256=said["zip_sha256"])
    return found


def _requested(event: Event, said: Mapping[str, Any]) -> Production:
    asked = Asked(
        requester=said["requester"],
        ground=said["ground"],
        customers=tuple(said["customers"]),
        parts=tuple(map(Part, said["parts"])),
        received=date.fromisoformat(said["received"]),
        due=date.fromisoformat(said["due"]),
        duty=said["duty"],
    )
    return Production(
        production_id=event.subject,
        version=event.version,
        asked=asked,
        asked_at=event.at,
        asked_by=event.by,
        digest=said["digest"],
        files=said["files"],
        state=State.REQUESTED,
    )
