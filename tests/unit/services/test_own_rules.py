"""A node's own threshold rules in a pass: whom they are about, and what is left open."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from own_rule import CLUSTER, COMPANY, CUSTOMER, OWN_RULE, RUN, own_book
from sluicegate.metering.forecast import DayTotal
from sluicegate.registry.records import Facility
from sluicegate.services.asking import ask_question
from sluicegate.services.findings import Certainty, Finding
from small_worlds import (
    Small,
    assessed,
    between,
    cluster,
    customer,
    declared,
    exactly,
    found,
    holds,
    run,
)

BOOK = own_book()
LIMIT = 10**24
DAY = date(2026, 3, 1)


def findings(small: Small, rule: str, on: date = DAY) -> list[Finding]:
    return found(small, rule, book=BOOK, as_of=on)


def only(small: Small, rule: str, on: date = DAY) -> Finding:
    [one] = findings(small, rule, on)
    return one


def user(flop: int = LIMIT * 2, **parts: Any) -> Small:
    return Small(customers=[customer("c-1", **parts)], totals={"c-1": exactly(flop)})


def test_a_customer_is_compared_with_the_node_s_own_limit() -> None:
    one = only(user(), CUSTOMER)
    assert (one.question, one.certainty) == (CUSTOMER, Certainty.CERTAIN)
    assert (one.as_written, one.as_enforced) == (True, True)
    assert one.facts == {"compute_used": str(LIMIT * 2), "passed_on": DAY.isoformat()}
    assert one.threshold is not None
    assert one.threshold.parameter == "local.harbour.limit"
    assert findings(user(LIMIT), CUSTOMER)[0].level.value == "approaching"
    assert findings(user(LIMIT // 2), CUSTOMER) == []


def test_ask_gives_the_answer_of_a_finding_again() -> None:
    one = only(user(), COMPANY)
    asked = ask_question(one.question, one.facts, as_of=one.as_of, book=BOOK)
    assert asked.answer_json() == one.answer


def test_the_bounds_of_an_estimate_are_asked_one_by_one() -> None:
    small = Small(
        customers=[customer("c-1")], totals={"c-1": between(LIMIT // 2, LIMIT + 1, LIMIT * 3)}
    )
    one = only(small, CUSTOMER)
    assert one.certainty is Certainty.LIKELY
    assert set(one.facts_by_bound) == {"low", "central", "high"}


@pytest.mark.parametrize(
    ("on", "written", "enforced"),
    [(date(2025, 8, 1), True, False), (date(2025, 11, 1), True, True)],
)
def test_a_finding_says_how_the_text_stands(on: date, written: bool, enforced: bool) -> None:
    one = only(user(), CUSTOMER, on)
    assert (one.as_written, one.as_enforced) == (written, enforced)


def test_a_revoked_text_gives_no_finding() -> None:
    assert findings(user(), CUSTOMER, date(2027, 1, 1)) == []


@pytest.mark.parametrize(
    ("parts", "there"),
    [
        ({"country": "US"}, True),
        ({"country": "FR"}, False),
        ({"country": "NO"}, False),
        ({"country": "US", "individual": True}, False),
    ],
)
def test_conditions_say_whom_a_rule_is_about(parts: dict[str, Any], there: bool) -> None:
    assert bool(findings(user(**parts), COMPANY)) is there
    assert bool(findings(user(LIMIT, **parts), COMPANY)) is there, "nor does such a one approach"


def test_a_list_counts_as_it_stands_on_the_day() -> None:
    assert findings(user(country="NO"), COMPANY, date(2025, 12, 31))
    assert findings(user(country="NO"), COMPANY, date(2026, 1, 1)) == []


def test_a_fact_that_nobody_stated_makes_a_finding_possible_and_is_named() -> None:
    stranger = Small(totals={"c-9": exactly(LIMIT * 2)})
    one = only(stranger, COMPANY)
    assert one.certainty is Certainty.POSSIBLE
    assert one.assumptions == ("the subject fits the rule's conditions: customer_kind, country",)
    assert one.facts["country"] is None
    assert one.answer["applies"] is None
    assert only(stranger, CUSTOMER).certainty is Certainty.CERTAIN


@pytest.mark.parametrize(
    ("countries", "certainty"),
    [(("US", "US"), Certainty.CERTAIN), (("US", "DE"), Certainty.POSSIBLE), (("FR", "FR"), None)],
)
def test_of_a_group_one_knows_what_its_customers_agree_on(
    countries: tuple[str, str], certainty: Certainty | None
) -> None:
    text = OWN_RULE.replace("- id: company\n", "- id: companies\n").replace(
        "zh: 外来大公司}\n  subject: customer", "zh: 外来大公司}\n  subject: group"
    )
    both = [customer(f"c-{n}", country) for n, country in enumerate(countries)]
    small = Small(
        customers=both,
        edges=[holds("p-1", f"c-{n}", "0.9") for n in range(2)],
        totals={f"c-{n}": exactly(LIMIT) for n in range(2)},
    )
    rows = found(small, "local.harbour.companies", book=own_book(text), as_of=DAY)
    assert [one.certainty for one in rows] == ([] if certainty is None else [certainty])


@pytest.mark.parametrize(
    ("kind", "certainty"),
    [("pretrain", Certainty.CERTAIN), (None, Certainty.POSSIBLE), ("probe", None)],
)
def test_a_run_is_judged_by_its_declared_kind(
    kind: str | None, certainty: Certainty | None
) -> None:
    said = None if kind is None else declared("r-1", kind=kind)
    small = Small(
        customers=[customer("c-1")],
        runs=[run("r-1", exactly(LIMIT * 2), start=DAY, declaration=said)],
    )
    rows = findings(small, RUN)
    assert [one.certainty for one in rows] == ([] if certainty is None else [certainty])


@pytest.mark.parametrize(
    ("country", "certainty"),
    [("US", Certainty.CERTAIN), ("FR", None), (None, Certainty.POSSIBLE)],
)
def test_a_cluster_is_judged_by_where_it_stands(
    country: str | None, certainty: Certainty | None
) -> None:
    hall = country and Facility(source="ops", facility_id="hall", name="Hall", country=country)
    big = replace(cluster("k-1", 10**18), facility=hall or None)
    small = Small(clusters=[big, cluster("k-2", 10**18 - 1)])
    rows = findings(small, CLUSTER)
    assert [one.certainty for one in rows] == ([] if certainty is None else [certainty])
    assert {str(one.subject) for one in rows} <= {"cluster:k-1"}


def test_duties_of_an_own_rule_have_their_days() -> None:
    obligations = assessed(user(), book=BOOK, as_of=DAY, regimes=["local.harbour"]).obligations
    by_rule = {one.duty.en: one for one in obligations if one.finding == only(user(), CUSTOMER).id}
    assert by_rule["Report the large customer"].due == date(2026, 3, 31)
    assert by_rule["Keep watch"].calculation == f"continuous, from {DAY}"
    assert all(one.binding for one in by_rule.values())


def total(day: date, flop: int) -> DayTotal:
    return DayTotal(day, exactly(flop))


@pytest.mark.parametrize(
    ("days", "on", "passed_on"),
    [
        # passed under the limit that holds, on the day it is passed
        ([(date(2026, 2, 3), LIMIT), (date(2026, 2, 4), 1)], DAY, date(2026, 2, 4)),
        # above the limit before the text asks for anything: passed when it begins to
        ([(date(2025, 3, 1), LIMIT * 2)], DAY, date(2025, 7, 1)),
        # between the two limits: passed on the day on which the lower one begins
        ([(date(2026, 2, 3), LIMIT * 3 // 4)], date(2026, 8, 1), date(2026, 7, 1)),
        ([(date(2026, 7, 20), LIMIT * 3 // 4)], date(2026, 8, 1), date(2026, 7, 20)),
        # passed under the higher limit already: the lower one changes nothing
        ([(date(2026, 2, 3), LIMIT * 2)], date(2026, 8, 1), date(2026, 2, 3)),
    ],
)
def test_a_limit_is_passed_on_a_day_on_which_it_holds(
    days: list[tuple[date, int]], on: date, passed_on: date
) -> None:
    used = [total(day, flop) for day, flop in days]
    small = Small(
        customers=[customer("c-1")],
        totals={"c-1": exactly(sum(flop for _, flop in days))},
        days={"c-1": used},
    )
    one = only(small, CUSTOMER, on)
    assert one.facts["passed_on"] == passed_on.isoformat()
    assert one.crossing.central == passed_on
    [report] = [
        duty
        for duty in assessed(small, book=BOOK, as_of=on).obligations
        if duty.finding == one.id and duty.duty.en == "Report the large customer"
    ]
    assert report.due == passed_on + timedelta(days=30)
    answered = {duty["duty"]: duty["due"] for duty in one.answer["due"]}
    assert answered["report"] == report.due.isoformat()


def test_over_a_rolling_window_what_has_passed_out_of_it_does_not_count() -> None:
    text = OWN_RULE.replace("  parameter: limit\n", "  parameter: limit\n  window: rolling30\n", 1)
    days = [
        total(date(2025, 6, 1), LIMIT * 2),
        total(date(2025, 8, 1), LIMIT),
        total(DAY, LIMIT * 2),
    ]
    small = Small(totals={"c-1": exactly(LIMIT * 5)}, days={"c-1": days})
    [one] = found(small, CUSTOMER, book=own_book(text), as_of=DAY)
    assert one.facts["passed_on"] == DAY.isoformat()
