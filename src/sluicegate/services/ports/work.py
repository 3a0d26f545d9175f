"""What long work, webhooks, notices and calendar feeds keep in the store, all together."""

from __future__ import annotations

from typing import Protocol

from sluicegate.services.ports.jobs import (
    Ending,
    Job,
    JobKind,
    JobState,
    JobStore,
    NewJob,
    Told,
)
from sluicegate.services.ports.notices import (
    Feed,
    NewNotice,
    Notice,
    NoticeKind,
    NoticeState,
    NoticeStore,
    Wishes,
)
from sluicegate.services.ports.webhooks import (
    Attempt,
    Delivery,
    DeliveryProblem,
    DeliveryState,
    EventKind,
    NewDelivery,
    Webhook,
    WebhookStore,
)

__all__ = [
    "Attempt",
    "Delivery",
    "DeliveryProblem",
    "DeliveryState",
    "Ending",
    "EventKind",
    "Feed",
    "Job",
    "JobKind",
    "JobState",
    "JobStore",
    "NewDelivery",
    "NewJob",
    "NewNotice",
    "Notice",
    "NoticeKind",
    "NoticeState",
    "NoticeStore",
    "Told",
    "Webhook",
    "WebhookStore",
    "Wishes",
    "WorkStore",
]


class WorkStore(JobStore, WebhookStore, NoticeStore, Protocol):
    """All of it, of one tenant."""
