"""Webhooks in the store: subscriptions, the outbox of deliveries, the log of attempts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, insert, update

from sluicegate.adapters.store.inserting import insert_new
from sluicegate.adapters.store.models import table
from sluicegate.adapters.store.unit import Unit, new_ids
from sluicegate.core.exact import dump_json, load_json
from sluicegate.services.ports.work import (
    Attempt,
    Delivery,
    DeliveryState,
    EventKind,
    NewDelivery,
    Webhook,
)

HOOKS = table("webhooks")
OUTBOX = table("webhook_deliveries")
ATTEMPTS = table("webhook_attempts")
_CHUNK = 500


class SqlWebhooks:
    """Implements `services.ports.work.WebhookStore` for one tenant."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    def add_webhook(self, webhook: Webhook) -> None:
        """Keep a new subscription."""
        events = () if webhook.events is None else tuple(sorted(e.value for e in webhook.events))
        row = {
            **self._unit.stamp(self._unit.instant(webhook.created_at)),
            "webhook_id": webhook.webhook_id,
            "url": webhook.url,
            "events": events,
            "has_all_events": webhook.events is None,
            "jurisdictions": tuple(sorted(webhook.jurisdictions or ())),
            "has_all_jurisdictions": webhook.jurisdictions is None,
            "sealed_secret": webhook.sealed_secret,
            "created_by": webhook.created_by,
        }
        with self._unit.writing() as connection:
            connection.execute(insert(HOOKS), [row])

    def webhooks(self, *, with_removed: bool = False) -> Sequence[Webhook]:
        """Return the subscriptions, oldest first."""
        query = self._unit.rows(HOOKS).order_by(HOOKS.c.sequence)
        if not with_removed:
            query = query.where(HOOKS.c.removed_at.is_(None))
        with self._unit.reading() as connection:
            return tuple(_webhook(row) for row in connection.execute(query))

    def webhook(self, webhook_id: str) -> Webhook | None:
        """Return a subscription that is not removed, or None."""
        query = self._unit.rows(HOOKS).where(
            HOOKS.c.webhook_id == webhook_id, HOOKS.c.removed_at.is_(None)
        )
        with self._unit.reading() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else _webhook(row)

    def set_webhook(self, webhook: Webhook) -> None:
        """Write the state of a subscription: failing, disabled, removed; no more of it changes.

        What was removed stays so: a worker may have read it before, and writes later.
        """
        change = (
            update(HOOKS)
            .where(HOOKS.c.tenant_id == self._unit.tenant)
            .where(HOOKS.c.webhook_id == webhook.webhook_id, HOOKS.c.removed_at.is_(None))
            .values(
                failing_since=webhook.failing_since,
                disabled_at=webhook.disabled_at,
                removed_at=webhook.removed_at,
            )
        )
        with self._unit.writing() as connection:
            connection.execute(change)

    def set_secrets(self, webhook: Webhook, *, was: str) -> bool:
        """Write the secrets of a subscription; False when its secret is no longer `was`.

        The change is a compare-and-set: of two who change it at once, one is told.
        """
        change = (
            update(HOOKS)
            .where(HOOKS.c.tenant_id == self._unit.tenant)
            .where(HOOKS.c.webhook_id == webhook.webhook_id, HOOKS.c.sealed_secret == was)
            .values(
                sealed_secret=webhook.sealed_secret,
                sealed_old_secret=webhook.sealed_old_secret,
                old_secret_until=webhook.old_secret_until,
            )
        )
        with self._unit.writing() as connection:
            return connection.execute(change).rowcount > 0

    def add_deliveries(self, deliveries: Sequence[NewDelivery], *, at: datetime) -> int:
        """Put deliveries into the outbox; return how many were not there yet."""
        instant = self._unit.instant(at)
        ids = new_ids(instant)
        count = 0
        with self._unit.writing() as connection:
            for chunk in _chunks(
                list({(d.webhook_id, d.event_id): d for d in deliveries}.values())
            ):
                known = self._known(connection, chunk)
                rows = [
                    {
                        **self._unit.stamp(instant),
                        "delivery_id": next(ids),
                        "webhook_id": one.webhook_id,
                        "event_id": one.event_id,
                        "kind": one.kind.value,
                        "payload": dump_json(one.payload),
                        "state": DeliveryState.WAITING.value,
                        "begun_at": instant,
                        "attempts": 0,
                        "next_at": instant,
                    }
                    for one in chunk
                    if (one.webhook_id, one.event_id) not in known
                ]
                if rows:
                    insert_new(connection, OUTBOX, rows)
                count += len(rows)
        return count

    def take_deliveries(
        self, *, at: datetime, lease_until: datetime, limit: int
    ) -> Sequence[Delivery]:
        """Take deliveries that are due; no two workers take the same before the lease ends.

        The lease is the next instant at which the delivery is due.
        """
        query = (
            self._unit.rows(OUTBOX)
            .where(OUTBOX.c.state == DeliveryState.WAITING.value, OUTBOX.c.next_at <= at)
            .order_by(OUTBOX.c.next_at, OUTBOX.c.sequence)
            .limit(limit)
        )
        with self._unit.reading() as connection:
            due = [_delivery(row) for row in connection.execute(query)]
        if not due:
            return ()
        taken = []
        with self._unit.writing() as connection:
            for one in due:
                values = {"next_at": lease_until, "attempts": one.attempts + 1}
                unchanged = (
                    OUTBOX.c.delivery_id == one.delivery_id,
                    OUTBOX.c.state == DeliveryState.WAITING.value,
                    OUTBOX.c.next_at == one.next_at,
                )
                if self._change_delivery(connection, values, *unchanged):
                    taken.append(replace(one, attempts=one.attempts + 1, next_at=lease_until))
        return tuple(taken)

    def delivery(self, delivery_id: str) -> Delivery | None:
        """Return a delivery, or None."""
        query = self._unit.rows(OUTBOX).where(OUTBOX.c.delivery_id == delivery_id)
        with self._unit.reading() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else _delivery(row)

    def deliveries(
        self,
        webhook_id: str,
        *,
        state: DeliveryState | None = None,
        before: str | None = None,
        limit: int = 50,
    ) -> Sequence[Delivery]:
        """Return the deliveries of a subscription, newest first, after the one `before`."""
        query = (
            self._unit.rows(OUTBOX)
            .where(OUTBOX.c.webhook_id == webhook_id)
            .order_by(OUTBOX.c.sequence.desc())
            .limit(limit)
        )
        if state is not None:
            query = query.where(OUTBOX.c.state == state.value)
        if before is not None:
            place = self._unit.rows(OUTBOX, OUTBOX.c.sequence).where(OUTBOX.c.delivery_id == before)
            query = query.where(OUTBOX.c.sequence < place.scalar_subquery())
        with self._unit.reading() as connection:
            return tuple(_delivery(row) for row in connection.execute(query))

    def attempts(self, delivery_id: str) -> Sequence[Attempt]:
        """Return the tries of a delivery, oldest first."""
        query = (
            self._unit.rows(ATTEMPTS)
            .where(ATTEMPTS.c.delivery_id == delivery_id)
            .order_by(ATTEMPTS.c.sequence)
        )
        with self._unit.reading() as connection:
            rows = connection.execute(query).all()
        return tuple(
            Attempt(
                row.delivery_id,
                row.recorded_at,
                row.status,
                row.milliseconds,
                row.answer,
                row.problem,
            )
            for row in rows
        )

    def record_attempt(self, attempt: Attempt, state: DeliveryState, *, next_at: datetime) -> None:
        """Write a try into the log, and how the delivery stands after it."""
        row = {
            **self._unit.stamp(self._unit.instant(attempt.at)),
            "delivery_id": attempt.delivery_id,
            "status": attempt.status,
            "milliseconds": attempt.milliseconds,
            "answer": attempt.answer,
            "problem": attempt.problem,
        }
        over = None if state is DeliveryState.WAITING else attempt.at
        values = {"state": state.value, "next_at": next_at, "finished_at": over}
        with self._unit.writing() as connection:
            connection.execute(insert(ATTEMPTS), [row])
            self._change_delivery(connection, values, OUTBOX.c.delivery_id == attempt.delivery_id)

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
        where = [
            OUTBOX.c.webhook_id == webhook_id,
            OUTBOX.c.state != DeliveryState.WAITING.value,
        ]
        if delivery_id is not None:
            where.append(OUTBOX.c.delivery_id == delivery_id)
        if since is not None:
            where.append(OUTBOX.c.recorded_at >= since)
        if until is not None:
            where.append(OUTBOX.c.recorded_at < until)
        values = {
            "state": DeliveryState.WAITING.value,
            "begun_at": at,
            "next_at": at,
            "attempts": 0,
            "finished_at": None,
        }
        change = update(OUTBOX).where(OUTBOX.c.tenant_id == self._unit.tenant, *where)
        with self._unit.writing() as connection:
            return connection.execute(change.values(**values)).rowcount

    def delivery_counts(self) -> Mapping[str, int]:
        """Return state → how many deliveries."""
        query = self._unit.rows(OUTBOX, OUTBOX.c.state, func.count().label("deliveries")).group_by(
            OUTBOX.c.state
        )
        with self._unit.reading() as connection:
            return {row.state: row.deliveries for row in connection.execute(query)}

    def _known(self, connection: Connection, chunk: Sequence[NewDelivery]) -> set[tuple[str, str]]:
        query = self._unit.rows(OUTBOX, OUTBOX.c.webhook_id, OUTBOX.c.event_id).where(
            OUTBOX.c.webhook_id.in_(sorted({one.webhook_id for one in chunk})),
            OUTBOX.c.event_id.in_(sorted({one.event_id for one in chunk})),
        )
        return {(webhook, event) for webhook, event in connection.execute(query)}

    def _change_delivery(
        self, connection: Connection, values: Mapping[str, Any], *where: ColumnElement[bool]
    ) -> bool:
        change = update(OUTBOX).where(OUTBOX.c.tenant_id == self._unit.tenant, *where)
        return connection.execute(change.values(**values)).rowcount > 0


def _chunks(deliveries: Sequence[NewDelivery]) -> Iterator[Sequence[NewDelivery]]:
    for start in range(0, len(deliveries), _CHUNK):
        yield deliveries[start : start + _CHUNK]


def _webhook(row: Row[Any]) -> Webhook:
    return Webhook(
        webhook_id=row.webhook_id,
        url=row.url,
        events=None if row.has_all_events else frozenset(map(EventKind, row.events)),
        jurisdictions=None if row.has_all_jurisdictions else frozenset(row.jurisdictions),
        sealed_secret=row.sealed_secret,
        created_by=row.created_by,
        created_at=row.recorded_at,
        failing_since=row.failing_since,
        disabled_at=row.disabled_at,
        removed_at=row.removed_at,
        sealed_old_secret=row.sealed_old_secret,
        old_secret_until=row.old_secret_until,
    )


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(
        delivery_id=row.delivery_id,
        webhook_id=row.webhook_id,
        event_id=row.event_id,
        kind=EventKind(row.kind),
        payload=load_json(row.payload),
        state=DeliveryState(row.state),
        created_at=row.recorded_at,
        begun_at=row.begun_at,
        attempts=row.attempts,
        next_at=row.next_at,
        finished_at=row.finished_at,
    )
