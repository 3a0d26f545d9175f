"""Validation of screening: packs, samples below the alert, changes proposed and activated."""

from __future__ import annotations

import sqlalchemy as sa

from sluicegate.adapters.store.migrations.building import BYTES, create, keep, needed

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create(
        "validation_packs",
        *needed("recorded_by"),
        *needed("pack", type_=BYTES),
        *needed("document"),
        unique=("tenant_id", "pack"),
    )
    create(
        "validation_samples",
        *needed("recorded_by"),
        *needed("sample", "pack", type_=BYTES),
        *needed("document"),
        unique=("tenant_id", "sample"),
    )
    create(
        "validation_verdicts",
        *needed("recorded_by"),
        *needed("sample", type_=BYTES),
        *needed("verdict", "reason"),
    )
    create(
        "validation_proposals",
        *needed("recorded_by"),
        *needed("proposal", type_=BYTES),
        *needed("version", type_=sa.Integer()),
        *needed("kind", "state", "document"),
        unique=("tenant_id", "proposal", "version"),
    )
    for name in (
        "validation_packs",
        "validation_samples",
        "validation_verdicts",
        "validation_proposals",
    ):
        keep(name)
