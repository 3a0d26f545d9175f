"""Comparisons with other providers, and what they found."""

from __future__ import annotations

import sqlalchemy as sa

from sluicegate.adapters.store.migrations.building import BYTES, create, keep, needed

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create(
        "exchange_sessions",
        *needed("recorded_by"),
        *needed("session", type_=BYTES),
        *needed("version", type_=sa.Integer()),
        *needed("side", "state", "partner", "terms", "basis", "reference"),
        *needed("proposed_by", "approved_by", "message", "reason"),
        unique=("tenant_id", "session", "version"),
    )
    create(
        "exchange_found",
        *needed("recorded_by"),
        *needed("session", "party", type_=BYTES),
        *needed("partner", "own", "other_low"),
        unique=("tenant_id", "session", "party"),
    )
    for name in ("exchange_sessions", "exchange_found"):
        keep(name)
