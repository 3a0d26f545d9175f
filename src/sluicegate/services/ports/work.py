"""What long work, webhooks, notices and calendar feeds keep in the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, Protocol


class JobKind(Enum):
    """What a job does. A new kind is a member here and its work in `wiring.work`."""

    INTAKE = "intake"
    ASSESS = "assess"
    REPORT = "report"
    ASK_MANY = "ask_many"
    BULK_ACTS = "bulk_acts"

    @property
    def code(self) -> str:
        """The code by which the terms label it."""
        return f"work_{self.value}"

    @property
    def exclusive(self) -> str | None:
        """What the job has to itself while it runs: of those that name it, one runs at a time."""
        return _LAKE if self in _LAKE_WRITERS else None

    @property
    def is_private(self) -> bool:
        """Whether only who asked for the job may know of it: it may name sealed cases."""
        return self in _PRIVATE


_LAKE = "lake"
_LAKE_WRITERS = frozenset({JobKind.INTAKE, JobKind.ASSESS, JobKind.REPORT})
_PRIVATE = frozenset({JobKind.ASK_MANY, JobKind.BULK_ACTS})


class JobState(Enum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def code(self) -> str:
        """The code by which the terms label it."""
        return f"job_{self.value}"

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens to the job."""
        return self not in (JobState.WAITING, JobState.RUNNING)


@dataclass(frozen=True, slots=True)
class Told:
    """A text for people in both languages."""

    en: str
    zh: str


@dataclass(frozen=True, slots=True)
class NewJob:
    """A job to be asked for.

    `rights` is what the asker may do and see, as `services.work.rights` writes it.
    """

    kind: JobKind
    parameters: Mapping[str, Any]
    asked_by: str
    rights: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Job:
    """A job as it stands; `done` of `total` in the unit of the step, `total` None if unknown."""

    job_id: str
    kind: JobKind
    parameters: Mapping[str, Any]
    state: JobState
    asked_by: str
    rights: Mapping[str, Any]
    created_at: datetime
    step: str = ""
    done: int = 0
    total: int | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    lease_until: datetime | None = None
    worker: str | None = None
    attempts: int = 0
    is_cancel_asked: bool = False
    result: Mapping[str, Any] | None = None
    problem: Told | None = None


@dataclass(frozen=True, slots=True)
class Ending:
    """How a job ended: its state, and its result or what went wrong."""

    state: JobState
    result: Mapping[str, Any] | None = None
    problem: Told | None = None


class JobStore(Protocol):
    """The queue of long work of one tenant."""

    def add_job(self, job: NewJob, *, at: datetime) -> str:
        """Put a job at the end of the queue; return its id."""
        ...

    def job(self, job_id: str) -> Job | None:
        """Return a job, or None."""
        ...

    def jobs(
        self,
        *,
        reader: str | None,
        states: Sequence[JobState] = (),
        kinds: Sequence[JobKind] = (),
        before: str | None = None,
        limit: int = 50,
    ) -> Sequence[Job]:
        """Return jobs, newest first, after the job `before`.

        Private jobs of others than `reader` are left out; None leaves all of them out.
        """
        ...

    def take_job(
        self, worker: str, *, at: datetime, lease_until: datetime, attempts: int, given_up: Told
    ) -> Job | None:
        """Take the oldest job that may run now, or None; no two workers take the same.

        A job whose lease ran out waits again, unless it was taken `attempts`
        times: then it has failed, for the reason `given_up`.
        """
        ...

    def report_job(
        self,
        job_id: str,
        worker: str,
        *,
        lease_until: datetime,
        step: str,
        done: int,
        total: int | None,
    ) -> Job | None:
        """Write how far a job has come and renew its lease; None when it is not the worker's."""
        ...

    def renew_job(self, job_id: str, worker: str, *, lease_until: datetime) -> bool:
        """Renew a job's lease; False when the job is no longer the worker's."""
        ...

    def end_job(self, job_id: str, worker: str, ending: Ending, *, at: datetime) -> bool:
        """End a running job; False when it is no longer the worker's."""
        ...

    def release_job(self, job_id: str, worker: str, *, is_attempt: bool) -> bool:
        """Let a running job wait again; `is_attempt` says whether the attempt counts."""
        ...

    def cancel_job(self, job_id: str, *, at: datetime) -> Job | None:
        """Cancel a waiting job, or ask a running one to stop; return it, None if there is none."""
        ...

    def job_counts(self) -> Mapping[tuple[str, str], int]:
        """Return (kind, state) → how many jobs, private ones left out."""
        ...

    def wanted_files(self) -> frozenset[str]:
        """Return the digests of kept files that jobs which are not over still name."""
        ...


