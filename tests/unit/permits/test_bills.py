"""The bill on chip security: stages by day and by knowledge, and the dates it would set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sluicegate.core.calendars import Period, PeriodUnit
from sluicegate.permits import QUESTIONS
from sluicegate.rules.book import RuleBook
from sluicegate.rules.instruments import Enforcement, TextState
from sluicegate.rules.loading import shipped_book
from sluicegate.rules.questions import ask

BOOK = shipped_book()
BY_NAME = {question.name: question for question in QUESTIONS}
STAGES = ["not_introduced", "introduced", "committee_vote"]


def status(
    bill: str, on: str | date, book: RuleBook = BOOK, known_on: date | None = None
) -> Mapping[str, Any]:
    question = BY_NAME["bill_status"]
    return ask(question, {"bill": bill}, as_of=on, book=book, known_on=known_on).answer


def timeline(enacted: date, assessed: date | None = None, book: RuleBook = BOOK) -> Any:
    facts = {
        "enacted_on": enacted.isoformat(),
        "assessment_completed_on": None if assessed is None else assessed.isoformat(),
    }
    question = BY_NAME["chip_security_act_timeline"]
    return ask(question, facts, as_of="2026-03-01", book=book).answer


@pytest.mark.parametrize(
    ("bill", "on", "stage"),
    [
        ("hr_3447", "2025-05-14", "not_introduced"),
        ("hr_3447", "2025-05-15", "introduced"),
        ("hr_3447", "2026-03-25", "introduced"),
        ("hr_3447", "2026-03-26", "committee_vote"),
        ("hr_3447", date.max, "committee_vote"),
        ("s_1705", date.min, "not_introduced"),
        ("s_1705", "2025-05-07", "not_introduced"),
        ("s_1705", "2025-05-08", "introduced"),
        ("s_1705", "2026-03-26", "introduced"),
    ],
)
def test_a_stage_begins_on_its_day(bill: str, on: str | date, stage: str) -> None:
    assert status(bill, on) == {"stage": stage, "enacted": False, "binding": False}


@given(
    bill=st.sampled_from(["hr_3447", "s_1705"]),
    day=st.dates(date(2025, 1, 1), date(2027, 12, 31)),
    later=st.integers(0, 1000),
)
def test_a_bill_never_goes_back(bill: str, day: date, later: int) -> None:
    before = status(bill, day)["stage"]
    after = status(bill, day + timedelta(days=later))["stage"]
    assert STAGES.index(before) <= STAGES.index(after)


def test_the_vote_was_not_known_before_it_was_held() -> None:
    known = date(2026, 3, 25)
    assert status("hr_3447", "2026-04-01", known_on=known)["stage"] == "introduced"
    assert status("hr_3447", "2026-04-01", known_on=date(2026, 3, 26))["stage"] == "committee_vote"
    assert status("s_1705", "2026-04-01", known_on=date(2025, 5, 7))["stage"] == "not_introduced"


@pytest.mark.parametrize(
    ("text", "enacted", "binding"),
    [
        (TextState.PROPOSED, False, False),
        (TextState.PUBLISHED, True, False),
        (TextState.IN_FORCE, True, True),
        (TextState.REVOKED, True, False),
        (TextState.NEVER_IN_FORCE, False, False),
    ],
)
def test_enactment_and_force_come_from_the_state_of_the_text(
    text: TextState, enacted: bool, binding: bool
) -> None:
    statuses = BOOK.instrument("us.s_1705").statuses
    later = replace(
        statuses[0], start=date(2027, 6, 1), text=text, enforcement=Enforcement.NOT_YET_DUE
    )
    book = BOOK.with_statuses("us.s_1705", [*statuses, later])
    got = status("s_1705", "2027-06-01", book)
    assert (got["enacted"], got["binding"]) == (enacted, binding)
    assert status("s_1705", "2027-05-31", book)["enacted"] is False


@pytest.mark.parametrize(
    ("enacted", "assessed", "dates"),
    [
        (date(2026, 9, 30), None, ("2027-03-29", "2027-09-30", None)),
        (date(2027, 9, 4), date(2028, 2, 29), ("2028-03-02", "2028-09-04", "2030-02-28")),
        (date(2028, 2, 29), date(2026, 3, 1), ("2028-08-27", "2029-02-28", "2028-03-01")),
        (date(2026, 12, 31), date(2027, 12, 31), ("2027-06-29", "2027-12-31", "2029-12-31")),
        (date.max, date.max, ("9999-12-31", "9999-12-31", "9999-12-31")),
    ],
)
def test_the_dates_count_from_their_own_day(
    enacted: date, assessed: date | None, dates: tuple[str, str, str | None]
) -> None:
    got = [None if day is None else day.isoformat() for day in timeline(enacted, assessed).values()]
    assert tuple(got) == dates


@pytest.mark.parametrize(
    ("parameter", "unit", "field"),
    [
        ("location_verification_period", PeriodUnit.DAY, "location_verification_required_by"),
        ("assessment_period", PeriodUnit.YEAR, "assessment_due"),
        ("secondary_mechanisms_period", PeriodUnit.YEAR, "secondary_mechanisms_required_by"),
    ],
)
def test_each_period_comes_from_the_book(parameter: str, unit: PeriodUnit, field: str) -> None:
    identifier, day = f"us.hr_3447.{parameter}", date(2027, 3, 1)
    other = Period(3, unit)
    values = BOOK.parameter(identifier).values
    book = BOOK.with_values(identifier, [replace(values[0], value=other)])
    before, after = timeline(day, day), timeline(day, day, book)
    assert after[field] == other.after(day)
    assert {name for name in before if before[name] != after[name]} == {field}


@given(
    enacted=st.dates(date(2026, 1, 1), date(2040, 12, 31)),
    assessed=st.none() | st.dates(date(2026, 1, 1), date(2040, 12, 31)),
    later=st.integers(0, 800),
)
def test_a_later_enactment_never_brings_a_date_forward(
    enacted: date, assessed: date | None, later: int
) -> None:
    first, second = timeline(enacted, assessed), timeline(enacted + timedelta(days=later), assessed)
    for name in ("location_verification_required_by", "assessment_due"):
        assert enacted < first[name] <= second[name]
    name = "secondary_mechanisms_required_by"
    assert first[name] == second[name]
    assert (first[name] is None) == (assessed is None)
