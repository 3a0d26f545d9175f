"""Lists, their versions and the parties they list."""

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

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _versions()
    _parties()
    create(
        "list_designations",
        *needed("recorded_by"),
        *needed("designation_id", type_=BYTES),
        *needed("version", type_=sa.Integer()),
        *needed("state", "entry", "expected_list", "document", "url"),
        *needed("dated", type_=sa.Date()),
        *optional("met_list", "met_entry"),
        *needed("reason"),
        unique=("tenant_id", "designation_id", "version"),
    )
    for name in (
        *("list_versions", "list_confirmations", "list_presence"),
        *("list_unions", "list_judgements", "list_designations"),
    ):
        keep(name)


def _versions() -> None:
    create(
        "list_versions",
        *needed("recorded_by"),
        *needed("version_id", "list_id", type_=BYTES),
        *needed("version", "issuer"),
        *optional("published", type_=sa.Date()),
        *needed("checksum"),
        *needed("size_bytes", type_=sa.BigInteger()),
        *needed("reader", "counts"),
        *needed("names", type_=sa.Integer()),
        *needed("origin", "files", "entries_digest"),
        *needed("problems", type_=sa.Integer()),
        *needed("excuse"),
        unique=("tenant_id", "version_id"),
    )
    create(
        "list_confirmations",
        *needed("recorded_by"),
        *needed("version_id", type_=BYTES),
        *needed("origin"),
    )
    index("list_confirmations", "tenant_id", "version_id")


def _parties() -> None:
    create(
        "list_presence",
        *needed("recorded_by"),
        *needed("list_id", "entry_id", "party_id", type_=BYTES),
        *needed("event"),
        *needed("happened_on", type_=sa.Date()),
        *needed("version_id", type_=BYTES),
    )
    index("list_presence", "tenant_id", "party_id")
    create(
        "list_unions",
        *needed("recorded_by"),
        *needed("party_id", "into_party", type_=BYTES),
        *needed("evidence", "reason"),
    )
    index("list_unions", "tenant_id", "party_id")
    create(
        "list_judgements",
        *needed("recorded_by"),
        *needed("first_list", "first_entry", "second_list", "second_entry", type_=BYTES),
        *needed("verdict", "reason"),
    )
