"""Consultations on thresholds and guidance, and the register of thresholds.

What is said in confidence stands in a table of its own. Words that name a customer
may be taken out of what was said, as out of every other document.
"""

from __future__ import annotations

import sqlalchemy as sa

from sluicegate.adapters.store.migrations.building import (
    BYTES,
    STAMP,
    create,
    index,
    keep,
    let_erase,
    needed,
    optional,
)

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

NAMING = ("consultation_events", "consultation_confidential")


def upgrade() -> None:
    for name in NAMING:
        create(
            name,
            *needed("recorded_by"),
            *needed("consultation", type_=BYTES),
            *needed("number", type_=sa.Integer()),
            *needed("kind", "document"),
            unique=("tenant_id", "consultation", "number"),
        )
    create(
        "consultation_files",
        *needed("recorded_by"),
        *needed("consultation", "digest", type_=BYTES),
        *needed("name"),
        *needed("content", type_=sa.LargeBinary()),
        unique=("tenant_id", "consultation", "digest"),
    )
    create(
        "threshold_reviews",
        *needed("recorded_by"),
        *needed("parameter", type_=BYTES),
        *needed("noted"),
        *needed("day", type_=sa.Date()),
        *optional("months", type_=sa.Integer()),
        *needed("outcome", "consultation"),
    )
    index("threshold_reviews", "tenant_id", "parameter", "sequence")
    for name in (*NAMING, "consultation_files", "threshold_reviews"):
        keep(name)
    for name in NAMING:
        kept = (*STAMP, "consultation", "number", "kind")
        let_erase(name, kept, {}, "sequence", "")
