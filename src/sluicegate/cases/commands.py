"""What a person can do to a case: one small value per act, the same for page, API and bulk.

A `reason` that may not be empty is checked when the command is decided.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sluicegate.cases.case import DecisionKind, Priority


@dataclass(frozen=True, slots=True)
class Assign:
    """Give the case to a principal, or to nobody (None)."""

    to: str | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Prioritise:
    """Set the priority against the one the risk rule gave."""

    priority: Priority
    reason: str


@dataclass(frozen=True, slots=True)
class Comment:
    """Say something; a comment is never edited."""

    text: str


@dataclass(frozen=True, slots=True)
class Attach:
    """Add a file whose content has been stored; the service fills in its digest."""

    attachment_id: str
    name: str
    media_type: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Snooze:
    """Let the case rest until a day; a change of its findings wakes it before."""

    until: date
    reason: str


@dataclass(frozen=True, slots=True)
class Wake:
    """End a snooze."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class Escalate:
    """Hand the case up to a role or a principal, and raise its priority."""

    to: str
    reason: str


@dataclass(frozen=True, slots=True)
class RequestInformation:
    """Ask someone for information; stops the clocks that may stop.

    `ground` names the legal basis on which a legal period stops too; empty: only
    the case's own day stops.
    """

    asked_of: str
    what: str
    ground: str = ""


@dataclass(frozen=True, slots=True)
class ReceiveInformation:
    """Record the answer to a request; the clocks run on from its day."""

    request_id: str
    summary: str


@dataclass(frozen=True, slots=True)
class EnterEvent:
    """Record that what a waiting clock counts from has happened on a day."""

    clock_id: str
    happened_on: date
    reason: str


@dataclass(frozen=True, slots=True)
class Extend:
    """Give a clock more days, on a ground."""

    clock_id: str
    days: int
    reason: str


@dataclass(frozen=True, slots=True)
class Lapse:
    """Record that a due day passed without what was owed, and what follows."""

    clock_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Record that what a clock stands for is no longer asked."""

    clock_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Meet:
    """Record that what a clock stands for has been done outside a filing."""

    clock_id: str
    done_on: date
    reason: str


@dataclass(frozen=True, slots=True)
class OverrideDue:
    """Set a clock's due day against its calculation: an officer's act."""

    clock_id: str
    due: date
    reason: str


@dataclass(frozen=True, slots=True)
class Propose:
    """Decide, or propose the decision where a second person is needed.

    `alerts` are the ids it is about (all that are not judged when empty);
    `filing` is the draft to file.
    """

    decision: DecisionKind
    reason: str
    alerts: tuple[str, ...] = ()
    filing: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """Approve or reject what another person proposed."""

    proposal_id: str
    is_approved: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class TakeBack:
    """Take one's own proposal back."""

    proposal_id: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Reopen:
    """Open a closed case again."""

    reason: str


@dataclass(frozen=True, slots=True)
class Link:
    """Link another case, or cut the link."""

    case_id: str
    is_cut: bool = False
    reason: str = ""


Command = (
    Assign
    | Prioritise
    | Comment
    | Attach
    | Snooze
    | Wake
    | Escalate
    | RequestInformation
    | ReceiveInformation
    | EnterEvent
    | Extend
    | Lapse
    | Withdraw
    | Meet
    | OverrideDue
    | Propose
    | Check
    | TakeBack
    | Reopen
    | Link
)
