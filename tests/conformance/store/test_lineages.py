"""Lineages by version on every database: kept whole, never edited, each tenant its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from lineage_graphs import drawn
from sluicegate.adapters.store import SqlStore
from sluicegate.adapters.store.lineage_packing import PART_BYTES, pack, unpack
from sluicegate.lineage.document import Interval, Lineage
from sluicegate.services.ports.lineage import (
    LineageChangedError,
    LineageFilesError,
    LineageVersion,
    Statement,
    StatementKind,
)

AT = datetime.fromisoformat("2026-06-30T09:00:00-07:00")
STATEMENT = Statement(
    StatementKind.INDEPENDENCE, "n1", "*", "kept apart", "a log", date(2026, 1, 2), "user:x", AT
)


def version(
    store: SqlStore, lineage: Lineage, name: str = "heron", number: int = 1
) -> LineageVersion:
    return LineageVersion(
        version_id=f"v-{name}-{number}",
        lineage_id=f"ln-{name}",
        source="lab",
        name=name,
        version=number,
        digest=store.lineages.digest_of(lineage),
        checksum="c" * 64,
        format="lineage_json",
        nodes=len(lineage.nodes),
        edges=len(lineage.parents),
        models=1,
        outputs=2,
        undisclosed=3,
        supersedes="" if number == 1 else f"v-{name}-{number - 1}",
        reason="first",
        at=AT + timedelta(days=number),
        by="local:test",
        statements=(STATEMENT,) if number > 1 else (),
    )


def keep(store: SqlStore, seed: int, name: str = "heron", number: int = 1) -> LineageVersion:
    lineage = drawn(seed, roles=True, paths=True).built()
    one = version(store, lineage, name, number)
    store.lineages.add(one, lineage)
    return one


def same(one: Lineage, other: Lineage) -> bool:
    return (
        one.nodes == other.nodes
        and one.offsets.tolist() == other.offsets.tolist()
        and one.parents.tolist() == other.parents.tolist()
        and one.places == other.places
        and one.cuts == other.cuts
        and one.independence == other.independence
        and one.intervals == other.intervals
    )


def test_a_version_reads_back_whole(store: SqlStore) -> None:
    first = keep(store, 3)
    second = keep(store, 4, number=2)
    assert list(store.lineages.versions("ln-heron")) == [first, second]
    assert same(store.lineages.read(first), drawn(3, roles=True, paths=True).built())
    assert same(store.lineages.read(second), drawn(4, roles=True, paths=True).built())


def test_intervals_between_outputs_read_back_and_change_the_digest(store: SqlStore) -> None:
    plain = drawn(3, roles=True, paths=True).built()
    ends = plain.nodes[0].id, plain.nodes[1].id
    intervals = (Interval(*ends, Fraction(1, 3)), Interval(*ends, 2, 10**20))
    timed = replace(plain, intervals=intervals)
    assert store.lineages.digest_of(timed) != store.lineages.digest_of(plain)
    one = version(store, timed)
    store.lineages.add(one, timed)
    assert same(store.lineages.read(one), timed)


def test_the_current_one_is_the_last_known(store: SqlStore) -> None:
    first, other = keep(store, 3), keep(store, 5, name="avocet")
    assert list(store.lineages.current()) == [other, first]
    second = keep(store, 4, number=2)
    assert list(store.lineages.current()) == [other, second]
    assert list(store.lineages.current(known_on=first.at)) == [other, first]
    assert list(store.lineages.versions(known_on=AT)) == []


def test_a_version_stands_once(store: SqlStore) -> None:
    keep(store, 3)
    with pytest.raises(LineageChangedError):
        keep(store, 4)
    assert len(store.lineages.versions()) == 1


def test_the_same_content_is_kept_once(store: SqlStore) -> None:
    keep(store, 3)
    keep(store, 4, number=2)
    keep(store, 3, number=3)
    with store.engine.connect() as connection:
        rows = connection.execute(text("SELECT COUNT(*) FROM lineage_contents")).scalar_one()
    assert rows == 2


def test_each_tenant_has_its_own(store: SqlStore, other_tenant: SqlStore) -> None:
    kept = keep(store, 7)
    assert list(other_tenant.lineages.versions()) == []
    assert list(other_tenant.lineages.current()) == []
    keep(other_tenant, 8)
    assert list(store.lineages.versions()) == [kept]


def test_what_is_missing_is_said(store: SqlStore) -> None:
    with pytest.raises(LineageFilesError, match="missing"):
        store.lineages.read(replace(keep(store, 3), digest="0" * 64))


@pytest.mark.parametrize("name", ["lineage_versions", "lineage_contents"])
@pytest.mark.parametrize("change", ["UPDATE {} SET digest = 'x'", "DELETE FROM {}"])
def test_history_is_never_edited(store: SqlStore, name: str, change: str) -> None:
    keep(store, 3)
    with pytest.raises(DBAPIError, match="never edited"), store.engine.begin() as connection:
        connection.execute(text(change.format(name)))


@pytest.mark.parametrize("seed", range(25))
def test_a_packed_lineage_is_the_same_when_unpacked(seed: int) -> None:
    lineage = drawn(seed, roles=seed % 2 == 0, paths=True).built()
    packed = pack(lineage)
    assert same(unpack(packed.parts, packed.digest), lineage)
    assert pack(unpack(packed.parts, packed.digest)) == packed
    assert max(map(len, packed.parts)) <= PART_BYTES


def test_damaged_bytes_are_refused() -> None:
    packed = pack(drawn(3).built())
    (part,) = packed.parts
    with pytest.raises(LineageFilesError):
        unpack([part[:-1]], packed.digest)
    with pytest.raises(LineageFilesError):
        unpack([part], "0" * 64)
