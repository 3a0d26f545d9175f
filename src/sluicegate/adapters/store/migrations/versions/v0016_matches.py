"""Matches of screening, allowances and runs of monitoring."""

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

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

NAMING: Mapping[str, tuple[str, ...]] = {
    "match_versions": (*STAMP, "match_id", "version", "run_id", "state", "digest"),
    "allowances": (*STAMP, "allowance_id", "version", "state", "digest"),
}
"""Table of documents that may name somebody → the columns that no erasing touches."""


def upgrade() -> None:
    create(
        "match_versions",
        *needed("recorded_by"),
        *needed("match_id", type_=BYTES),
        *needed("version", type_=sa.Integer()),
        *needed("run_id", "state", "document", "digest"),
        unique=("tenant_id", "match_id", "version"),
    )
    index("match_versions", "tenant_id", "run_id")
    create(
        "standing_matches",
        *needed("match_id", "party_id", "cell", type_=BYTES),
        *needed("state", "algorithm"),
        *needed("score_key", type_=sa.Integer()),
        *needed("age_key", type_=sa.BigInteger()),
        *needed("name_key", type_=BYTES),
        *needed("names", "ids"),
        unique=("tenant_id", "match_id"),
    )
    index("standing_matches", "tenant_id", "cell", "party_id")
    for key in ("score_key", "age_key", "name_key"):
        index("standing_matches", "tenant_id", key, "match_id", "cell")
    index("standing_matches", "tenant_id", "party_id", "match_id")
    create(
        "match_findings",
        *needed("match_id", "finding_id", type_=BYTES),
        unique=("tenant_id", "match_id", "finding_id"),
    )
    create(
        "match_outcomes",
        *needed("recorded_by"),
        *needed("match_id", type_=BYTES),
        *optional("before"),
        *needed("after", "cause", "cause_id", "run_id"),
    )
    index("match_outcomes", "tenant_id", "match_id")
    index("match_outcomes", "tenant_id", "run_id")
    create(
        "allowances",
        *needed("recorded_by"),
        *needed("allowance_id", type_=BYTES),
        *needed("version", type_=sa.Integer()),
        *needed("state", "document", "digest"),
        unique=("tenant_id", "allowance_id", "version"),
    )
    create(
        "screening_runs",
        *needed("recorded_by"),
        *needed("run_id", type_=BYTES),
        *needed("kind", "document"),
        *needed("cpu_milliseconds", type_=sa.BigInteger()),
        unique=("tenant_id", "run_id"),
    )
    create(
        "screening_marks",
        *needed("side"),
        *needed("mark_id", type_=BYTES),
        *needed("mark"),
        unique=("tenant_id", "side", "mark_id"),
    )
    for name in ("match_versions", "match_outcomes", "allowances", "screening_runs"):
        keep(name)
    for name, kept in NAMING.items():
        let_erase(name, kept, {}, "sequence", "")
