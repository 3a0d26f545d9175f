"""Delivering what the outbox holds: signed, retried with growing waits, logged."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from sluicegate.core.clock import Clock
from sluicegate.core.exact import dump_json
from sluicegate.services.ports.store import Store
from sluicegate.services.ports.work import (
    Attempt,
    Delivery,
    DeliveryProblem,
    DeliveryState,
    NewNotice,
    NoticeKind,
    Webhook,
)
from sluicegate.services.work.signing import signatures
from sluicegate.services.work.webhooks import SecretBox

DISABLED, OLD_SECRET_ENDED = "webhook disabled", "webhook old secret ended"
WORKER = "system:worker"
WAITS = tuple(timedelta(seconds=one) for one in (5, 60, 300, 1800, 7200, 18_000, 36_000))
"""How long a delivery waits after its first, second, … failure; then as long as the last."""

JITTER = 5
"""A wait is made longer by up to one part in this many, differently for each delivery."""

_OK, _TOO_HIGH, _GONE = 200, 300, 410


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a call: a status with the first bytes as text, or a problem by its code."""

    status: int | None
    milliseconds: int
    text: str = ""
    problem: str = ""

    @property
    def is_accepted(self) -> bool:
        """Whether the receiver took the message."""
        return self.status is not None and _OK <= self.status < _TOO_HIGH


class Poster(Protocol):
    """Sends a message to an address that it checks first; it follows no redirect."""

    def __call__(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Post and return what came of it; a refused address is a problem, not an exception."""
        ...


@dataclass(frozen=True, slots=True)
class Endurance:
    """For how long a delivery is tried, and a failing subscription kept."""

    lease: timedelta = timedelta(minutes=2)
    retry: timedelta = timedelta(days=3)
    disable: timedelta = timedelta(days=5)


@dataclass(frozen=True, slots=True)
class Sender:
    """What deliveries are sent with; links in messages begin with `public_url`."""

    post: Poster
    box: SecretBox
    public_url: str = ""
    endurance: Endurance = Endurance()


def deliver_due(store: Store, sender: Sender, clock: Clock, *, limit: int = 20) -> int:
    """Send deliveries that are due, one after the other, up to a number; return how many.

    Each is taken under a lease of its own, so that a slow receiver holds up none
    that another worker could send.
    """
    for count in range(limit):
        now = clock.now()
        until = now + sender.endurance.lease
        taken = store.work.take_deliveries(at=now, lease_until=until, limit=1)
        if not taken:
            return count
        _deliver(store, sender, taken[0], now)
    return limit


def _deliver(store: Store, sender: Sender, delivery: Delivery, now: datetime) -> None:
    webhook = store.work.webhook(delivery.webhook_id)
    if webhook is None or not webhook.is_active:
        answer = Answer(None, 0, problem=DeliveryProblem.DISABLED.value)
        _record(store, delivery, answer, DeliveryState.FAILED, now, now)
        return
    body = body_of(delivery, sender.public_url)
    timestamp = int(now.timestamp())
    secrets = [sender.box.open(one) for one in webhook.sealed_secrets(now)]
    headers = {
        "content-type": "application/json",
        "user-agent": "sluicegate-webhooks",
        "webhook-id": delivery.event_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signatures(secrets, delivery.event_id, timestamp, body),
    }
    answer = sender.post(webhook.url, headers, body)
    if answer.is_accepted:
        _record(store, delivery, answer, DeliveryState.DELIVERED, now, now)
        if webhook.failing_since is not None:
            store.work.set_webhook(replace(webhook, failing_since=None))
        return
    next_at = now + wait_after(delivery)
    is_last = next_at > delivery.begun_at + sender.endurance.retry or answer.status == _GONE
    state = DeliveryState.FAILED if is_last else DeliveryState.WAITING
    with store.transaction():
        _record(store, delivery, answer, state, now, next_at)
        _note_failure(store, webhook, answer, sender.endurance, now)


def end_old_secrets(store: Store, *, now: datetime) -> int:
    """Remove old secrets that sign no more from the store; return how many."""
    count = 0
    for one in store.work.webhooks(with_removed=True):
        if one.sealed_old_secret is None or len(one.sealed_secrets(now)) > 1:
            continue
        ended = replace(one, sealed_old_secret=None, old_secret_until=None)
        with store.transaction():
            if store.work.set_secrets(ended, was=one.sealed_secret):
                record = {"webhook": one.webhook_id}
                store.act(OLD_SECRET_ENDED, record, at=now, by=WORKER, reason=OLD_SECRET_ENDED)
                count += 1
    return count


def body_of(delivery: Delivery, public_url: str) -> bytes:
    """Return the message: the event, with its link under the node's public address."""
    data = dict(delivery.payload["data"])
    if public_url and "link" in data:
        data["link"] = public_url.rstrip("/") + data["link"]
    return dump_json({**delivery.payload, "data": data}).encode()


def wait_after(delivery: Delivery) -> timedelta:
    """Return how long to wait after a failed attempt, jitter included."""
    wait = WAITS[min(delivery.attempts, len(WAITS)) - 1]
    seed = hashlib.sha256(f"{delivery.delivery_id} {delivery.attempts}".encode()).digest()
    milliseconds = wait // timedelta(milliseconds=1)
    return wait + timedelta(milliseconds=milliseconds * seed[0] // (255 * JITTER))


def _note_failure(
    store: Store, webhook: Webhook, answer: Answer, endurance: Endurance, now: datetime
) -> None:
    """Remember since when a subscription fails; disable it, with a notice, after too long."""
    since = webhook.failing_since or now
    if answer.status != _GONE and now - since < endurance.disable:
        if webhook.failing_since is None:
            store.work.set_webhook(replace(webhook, failing_since=since))
        return
    store.work.set_webhook(replace(webhook, failing_since=since, disabled_at=now))
    record = {"webhook": webhook.webhook_id, "failing_since": since.isoformat()}
    store.act(DISABLED, record, at=now, by=WORKER, reason=answer.problem or str(answer.status))
    key = f"{NoticeKind.WEBHOOK_DISABLED.value} {webhook.webhook_id} {now.isoformat()}"
    notice = NewNotice(webhook.created_by, NoticeKind.WEBHOOK_DISABLED, webhook.webhook_id, key)
    store.work.add_notices([notice], at=now)


def _record(
    store: Store,
    delivery: Delivery,
    answer: Answer,
    state: DeliveryState,
    now: datetime,
    next_at: datetime,
) -> None:
    attempt = Attempt(
        delivery.delivery_id, now, answer.status, answer.milliseconds, answer.text, answer.problem
    )
    store.work.record_attempt(attempt, state, next_at=next_at)
