"""Subscribing to events, and the log of what was delivered."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from sluicegate.core.identifiers import uuid7
from sluicegate.core.reasons import say
from sluicegate.services.access.actions import Action
from sluicegate.services.access.authority import NotFoundError, RefusedError
from sluicegate.services.desk import Desk
from sluicegate.services.ports.work import (
    Attempt,
    Delivery,
    DeliveryState,
    EventKind,
    Webhook,
)
from sluicegate.services.work.events import Event, delivery_of
from sluicegate.services.work.signing import new_secret, secret_text

ADDED, REMOVED, REPLAYED, ENABLED = (
    "webhook added",
    "webhook removed",
    "webhook replayed",
    "webhook enabled",
)
ROTATED = "webhook secret rotated"
KEEP_OLD_HOURS, MOST_KEEP_OLD_HOURS = 24, 720
"""For how long the old secret signs beside a new one: unless told otherwise, and at most."""

MOST_LISTED = 200
SUBSCRIBED = tuple(kind for kind in EventKind if kind is not EventKind.WEBHOOK_TEST)
"""The events that one can subscribe to; a test is sent when it is asked for."""


class SecretBox(Protocol):
    """Keeps secrets at rest under the node's own key."""

    def seal(self, secret: bytes) -> str:
        """Return a secret as it may be stored."""
        ...

    def open(self, sealed: str) -> bytes:
        """Return a secret that was sealed."""
        ...


@dataclass(frozen=True, slots=True)
class Subscribed:
    """A subscription with its new secret, which is shown this once."""

    webhook: Webhook
    secret: str


@dataclass(frozen=True, slots=True)
class Replay:
    """What to deliver again: one delivery, or those made in [since, until); all when empty."""

    delivery_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def subscribe(
    desk: Desk,
    url: str,
    *,
    events: Collection[EventKind] | None,
    jurisdictions: Collection[str] | None,
    box: SecretBox,
    check: Callable[[str], object],
) -> Subscribed:
    """Add a subscription; `events` and `jurisdictions` None mean all of them.

    `check` refuses an address that a node must not call.

    Raises:
        AddressRefusedError: the address may not be called.
        RefusedError: the principal may not, or asks for places outside its own.
    """
    desk.must(Action.WEBHOOK_MANAGE)
    places = None if jurisdictions is None else frozenset(jurisdictions)
    _check_places(desk, places)
    check(url)
    secret, at = new_secret(), desk.now()
    webhook = Webhook(
        webhook_id=str(uuid7(at)),
        url=url,
        events=None if events is None else frozenset(events),
        jurisdictions=places,
        sealed_secret=box.seal(secret),
        created_by=desk.principal.id,
        created_at=at,
    )
    with desk.store.transaction():
        desk.store.work.add_webhook(webhook)
        _act(desk, ADDED, webhook)
    return Subscribed(webhook, secret_text(secret))


def list_webhooks(desk: Desk) -> Sequence[Webhook]:
    """Return the subscriptions of which the principal may know, oldest first."""
    desk.must(Action.WEBHOOK_READ)
    return tuple(one for one in desk.store.work.webhooks() if _reaches(desk, one.jurisdictions))


def read_webhook(desk: Desk, webhook_id: str) -> Webhook:
    """Return a subscription.

    Raises:
        NotFoundError: there is none, or it tells of places outside the principal's.
    """
    desk.must(Action.WEBHOOK_READ)
    return _found(desk, webhook_id)


def remove_webhook(desk: Desk, webhook_id: str) -> Webhook:
    """End a subscription; what was not delivered yet never is. Its log stays."""
    webhook = _managed(desk, webhook_id)
    removed = replace(webhook, removed_at=desk.now())
    with desk.store.transaction():
        desk.store.work.set_webhook(removed)
        _act(desk, REMOVED, webhook)
    return removed


def enable_webhook(desk: Desk, webhook_id: str) -> Webhook:
    """Let a subscription that was disabled after long failure deliver again."""
    webhook = _managed(desk, webhook_id)
    enabled = replace(webhook, failing_since=None, disabled_at=None)
    with desk.store.transaction():
        desk.store.work.set_webhook(enabled)
        _act(desk, ENABLED, webhook)
    return enabled


