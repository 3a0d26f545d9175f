"""Due diligence, retention and production: events, and erasures of personal data.

What sources stated was written once and never edited. From here on one edit is
let through: personal columns of a version may be emptied, once, when a row of
`erasures` in the same transaction says so. In the same way words may be taken out
of documents that name somebody, while their digests stay. Everything else is
refused as before.
"""

from __future__ import annotations

from collections.abc import Mapping

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

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

STATEMENT = (
    *STAMP,
    *("version_id", "source", "valid_from", "valid_to", "supersedes"),
)
KEPT: Mapping[str, tuple[str, ...]] = {
    "customers": (
        *STATEMENT,
        *("key", "customer_id", "customer_kind", "country", "lei", "opened", "closed"),
        "account_of",
    ),
    "ownership": (
        *STATEMENT,
        *("key", "owner_id", "owned_id", "owner_kind", "owner_country", "share", "share_low"),
        *("share_high", "substantial_control", "role"),
    ),
    "account_signals": (*STATEMENT, "customer_id", "signal", "first_seen", "last_seen"),
}
ERASED: Mapping[str, Mapping[str, str]] = {
    "customers": {
        "name": "OLD.customer_id",
        **dict.fromkeys(
            (
                *("address", "email", "telephone", "registration_number", "birth_date"),
                *("payment_source", "ip_addresses", "stated_purpose"),
            ),
            "NULL",
        ),
    },
    "ownership": {"owner_name": "OLD.owner_id"},
    "account_signals": dict.fromkeys(("value", "key"), "'erased:' || OLD.version_id"),
}
"""Table → column → what stands there after an erasure."""

DOCUMENT = (*STAMP, "version_id", "pass_id", "document_id", "supersedes", "digest")
NAMING: Mapping[str, tuple[str, ...]] = {
    "findings": DOCUMENT,
    "obligations": DOCUMENT,
    "case_events": (*STAMP, "event_id", "case_id", "version", "kind", "digest", "sealed_for"),
    "filing_versions": (*STAMP, "filing_id", "version", "state", "digest", "sealed_for"),
    "ownership_diligence": (*STAMP, "diligence_id", "version", "party_id", "state", "gaps"),
    "link_decisions": (*STAMP, "a", "b", "verdict"),
}
"""Table of documents that may name somebody → the columns that no erasing touches."""

EVENT_KEPT = (
    *STAMP,
    *("event_id", "about", "subject", "version", "kind", "data", "digest", "private_digest"),
    "content_sha256",
)
EVENT_ERASED = dict.fromkeys(("private", "salt", "content"), "NULL")


def upgrade() -> None:
    create(
        "diligence_events",
        *needed("recorded_by", "event_id", "about"),
        *needed("subject", type_=BYTES),
        *needed("version", type_=sa.Integer()),
        *needed("kind", "data", "digest"),
        *optional("private", "salt", "private_digest"),
        *optional("content", type_=sa.LargeBinary()),
        *optional("content_sha256"),
        sa.UniqueConstraint("event_id", name="uq_diligence_events_event_id"),
        unique=("tenant_id", "about", "subject", "version"),
    )
    create(
        "diligence_standings",
        *needed("customer_id", type_=BYTES),
        *needed("version", type_=sa.Integer()),
        *needed("standing"),
        *optional("band"),
        *needed("review_by", type_=BYTES),
        *needed("waiting", "disposals", type_=sa.Integer()),
        unique=("tenant_id", "customer_id"),
    )
    for column in ("review_by", "waiting", "standing", "disposals"):
        index("diligence_standings", "tenant_id", column, "customer_id")
    create(
        "erasures",
        *needed("recorded_by", "disposal_id"),
        *needed("customer_id", type_=BYTES),
        *needed("kept_in", "row_id", "fields", "salt", "digest", "rule"),
        unique=("tenant_id", "kept_in", "row_id", "disposal_id"),
    )
    index("erasures", "tenant_id", "customer_id", "sequence")
    index("runs", "tenant_id", "customer_id", "sequence")
    keep("erasures")
    keep("diligence_events")
    for name, kept in KEPT.items():
        let_erase(name, kept, ERASED[name], "version_id", "digest")
    for name, kept in NAMING.items():
        let_erase(name, kept, {}, "sequence", "")
    let_erase("diligence_events", EVENT_KEPT, EVENT_ERASED, "event_id", "")
