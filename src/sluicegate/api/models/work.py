"""Shapes of long work and webhooks."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from sluicegate.api.models.common import Day, Identifier, Line, Open, Shape
from sluicegate.services.work.webhooks import KEEP_OLD_HOURS, MOST_KEEP_OLD_HOURS


class JobShown(Shape):
    """Long work as it stands; `done` of `total` in the unit of the step."""

    id: str
    kind: str
    state: str
    asked_by: str
    created_at: str
    started_at: str | None
    finished_at: str | None
    step: str
    done: int
    total: int | None
    attempts: int
    is_cancel_asked: bool
    parameters: dict[str, Any]
    result: dict[str, Any] | None
    problem: str | None


class JobPage(Shape):
    """A page of jobs, the newest first."""

    items: list[JobShown]
    next: str | None


class AssessBody(Shape):
    """A pass to be run on a day; on the day on which it runs if left out."""

    as_of: Day | None = None


class ColumnShown(Open):
    """A column of a file, and what may stand in it."""

    name: str
    type: str
    required: bool
    meaning: str


class IntakeColumns(Shape):
    """A kind of file: what names a row of it, and its columns."""

    kind: str
    title: str
    key: list[str]
    columns: list[ColumnShown]


class WebhookBody(Shape):
    """A subscription to be made; without events or jurisdictions, all of them."""

    url: Line = Field(examples=["https://receiver.example/hooks"])
    events: list[Identifier] | None = Field(None, max_length=50)
    jurisdictions: list[Identifier] | None = Field(None, max_length=200)


class WebhookShown(Shape):
    """A subscription."""

    id: str
    url: str
    events: list[str] | None
    jurisdictions: list[str] | None
    created_by: str
    created_at: str
    failing_since: str | None
    disabled_at: str | None
    old_secret_until: str | None = Field(
        description="Until when the secret before the last rotation signs as well."
    )


class NewWebhook(WebhookShown):
    """A subscription with its new secret, which is shown this once and never again."""

    secret: str | None


class RotateSecretBody(Shape):
    """For how many hours the old secret signs beside the new one; 0 ends it at once."""

    keep_old_hours: int = Field(KEEP_OLD_HOURS, ge=0, le=MOST_KEEP_OLD_HOURS)


class WebhookList(Shape):
    """Subscriptions, oldest first."""

    items: list[WebhookShown]


class DeliveryShown(Shape):
    """A delivery as it stands."""

    id: str
    webhook: str
    event: str
    kind: str
    state: str
    created_at: str
    attempts: int
    next_at: str | None
    finished_at: str | None


class DeliveryPage(Shape):
    """A page of deliveries, the newest first."""

    items: list[DeliveryShown]
    next: str | None


class AttemptShown(Shape):
    """One try of a delivery."""

    at: str
    status: int | None
    milliseconds: int
    answer: str
    problem: str


class AttemptList(Shape):
    """The tries of one delivery, oldest first."""

    items: list[AttemptShown]


class ReplayBody(Shape):
    """What to deliver again: one delivery, or those made in [since, until); all when empty."""

    delivery: Identifier | None = None
    since: Line | None = Field(None, description="An instant with its offset.")
    until: Line | None = None


class Replayed(Shape):
    """How many deliveries wait now."""

    deliveries: int


class Tested(Shape):
    """The id of the test event."""

    event: str
