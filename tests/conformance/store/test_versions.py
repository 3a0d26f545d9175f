"""Statements are versions: written once, read as of a day and as known at an instant."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from sluicegate.adapters.store import SqlStore
from sluicegate.adapters.store.statements import content_digest
from sluicegate.core.canonical import digest
from sluicegate.core.clock import FixedClock
from sluicegate.core.identifiers import TenantId
from sluicegate.registry.kinds import KINDS, RecordError, in_force
from sluicegate.registry.records import (
    AccountMapping,
    Customer,
    OwnershipEdge,
    Record,
)
from sluicegate.services.ports import Put

FIRST = datetime(2026, 1, 10, 9, tzinfo=UTC)
LATER = FIRST + timedelta(days=30)


def customer(name: str, country: str = "US", source: str = "crm") -> dict[str, Any]:
    return {
        "source": source,
        "customer_id": name,
        "name": f"Customer {name}",
        "customer_kind": "entity",
        "country": country,
        "ip_addresses": "192.0.2.1;192.0.2.2",
        "opened": "2025-01-01",
    }


def mapping(account: str, customer_id: str, begins: str = "", ends: str = "") -> dict[str, Any]:
    row = {"source": "billing", "account": account, "customer_id": customer_id}
    return {**row, "valid_from": begins, "valid_to": ends}


def countries(records: Iterable[Record]) -> dict[str, str]:
    return {r.customer_id: r.country for r in records if isinstance(r, Customer)}


def test_rows_come_back_as_typed_records_in_order_of_id(store: SqlStore) -> None:
    rows = {
        "customers": [customer("c-2"), customer("c-1")],
        "ownership": [
            {
                "source": "register",
                "owner_id": "p-1",
                "owned_id": "c-1",
                "owner_name": "Ada Quill",
                "owner_kind": "individual",
                "share": Fraction(1, 3),
                "substantial_control": True,
            }
        ],
        "facilities": [
            {"source": "ops", "facility_id": "f", "name": "N", "country": "NO", "power_mw": "1.25"}
        ],
        "clusters": [
            {
                "source": "ops",
                "cluster_id": "k",
                "facility_id": "f",
                "accelerator": "x",
                "accelerator_count": "8",
            }
        ],
        "runs": [
            {
                "source": "d",
                "run_id": "r",
                "customer_id": "c-1",
                "declared_flop": "1.31e26",
                "tokens": 10**20,
                "hardware": ["H100 SXM", "H200"],
            }
        ],
        "account_map": [mapping("a", "c-1", "2025-01-01", "2026-01-01")],
    }
    for kind, given_rows in rows.items():
        assert store.put(kind, given_rows, at=FIRST, by="ana") == Put(len(given_rows), 0)
        expected = sorted((KINDS[kind].read(row) for row in given_rows), key=KINDS[kind].entity)
        assert list(store.records(kind)) == expected


def test_putting_the_same_rows_again_changes_nothing(store: SqlStore) -> None:
    rows = [customer(f"c-{number}") for number in range(5)]
    store.put("customers", rows, at=FIRST, by="ana")
    assert store.put("customers", rows, at=LATER, by="ana") == Put(0, 5)
    assert {r.version.recorded_at for r in store.records("customers") if r.version} == {FIRST}


def test_a_changed_row_is_a_new_version_that_names_the_old_one(store: SqlStore) -> None:
    store.put("customers", [customer("c-1", "US")], at=FIRST, by="ana")
    [before] = store.records("customers")
    assert store.put("customers", [customer("c-1", "NO")], at=LATER, by="ben") == Put(1, 0)
    [after] = store.records("customers")
    assert before.version is not None
    assert after.version is not None
    assert before.version.supersedes is None
    assert after.version.supersedes == before.version.version_id
    assert (after.version.recorded_by, after.version.recorded_at) == ("ben", LATER)


def test_what_was_known_before_a_correction_can_still_be_read(store: SqlStore) -> None:
    store.put("customers", [customer("c-1", "US")], at=FIRST, by="ana")
    store.put("customers", [customer("c-1", "NO"), customer("c-2")], at=LATER, by="ana")
    assert countries(store.records("customers", known_on=FIRST)) == {"c-1": "US"}
    assert countries(store.records("customers", known_on=LATER)) == {"c-1": "NO", "c-2": "US"}
    assert countries(store.records("customers", known_on=FIRST - timedelta(microseconds=1))) == {}


def test_going_back_to_an_earlier_content_is_a_change(store: SqlStore) -> None:
    for country in ("US", "NO", "US"):
        assert store.put("customers", [customer("c", country)], at=FIRST, by="ana").accepted == 1
    assert countries(store.records("customers")) == {"c": "US"}


def test_of_rows_with_one_key_the_last_counts_and_reading_again_changes_nothing(
    store: SqlStore,
) -> None:
    rows = [customer("c", "US"), customer("c", "NO")]
    assert store.put("customers", rows, at=FIRST, by="ana") == Put(1, 0, 1)
    assert store.put("customers", rows, at=LATER, by="ana") == Put(0, 1, 1)
    assert countries(store.records("customers")) == {"c": "NO"}


def test_the_source_recorded_last_describes_the_entity(store: SqlStore) -> None:
    store.put("customers", [customer("c", "US", "crm")], at=FIRST, by="ana")
    store.put("customers", [customer("c", "NO", "erp")], at=LATER, by="ana")
    assert countries(store.records("customers")) == {"c": "NO"}
    assert countries(store.records("customers", known_on=FIRST)) == {"c": "US"}


def test_columns_alone_say_what_whole_records_say(store: SqlStore) -> None:
    store.put("customers", [customer("c-2"), customer("c-1")], at=FIRST, by="local:anna")
    store.put("customers", [customer("c-1", "DE", "erp")], at=LATER, by="local:anna")
    store.put("customers", [customer("c-1", "FR")], at=LATER + timedelta(days=1), by="local:anna")
    names = ("customer_id", "country", "opened", "name")
    for known_on in (None, FIRST, LATER):
        told = {
            one[0]: one for one in store.columns_of("customers", names, known_on=known_on)
        }  # what is recorded last holds
        assert list(told.values()) == [
            tuple(getattr(one, name) for name in names)
            for one in store.records("customers", known_on=known_on)
        ]
    every = [one[:2] for one in store.columns_of("customers", names)]
    assert every == [("c-1", "DE"), ("c-1", "FR"), ("c-2", "US")]
    with pytest.raises(ValueError, match="has periods"):
        store.columns_of("ownership", ("owner_name",))


def test_an_account_that_moved_belongs_to_one_customer_on_each_day(store: SqlStore) -> None:
    rows = [mapping("a", "c-1", "", "2025-06-01"), mapping("a", "c-2", "2025-06-01")]
    assert store.put("account_map", rows, at=FIRST, by="ana") == Put(2, 0)

    def owner(day: date) -> list[str]:
        held = store.records("account_map", as_of=day)
        return [record.customer_id for record in held if isinstance(record, AccountMapping)]

    assert owner(date(2025, 5, 31)) == ["c-1"]
    assert owner(date(2025, 6, 1)) == ["c-2"]
    assert len(list(store.records("account_map"))) == 2


def test_a_share_that_changed_keeps_its_earlier_period(store: SqlStore) -> None:
    row = {
        "source": "register",
        "owner_id": "p-1",
        "owned_id": "c-1",
        "owner_name": "Ada Quill",
        "owner_kind": "individual",
    }
    store.put("ownership", [{**row, "share": "0.3"}], at=FIRST, by="ana")
    store.put(
        "ownership", [{**row, "share": "0.1", "valid_from": "2025-06-01"}], at=LATER, by="ana"
    )

    def held(day: date) -> list[Fraction | None]:
        edges = store.records("ownership", as_of=day)
        return [edge.share for edge in edges if isinstance(edge, OwnershipEdge)]

    assert held(date(2025, 5, 31)) == [Fraction(3, 10)]
    assert held(date(2025, 6, 1)) == [Fraction(1, 10)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(
    st.lists(
        st.tuples(
            st.sampled_from("ab"),
            st.sampled_from(["", "2025-01-01", "2025-03-01"]),
            st.sampled_from(["", "2025-03-01", "2025-06-01"]),
            st.sampled_from(["c-1", "c-2"]),
        ),
        max_size=6,
    ),
    st.dates(date(2024, 12, 1), date(2025, 7, 1)),
)
def test_the_store_answers_as_the_rule_of_the_registry_does(
    store: SqlStore, given_rows: list[tuple[str, str, str, str]], day: date
) -> None:
    fresh = TenantId(digest(repr((given_rows, day))))
    tenant = SqlStore(store.engine, fresh, FixedClock(FIRST))
    for source, begins, ends, customer_id in given_rows:
        row = {**mapping("a", customer_id, begins, ends), "source": source}
        tenant.put("account_map", [row], at=FIRST, by="ana")
    with store.engine.connect() as connection:
        written = connection.execute(text("SELECT version_id FROM account_map ORDER BY sequence"))
        order = list(written.scalars())

    def place(record: Record) -> int:
        return order.index(record.version.version_id if record.version else "")

    statements = sorted(tenant.records("account_map"), key=place)
    expected = list(in_force(KINDS["account_map"], statements, day))
    assert list(tenant.records("account_map", as_of=day)) == expected


def test_a_bad_row_keeps_nothing_of_the_call(store: SqlStore) -> None:
    with pytest.raises(RecordError, match="customer_kind"):
        store.put("customers", [customer("c"), {**customer("d"), "customer_kind": "x"}], by="ana")
    assert list(store.records("customers")) == []


def test_an_unknown_kind_is_refused_with_the_kinds_there_are(store: SqlStore) -> None:
    with pytest.raises(ValueError, match="'usage' is not in the registry; give one of customers"):
        store.put("usage", [], by="ana")


def test_the_offset_of_recording_is_kept(store: SqlStore) -> None:
    instant = datetime.fromisoformat("2026-01-10T23:30:00-07:00")
    store.put("customers", [customer("c")], at=instant, by="ana")
    [record] = store.records("customers")
    assert record.version is not None
    assert record.version.recorded_at.isoformat() == "2026-01-10T23:30:00-07:00"


def test_an_instant_without_offset_is_refused(store: SqlStore) -> None:
    with pytest.raises(ValueError, match="needs an offset"):
        store.put("customers", [customer("c")], at=datetime(2026, 1, 1), by="ana")  # noqa: DTZ001


@given(
    st.text(min_size=1).filter(str.strip),
    st.lists(st.text(min_size=1).filter(str.strip), max_size=3),
)
def test_the_fast_digest_is_the_canonical_digest(name: str, addresses: list[str]) -> None:
    kind = KINDS["customers"]
    record = kind.read({**customer("c"), "name": name, "ip_addresses": addresses})
    assert content_digest(kind, record) == digest(kind.content(record))
