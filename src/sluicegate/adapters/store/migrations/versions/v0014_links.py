"""Links between accounts: signals that sources state, links as found, and decisions on them."""

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

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_signals()
    create(
        "link_decisions",
        *needed("recorded_by"),
        *needed("a", "b", type_=BYTES),
        *needed("verdict", "reason"),
    )
    index("link_decisions", "tenant_id", "sequence")
    create(
        "link_marks",
        *needed("as_of", type_=sa.Date()),
        *needed("version", "digest"),
        *needed("customers", "links", "groups", "common", "aside", type_=sa.Integer()),
    )
    index("link_marks", "tenant_id", "sequence")
    create_found()
    for name in ("account_signals", "link_decisions", "link_marks"):
        keep(name)


def create_signals() -> None:
    create(
        "account_signals",
        *needed("recorded_by", "version_id", "digest"),
        *needed("source", "key", type_=BYTES),
        *optional("valid_from", "valid_to", type_=sa.Date()),
        *optional("supersedes"),
        *needed("customer_id", "value", type_=BYTES),
        *needed("signal"),
        *optional("first_seen", "last_seen", type_=sa.Date()),
        unique=("version_id",),
    )
    index("account_signals", "tenant_id", "source", "key", "sequence")
    index("account_signals", "tenant_id", "customer_id", "sequence")


def create_found() -> None:
    create(
        "found_links",
        *needed("a", "b", type_=BYTES),
        *needed("kind", "evidence"),
        *needed("weight", "sharers", type_=sa.Integer()),
        *needed("decides", "holds", type_=sa.Boolean()),
        *optional("since", "until", type_=sa.Date()),
        *needed("group_id", type_=BYTES),
        *optional("aside"),
        *optional("would_join", type_=sa.Integer()),
        sa.UniqueConstraint(
            "tenant_id", "a", "b", "kind", "evidence", name="uq_found_links_tenant_id_a_b"
        ),
    )
    index("found_links", "tenant_id", "group_id")
    index("found_links", "tenant_id", "aside")
    create(
        "linked_customers",
        *needed("customer_id", "group_id", type_=BYTES),
        unique=("tenant_id", "customer_id"),
    )
    index("linked_customers", "tenant_id", "group_id", "customer_id")
    create(
        "common_things",
        *needed("customer_id", type_=BYTES),
        *needed("kind", "evidence"),
        *needed("sharers", type_=sa.Integer()),
        sa.UniqueConstraint(
            "tenant_id", "customer_id", "kind", "evidence", name="uq_common_things_tenant_id"
        ),
    )
    index("common_things", "tenant_id", "sharers")
    create(
        "suggested_links",
        *needed("a", "b", type_=BYTES),
        *needed("per_mille", type_=sa.Integer()),
        *needed("agreeing"),
        sa.UniqueConstraint("tenant_id", "a", "b", name="uq_suggested_links_tenant_id_a_b"),
    )
