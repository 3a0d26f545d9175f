"""The first tables, and the triggers that keep history from being edited."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

BYTES = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
SEQUENCE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

ONLY_GROWING = (
    "customers",
    "ownership",
    "facilities",
    "clusters",
    "runs",
    "account_map",
    "intake_files",
    "usage_batches",
    "passes",
    "findings",
    "obligations",
)
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
)


def needed(*names: str, type_: Any = None) -> list[sa.Column[Any]]:
    return [sa.Column(name, type_ or sa.Text(), nullable=False) for name in names]


def optional(*names: str, type_: Any = None) -> list[sa.Column[Any]]:
    return [sa.Column(name, type_ or sa.Text(), nullable=True) for name in names]


def create(name: str, *parts: Any, unique: tuple[str, ...], index: tuple[str, ...] = ()) -> None:
    op.create_table(
        name,
        sa.Column("sequence", SEQUENCE, nullable=False),
        *needed("tenant_id", "recorded_at"),
        *needed("recorded_offset_minutes", type_=sa.SmallInteger()),
        *parts,
        sa.PrimaryKeyConstraint("sequence", name=f"pk_{name}"),
        sa.UniqueConstraint(*unique, name=f"uq_{name}_{'_'.join(unique)}"),
    )
    if index:
        op.create_index(f"ix_{name}_{'_'.join(index)}", name, list(index))


def create_statements(name: str, *parts: Any) -> None:
    create(
        name,
        *needed("recorded_by", "version_id", "digest"),
        *needed("source", "key", type_=BYTES),
        *optional("valid_from", "valid_to", type_=sa.Date()),
        *optional("supersedes"),
        *parts,
        unique=("version_id",),
        index=("tenant_id", "source", "key", "sequence"),
    )


def create_documents(name: str) -> None:
    create(
        name,
        *needed("recorded_by", "version_id", "pass_id"),
        *needed("document_id", type_=BYTES),
        *optional("supersedes", "digest", "document"),
        sa.ForeignKeyConstraint(["pass_id"], ["passes.pass_id"], name=f"fk_{name}_pass_id"),
        unique=("version_id",),
        index=("tenant_id", "document_id", "sequence"),
    )


def upgrade() -> None:
    create_registry()
    create(
        "acts",
        *needed("recorded_by", "act_id", "name", "digest", "reason"),
        *needed("canonical", type_=sa.LargeBinary()),
        *optional("drained_at"),
        unique=("act_id",),
        index=("tenant_id", "sequence"),
    )
    create(
        "intake_files",
        *needed("file_digest", "kind"),
        *needed("rows", type_=sa.BigInteger()),
        unique=("tenant_id", "file_digest", "kind"),
    )
    create(
        "usage_batches",
        *needed("batch", "source_digest", "file"),
        *needed("rows", type_=sa.BigInteger()),
        *needed("superseding", type_=sa.Boolean()),
        unique=("tenant_id", "batch"),
    )
    create(
        "passes",
        *needed("recorded_by", "pass_id"),
        *needed("changed", "closed", type_=sa.BigInteger()),
        unique=("pass_id",),
        index=("tenant_id", "sequence"),
    )
    create_documents("findings")
    create_documents("obligations")
    protect()


def create_registry() -> None:
    create_statements(
        "customers",
        *needed("customer_id", type_=BYTES),
        *needed("name", "customer_kind", "country"),
        *optional("address", "email", "telephone", "registration_number", "lei"),
        *optional("birth_date", "opened", "closed", type_=sa.Date()),
        *optional("payment_source", "ip_addresses", "stated_purpose", "account_of"),
    )
    create_statements(
        "ownership",
        *needed("owner_id", "owned_id", type_=BYTES),
        *needed("owner_name", "owner_kind"),
        *optional("owner_country", "share", "share_low", "share_high", "role"),
        *needed("substantial_control", type_=sa.Boolean()),
    )
    create_statements(
        "facilities",
        *needed("facility_id", type_=BYTES),
        *needed("name", "country"),
        *optional("region", "operator", "power_mw"),
    )
    create_statements(
        "clusters",
        *needed("cluster_id", type_=BYTES),
        *needed("facility_id", "accelerator", "accelerator_count"),
        *optional("fabric_id", "fabric_gbit_per_second"),
    )
    create_statements(
        "runs",
        *needed("run_id", type_=BYTES),
        *needed("customer_id"),
        *optional("kind", "model_id", "declared_flop", "parameters", "active_parameters"),
        *optional("planned_start", "planned_end", type_=sa.Date()),
        *optional("tokens", "hardware", "site"),
    )
    create_statements("account_map", *needed("account", type_=BYTES), *needed("customer_id"))


def protect() -> None:
    if op.get_context().dialect.name == "postgresql":
        protect_postgresql()
    else:
        protect_sqlite()


def protect_sqlite() -> None:
    for name in (*ONLY_GROWING, "acts"):
        refuse = f"SELECT RAISE(ABORT, '{name}: history is never edited; write a new version')"
        op.execute(f"CREATE TRIGGER {name}_keeps BEFORE DELETE ON {name} BEGIN {refuse}; END")
        when = ""
        if name == "acts":
            same = " AND ".join(f"OLD.{column} IS NEW.{column}" for column in ACT_COLUMNS)
            when = f"WHEN NOT (OLD.drained_at IS NULL AND NEW.drained_at IS NOT NULL AND {same})"
        op.execute(
            f"CREATE TRIGGER {name}_stays BEFORE UPDATE ON {name} {when} BEGIN {refuse}; END"
        )


def protect_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION sluicegate_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION USING MESSAGE = "
        "TG_TABLE_NAME || ': history is never edited; write a new version'; "
        "END $$"
    )
    for name in (*ONLY_GROWING, "acts"):
        op.execute(
            f"CREATE TRIGGER {name}_keeps BEFORE DELETE OR TRUNCATE ON {name} "
            "FOR EACH STATEMENT EXECUTE FUNCTION sluicegate_refuse()"
        )
        when = ""
        if name == "acts":
            same = " AND ".join(
                f"OLD.{column} IS NOT DISTINCT FROM NEW.{column}" for column in ACT_COLUMNS
            )
            when = f"WHEN (NOT (OLD.drained_at IS NULL AND NEW.drained_at IS NOT NULL AND {same})) "
        op.execute(
            f"CREATE TRIGGER {name}_stays BEFORE UPDATE ON {name} FOR EACH ROW "
            f"{when}EXECUTE FUNCTION sluicegate_refuse()"
        )
