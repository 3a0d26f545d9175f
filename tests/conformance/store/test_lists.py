"""Versions of lists, parties and designations, the same on every database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from list_worlds import company, person
from sluicegate.adapters.store import SqlStore
from sluicegate.screening.entries import ListVersion
from sluicegate.screening.joining import Agreement, Join, JoinRule, party_id_of
from sluicegate.services.ports.lists import (
    Coming,
    Confirmation,
    Designation,
    DesignationChangedError,
    DesignationState,
    Judged,
    KeptFile,
    KeptVersion,
    PartyUnion,
    Presence,
    Verdict,
)

AT = datetime.fromisoformat("2026-04-01T10:00:00+08:00")
LATER = AT + timedelta(days=1)
VERSION = KeptVersion(
    version_id="v-1",
    about=ListVersion(
        list_id="aaa",
        version="2026-03-30",
        issuer="Issuer 一",
        published=date(2026, 3, 30),
        loaded_at=AT,
        checksum="a" * 64,
        size_bytes=5_000_000_000,
        reader="own-csv",
        counts=(("aaa", 3), ("zzz", 1)),
        names=9,
        source="aaa.csv",
    ),
    files=(KeptFile("aaa.csv", "a" * 64, 5_000_000_000),),
    entries_digest="e" * 64,
    problems=2,
    excuse="",
    by="ana",
)
JOIN = Join(("aaa", "1"), ("bbb", "x"), JoinRule.NAME, "Ann Ö.", "", (Agreement.BIRTH_DATE,))
UNION = PartyUnion("lp-2", "lp-1", JOIN, "name", AT, "ana")
CAME = Presence(
    ("aaa", "1"), party_id_of(("aaa", "1")), Coming.ADDED, date(2026, 3, 30), "v-1", AT, "ana"
)
JUDGED = Judged(("aaa", "1"), ("bbb", "x"), Verdict.APART, "another person", AT, "ana")
DESIGNATION = Designation(
    designation_id="d-1",
    version=1,
    state=DesignationState.ENTERED,
    entry=person("designated", "d-1", birth_dates=("1961",), numbers=(("passport", "C1", "AD"),)),
    expected_list="aaa",
    document="Gazette 12",
    url="",
    dated=date(2026, 3, 31),
    met=None,
    reason="published",
    at=AT,
    by="ana",
)


def fill(store: SqlStore) -> None:
    """Write one row into every table of lists."""
    lists = store.lists
    lists.add_version(VERSION)
    lists.confirm(Confirmation("v-1", AT, "https://lists.example/a", "ana"))
    lists.add_presence([CAME])
    lists.add_unions([UNION])
    lists.add_judged([JUDGED])
    lists.add_designation(DESIGNATION)


def counts(store: SqlStore, known_on: datetime | None = None) -> list[int]:
    """Return how much each reading method shows."""
    lists = store.lists
    return [
        len(lists.versions(known_on=known_on)),
        len(lists.confirmations(known_on=known_on)),
        len(lists.presence(known_on=known_on)),
        len(lists.unions(known_on=known_on)),
        len(lists.judged(known_on=known_on)),
        len(lists.designations(known_on=known_on)),
    ]


def test_everything_is_read_back_as_it_was_written(store: SqlStore) -> None:
    fill(store)
    lists = store.lists
    assert lists.versions() == (VERSION,)
    assert lists.versions()[0].about.loaded_at.utcoffset() == timedelta(hours=8)
    assert lists.confirmations() == {
        "v-1": Confirmation("v-1", AT, "https://lists.example/a", "ana")
    }
    assert lists.presence() == (CAME,)
    assert lists.unions() == (UNION,)
    assert lists.judged() == (JUDGED,)
    assert lists.designations() == (DESIGNATION,)
    assert lists.designation_versions("d-1") == (DESIGNATION,)


def test_a_version_without_a_day_has_the_day_of_its_loading(store: SqlStore) -> None:
    bare = replace(VERSION, about=replace(VERSION.about, published=None))
    store.lists.add_version(bare)
    [kept] = store.lists.versions()
    assert (kept, kept.day) == (bare, date(2026, 4, 1))


def test_another_tenant_sees_nothing(store: SqlStore, other_tenant: SqlStore) -> None:
    fill(store)
    assert counts(store) == [1] * 6
    assert counts(other_tenant) == [0] * 6
    assert other_tenant.lists.designation_versions("d-1") == ()
    fill(other_tenant)  # ids are a tenant's own
    assert counts(other_tenant) == [1] * 6
    assert counts(store) == [1] * 6


def test_what_was_recorded_later_was_not_known_before(store: SqlStore) -> None:
    fill(store)
    assert counts(store, AT) == [1] * 6
    assert counts(store, AT - timedelta(seconds=1)) == [0] * 6
    store.lists.add_designation(
        replace(DESIGNATION, version=2, state=DesignationState.WITHDRAWN, at=LATER)
    )
    [before] = store.lists.designations(known_on=AT)
    [now] = store.lists.designations()
    assert (before.state, now.state) == (DesignationState.ENTERED, DesignationState.WITHDRAWN)


def test_the_last_version_of_a_designation_counts_and_no_version_stands_twice(
    store: SqlStore,
) -> None:
    store.lists.add_designation(DESIGNATION)
    met = replace(DESIGNATION, version=2, state=DesignationState.MET, met=("aaa", "7"), at=LATER)
    store.lists.add_designation(met)
    assert store.lists.designations() == (met,)
    with pytest.raises(DesignationChangedError, match="changed by someone else"):
        store.lists.add_designation(replace(met, reason="other"))
    assert store.lists.designation_versions("d-1") == (DESIGNATION, met)


def test_rows_come_in_the_order_they_were_written(store: SqlStore) -> None:
    keys = [("aaa", str(number)) for number in (10, 9, 2, 1)]
    events = [replace(CAME, key=key, party_id=party_id_of(key)) for key in keys]
    store.lists.add_presence(events)
    assert [one.key for one in store.lists.presence()] == keys
    store.lists.add_presence([])
    parted = PartyUnion("lp-2", "", None, "another", LATER, "bo")
    store.lists.add_unions([UNION, parted])
    assert store.lists.unions() == (UNION, parted)


def test_many_entries_are_entered_at_once(store: SqlStore) -> None:
    keys = [company("aaa", f"{number:05}").key for number in range(4_500)]
    store.lists.add_presence([replace(CAME, key=key) for key in keys])
    assert [one.key for one in store.lists.presence()] == keys


@pytest.mark.parametrize(
    "table",
    [
        *("list_versions", "list_confirmations", "list_presence"),
        *("list_unions", "list_judgements", "list_designations"),
    ],
)
def test_the_history_of_lists_can_be_neither_changed_nor_deleted(
    store: SqlStore, table: str
) -> None:
    fill(store)
    for change in (f"UPDATE {table} SET tenant_id = 'x'", f"DELETE FROM {table}"):
        refused = pytest.raises(DBAPIError, match="history is never edited")
        with refused, store.engine.begin() as connection:
            connection.execute(text(change))
    assert counts(store) == [1] * 6
