"""Due diligence, retention and production: events, and erasures of personal data.

What sources stated was written once and never edited. From here on one edit is
let through: personal columns of a version may be emptied, once, when a row of
`erasures` in the same transaction says so. Everything else is refused as before.
"""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa
from alembic import op

from sluicegate.adapters.store.migrations.building import (
    BYTES,
    create,
    index,
    keep,
    needed,
    optional,
)

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

STATEMENT = (
    *("sequence", "tenant_id", "recorded_at", "recorded_offset_minutes", "recorded_by"),
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

EVENT_KEPT = (
    *("sequence", "tenant_id", "recorded_at", "recorded_offset_minutes", "recorded_by"),
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
        "erasures",
        *needed("recorded_by", "disposal_id"),
        *needed("customer_id", type_=BYTES),
        *needed("kept_in", "row_id", "fields", "salt", "digest", "rule"),
        unique=("tenant_id", "kept_in", "row_id"),
    )
    index("erasures", "tenant_id", "customer_id", "sequence")
    index("runs", "tenant_id", "customer_id", "sequence")
    keep("erasures")
    keep("diligence_events")
    for name, kept in KEPT.items():
        let_erase(name, kept, ERASED[name], "version_id", "digest")
    let_erase("diligence_events", EVENT_KEPT, EVENT_ERASED, "event_id", "")


def let_erase(
    name: str, kept: tuple[str, ...], erased: Mapping[str, str], row: str, digest: str
) -> None:
    """Refuse every update of a table but one that empties what an erasure names."""
    is_postgresql = op.get_context().dialect.name == "postgresql"
    same = "IS NOT DISTINCT FROM" if is_postgresql else "IS"
    said = [f"OLD.{column} {same} NEW.{column}" for column in kept]
    said += [f"NEW.{column} {same} {value}" for column, value in erased.items()]
    marked = f" AND NEW.{digest} = 'erased:' || e.digest" if digest else ""
    said.append(
        "EXISTS (SELECT 1 FROM erasures e WHERE e.tenant_id = OLD.tenant_id "
        f"AND e.kept_in = '{name}' AND e.row_id = OLD.{row}{marked})"
    )
    allowed = " AND ".join(said)
    refusal = f"{name}: history is never edited; write a new version"
    if not is_postgresql:
        op.execute(f"DROP TRIGGER {name}_stays")
        op.execute(
            f"CREATE TRIGGER {name}_stays BEFORE UPDATE ON {name} WHEN NOT ({allowed}) "
            f"BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
        )
        return
    op.execute(f"DROP TRIGGER {name}_stays ON {name}")
    op.execute(
        f"CREATE FUNCTION sluicegate_erases_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN IF {allowed} THEN RETURN NEW; END IF; "
        f"RAISE EXCEPTION USING MESSAGE = '{refusal}'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {name}_stays BEFORE UPDATE ON {name} "
        f"FOR EACH ROW EXECUTE FUNCTION sluicegate_erases_{name}()"
    )
