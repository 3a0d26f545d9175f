"""An act about a sealed object says for which group alone it shows."""

from __future__ import annotations

from alembic import op

from sluicegate.adapters.store.migrations.building import optional

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ACT_COLUMNS = (
    "sequence",
    "tenant_id",
    "recorded_at",
    "recorded_offset_minutes",
    "recorded_by",
    "act_id",
    "name",
    "canonical",
    "digest",
    "reason",
    "sealed_for",
)


def upgrade() -> None:
    op.add_column("acts", *optional("sealed_for"))
    if op.get_context().dialect.name == "postgresql":
        op.execute("DROP TRIGGER acts_stays ON acts")
        same = " AND ".join(
            f"OLD.{column} IS NOT DISTINCT FROM NEW.{column}" for column in ACT_COLUMNS
        )
        op.execute(
            "CREATE TRIGGER acts_stays BEFORE UPDATE ON acts FOR EACH ROW "
            f"WHEN (NOT (OLD.drained_at IS NULL AND NEW.drained_at IS NOT NULL AND {same})) "
            "EXECUTE FUNCTION sluicegate_refuse()"
        )
        return
    op.execute("DROP TRIGGER acts_stays")
    same = " AND ".join(f"OLD.{column} IS NEW.{column}" for column in ACT_COLUMNS)
    op.execute(
        "CREATE TRIGGER acts_stays BEFORE UPDATE ON acts "
        f"WHEN NOT (OLD.drained_at IS NULL AND NEW.drained_at IS NOT NULL AND {same}) BEGIN "
        "SELECT RAISE(ABORT, 'acts: history is never edited; write a new version'); END"
    )
