"""A case as it stands: the fold of its events."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum


class CaseKind(Enum):
    """What a case is about."""

    OVERSIGHT = "oversight"
    """Findings on one subject under the texts of one jurisdiction."""
    MANUAL = "manual"
    """Opened by a person."""
    SUSPICION = "suspicion"
    """A sealed file: its existence shows to no one outside its group."""


class State(Enum):
    """Where a case stands."""

    NEW = "new"
    OPEN = "open"
    WAITING = "waiting"
    """For information that was asked for; clocks that may stop have stopped."""
    PENDING = "pending"
    """A decision waits for a second person."""
    SNOOZED = "snoozed"
    CLOSED = "closed"


class Priority(Enum):
    """How soon a case wants work; the numbers order the queue."""

    URGENT = 1
    HIGH = 2
    NORMAL = 3
    LOW = 4

    @property
    def code(self) -> str:
        """The code under which it is labelled, and by which a filter names it."""
        return self.name.lower()


class Outcome(Enum):
    """How a case was closed."""

    CONFIRMED = "confirmed"
    CLEARED = "cleared"
    FILED = "filed"
    NO_LONGER_FOUND = "no_longer_found"
    WITHDRAWN = "withdrawn"


class Judgement(Enum):
    """A person's view of one alert."""

    NONE = "none"
    CONFIRMED = "confirmed"
    CLEARED = "cleared"


class DecisionKind(Enum):
    """A decision that can be proposed; which ones need a second person, `four_eyes` says."""

    CONFIRM = "confirm"
    CLEAR = "clear"
    BLOCK = "block"
    RELEASE = "release"
    FILE = "file"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Alert:
    """A finding, or a match of screening, that a case is about.

    `is_gone` says that the last pass no longer finds it. `essence` is a digest of
    what the finding says that a decision rests on: when it changes, what a
    person decided no longer stands. `is_by_hand` says that a person took it into
    the case: it stays for as long as it is found, though no rule opens a case for
    its kind.
    """

    alert_id: str
    rule: str
    question: str
    instrument: str
    certainty: str
    level: str
    is_enforced: bool
    added_at: datetime
    judgement: Judgement = Judgement.NONE
    is_gone: bool = False
    essence: str = ""
    is_by_hand: bool = False

    @property
    def kind(self) -> str:
        """What risk rules compare it by: level/certainty/enforced or level/certainty/written."""
        practice = "enforced" if self.is_enforced else "written"
        return f"{self.level}/{self.certainty}/{practice}"


class ClockState(Enum):
    """Whether a clock runs."""

    RUNNING = "running"
    STOPPED = "stopped"
    WAITING = "waiting"
    """For the event from which its period counts."""
    MET = "met"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"

    @property
    def code(self) -> str:
        """The code under which it is labelled."""
        return f"clock_{self.value}"


@dataclass(frozen=True, slots=True)
class ClockStep:
    """One step of a due date's calculation: a template with its figures as text."""

    template: str
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Clock:
    """A due date with its calculation.

    `obligation` is the id of what is owed, empty for the case's own day.
    `may_stop` says whether a request for information stops it: a legal period
    stops only on a stated ground. `due` is None while it waits for an event.
    `alert` is the finding that it follows from; `period` is the id of the
    parameter that holds its length. `due` is the counted day and
    `stopped_days` and `extended_days` after it, unless it was overridden.
    """

    clock_id: str
    duty: str
    obligation: str
    due: date | None
    state: ClockState
    may_stop: bool
    calculation: tuple[ClockStep, ...] = ()
    counted_from: str = ""
    is_binding: bool = False
    reference: str = ""
    stopped_on: date | None = None
    stopped_days: int = 0
    is_overridden: bool = False
    alert: str = ""
    period: str = ""
    extended_days: int = 0

    @property
    def is_own(self) -> bool:
        """Whether it is the case's own day, which no text sets."""
        return not self.obligation

    @property
    def is_live(self) -> bool:
        """Whether it runs, or will run on when information has come."""
        return self.state in (ClockState.RUNNING, ClockState.STOPPED)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A decision that waits for a second person."""

    proposal_id: str
    decision: DecisionKind
    reason: str
    by: str
    at: datetime
    alerts: tuple[str, ...] = ()
    filing: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A stop placed on the subject's customer by a decision in the case."""

    block_id: str
    customer_id: str
    ground: str
    by: str
    at: datetime
    released_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """Information asked of someone; while it is open, clocks that may stop stand still."""

    request_id: str
    asked_of: str
    what: str
    ground: str
    by: str
    at: datetime
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a case; the digest stays when the content is erased."""

    attachment_id: str
    name: str
    media_type: str
    size_bytes: int
    sha256: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Case:
    """A case as it stands after its last event.

    `version` counts its events and guards against two people writing at once.
    `assignee` is a principal's id. `due` is the nearest due day of the clocks
    that run. `is_priority_set` says that a person set the priority, which then
    no rule changes.
    """

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
    opened_at: datetime
    changed_at: datetime
    version: int
    assignee: str | None = None
    due: date | None = None
    sealed_for: str | None = None
    escalated_to: str | None = None
    snoozed_until: date | None = None
    outcome: Outcome | None = None
    alerts: tuple[Alert, ...] = ()
    clocks: tuple[Clock, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    blocks: tuple[Block, ...] = ()
    requests: tuple[Request, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    filings: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    labels: tuple[str, ...] = field(default=())
    is_priority_set: bool = False

    @property
    def is_open(self) -> bool:
        """Whether work is left."""
        return self.state is not State.CLOSED


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """Something that happened in a case: never edited, the truth of which a case is the fold.

    `data` is a JSON document of the event's own fields. `comment` and `reason`
    may name people; the ledger gets the digest only.
    """

    event_id: str
    case_id: str
    kind: str
    at: datetime
    by: str
    reason: str
    data: str
