"""Long work, webhooks with their deliveries, notices and calendar feeds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from sluicegate.adapters.store.migrations.building import create, index, keep, needed, optional

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_jobs()
    create_webhooks()
    create_notices()


def create_jobs() -> None:
    create(
        "jobs",
        *needed("job_id", "kind", "parameters", "rights", "asked_by", "state", "step"),
        *needed("done", type_=sa.BigInteger()),
        *optional("total", type_=sa.BigInteger()),
        *optional("started_at", "finished_at", "lease_until", "worker"),
        *needed("attempts", type_=sa.Integer()),
        *needed("is_cancel_asked", type_=sa.Boolean()),
        *optional("result", "problem_en", "problem_zh", "exclusive"),
        unique=("job_id",),
    )
    index("jobs", "tenant_id", "state", "sequence")
    running = sa.text("state = 'running'")
    op.create_index(
        "ux_jobs_exclusive",
        "jobs",
        ["exclusive"],
        unique=True,
        sqlite_where=running,
        postgresql_where=running,
    )


def create_webhooks() -> None:
    create(
        "webhooks",
        *needed("webhook_id", "url", "sealed_secret", "created_by"),
        *optional("events", "jurisdictions"),
        *needed("has_all_events", "has_all_jurisdictions", type_=sa.Boolean()),
        *optional("failing_since", "disabled_at", "removed_at"),
        unique=("webhook_id",),
    )
    create(
        "webhook_deliveries",
        *needed("delivery_id", "webhook_id", "event_id", "kind", "payload", "state"),
        *needed("begun_at", "next_at"),
        *needed("attempts", type_=sa.Integer()),
        *optional("finished_at"),
        sa.UniqueConstraint("delivery_id", name="uq_webhook_deliveries_delivery_id"),
        unique=("tenant_id", "webhook_id", "event_id"),
    )
    index("webhook_deliveries", "tenant_id", "state", "next_at")
    op.create_index(
        "ix_webhook_deliveries_webhook",
        "webhook_deliveries",
        ["tenant_id", "webhook_id", "sequence"],
    )
    create(
        "webhook_attempts",
        *needed("delivery_id", "answer", "problem"),
        *needed("milliseconds", type_=sa.Integer()),
        *optional("status", type_=sa.Integer()),
    )
    index("webhook_attempts", "tenant_id", "delivery_id", "sequence")
    keep("webhook_attempts")


def create_notices() -> None:
    create(
        "notices",
        *needed("notice_id", "account", "kind", "object_id", "key", "state", "next_at"),
        *needed("attempts", type_=sa.Integer()),
        *optional("sealed_for", "finished_at"),
        sa.UniqueConstraint("notice_id", name="uq_notices_notice_id"),
        unique=("tenant_id", "account", "key"),
    )
    index("notices", "tenant_id", "state", "next_at")
    create(
        "notice_wishes",
        *needed("account", "address"),
        *optional("kinds"),
        *needed("days_ahead", type_=sa.Integer()),
        *needed("digest", type_=sa.Boolean()),
        *optional("digest_sent_on", type_=sa.Date()),
        unique=("tenant_id", "account"),
    )
    create(
        "calendar_feeds",
        *needed("feed_id", "account", "token_digest"),
        *needed("is_whole_queue", type_=sa.Boolean()),
        *optional("revoked_at"),
        sa.UniqueConstraint("token_digest", name="uq_calendar_feeds_token_digest"),
        unique=("feed_id",),
    )
