"""What can happen in a case: kinds of events, and what each of them says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from sluicegate.cases.case import (
    Alert,
    CaseEvent,
    CaseKind,
    Clock,
    DecisionKind,
    Outcome,
    Priority,
)
from sluicegate.cases.documents import read_json, write_json
from sluicegate.core.identifiers import uuid7


class EventKind(Enum):
    """What happened."""

    OPENED = "opened"
    FOUND = "found"
    """A pass found more, something else, or less."""
    ASSIGNED = "assigned"
    PRIORITISED = "prioritised"
    COMMENTED = "commented"
    ATTACHED = "attached"
    ERASED = "erased"
    """The content of an attachment was erased; its digest stays."""
    SNOOZED = "snoozed"
    WOKEN = "woken"
    ESCALATED = "escalated"
    ASKED = "asked"
    """Information was asked for."""
    ANSWERED = "answered"
    STOPPED = "stopped"
    """A clock stands still."""
    RESUMED = "resumed"
    EVENT_ENTERED = "event_entered"
    EXTENDED = "extended"
    LAPSED = "lapsed"
    NOT_ASKED = "not_asked"
    """What a clock stands for is no longer asked."""
    MET = "met"
    OVERRIDDEN = "overridden"
    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"
    TAKEN_BACK = "taken_back"
    DECIDED = "decided"
    BLOCKED = "blocked"
    RELEASED = "released"
    CLOSED = "closed"
    REOPENED = "reopened"
    LINKED = "linked"
    UNLINKED = "unlinked"

    @property
    def code(self) -> str:
        """The code under which it is labelled."""
        return f"event_{self.value}"


@dataclass(frozen=True, slots=True)
class Opened:
    """A case begins."""

    kind: CaseKind
    title: str
    subject: str
    subject_kind: str
    subject_id: str
    subject_name: str
    customer_id: str
    jurisdiction: str
    priority: Priority
    alerts: tuple[Alert, ...] = ()
    clocks: tuple[Clock, ...] = ()
    links: tuple[str, ...] = ()
    sealed_for: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What a pass found: alerts and clocks as they are now, and what is gone.

    `voided` are proposals about an alert that has changed: nobody may approve
    what is no longer so. `priority` None leaves the priority.
    """

    alerts: tuple[Alert, ...] = ()
    gone: tuple[str, ...] = ()
    clocks: tuple[Clock, ...] = ()
    voided: tuple[str, ...] = ()
    priority: Priority | None = None
    subject_name: str = ""


@dataclass(frozen=True, slots=True)
class Assigned:
    """Who works the case; None is nobody."""

    to: str | None = None


@dataclass(frozen=True, slots=True)
class Prioritised:
    """A person set the priority."""

    priority: Priority


@dataclass(frozen=True, slots=True)
class Commented:
    """Someone said something."""

    text: str


@dataclass(frozen=True, slots=True)
class Attached:
    """A file was added."""

    attachment_id: str
    name: str
    media_type: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Named:
    """What an event is about, by its id: an attachment, a proposal, a block, a case."""

    id: str


@dataclass(frozen=True, slots=True)
class Snoozed:
    """The case rests until a day."""

    until: date


@dataclass(frozen=True, slots=True)
class Plain:
    """An event that says nothing but that it happened."""


@dataclass(frozen=True, slots=True)
class Escalated:
    """The case was handed up, with its priority from then on."""

    to: str
    priority: Priority


@dataclass(frozen=True, slots=True)
class Asked:
    """Information was asked of someone."""

    request_id: str
    asked_of: str
    what: str
    ground: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """Information came."""

    request_id: str
    summary: str


@dataclass(frozen=True, slots=True)
class ClockSet:
    """A clock as it stands from then on."""

    clock: Clock


@dataclass(frozen=True, slots=True)
class Proposed:
    """A decision waits for a second person."""

    proposal_id: str
    decision: DecisionKind
    alerts: tuple[str, ...] = ()
    filing: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision stands; `proposal_id` is empty where no second person was needed."""

    decision: DecisionKind
    alerts: tuple[str, ...] = ()
    filing: str = ""
    proposal_id: str = ""
    proposed_by: str = ""


@dataclass(frozen=True, slots=True)
class Blocked:
    """A stop was placed on a customer."""

    block_id: str
    customer_id: str


@dataclass(frozen=True, slots=True)
class Closed:
    """Work is done."""

    outcome: Outcome


Happening = (
    Opened
    | Found
    | Assigned
    | Prioritised
    | Commented
    | Attached
    | Named
    | Snoozed
    | Plain
    | Escalated
    | Asked
    | Answered
    | ClockSet
    | Proposed
    | Decided
    | Blocked
    | Closed
)

SHAPES: dict[EventKind, type[Happening]] = {
    EventKind.OPENED: Opened,
    EventKind.FOUND: Found,
    EventKind.ASSIGNED: Assigned,
    EventKind.PRIORITISED: Prioritised,
    EventKind.COMMENTED: Commented,
    EventKind.ATTACHED: Attached,
    EventKind.ERASED: Named,
    EventKind.SNOOZED: Snoozed,
    EventKind.WOKEN: Plain,
    EventKind.ESCALATED: Escalated,
    EventKind.ASKED: Asked,
    EventKind.ANSWERED: Answered,
    EventKind.STOPPED: ClockSet,
    EventKind.RESUMED: ClockSet,
    EventKind.EVENT_ENTERED: ClockSet,
    EventKind.EXTENDED: ClockSet,
    EventKind.LAPSED: ClockSet,
    EventKind.NOT_ASKED: ClockSet,
    EventKind.MET: ClockSet,
    EventKind.OVERRIDDEN: ClockSet,
    EventKind.PROPOSED: Proposed,
    EventKind.APPROVED: Named,
    EventKind.REJECTED: Named,
    EventKind.TAKEN_BACK: Named,
    EventKind.DECIDED: Decided,
    EventKind.BLOCKED: Blocked,
    EventKind.RELEASED: Named,
    EventKind.CLOSED: Closed,
    EventKind.REOPENED: Plain,
    EventKind.LINKED: Named,
    EventKind.UNLINKED: Named,
}
"""What an event of each kind says."""


def event_of(
    case_id: str, kind: EventKind, said: Happening, *, at: datetime, by: str, reason: str = ""
) -> CaseEvent:
    """Return an event with a new id; `said` must have the shape of its kind."""
    if type(said) is not SHAPES[kind]:
        raise TypeError(f"event {kind.value}: {type(said).__name__} is not what it says")
    return CaseEvent(str(uuid7(at)), case_id, kind.value, at, by, reason, write_json(said))


def said_by(event: CaseEvent) -> Happening:
    """Return what an event says."""
    return read_json(SHAPES[EventKind(event.kind)], event.data)
