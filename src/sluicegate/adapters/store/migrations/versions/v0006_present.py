"""What the last pass found and measured, indexed for pages and search.

The rows are made from the versions when a store of before is opened (see
`opening.upgrade`), so that this migration stays the same while the read models
learn more.
"""

from __future__ import annotations

import sqlalchemy as sa

from sluicegate.adapters.store.migrations.building import (
    BYTES,
    create,
    index,
    needed,
    optional,
)

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger()


def upgrade() -> None:
    create_findings()
    create_obligations()
    create_changes()
    create_world()
    index("acts", "tenant_id", "name", "act_id")
    index("customers", "tenant_id", "customer_id", "sequence")
    index("ownership", "tenant_id", "owned_id", "sequence")
    index("runs", "tenant_id", "run_id", "sequence")
    index("account_map", "tenant_id", "customer_id", "sequence")
    index("account_map", "tenant_id", "account", "sequence")


def create_findings() -> None:
    create(
        "present_cells",
        *needed("part", "facets"),
        *needed("count", type_=NUMBER),
        unique=("tenant_id", "part", "facets"),
    )
    create(
        "present_findings",
        *needed("finding_id", "subject", "name_key", "customer_id", type_=BYTES),
        *needed("amount_key", "due_key", type_=BYTES),
        *needed("cell", "version", "changed_key", type_=NUMBER),
        *needed("weight", type_=sa.SmallInteger()),
        *needed("subject_id", "subject_name", "as_of", "opened_at", "changed_at", "pass_id"),
        *optional("amount", "threshold", "threshold_unit", "share_of_threshold"),
        unique=("tenant_id", "finding_id"),
    )
    for key in ("amount_key", "due_key", "changed_key"):
        index("present_findings", "tenant_id", "cell", key, "finding_id")
    index("present_findings", "tenant_id", "name_key", "finding_id", "cell")
    for key in ("customer_id", "subject"):
        index("present_findings", "tenant_id", key, "finding_id")


def create_obligations() -> None:
    create(
        "present_obligations",
        *needed("obligation_id", "finding_id", "customer_id", "due_key", type_=BYTES),
        *needed("cell", "version", type_=NUMBER),
        *needed("is_binding", type_=sa.Boolean()),
        unique=("tenant_id", "obligation_id"),
    )
    index("present_obligations", "tenant_id", "cell", "due_key", "obligation_id")
    index("present_obligations", "tenant_id", "finding_id", "due_key")
    index("present_obligations", "tenant_id", "customer_id", "due_key")


def create_changes() -> None:
    create(
        "present_changes",
        *needed("pass_sequence", type_=NUMBER),
        *needed("pass_id", "subject", "subject_name", "customer_id"),
        *needed("finding_id", type_=BYTES),
        *optional("before_cell", "after_cell", type_=NUMBER),
    )
    index("present_changes", "tenant_id", "pass_sequence", "sequence")


def create_world() -> None:
    create(
        "present_customers",
        *needed("customer_id", "name_key", "amount_key", type_=BYTES),
        *needed("standing", "name", "digest", "document"),
        *optional("group_id", type_=BYTES),
        *optional("country"),
        unique=("tenant_id", "customer_id"),
    )
    for key in ("name_key", "amount_key"):
        index("present_customers", "tenant_id", key, "customer_id")
    for key in ("group_id", "standing", "country"):
        index("present_customers", "tenant_id", key, "amount_key", "customer_id")
    create(
        "present_groups",
        *needed("group_id", "name_key", "amount_key", type_=BYTES),
        *needed("name", "digest", "document"),
        *needed("members", type_=NUMBER),
        unique=("tenant_id", "group_id"),
    )
    for key in ("name_key", "amount_key"):
        index("present_groups", "tenant_id", key, "group_id")
    create(
        "present_runs",
        *needed("run_key", "customer_id", "name_key", "amount_key", type_=BYTES),
        *needed("name", "digest", "document"),
        *optional("started", type_=sa.Date()),
        unique=("tenant_id", "run_key"),
    )
    for key in ("name_key", "amount_key"):
        index("present_runs", "tenant_id", key, "run_key")
    index("present_runs", "tenant_id", "customer_id", "amount_key", "run_key")
    create(
        "present_worlds",
        *needed("as_of", type_=sa.Date()),
        *needed("measured_at", "coverage"),
        unique=("tenant_id",),
    )
