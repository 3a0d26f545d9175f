"""Records of diligence on every database: versions that only grow, of one's own tenant alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from sluicegate.adapters.store import SqlStore
from sluicegate.services.ports.ownership_diligence import (
    DiligenceChangedError,
    DiligenceState,
    Gap,
    Ground,
    OwnershipDiligence,
)

AT = datetime.fromisoformat("2026-06-30T09:00:00-07:00")
GAP = Gap(Ground.SIGNIFICANT_MINORITY.value, "ofac", "0.48", ("ofac-1", "水闸"))


def record(name: str = "d-1", version: int = 1, **given: object) -> OwnershipDiligence:
    first = OwnershipDiligence(
        diligence_id=name,
        version=version,
        party_id="c-1",
        state=DiligenceState.OPEN,
        gaps=(GAP,),
        searched="the register",
        found="",
        left_open="who holds 52 %",
        reason="pass",
        at=AT + timedelta(minutes=version),
        by="user:ada",
    )
    return replace(first, **given)  # type: ignore[arg-type]


def test_a_record_reads_as_it_was_written(store: SqlStore) -> None:
    store.ownership_diligence.add(record())
    found = store.ownership_diligence.find("d-1")
    assert found == record()
    assert found.at.utcoffset() == AT.utcoffset()
    assert store.ownership_diligence.find("d-2") is None


def test_the_last_version_stands_and_every_version_is_kept(store: SqlStore) -> None:
    closed = record(version=2, state=DiligenceState.CLOSED, gaps=(), reason="found out")
    for one in (record(), closed, record("d-0")):
        store.ownership_diligence.add(one)
    records = store.ownership_diligence
    assert list(records.versions("d-1")) == [record(), closed]
    assert list(records.last()) == [record("d-0"), closed]
    assert list(records.last(DiligenceState.OPEN)) == [record("d-0")]
    assert list(records.last(DiligenceState.CLOSED)) == [closed]


def test_of_two_who_write_the_same_version_one_is_refused(store: SqlStore) -> None:
    store.ownership_diligence.add(record())
    with pytest.raises(DiligenceChangedError), store.transaction():
        store.ownership_diligence.add(record(reason="late"))
    assert [one.reason for one in store.ownership_diligence.versions("d-1")] == ["pass"]


def test_nobody_reads_the_records_of_another_tenant(
    store: SqlStore, other_tenant: SqlStore
) -> None:
    store.ownership_diligence.add(record())
    other_tenant.ownership_diligence.add(record(version=2, reason="of the other"))
    assert [one.reason for one in store.ownership_diligence.last()] == ["pass"]
    assert [one.version for one in other_tenant.ownership_diligence.last()] == [2]
    assert [one.version for one in other_tenant.ownership_diligence.versions("d-1")] == [2]


@pytest.mark.parametrize(
    "change", ["UPDATE ownership_diligence SET reason = 'x'", "DELETE FROM ownership_diligence"]
)
def test_history_is_never_edited(store: SqlStore, change: str) -> None:
    store.ownership_diligence.add(record())
    with pytest.raises(DBAPIError), store.engine.begin() as connection:
        connection.execute(text(change))
    assert store.ownership_diligence.find("d-1") == record()
