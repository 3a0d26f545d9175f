"""Keeping: the latest of the rules' days, a closing day that nobody knows, and legal holds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sluicegate.kyc.diligence.events import About, Event, Kind
from sluicegate.kyc.diligence.production import Part, State, fold_production
from sluicegate.kyc.diligence.retention import (
    Answered,
    Dates,
    Hold,
    Kept,
    Records,
    fold_hold,
    kept_until,
    why_kept,
)

AT = datetime(2026, 6, 30, 9, tzinfo=UTC)
DAY = AT.date()
LATER = DAY + timedelta(days=1)
REGIMES = ("iaas_proposal", "bank_identity")
DAYS = st.none() | st.dates(date(2000, 1, 1), date(2100, 1, 1))


def kept(until: Mapping[str, date | None], closed: date | None = DAY) -> Kept:
    dates = Dates(closed, None, None)
    return kept_until(Records.IDENTITY, until, dates, lambda regime, _: Answered(until[regime], ()))


def hold(customers: tuple[str, ...] = (), records: tuple[Records, ...] = ()) -> Hold:
    return Hold("h-1", "M-17", "order", frozenset(customers), frozenset(records), AT, "user:chen")


def event(number: int, about: About, kind: Kind, data: Mapping[str, Any], by: str) -> Event:
    return Event(f"e-{number}", about, "x-1", number, kind, AT, by, data)


@given(st.dictionaries(st.sampled_from(REGIMES), DAYS, min_size=1), DAYS)
def test_records_are_kept_until_the_latest_day_and_for_good_where_one_is_not_known(
    until: dict[str, date | None], closed: date | None
) -> None:
    found = kept(until, closed).keep_until
    if closed is None or None in until.values():
        assert found is None
    else:
        assert found == max(day for day in until.values() if day is not None)


def test_a_closing_day_that_nobody_knows_keeps_what_a_rule_would_let_go() -> None:
    found = kept({"iaas_proposal": date(2001, 1, 1)}, closed=None)
    assert found.keep_until is None
    assert "closed is not known" in str(found.reasons[-1])
    refusal = why_kept(found, "c-1", (), DAY, has_open_cases=False)
    assert "no last day is known" in str(refusal)


@pytest.mark.parametrize(("day", "may_go"), [(DAY - timedelta(1), False), (DAY, False)])
def test_the_last_day_is_still_kept(day: date, may_go: bool) -> None:
    found = kept({"iaas_proposal": DAY})
    assert (why_kept(found, "c-1", (), day, has_open_cases=False) is None) is may_go
    assert why_kept(found, "c-1", (), LATER, has_open_cases=False) is None


def test_an_open_case_keeps_what_is_due() -> None:
    refusal = why_kept(kept({"iaas_proposal": DAY}), "c-1", (), LATER, has_open_cases=True)
    assert "is not closed" in str(refusal)


@pytest.mark.parametrize(
    ("one", "covers"),
    [
        (hold(), True),
        (hold(("c-1",)), True),
        (hold(("c-2",)), False),
        (hold((), (Records.IDENTITY,)), True),
        (hold((), (Records.VERIFICATION,)), False),
        (hold(("c-1", "c-2"), tuple(Records)), True),
    ],
)
def test_a_hold_keeps_whom_and_what_it_names(one: Hold, covers: bool) -> None:
    assert one.covers("c-1", Records.IDENTITY) is covers
    refusal = why_kept(kept({"iaas_proposal": DAY}), "c-1", [one], LATER, has_open_cases=False)
    assert (refusal is not None) is covers
    if refusal is not None:
        assert "h-1 (M-17)" in str(refusal)


def test_a_hold_is_told_before_a_date() -> None:
    refusal = why_kept(kept({"iaas_proposal": DAY}), "c-1", [hold()], DAY, has_open_cases=True)
    assert "legal hold" in str(refusal)


def test_a_released_hold_keeps_nothing_and_says_who_released_it() -> None:
    said = {"matter": "M-17", "ground": "order", "customers": ["c-1"], "records": ["identity"]}
    added = event(1, About.HOLD, Kind.HELD, said, "user:chen")
    standing = fold_hold([added])
    assert standing is not None
    assert standing.covers("c-1", Records.IDENTITY)
    released = fold_hold([added, event(2, About.HOLD, Kind.RELEASED, {}, "user:bo")])
    assert released is not None
    assert not released.covers("c-1", Records.IDENTITY)
    assert (released.added_by, released.released_by) == ("user:chen", "user:bo")
    assert fold_hold([]) is None


ASKED = {
    "requester": "Commerce",
    "ground": "letter",
    "customers": ["c-1"],
    "parts": ["identity"],
    "received": "2026-06-30",
    "due": "2026-07-10",
    "duty": "",
    "digest": "d" * 64,
    "files": 2,
}


@pytest.mark.parametrize(
    ("kinds", "state", "checked_by"),
    [
        ([], State.REQUESTED, None),
        ([Kind.APPROVED], State.RELEASED, "user:2"),
        ([Kind.REJECTED], State.REJECTED, "user:2"),
        ([Kind.TAKEN_BACK], State.WITHDRAWN, None),
        ([Kind.APPROVED, Kind.DELIVERED], State.DELIVERED, "user:2"),
        ([Kind.APPROVED, Kind.DELIVERED, Kind.DELIVERED], State.DELIVERED, "user:2"),
    ],
)
def test_a_production_stands_where_its_events_lead(
    kinds: list[Kind], state: State, checked_by: str | None
) -> None:
    about = About.PRODUCTION
    said = [event(1, about, Kind.REQUESTED, ASKED, "user:1")]
    for number, kind in enumerate(kinds, 2):
        said.append(event(number, about, kind, {"zip_sha256": "z"}, f"user:{number}"))
    found = fold_production(said)
    assert found is not None
    assert (found.state, found.checked_by, found.version) == (state, checked_by, len(said))
    assert (found.asked.parts, found.asked.due) == ((Part.IDENTITY,), date(2026, 7, 10))
    assert fold_production([]) is None
