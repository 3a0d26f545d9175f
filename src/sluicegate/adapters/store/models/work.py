"""Tables of long work, webhooks with their deliveries, notices and calendar feeds."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from sluicegate.adapters.store.models.base import Base, Recorded
from sluicegate.adapters.store.types import TextList

RUNNING = text("state = 'running'")
"""The rows among which no two may have the same thing to themselves."""


class JobRow(Recorded, Base):
    """A job of the queue; its state, progress and lease change, what was asked does not."""

    __tablename__ = "jobs"
    __table_args__ = (
        UniqueConstraint("job_id"),
        Index(None, "tenant_id", "state", "sequence"),
        Index(
            "ux_jobs_exclusive",
            "exclusive",
            unique=True,
            sqlite_where=RUNNING,
            postgresql_where=RUNNING,
        ),
    )

    job_id: Mapped[str]
    kind: Mapped[str]
    parameters: Mapped[str]
    rights: Mapped[str]
    asked_by: Mapped[str]
    state: Mapped[str]
    step: Mapped[str]
    done: Mapped[int] = mapped_column(BigInteger())
    total: Mapped[int | None] = mapped_column(BigInteger())
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    worker: Mapped[str | None]
    attempts: Mapped[int]
    is_cancel_asked: Mapped[bool]
    result: Mapped[str | None]
    problem_en: Mapped[str | None]
    problem_zh: Mapped[str | None]
    exclusive: Mapped[str | None]


class WebhookRow(Recorded, Base):
    """A subscription; whether it fails, is disabled or removed changes."""

    __tablename__ = "webhooks"
    __table_args__ = (UniqueConstraint("webhook_id"),)

    webhook_id: Mapped[str]
    url: Mapped[str]
    events: Mapped[tuple[str, ...]] = mapped_column(TextList(), nullable=True)
    has_all_events: Mapped[bool]
    jurisdictions: Mapped[tuple[str, ...]] = mapped_column(TextList(), nullable=True)
    has_all_jurisdictions: Mapped[bool]
    sealed_secret: Mapped[str]
    sealed_old_secret: Mapped[str | None]
    old_secret_until: Mapped[datetime | None]
    created_by: Mapped[str]
    failing_since: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]


class DeliveryRow(Recorded, Base):
    """An event for one subscription: the outbox."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        UniqueConstraint("delivery_id"),
        UniqueConstraint("tenant_id", "webhook_id", "event_id"),
        Index(None, "tenant_id", "state", "next_at"),
        Index("ix_webhook_deliveries_webhook", "tenant_id", "webhook_id", "sequence"),
    )

    delivery_id: Mapped[str]
    webhook_id: Mapped[str]
    event_id: Mapped[str]
    kind: Mapped[str]
    payload: Mapped[str]
    state: Mapped[str]
    begun_at: Mapped[datetime]
    attempts: Mapped[int]
    next_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class AttemptRow(Recorded, Base):
    """A try of a delivery; this log only grows."""

    __tablename__ = "webhook_attempts"
    __table_args__ = (Index(None, "tenant_id", "delivery_id", "sequence"),)

    delivery_id: Mapped[str]
    status: Mapped[int | None]
    milliseconds: Mapped[int]
    answer: Mapped[str]
    problem: Mapped[str]


class NoticeRow(Recorded, Base):
    """Something to tell a person."""

    __tablename__ = "notices"
    __table_args__ = (
        UniqueConstraint("notice_id"),
        UniqueConstraint("tenant_id", "account", "key"),
        Index(None, "tenant_id", "state", "next_at"),
    )

    notice_id: Mapped[str]
    account: Mapped[str]
    kind: Mapped[str]
    object_id: Mapped[str]
    key: Mapped[str]
    sealed_for: Mapped[str | None]
    state: Mapped[str]
    attempts: Mapped[int]
    next_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class WishesRow(Recorded, Base):
    """What a person wants to be told, and where."""

    __tablename__ = "notice_wishes"
    __table_args__ = (UniqueConstraint("tenant_id", "account"),)

    account: Mapped[str]
    kinds: Mapped[tuple[str, ...]] = mapped_column(TextList(), nullable=True)
    address: Mapped[str]
    days_ahead: Mapped[int]
    digest: Mapped[bool]
    digest_sent_on: Mapped[date | None]


class FeedRow(Recorded, Base):
    """A calendar feed of one person: the digest of its token."""

    __tablename__ = "calendar_feeds"
    __table_args__ = (UniqueConstraint("feed_id"), UniqueConstraint("token_digest"))

    feed_id: Mapped[str]
    account: Mapped[str]
    is_whole_queue: Mapped[bool]
    token_digest: Mapped[str]
    revoked_at: Mapped[datetime | None]
