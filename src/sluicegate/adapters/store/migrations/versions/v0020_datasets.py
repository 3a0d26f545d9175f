"""Snapshots of data sets about models."""

from __future__ import annotations

import sqlalchemy as sa

from sluicegate.adapters.store.migrations.building import BYTES, create, keep, needed

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create(
        "dataset_snapshots",
        *needed("recorded_by"),
        *needed("snapshot_id", "name", type_=BYTES),
        *needed("known_on", type_=sa.Date()),
        *needed("digest", "source", "file"),
        *needed("rows", "models", "left_out", "problems", type_=sa.Integer()),
        *needed("replaces"),
        unique=("tenant_id", "snapshot_id"),
    )
    create(
        "dataset_models",
        *needed("recorded_by"),
        *needed("snapshot_id", type_=BYTES),
        *needed("place", type_=sa.Integer()),
        *needed("document"),
        unique=("tenant_id", "snapshot_id", "place"),
    )
    for name in ("dataset_snapshots", "dataset_models"):
        keep(name)
