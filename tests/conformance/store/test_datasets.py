"""Snapshots of data sets on every database: exact, in order, of one tenant, never edited."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from sluicegate.adapters.store import SqlStore
from sluicegate.frontier.records import RecordedModel, Snapshot
from sluicegate.services.ports.datasets import KeptSnapshot

AT = datetime.fromisoformat("2026-08-01T09:00:00+02:00")
DAY = date(2026, 7, 23)
MODELS = (
    RecordedModel(
        "Alder",
        ("Example Labs", "Second Example"),
        date(2026, 1, 2),
        10**26,
        Fraction(1, 3),
        5 * 10**26,
        False,
        ("Norway",),
        "Likely",
        True,
        "Birch",
        Fraction(5, 2),
        True,
        7,
    ),
    RecordedModel("Birch"),
)


def kept(name: str = "own", number: int = 1, at: datetime = AT) -> KeptSnapshot:
    key = f"snapshot-{number}"
    return KeptSnapshot(key, name, DAY, "d" * 64, "Example", "f.csv", 3, 2, 1, 1, "", at, "ana")


def test_a_snapshot_comes_back_as_it_was_given(store: SqlStore) -> None:
    given = Snapshot("own", DAY, MODELS, "d" * 64, "Example")
    store.datasets.add(kept(), given)
    assert store.datasets.load("snapshot-1") == given
    assert store.datasets.snapshots() == (kept(),)
    assert store.datasets.load("snapshot-2") is None


def test_snapshots_come_by_name_in_order_and_as_known_on(store: SqlStore) -> None:
    given = Snapshot("own", DAY, MODELS)
    later = AT + timedelta(days=1)
    store.datasets.add(kept(number=2), given)
    store.datasets.add(kept("other", 1, later), given)
    assert [one.snapshot_id for one in store.datasets.snapshots()] == ["snapshot-2", "snapshot-1"]
    assert [one.name for one in store.datasets.snapshots("other")] == ["other"]
    known = store.datasets.snapshots(known_on=AT.astimezone(UTC))
    assert [one.snapshot_id for one in known] == ["snapshot-2"]


def test_no_id_stands_twice(store: SqlStore) -> None:
    store.datasets.add(kept(), Snapshot("own", DAY, MODELS))
    with pytest.raises(IntegrityError):
        store.datasets.add(kept(), Snapshot("own", DAY, MODELS))


def test_snapshots_are_never_edited(store: SqlStore) -> None:
    store.datasets.add(kept(), Snapshot("own", DAY, MODELS))
    for name in ("dataset_snapshots", "dataset_models"):
        for change in (f"UPDATE {name} SET recorded_by = 'x'", f"DELETE FROM {name}"):
            with (
                pytest.raises(DBAPIError, match="history is never edited"),
                store.engine.begin() as connection,
            ):
                connection.execute(text(change))


def test_another_tenant_sees_none_of_them(store: SqlStore, other_tenant: SqlStore) -> None:
    store.datasets.add(kept(), Snapshot("own", DAY, MODELS))
    assert other_tenant.datasets.snapshots() == ()
    assert other_tenant.datasets.load("snapshot-1") is None
