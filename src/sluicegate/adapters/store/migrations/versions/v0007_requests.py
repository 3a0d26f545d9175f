"""Answers kept for idempotency keys."""

from __future__ import annotations

import sqlalchemy as sa

from sluicegate.adapters.store.migrations.building import create, index, needed, optional

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create(
        "kept_requests",
        *needed("principal", "key", "fingerprint"),
        *optional("status", type_=sa.Integer()),
        *optional("headers"),
        *optional("body", type_=sa.LargeBinary()),
        unique=("tenant_id", "principal", "key"),
    )
    index("kept_requests", "tenant_id", "recorded_at")
