"""Records of diligence into ownership; what an owner holds is found without a scan."""

from __future__ import annotations

import sqlalchemy as sa

from sluicegate.adapters.store.migrations.building import BYTES, create, index, keep, needed

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create(
        "ownership_diligence",
        *needed("recorded_by"),
        *needed("diligence_id", type_=BYTES),
        *needed("version", type_=sa.Integer()),
        *needed("party_id", type_=BYTES),
        *needed("state", "gaps", "searched", "found", "left_open", "reason"),
        unique=("tenant_id", "diligence_id", "version"),
    )
    keep("ownership_diligence")
    index("ownership", "tenant_id", "owner_id", "sequence")
