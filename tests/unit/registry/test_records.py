"""Records: rows of text become typed statements, and one statement holds on a day."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sluicegate.core.canonical import digest
from sluicegate.registry.kinds import KINDS, RecordError, in_force
from sluicegate.registry.records import (
    AccountMapping,
    Customer,
    CustomerKind,
    DeclaredRun,
    OwnershipEdge,
    is_in_force,
    prevailing,
)

ROWS: dict[str, dict[str, str]] = {
    "customers": {
        "source": "crm",
        "customer_id": "c-1",
        "name": "Harrow Basin Models Ltd",
        "customer_kind": "entity",
        "country": "GB",
        "ip_addresses": "192.0.2.7; 2001:db8::1",
        "opened": "2025-03-01",
    },
    "ownership": {
        "source": "register",
        "owner_id": "p-1",
        "owned_id": "c-1",
        "owner_name": "Ada Quill",
        "owner_kind": "Individual",
        "share": "0.30",
        "substantial_control": "true",
        "valid_from": "2025-01-01",
    },
    "facilities": {
        "source": "ops",
        "facility_id": "f-1",
        "name": "North Hall",
        "country": "NO",
        "power_mw": "12.5",
    },
    "clusters": {
        "source": "ops",
        "cluster_id": "k-1",
        "facility_id": "f-1",
        "accelerator": "nvidia.h100_sxm",
        "accelerator_count": "16384",
    },
    "runs": {
        "source": "declared",
        "run_id": "r-1",
        "customer_id": "c-1",
        "declared_flop": "1.31e26",
        "tokens": "1.5e13",
        "hardware": "H100 SXM; H200",
    },
    "account_map": {"source": "billing", "account": "a-1", "customer_id": "c-1"},
    "account_signals": {
        "source": "portal",
        "customer_id": "c-1",
        "signal": "device",
        "value": "dev-1",
        "first_seen": "2026-01-04",
    },
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_record_reads_back_from_its_own_content(kind: str) -> None:
    record = KINDS[kind].read(ROWS[kind])
    content = KINDS[kind].content(record)
    assert KINDS[kind].read(content) == record
    assert digest(content) == digest(KINDS[kind].content(KINDS[kind].read(content)))


def test_text_becomes_typed_and_exact_values() -> None:
    customer = KINDS["customers"].read(ROWS["customers"])
    edge = KINDS["ownership"].read(ROWS["ownership"])
    run = KINDS["runs"].read(ROWS["runs"])
    assert isinstance(customer, Customer)
    assert customer.ip_addresses == ("192.0.2.7", "2001:db8::1")
    assert customer.opened == date(2025, 3, 1)
    assert isinstance(edge, OwnershipEdge)
    assert edge.share == Fraction(3, 10)
    assert edge.owner_kind is CustomerKind.INDIVIDUAL
    assert isinstance(run, DeclaredRun)
    assert run.declared_flop == 131 * 10**24
    assert run.hardware == ("H100 SXM", "H200")


@pytest.mark.parametrize(
    ("kind", "field", "value", "says"),
    [
        ("customers", "name", "", "every record needs a value"),
        ("customers", "name", "   ", "give a value"),
        ("customers", "customer_kind", "robot", "individual or entity"),
        ("customers", "opened", "2025-02-30", "2026-01-31"),
        ("ownership", "share", "1.2", "0.25"),
        ("ownership", "share", "-0.1", "0.25"),
        ("ownership", "share_low", "0.5", "share_low must not be above share"),
        ("ownership", "valid_to", "2024-12-31", "swap or correct"),
        ("ownership", "substantial_control", "perhaps", "true or false"),
        ("clusters", "accelerator_count", "2.5", "whole number"),
        ("runs", "declared_flop", "many", "whole number"),
    ],
)
def test_a_bad_value_names_its_field_and_a_way_out(
    kind: str, field: str, value: str, says: str
) -> None:
    with pytest.raises(RecordError) as refused:
        KINDS[kind].read({**ROWS[kind], field: value})
    assert refused.value.field in (field, "share")
    assert says in str(refused.value)


def test_a_binary_float_is_refused() -> None:
    row: dict[str, Any] = {**ROWS["ownership"], "share": 0.3}
    with pytest.raises(RecordError, match="binary float"):
        KINDS["ownership"].read(row)


def mapped(customer: str, source: str, begins: date | None, ends: date | None) -> AccountMapping:
    row = {"account": "a-1", "customer_id": customer, "source": source}
    record = KINDS["account_map"].read({**row, "valid_from": begins, "valid_to": ends})
    assert isinstance(record, AccountMapping)
    return record


def test_the_end_of_a_period_is_not_part_of_it() -> None:
    period = mapped("c-1", "a", date(2025, 1, 1), date(2025, 2, 1))
    assert is_in_force(period, date(2025, 1, 1))
    assert is_in_force(period, date(2025, 1, 31))
    assert not is_in_force(period, date(2025, 2, 1))
    assert not is_in_force(period, date(2024, 12, 31))


def test_a_period_that_ends_on_its_first_day_is_withdrawn() -> None:
    day = date(2025, 1, 1)
    assert not is_in_force(mapped("c-1", "a", day, day), day)


def test_within_a_source_the_period_that_began_last_holds_even_when_recorded_first() -> None:
    newer = mapped("c-2", "a", date(2025, 6, 1), None)
    older = mapped("c-1", "a", None, None)
    assert prevailing([newer, older]) == newer


def test_between_sources_the_statement_recorded_last_holds() -> None:
    first = mapped("c-2", "a", date(2025, 6, 1), None)
    last = mapped("c-1", "b", None, None)
    assert prevailing([first, last]) == last
    assert prevailing([last, first]) == first


def test_one_statement_per_entity_is_in_force_on_a_day() -> None:
    moved = [
        mapped("c-1", "a", None, date(2025, 6, 1)),
        mapped("c-2", "a", date(2025, 6, 1), None),
    ]
    kind = KINDS["account_map"]
    days = (date(2025, 5, 31), date(2025, 6, 1))
    held = [[record.customer_id for record in in_force(kind, moved, day)] for day in days]
    assert held == [["c-1"], ["c-2"]]


@given(st.integers(0, 10**40), st.integers(1, 10**12))
def test_a_share_of_any_kind_keeps_all_its_digits(parts: int, whole: int) -> None:
    share = Fraction(parts % (whole + 1), whole)
    record = KINDS["ownership"].read({**ROWS["ownership"], "share": share})
    again = KINDS["ownership"].content(record).get("share", "0")
    assert Fraction(again) == share