class EventKind(Enum):
    """What a webhook can be told of."""

    FINDING_NEW = "finding.new"
    FINDING_CHANGED = "finding.changed"
    FINDING_CLEARED = "finding.cleared"
    CASE_OPENED = "case.opened"
    CASE_CHANGED = "case.changed"
    CASE_DECIDED = "case.decided"
    CASE_DUE_SOON = "case.due_soon"
    FILING_FILED = "filing.filed"
    JOB_DONE = "job.done"
    WEBHOOK_TEST = "webhook.test"

    @property
    def code(self) -> str:
        """The code by which the terms label it."""
        return f"told_{self.value.replace('.', '_')}"


@dataclass(frozen=True, slots=True)
class Webhook:
    """A subscription. `events` and `jurisdictions` None mean all of them.

    `sealed_secret` is the signing secret under the node's key.
    """

    webhook_id: str
    url: str
    events: frozenset[EventKind] | None
    jurisdictions: frozenset[str] | None
    sealed_secret: str
    created_by: str
    created_at: datetime
    failing_since: datetime | None = None
    disabled_at: datetime | None = None
    removed_at: datetime | None = None

    @property
    def is_active(self) -> bool:
        """Whether events are delivered."""
        return self.disabled_at is None and self.removed_at is None

    def wants(self, kind: EventKind, jurisdiction: str | None) -> bool:
        """Say whether an event goes to the subscription."""
        if not self.is_active or (self.events is not None and kind not in self.events):
            return False
        return (
            self.jurisdictions is None
            or jurisdiction is None
            or (jurisdiction in self.jurisdictions)
        )


