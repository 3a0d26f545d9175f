"""Cases: their events, filings, attachments, and how each stands."""

from __future__ import annotations

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

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BOOLEAN = sa.Boolean()
INTEGER = sa.Integer()
SMALL = sa.SmallInteger()

ORDER = ("priority", "due_key", "case_id")

CELL = (
    *("rule", "state", "priority", "jurisdiction", "sealed_for"),
    *("kind", "subject_kind", "assignee", "is_escalated"),
)

ATTACHMENT_COLUMNS = (
    "sequence",
    "tenant_id",
    "recorded_at",
    "recorded_offset_minutes",
    "recorded_by",
    "attachment_id",
    "case_id",
    "sha256",
    "sealed_for",
)


def upgrade() -> None:
    create_events()
    create_cases()
    create_indexes_of_cases()
    create_parts()
    create_attachments()
    create(
        "saved_views",
        *needed("owner", "name", "query"),
        unique=("tenant_id", "owner", "name"),
    )


def create_events() -> None:
    create(
        "case_events",
        *needed("recorded_by", "event_id"),
        *needed("case_id", type_=BYTES),
        *needed("version", type_=INTEGER),
        *needed("kind", "reason", "data", "digest"),
        *optional("sealed_for"),
        unique=("tenant_id", "case_id", "version"),
    )
    index("case_events", "tenant_id", "sequence")
    keep("case_events")


def create_cases() -> None:
    create(
        "cases",
        *needed("case_id", type_=BYTES),
        *needed("kind", "state"),
        *needed("in_queue", type_=BOOLEAN),
        *needed("priority", type_=SMALL),
        *needed("due_key", type_=BYTES),
        *optional("assignee"),
        *needed("jurisdiction", "title"),
        *needed("subject", type_=BYTES),
        *needed("subject_kind", "subject_id", "subject_name"),
        *needed("name_key", "customer_id", type_=BYTES),
        *needed("is_escalated", type_=BOOLEAN),
        *optional("escalated_to"),
        *optional("snoozed_until", type_=sa.Date()),
        *optional("outcome"),
        *needed("opened_at", "changed_at"),
        *needed("version", "alert_count", type_=INTEGER),
        *needed("lead_rule"),
        *optional("proposed_by", "sealed_for"),
        unique=("tenant_id", "case_id"),
    )
    create(
        "case_documents",
        *needed("case_id", type_=BYTES),
        *needed("document"),
        unique=("tenant_id", "case_id"),
    )


def create_indexes_of_cases() -> None:
    for name, columns in (
        ("queue", ["in_queue"]),
        ("state", ["state"]),
        ("assignee", ["assignee", "in_queue"]),
        ("jurisdiction", ["jurisdiction", "in_queue"]),
        ("all", []),
        ("escalated", ["is_escalated", "in_queue"]),
    ):
        op.create_index(f"ix_cases_{name}", "cases", ["tenant_id", *columns, *ORDER])
    index("cases", "tenant_id", "customer_id")
    index("cases", "tenant_id", "subject")
    index("cases", "tenant_id", "name_key", "case_id")


def create_parts() -> None:
    create(
        "case_rules",
        *needed("case_id", "rule", type_=BYTES),
        *needed("in_queue", type_=BOOLEAN),
        *needed("priority", type_=SMALL),
        *needed("due_key", type_=BYTES),
        *needed("jurisdiction"),
        *optional("sealed_for"),
        unique=("tenant_id", "case_id", "rule"),
    )
    op.create_index("ix_case_rules_queue", "case_rules", ["tenant_id", "rule", "in_queue", *ORDER])
    create(
        "case_tallies",
        *needed("rule", type_=BYTES),
        *needed("state"),
        *needed("priority", type_=SMALL),
        *needed("jurisdiction", "sealed_for", "kind", "subject_kind", "assignee"),
        *needed("is_escalated", type_=BOOLEAN),
        *needed("cases", type_=sa.BigInteger()),
        sa.UniqueConstraint("tenant_id", *CELL, name="uq_case_tallies_cell"),
    )
    create(
        "case_alerts",
        *needed("finding_id", "case_id", type_=BYTES),
        *needed("is_gone", type_=BOOLEAN),
        unique=("tenant_id", "finding_id", "case_id"),
    )
    index("case_alerts", "tenant_id", "case_id")
    create(
        "blocks",
        *needed("block_id"),
        *needed("case_id", "customer_id", type_=BYTES),
        *needed("placed_at", "placed_by"),
        *optional("released_at"),
        *needed("jurisdiction"),
        *optional("sealed_for"),
        unique=("tenant_id", "block_id"),
    )
    index("blocks", "tenant_id", "customer_id")


def create_attachments() -> None:
    create(
        "attachments",
        *needed("recorded_by", "attachment_id"),
        *needed("case_id", type_=BYTES),
        *needed("sha256"),
        *optional("content", type_=sa.LargeBinary()),
        *optional("sealed_for"),
        unique=("tenant_id", "case_id", "attachment_id"),
    )
    keep_all_but_content()


def keep_all_but_content() -> None:
    """Refuse every change of an attachment but the erasing of its content."""
    if op.get_context().dialect.name == "postgresql":
        same = " AND ".join(
            f"OLD.{column} IS NOT DISTINCT FROM NEW.{column}" for column in ATTACHMENT_COLUMNS
        )
        op.execute(
            "CREATE TRIGGER attachments_keeps BEFORE DELETE OR TRUNCATE ON attachments "
            "FOR EACH STATEMENT EXECUTE FUNCTION sluicegate_refuse()"
        )
        op.execute(
            "CREATE TRIGGER attachments_stays BEFORE UPDATE ON attachments FOR EACH ROW "
            f"WHEN (NOT (OLD.content IS NOT NULL AND NEW.content IS NULL AND {same})) "
            "EXECUTE FUNCTION sluicegate_refuse()"
        )
        return
    same = " AND ".join(f"OLD.{column} IS NEW.{column}" for column in ATTACHMENT_COLUMNS)
    refuse = "SELECT RAISE(ABORT, 'attachments: history is never edited; write a new version')"
    op.execute(f"CREATE TRIGGER attachments_keeps BEFORE DELETE ON attachments BEGIN {refuse}; END")
    op.execute(
        "CREATE TRIGGER attachments_stays BEFORE UPDATE ON attachments "
        f"WHEN NOT (OLD.content IS NOT NULL AND NEW.content IS NULL AND {same}) "
        f"BEGIN {refuse}; END"
    )
