"""Lineages of models, by version."""

from __future__ import annotations

import sqlalchemy as sa

from sluicegate.adapters.store.migrations.building import BYTES, create, index, keep, needed

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_COUNTS = ("nodes", "edges", "models", "outputs", "undisclosed")


def upgrade() -> None:
    create(
        "lineage_versions",
        *needed("recorded_by"),
        *needed("version_id", "lineage_id", "source", "lineage_name", type_=BYTES),
        *needed("version", type_=sa.Integer()),
        *needed("digest", "checksum", "format", "supersedes", "reason", "statements"),
        *needed(*_COUNTS, type_=sa.Integer()),
        unique=("tenant_id", "lineage_id", "version"),
    )
    index("lineage_versions", "tenant_id", "sequence")
    create(
        "lineage_contents",
        *needed("digest", type_=BYTES),
        *needed("part", type_=sa.Integer()),
        *needed("content", type_=sa.LargeBinary()),
        unique=("tenant_id", "digest", "part"),
    )
    for name in ("lineage_versions", "lineage_contents"):
        keep(name)