class DeliveryState(Enum):
    """Where a delivery stands."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"

    @property
    def code(self) -> str:
        """The code by which the terms label it."""
        return f"delivery_{self.value}"


class DeliveryProblem(Enum):
    """Why a try of a delivery got no answer."""

    CONNECTION = "connection"
    DISABLED = "disabled"
    REFUSED_ADDRESS = "refused_address"
    TIMEOUT = "timeout"
    TLS = "tls"

    @property
    def code(self) -> str:
        """The code by which the terms label it."""
        return f"problem_{self.value}"


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """An event for one subscription; the same event goes to it once."""

    webhook_id: str
    event_id: str
    kind: EventKind
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery as it stands: `attempts` counts since it was made or replayed."""

    delivery_id: str
    webhook_id: str
    event_id: str
    kind: EventKind
    payload: Mapping[str, Any]
    state: DeliveryState
    created_at: datetime
    begun_at: datetime
    attempts: int
    next_at: datetime
    finished_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try of a delivery: the status or what went wrong, and the answer's first bytes.

    `problem` is the value of a `DeliveryProblem`, empty when an answer came.
    """

    delivery_id: str
    at: datetime
    status: int | None
    milliseconds: int
    answer: str = ""
    problem: str = ""


class WebhookStore(Protocol):
    """Subscriptions, the outbox of deliveries, and the log of their attempts."""

    def add_webhook(self, webhook: Webhook) -> None:
        """Keep a new subscription."""
        ...

    def webhooks(self, *, with_removed: bool = False) -> Sequence[Webhook]:
        """Return the subscriptions, oldest first."""
        ...

    def webhook(self, webhook_id: str) -> Webhook | None:
        """Return a subscription that is not removed, or None."""
        ...

    def set_webhook(self, webhook: Webhook) -> None:
        """Write the state of a subscription: failing, disabled, removed; no more of it changes."""
        ...

    def add_deliveries(self, deliveries: Sequence[NewDelivery], *, at: datetime) -> int:
        """Put deliveries into the outbox; return how many were not there yet."""
        ...

    def take_deliveries(
        self, *, at: datetime, lease_until: datetime, limit: int
    ) -> Sequence[Delivery]:
        """Take deliveries that are due; no two workers take the same before the lease ends."""
        ...

    def delivery(self, delivery_id: str) -> Delivery | None:
        """Return a delivery, or None."""
        ...

    def deliveries(
        self,
        webhook_id: str,
        *,
        state: DeliveryState | None = None,
        before: str | None = None,
        limit: int = 50,
    ) -> Sequence[Delivery]:
        """Return the deliveries of a subscription, newest first, after the one `before`."""
        ...

    def attempts(self, delivery_id: str) -> Sequence[Attempt]:
        """Return the tries of a delivery, oldest first."""
        ...

    def record_attempt(self, attempt: Attempt, state: DeliveryState, *, next_at: datetime) -> None:
        """Write a try into the log, and how the delivery stands after it."""
        ...

    def replay(
        self,
        webhook_id: str,
        *,
        at: datetime,
        delivery_id: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> int:
        """Let deliveries that are over wait again: one, or those made in [since, until)."""
        ...

    def delivery_counts(self) -> Mapping[str, int]:
        """Return state → how many deliveries."""
        ...


class NoticeKind(Enum):
    """What a person can be told of."""

    ASSIGNED = "assigned"
    CHECKED = "checked"
    CHECK_WAITS = "check_waits"
    DUE_SOON = "due_soon"
    ESCALATED = "escalated"
    WEBHOOK_DISABLED = "webhook_disabled"

    @property
    def code(self) -> str:
        """The code by which the terms label it."""
        return f"notice_{self.value}"


class NoticeState(Enum):
    """Where a notice stands; one that nobody wanted is dropped."""

    WAITING = "waiting"
    SENT = "sent"
    DROPPED = "dropped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class NewNotice:
    """Something to tell a principal; of the same `key` it is told once.

    `object_id` is the case or webhook. `sealed_for` names the group outside
    which nobody is told.
    """

    to: str
    kind: NoticeKind
    object_id: str
    key: str
    sealed_for: str | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice as it stands."""

    notice_id: str
    to: str
    kind: NoticeKind
    object_id: str
    sealed_for: str | None
    state: NoticeState
    created_at: datetime
    attempts: int


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person wants to be told, and where.

    `address` is a mail address, empty for none. `days_ahead` is how many days
    before a due day it is told. `digest` asks for one mail a day of what is due.
    """

    account: str
    kinds: frozenset[NoticeKind] = frozenset()
    address: str = ""
    days_ahead: int = 7
    digest: bool = False
    digest_sent_on: date | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """A calendar feed of one person; the token itself is shown once and kept nowhere."""

    feed_id: str
    account: str
    is_whole_queue: bool
    token_digest: str
    created_at: datetime
    revoked_at: datetime | None = None


class NoticeStore(Protocol):
    """Notices to people, what they want, and their calendar feeds."""

    def add_notices(self, notices: Sequence[NewNotice], *, at: datetime) -> int:
        """Keep notices to be sent; return how many were not there yet."""
        ...

    def take_notices(self, *, at: datetime, lease_until: datetime, limit: int) -> Sequence[Notice]:
        """Take notices that are due; no two workers take the same before the lease ends."""
        ...

    def settle_notice(
        self, notice_id: str, state: NoticeState, *, at: datetime, next_at: datetime
    ) -> None:
        """Write how a notice stands after a try."""
        ...

    def wishes(self, account: str) -> Wishes:
        """Return what a person wants; nothing at all until they say so."""
        ...

    def all_wishes(self) -> Sequence[Wishes]:
        """Return the wishes of everybody who has said any."""
        ...

    def set_wishes(self, wishes: Wishes, *, at: datetime) -> None:
        """Keep what a person wants."""
        ...

    def add_feed(self, feed: Feed) -> None:
        """Keep a new feed."""
        ...

    def feeds(self, account: str) -> Sequence[Feed]:
        """Return a person's feeds that are not revoked, oldest first."""
        ...

    def feed_of(self, token_digest: str) -> Feed | None:
        """Return the feed of a token that is not revoked, or None."""
        ...

    def revoke_feed(self, feed_id: str, *, at: datetime) -> None:
        """End a feed; its address answers no more."""
        ...

    def notice_counts(self) -> Mapping[str, int]:
        """Return state → how many notices, those on sealed things left out."""
        ...


class WorkStore(JobStore, WebhookStore, NoticeStore, Protocol):
    """All of it, of one tenant."""
