"""Counts of cases by due day and by who waits for a check; indexes of kinds and of checks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from sluicegate.adapters.store.migrations.building import BYTES, create, needed

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ALIKE = (
    *("state", "priority", "jurisdiction", "sealed_for", "kind", "subject_kind"),
    *("assignee", "is_escalated", "due_key", "maker"),
)

ORDER = ("priority", "due_key", "case_id")


def upgrade() -> None:
    op.drop_index("ix_cases_state", "cases")
    op.create_index("ix_cases_state", "cases", ["tenant_id", "state", *ORDER, "proposed_by"])
    op.create_index("ix_cases_kind", "cases", ["tenant_id", "subject_kind", "in_queue", *ORDER])
    op.drop_table("case_tallies")
    create(
        "case_tallies",
        *needed("rule", type_=BYTES),
        *needed("state"),
        *needed("priority", type_=sa.SmallInteger()),
        *needed("jurisdiction", "sealed_for", "kind", "subject_kind", "assignee"),
        *needed("is_escalated", type_=sa.Boolean()),
        *needed("due_key", type_=BYTES),
        *needed("maker"),
        *needed("cases", type_=sa.BigInteger()),
        sa.UniqueConstraint("tenant_id", "rule", *ALIKE, name="uq_case_tallies_cell"),
    )
    _count("''", "cases AS c", "")
    joined = "cases AS c JOIN case_rules AS r ON r.case_id = c.case_id"
    _count("r.rule", f"{joined} AND r.tenant_id = c.tenant_id", "r.rule, ")


def _count(rule: str, source: str, group: str) -> None:
    """Count the cases as they stand, all of them or those under each rule."""
    alike = (
        "c.state, c.priority, c.jurisdiction, coalesce(c.sealed_for, ''), c.kind, "
        "c.subject_kind, coalesce(c.assignee, ''), c.is_escalated, c.due_key, "
        "CASE WHEN c.state = 'pending' THEN coalesce(c.proposed_by, '') ELSE '' END"
    )
    op.execute(
        "INSERT INTO case_tallies (tenant_id, recorded_at, recorded_offset_minutes, rule, "
        f"{', '.join(ALIKE)}, cases) SELECT c.tenant_id, max(c.recorded_at), 0, {rule}, {alike}, "
        f"count(*) FROM {source} GROUP BY c.tenant_id, {group}{alike}"
    )
