"""Webhooks: subscriptions, the outbox of deliveries, and the log of their attempts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, Protocol


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

    `sealed_secret` is the signing secret under the node's key. `sealed_old_secret`
    is the one before it, which signs beside it before `old_secret_until`.
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
    sealed_old_secret: str | None = None
    old_secret_until: datetime | None = None

    @property
    def is_active(self) -> bool:
        """Whether events are delivered."""
        return self.disabled_at is None and self.removed_at is None

    def sealed_secrets(self, at: datetime) -> tuple[str, ...]:
        """Return the secrets that sign at an instant, the newest first."""
        until = self.old_secret_until
        if self.sealed_old_secret is None or until is None or until <= at:
            return (self.sealed_secret,)
        return (self.sealed_secret, self.sealed_old_secret)

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

    def set_secrets(self, webhook: Webhook, *, was: str) -> bool:
        """Write the secrets of a subscription; False when its secret is no longer `was`."""
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
