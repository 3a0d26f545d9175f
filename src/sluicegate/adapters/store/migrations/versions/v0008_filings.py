"""Filings: heads and versions that only grow, and the forms they were made with."""

from __future__ import annotations

import sqlalchemy as sa

from sluicegate.adapters.store.migrations.building import (
    BYTES,
    create,
    index,
    keep,
    needed,
    optional,
)

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create("filing_forms", *needed("form_digest", "form"), unique=("tenant_id", "form_digest"))
    create(
        "filings",
        *needed("recorded_by"),
        *needed("filing_id", "case_id", type_=BYTES),
        *needed("form_id", "form_digest", "duty", "obligation"),
        *needed("recipient_en", "recipient_zh", "jurisdiction"),
        *optional("sealed_for", "corrects"),
        unique=("tenant_id", "filing_id"),
    )
    index("filings", "tenant_id", "case_id")
    index("filings", "tenant_id", "form_id", "sequence")
    index("filings", "tenant_id", "sequence")
    create(
        "filing_versions",
        *needed("recorded_by"),
        *needed("filing_id", type_=BYTES),
        *needed("version", type_=sa.Integer()),
        *needed("state", "document", "digest", "reason"),
        *optional("sealed_for"),
        unique=("tenant_id", "filing_id", "version"),
    )
    for name in ("filing_forms", "filings", "filing_versions"):
        keep(name)