def rotate_secret(
    desk: Desk, webhook_id: str, *, box: SecretBox, keep_old_hours: int = KEEP_OLD_HOURS
) -> Subscribed:
    """Give a subscription a new secret, which signs from now on.

    The one before signs beside it for so many hours more, with 0 not at all; one
    that was older still ends now.

    Raises:
        NotFoundError, RefusedError: as for every change of a subscription.
        ValueError: the hours are out of range.
    """
    if not 0 <= keep_old_hours <= MOST_KEEP_OLD_HOURS:
        raise ValueError(
            f"keep_old_hours: {keep_old_hours} is not from 0 to {MOST_KEEP_OLD_HOURS}; "
            f"give e.g. {KEEP_OLD_HOURS}"
        )
    secret, at = new_secret(), desk.now()
    until = at + timedelta(hours=keep_old_hours) if keep_old_hours else None
    with desk.store.transaction():
        while True:
            before = _managed(desk, webhook_id)
            rotated = replace(
                before,
                sealed_secret=box.seal(secret),
                sealed_old_secret=None if until is None else before.sealed_secret,
                old_secret_until=until,
            )
            if desk.store.work.set_secrets(rotated, was=before.sealed_secret):
                break
        _act(desk, ROTATED, rotated, keep_old_hours=keep_old_hours)
    return Subscribed(rotated, secret_text(secret))


def list_deliveries(
    desk: Desk,
    webhook_id: str,
    *,
    state: DeliveryState | None = None,
    before: str | None = None,
    limit: int = 50,
) -> Sequence[Delivery]:
    """Return what was, or is to be, delivered to a subscription, newest first."""
    read_webhook(desk, webhook_id)
    limit = max(1, min(limit, MOST_LISTED))
    return desk.store.work.deliveries(webhook_id, state=state, before=before, limit=limit)


def list_attempts(desk: Desk, webhook_id: str, delivery_id: str) -> Sequence[Attempt]:
    """Return the tries of one delivery, oldest first."""
    read_webhook(desk, webhook_id)
    delivery = desk.store.work.delivery(delivery_id)
    if delivery is None or delivery.webhook_id != webhook_id:
        raise NotFoundError("delivery", delivery_id)
    return desk.store.work.attempts(delivery_id)


def replay(desk: Desk, webhook_id: str, what: Replay) -> int:
    """Deliver again what is over, with the same ids; return how many deliveries wait now."""
    webhook = _managed(desk, webhook_id)
    one = what.delivery_id
    if one is not None:
        list_attempts(desk, webhook_id, one)
    with desk.store.transaction():
        count = desk.store.work.replay(
            webhook_id, at=desk.now(), delivery_id=one, since=what.since, until=what.until
        )
        _act(desk, REPLAYED, webhook, deliveries=count)
    return count


def send_test(desk: Desk, webhook_id: str) -> str:
    """Put a test event into the outbox of one subscription; return the event's id."""
    webhook = _managed(desk, webhook_id)
    at = desk.now()
    event = Event(EventKind.WEBHOOK_TEST, webhook_id, str(uuid7(at)))
    delivery = delivery_of(event, webhook, at)
    desk.store.work.add_deliveries([delivery], at=at)
    return delivery.event_id


def _managed(desk: Desk, webhook_id: str) -> Webhook:
    desk.must(Action.WEBHOOK_MANAGE)
    return _found(desk, webhook_id)


def _found(desk: Desk, webhook_id: str) -> Webhook:
    webhook = desk.store.work.webhook(webhook_id)
    if webhook is None or not _reaches(desk, webhook.jurisdictions):
        raise NotFoundError("webhook", webhook_id)
    return webhook


def _reaches(desk: Desk, places: frozenset[str] | None) -> bool:
    """Say whether a subscription tells of nothing that lies outside the principal's places."""
    mine = desk.scope.jurisdictions
    return mine is None or (places is not None and places <= mine)


def _check_places(desk: Desk, places: frozenset[str] | None) -> None:
    mine = desk.scope.jurisdictions
    if mine is not None and not _reaches(desk, places):
        reason = say(
            "A webhook tells only of jurisdictions that you see yourself; name some of {places}.",
            places=sorted(mine),
        )
        raise RefusedError(Action.WEBHOOK_MANAGE.value, (reason,))


def _act(desk: Desk, name: str, webhook: Webhook, **detail: int) -> None:
    record = {"webhook": webhook.webhook_id, **detail}
    desk.store.act(name, record, at=desk.now(), by=desk.principal.id, reason=name)
