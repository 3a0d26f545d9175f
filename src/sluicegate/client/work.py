"""Long work, and webhooks that tell when something happened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Literal, TypedDict, Unpack

from sluicegate.client.calls import Calls, part
from sluicegate.client.shapes import (
    AttemptShown,
    DeliveryShown,
    IntakeColumns,
    JobShown,
    NewWebhook,
    Replayed,
    Tested,
    WebhookShown,
)


class JobList(TypedDict, total=False):
    """Which jobs are wanted, and how many come at a time."""

    state: Literal["waiting", "running", "done", "failed", "cancelled"]
    kind: Literal[
        "intake",
        "assess",
        "report",
        "ask_many",
        "bulk_acts",
        "screening",
        "list_import",
        "list_fetch",
        "ownership",
        "validation",
        "screening_change",
        "links",
        "exchange",
        "lineage",
    ]
    limit: int


class DeliveryList(TypedDict, total=False):
    """Which deliveries are wanted, and how many come at a time."""

    state: Literal["waiting", "delivered", "failed"]
    limit: int


class Work(Calls):
    """Jobs and webhooks as a program asks for them and follows them."""

    def intake_columns(self, kind: str) -> IntakeColumns:
        """Say which columns a kind of file has, and what may stand in each."""
        return self._read(IntakeColumns, f"/v1/intake/columns/{part(kind)}")

    def intake(
        self,
        name: str,
        content: bytes,
        *,
        kind: str | None = None,
        source: str | None = None,
        offset: str | None = None,
    ) -> JobShown:
        """Send a file to be taken in, as a job."""
        query = {"name": name, "kind": kind, "source": source, "offset": offset}
        return self._upload(JobShown, "/v1/intake", query, content)

    def assess(self, *, as_of: date | None = None) -> JobShown:
        """Run a pass on a day, as a job."""
        return self._change(JobShown, "/v1/assess", {"as_of": as_of})

    def jobs(self, **wanted: Unpack[JobList]) -> Iterator[JobShown]:
        """Yield long work, the newest first."""
        return self._every(JobShown, "/v1/jobs", wanted)

    def job(self, job_id: str) -> JobShown:
        """Return how far a job is, and what came of it."""
        return self._read(JobShown, f"/v1/jobs/{part(job_id)}")

    def job_result(self, job_id: str, name: str) -> bytes:
        """Return a file that a job made."""
        return self._file(f"/v1/jobs/{part(job_id)}/results/{part(name)}")

    def cancel_job(self, job_id: str) -> JobShown:
        """Cancel a job: a waiting one at once, a running one at its next step."""
        return self._change(JobShown, f"/v1/jobs/{part(job_id)}/cancel")

    def webhooks(self) -> list[WebhookShown]:
        """List subscriptions."""
        return self._items(WebhookShown, "/v1/webhooks")

    def webhook(self, webhook_id: str) -> WebhookShown:
        """Return a subscription."""
        return self._read(WebhookShown, _webhook(webhook_id))

    def add_webhook(
        self,
        url: str,
        *,
        events: Sequence[str] | None = None,
        jurisdictions: Sequence[str] | None = None,
    ) -> NewWebhook:
        """Subscribe an address to events; the secret is in this one answer only."""
        body = {"url": url, "events": events, "jurisdictions": jurisdictions}
        return self._change(NewWebhook, "/v1/webhooks", body)

    def remove_webhook(self, webhook_id: str) -> WebhookShown:
        """End a subscription; its log stays."""
        return self._change(WebhookShown, _webhook(webhook_id, "/remove"))

    def enable_webhook(self, webhook_id: str) -> WebhookShown:
        """Let a subscription that was disabled after long failure deliver again."""
        return self._change(WebhookShown, _webhook(webhook_id, "/enable"))

    def rotate_webhook_secret(
        self, webhook_id: str, *, keep_old_hours: int | None = None
    ) -> NewWebhook:
        """Give a subscription a new secret, in this one answer only; the old one ends later."""
        body = {} if keep_old_hours is None else {"keep_old_hours": keep_old_hours}
        return self._change(NewWebhook, _webhook(webhook_id, "/rotate"), body)

    def test_webhook(self, webhook_id: str) -> Tested:
        """Send a test event to one subscription."""
        return self._change(Tested, _webhook(webhook_id, "/test"))

    def replay_webhook(
        self,
        webhook_id: str,
        *,
        delivery: str | None = None,
        since: str | None = None,
        until: str | None = None,
    ) -> Replayed:
        """Deliver again one delivery, or all made from one instant to another (ISO text)."""
        body = {"delivery": delivery, "since": since, "until": until}
        return self._change(Replayed, _webhook(webhook_id, "/replay"), body)

    def deliveries(
        self, webhook_id: str, **wanted: Unpack[DeliveryList]
    ) -> Iterator[DeliveryShown]:
        """Yield what was, or is to be, delivered to a subscription, the newest first."""
        return self._every(DeliveryShown, _webhook(webhook_id, "/deliveries"), wanted)

    def delivery_attempts(self, webhook_id: str, delivery_id: str) -> list[AttemptShown]:
        """List every try of one delivery."""
        path = _webhook(webhook_id, f"/deliveries/{part(delivery_id)}")
        return self._items(AttemptShown, path)


def _webhook(webhook_id: str, then: str = "") -> str:
    return f"/v1/webhooks/{part(webhook_id)}{then}"
