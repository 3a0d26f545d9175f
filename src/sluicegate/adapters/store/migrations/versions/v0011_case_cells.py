"""Cases by the cell that counts them, and an index of the names that texts are looked for in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

VALUES = {
    "state": "c.state",
    "priority": "c.priority",
    "jurisdiction": "c.jurisdiction",
    "sealed_for": "coalesce(c.sealed_for, '')",
    "kind": "c.kind",
    "subject_kind": "c.subject_kind",
    "assignee": "coalesce(c.assignee, '')",
    "is_escalated": "c.is_escalated",
    "due_key": "c.due_key",
    "maker": "CASE WHEN c.state = 'pending' THEN coalesce(c.proposed_by, '') ELSE '' END",
}
"""What cases of one cell have alike, as the rows of `cases` tell it."""

REPLACED = {
    "cases": (
        *("ix_cases_queue", "ix_cases_state", "ix_cases_kind", "ix_cases_assignee"),
        *("ix_cases_jurisdiction", "ix_cases_all", "ix_cases_escalated"),
        "ix_cases_tenant_id_name_key_case_id",
    ),
    "case_rules": ("ix_case_rules_queue",),
}
"""Indexes whose work that of the cells does."""


def upgrade() -> None:
    for table, indexes in REPLACED.items():
        for name in indexes:
            op.drop_index(name, table)
        column = sa.Column("cell", sa.BigInteger(), nullable=False, server_default="0")
        op.add_column(table, column)
    for name in ("in_queue", "priority", "due_key"):
        op.drop_column("case_rules", name)
    _count_anew()
    alike = " AND ".join(f"t.{name} = {value}" for name, value in VALUES.items())
    op.execute(
        "UPDATE cases AS c SET cell = (SELECT t.sequence FROM case_tallies AS t"
        f" WHERE t.tenant_id = c.tenant_id AND t.rule = '' AND {alike})"
    )
    op.execute(
        "UPDATE case_rules AS r SET cell = (SELECT t.sequence FROM cases AS c"
        " JOIN case_tallies AS t ON t.tenant_id = c.tenant_id"
        " WHERE c.tenant_id = r.tenant_id AND c.case_id = r.case_id"
        f" AND t.rule = r.rule AND {alike})"
    )
    for table in REPLACED:
        op.create_index(f"ix_{table}_cell", table, ["tenant_id", "cell", "case_id"])
    if op.get_context().dialect.name == "postgresql":
        _index_names_here()
    else:
        _index_names_beside()


def _count_anew() -> None:
    """Count the cases: every cell that one is in must have its row."""
    values = ", ".join(VALUES.values())
    op.execute("DELETE FROM case_tallies")
    for rule, source, group in (
        ("''", "cases AS c", ""),
        (
            "r.rule",
            "cases AS c JOIN case_rules AS r"
            " ON r.case_id = c.case_id AND r.tenant_id = c.tenant_id",
            "r.rule, ",
        ),
    ):
        op.execute(
            "INSERT INTO case_tallies (tenant_id, recorded_at, recorded_offset_minutes, rule, "
            f"{', '.join(VALUES)}, cases) SELECT c.tenant_id, max(c.recorded_at), 0, {rule}, "
            f"{values}, count(*) FROM {source} GROUP BY c.tenant_id, {group}{values}"
        )


def _index_names_here() -> None:
    """Index every three characters of a name by an expression, as PostgreSQL can."""
    op.execute(
        "CREATE FUNCTION sluicegate_grams(name text) RETURNS tsvector"
        " LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$"
        " SELECT array_to_tsvector(array_agg(DISTINCT substr(name || E'\\n\\n', n, 3)))"
        " FROM generate_series(1, length(name)) AS n $$"
    )
    op.execute("CREATE INDEX ix_cases_names ON cases USING gin (sluicegate_grams(name_key))")


def _index_names_beside() -> None:
    """Index every three characters of a name in a table of FTS5 that follows by triggers."""
    ended = "name_key || char(10) || char(10)"
    op.execute(f"CREATE VIEW case_texts AS SELECT sequence, {ended} AS name_key FROM cases")
    op.execute(
        "CREATE VIRTUAL TABLE case_names USING fts5(name_key, content='case_texts',"
        " content_rowid='sequence', tokenize='trigram case_sensitive 1', detail='none',"
        " columnsize=0)"
    )
    op.execute("CREATE VIRTUAL TABLE case_grams USING fts5vocab('case_names', 'row')")
    enter = (
        "INSERT INTO case_names(rowid, name_key)"
        " VALUES (new.sequence, new.name_key || char(10) || char(10));"
    )
    leave = (
        "INSERT INTO case_names(case_names, rowid, name_key)"
        " VALUES ('delete', old.sequence, old.name_key || char(10) || char(10));"
    )
    for name, when, then in (
        ("enters", "AFTER INSERT ON cases", enter),
        ("leaves", "AFTER DELETE ON cases", leave),
        (
            "changes",
            "AFTER UPDATE OF name_key ON cases WHEN old.name_key <> new.name_key",
            leave + " " + enter,
        ),
    ):
        op.execute(f"CREATE TRIGGER case_names_{name} {when} BEGIN {then} END")
    op.execute("INSERT INTO case_names(case_names) VALUES ('rebuild')")
