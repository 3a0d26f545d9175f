"""The questions on frontier reporting: every figure at its edge, dates, and properties."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sluicegate.core.calendars import Period
from sluicegate.core.quantities import Exact, flop_text
from sluicegate.frontier import QUESTIONS
from sluicegate.rules.book import RuleBook
from sluicegate.rules.cases import read_cases, run_case
from sluicegate.rules.instruments import Comparator, Value
from sluicegate.rules.loading import shipped_book
from sluicegate.rules.questions import ask

BOOK = shipped_book()
BY_NAME = {question.name: question for question in QUESTIONS}
CASES = Path(__file__).parents[2] / "rules" / "frontier_reporting.yaml"
DAY = date(2028, 3, 1)


def answer(
    name: str, facts: Mapping[str, Any], on: date = DAY, book: RuleBook = BOOK
) -> Mapping[str, Any]:
    return ask(BY_NAME[name], facts, as_of=on, book=book).answer


def moved(parameter: str, value: Value) -> RuleBook:
    """Return the book with one parameter at another value, from its old days."""
    values = BOOK.parameter(parameter).values
    return BOOK.with_values(parameter, [replace(dated, value=value) for dated in values])


def moved_from(parameter: str, value: Value, start: date) -> RuleBook:
    """Return the book in which one parameter changes on a day."""
    values = BOOK.parameter(parameter).values
    later = replace(values[-1], value=value, start=start)
    return BOOK.with_values(parameter, [*values, later])


@pytest.mark.parametrize("case", read_cases(CASES.name, CASES.read_text()), ids=lambda c: c["id"])
def test_worked_case(case: Mapping[str, Any]) -> None:
    assert run_case(case, BY_NAME.get, BOOK) == []


@dataclass(frozen=True)
class Edge:
    """A parameter with facts that stand or fall with one amount."""

    parameter: str
    question: str
    facts: Callable[[Exact], Mapping[str, Any]]
    field: str
    on: date = DAY


def flop(fact: str, **others: Any) -> Callable[[Exact], Mapping[str, Any]]:
    return lambda amount: {fact: flop_text(amount), **others}


def number(fact: str, **others: Any) -> Callable[[Exact], Mapping[str, Any]]:
    return lambda amount: {fact: amount, **others}


ORDER_DAY, BIG, RICH = date(2024, 6, 1), "1e30", 10**15
CLUSTER = {"cluster_co_located": True, "cluster_network_gbit_s": 999, "cluster_max_rate": BIG}
JUNE = {"text": "passed_june_2025"}
GPAI = {"generates_language_or_images": True, "provider_in_eu": True}
EDGES = [
    Edge(
        "us.eo_14110.model.training_compute",
        "eo14110_report",
        flop("training_compute"),
        "model_reportable",
        ORDER_DAY,
    ),
    Edge(
        "us.eo_14110.model.biological_training_compute",
        "eo14110_report",
        flop("training_compute", primarily_biological_sequence_data=True),
        "model_reportable",
        ORDER_DAY,
    ),
    Edge(
        "us.eo_14110.cluster.network",
        "eo14110_report",
        lambda amount: {**CLUSTER, "cluster_network_gbit_s": amount},
        "cluster_reportable",
        ORDER_DAY,
    ),
    Edge(
        "us.eo_14110.cluster.peak_rate",
        "eo14110_report",
        lambda amount: {**CLUSTER, "cluster_max_rate": flop_text(amount)},
        "cluster_reportable",
        ORDER_DAY,
    ),
    Edge(
        "us.eo_14110.iaas.training_compute",
        "eo14110_report",
        flop("training_compute", **CLUSTER),
        "iaas_default_capability",
        ORDER_DAY,
    ),
    Edge(
        "us.nprm_702.run.training_compute",
        "nprm702_report",
        flop("training_run_compute"),
        "training_run_applicable",
    ),
    Edge(
        "us.nprm_702.cluster.network",
        "nprm702_report",
        number("cluster_network_gbit_s", cluster_max_rate_dense=BIG),
        "cluster_applicable",
    ),
    Edge(
        "us.nprm_702.cluster.peak_rate",
        "nprm702_report",
        flop("cluster_max_rate_dense", cluster_network_gbit_s=999),
        "cluster_applicable",
    ),
    Edge(
        "eu.ai_act.systemic_risk.training_compute",
        "eu_systemic_risk",
        flop("training_compute"),
        "presumed_systemic",
    ),
    Edge(
        "eu.ai_act.systemic_risk.training_compute",
        "eu_gpai_duties",
        flop("training_compute", **GPAI),
        "art55_duties",
    ),
    Edge(
        "eu.gpai_guidelines.indicative.training_compute",
        "eu_gpai_duties",
        flop("training_compute", **GPAI),
        "gpai_indicated",
    ),
    Edge(
        "us_ca.sb53.frontier_model.training_compute",
        "sb53_duties",
        flop("original_run_compute", revenue_previous_year=0),
        "frontier_developer",
    ),
    Edge(
        "us_ca.sb53.large_developer.revenue",
        "sb53_duties",
        number("revenue_previous_year", original_run_compute=BIG),
        "large_frontier_developer",
    ),
    Edge(
        "us_ny.raise_2026.frontier_model.training_compute",
        "raise_duties",
        flop("training_compute"),
        "frontier_model",
    ),
    Edge(
        "us_ny.raise_2026.large_developer.revenue",
        "raise_duties",
        number("revenue_previous_year", training_compute=BIG),
        "large_developer",
    ),
    Edge(
        "us_ny.raise_2025.frontier_model.training_compute",
        "raise_duties",
        flop("training_compute", compute_cost=RICH, **JUNE),
        "frontier_model",
    ),
    Edge(
        "us_ny.raise_2025.frontier_model.compute_cost",
        "raise_duties",
        number("compute_cost", training_compute=BIG, **JUNE),
        "frontier_model",
    ),
    Edge(
        "us_ny.raise_2025.distilled_model.compute_cost",
        "raise_duties",
        number("compute_cost", training_compute="1", distilled_from_frontier_model=True, **JUNE),
        "frontier_model",
    ),
    Edge(
        "us_ny.raise_2025.large_developer.total_compute_cost",
        "raise_duties",
        number("total_training_compute_cost", training_compute=BIG, compute_cost=RICH, **JUNE),
        "large_developer",
    ),
    Edge(
        "kr.ai_basic_act.safety.training_compute",
        "korea_ai_basic_act",
        flop("training_compute"),
        "safety_duties",
    ),
    *(
        Edge(
            f"kr.ai_basic_act.representative.{fact}",
            "korea_ai_basic_act",
            number(fact, training_compute="1", foreign_provider=True),
            "domestic_representative",
        )
        for fact in ("revenue", "ai_service_sales", "average_daily_users")
    ),
]


@pytest.mark.parametrize("edge", EDGES, ids=lambda edge: f"{edge.parameter}:{edge.question}")
def test_a_figure_decides_exactly_at_its_value_and_moves_with_the_book(edge: Edge) -> None:
    parameter = BOOK.parameter(edge.parameter)
    old = parameter.first().value
    assert isinstance(old, int)
    at_is_passed = parameter.comparator is Comparator.AT_LEAST

    def passes(amount: int, book: RuleBook, on: date = edge.on) -> bool:
        return bool(answer(edge.question, edge.facts(amount), on, book)[edge.field])

    for value, book in ((old, BOOK), (3 * old, moved(edge.parameter, 3 * old))):
        assert not passes(value - 1, book)
        assert passes(value, book) is at_is_passed
        assert passes(value + 1, book)
    later = moved_from(edge.parameter, 3 * old, edge.on)
    assert passes(2 * old, later, edge.on - timedelta(days=1))
    assert not passes(2 * old, later)


LAST_DAYS = [  # question, facts, field, last day without and first day with
    ("eo14110_report", {"training_compute": BIG}, "model_reportable", date(2023, 10, 30)),
    ("nprm702_report", {}, "proposed", date(2024, 9, 11)),
    ("eu_systemic_risk", {"training_compute": BIG}, "chapter_v_applies", date(2025, 8, 2)),
    ("eu_gpai_duties", {"training_compute": BIG, **GPAI}, "art53_duties", date(2025, 8, 2)),
    (
        "sb53_duties",
        {"original_run_compute": BIG, "revenue_previous_year": RICH},
        "duties",
        date(2026, 1, 1),
    ),
    ("raise_duties", {"training_compute": BIG}, "in_force", date(2027, 1, 1)),
    ("korea_ai_basic_act", {"training_compute": BIG}, "safety_duties", date(2026, 1, 22)),
]


@pytest.mark.parametrize(("name", "facts", "field", "first"), LAST_DAYS)
def test_a_text_binds_from_its_first_day(
    name: str, facts: Mapping[str, Any], field: str, first: date
) -> None:
    assert not answer(name, facts, first - timedelta(days=1))[field]
    assert answer(name, facts, first)[field]


def test_the_order_ends_on_the_day_of_its_revocation() -> None:
    facts = {"training_compute": BIG, **CLUSTER}
    before = answer("eo14110_report", facts, date(2025, 1, 19))
    assert all(before.values())
    assert not any(answer("eo14110_report", facts, date(2025, 1, 20)).values())


def test_the_proposal_never_binds_and_june_text_never_took_effect() -> None:
    for year in range(2024, 2040):
        assert not answer("nprm702_report", {}, date(year, 12, 31))["binding"]
        facts = {"training_compute": BIG, **JUNE}
        assert not answer("raise_duties", facts, date(year, 12, 31))["in_force"]


@pytest.mark.parametrize(
    ("quarter", "due", "horizon"),
    [
        (1, "2031-04-15", "2031-10-15"),
        (2, "2031-07-15", "2032-01-15"),
        (3, "2031-10-15", "2032-04-15"),
        (4, "2032-01-15", "2032-07-15"),
    ],
)
def test_notification_dates_are_the_four_that_the_text_names(
    quarter: int, due: str, horizon: str
) -> None:
    last, after = date.fromisoformat(horizon), date.fromisoformat(horizon) + timedelta(days=1)
    facts = {"year": 2031, "quarter": quarter}
    on_last = answer("nprm702_notice", {**facts, "planned_start": last.isoformat()})
    assert (on_last["due"], on_last["horizon_end"]) == (date.fromisoformat(due), last)
    assert on_last["include"]
    assert not answer("nprm702_notice", {**facts, "planned_start": after.isoformat()})["include"]


PERIODS = [
    (
        "us.nprm_702.notice.after_quarter",
        "nprm702_notice",
        {"year": 2031, "quarter": 4, "planned_start": "2031-01-01"},
        "due",
    ),
    (
        "us.nprm_702.notice.horizon",
        "nprm702_notice",
        {"year": 2031, "quarter": 4, "planned_start": "2031-01-01"},
        "horizon_end",
    ),
    (
        "eu.ai_act.systemic_risk.notification_period",
        "eu_systemic_risk",
        {"training_compute": BIG, "condition_met_on": "2028-02-20"},
        "notify_by",
    ),
    *(
        (
            f"us_ca.sb53.incident.{period}",
            "sb53_incident_report",
            {
                "discovered": "2028-02-20T10:00:00-08:00",
                "imminent_risk": True,
                "frontier_developer": True,
            },
            field,
        )
        for period, field in (("period", "office_by"), ("imminent_period", "authority_by"))
    ),
    *(
        (
            f"us_ny.raise_2026.incident.{period}",
            "raise_incident_report",
            {"learned": "2028-02-20T10:00:00-05:00", "imminent_risk": imminent},
            "first_due",
        )
        for period, imminent in (("period", False), ("imminent_period", True))
    ),
]


@pytest.mark.parametrize(("parameter", "name", "facts", "field"), PERIODS)
def test_a_longer_period_ends_later_by_as_much(
    parameter: str, name: str, facts: Mapping[str, Any], field: str
) -> None:
    period = BOOK.parameter(parameter).first().value
    assert isinstance(period, Period)
    longer = replace(period, amount=period.amount + 1)
    before, after = (
        answer(name, facts, book=book)[field] for book in (BOOK, moved(parameter, longer))
    )
    one = replace(period, amount=1)
    expected = one.after_instant(before) if period.unit.value == "hour" else one.after(before)
    assert after == expected


def test_the_transition_day_comes_from_the_book() -> None:
    other = moved("eu.ai_act.transition.comply_by", date(2029, 5, 6))
    facts = {"placed_on_market": "2025-08-01"}
    assert answer("eu_gpai_transition", facts, book=other)["comply_by"] == date(2029, 5, 6)


def test_a_placeholder_day_ends_the_period_on_the_last_day_that_dates_know() -> None:
    facts = {"training_compute": BIG, "condition_met_on": "9999-12-31"}
    assert answer("eu_systemic_risk", facts)["notify_by"] == date.max
    late = "9999-12-31T23:00:00+00:00"
    got = answer("raise_incident_report", {"learned": late, "imminent_risk": True})
    assert got["first_due"].date() == date.max


def test_the_presumption_is_a_definition_answered_for_any_day() -> None:
    early = date(2025, 8, 1)
    facts = {"training_compute": BIG, "condition_met_on": "2025-07-20"}
    got = answer("eu_systemic_risk", facts, early)
    assert (got["presumed_systemic"], got["notify_by"]) == (True, None)
    silent = {
        "training_compute": BIG,
        "generates_language_or_images": False,
        "provider_in_eu": True,
    }
    outside = answer("eu_gpai_duties", silent)
    assert outside["presumed_systemic"]
    assert not outside["art55_duties"]


COUNTS = st.integers(0, 10**28)
DAYS = st.dates(date(2025, 8, 2), date(2040, 1, 1))


@given(compute=COUNTS, more=COUNTS)
def test_more_compute_never_frees_a_model_from_a_duty(compute: int, more: int) -> None:
    less = {"training_compute": flop_text(compute), **GPAI}
    grown = {"training_compute": flop_text(compute + more), **GPAI}
    before, after = answer("eu_gpai_duties", less), answer("eu_gpai_duties", grown)
    assert set(before["art53_duties"]) <= set(after["art53_duties"])
    assert before["art55_duties"] <= after["art55_duties"]


@given(original=COUNTS, modification=COUNTS)
def test_only_the_sum_of_run_and_modification_counts_in_california(
    original: int, modification: int
) -> None:
    split = {
        "original_run_compute": flop_text(original),
        "developer_modification_compute": flop_text(modification),
        "revenue_previous_year": RICH,
    }
    joined = {
        "original_run_compute": flop_text(original + modification),
        "revenue_previous_year": RICH,
    }
    assert answer("sb53_duties", split) == answer("sb53_duties", joined)


@given(original=COUNTS, systemic=st.booleans())
def test_exactly_the_limit_never_makes_a_provider_and_the_next_operation_does(
    original: int, systemic: bool
) -> None:
    facts = {"original_compute": flop_text(original), "original_systemic": systemic}
    limit = Fraction(
        answer("eu_modifier_provider", {**facts, "modification_compute": "0"})["limit"]
    )
    share = BOOK.parameter("eu.gpai_guidelines.modification.share").first().value
    assert isinstance(share, Fraction)
    assert limit == share * original
    at_most, above = limit.__floor__(), limit.__floor__() + 1
    for amount, expected in ((at_most, False), (above, True)):
        got = answer("eu_modifier_provider", {**facts, "modification_compute": flop_text(amount)})
        assert got["becomes_provider"] is expected


@pytest.mark.parametrize(
    ("systemic", "stand_in"),
    [
        (True, "eu.ai_act.systemic_risk.training_compute"),
        (False, "eu.gpai_guidelines.indicative.training_compute"),
    ],
)
def test_an_unknown_original_is_replaced_by_a_figure_of_the_book(
    systemic: bool, stand_in: str
) -> None:
    facts = {"original_systemic": systemic, "modification_compute": "0"}
    other = moved("eu.gpai_guidelines.modification.share", Fraction(1, 7))
    limit = answer("eu_modifier_provider", facts, book=other)["limit"]
    assert limit * 7 == BOOK.parameter(stand_in).first().value


@given(first=DAYS, second=DAYS)
def test_the_earlier_of_two_days_counts_in_either_order(first: date, second: date) -> None:
    names = ("condition_met_on", "known_it_will_be_met_on")

    def notify_by(*days: date) -> date:
        given_days = {name: day.isoformat() for name, day in zip(names, days, strict=False)}
        got: date = answer("eu_systemic_risk", {"training_compute": BIG, **given_days})["notify_by"]
        return got

    assert notify_by(first, second) == notify_by(second, first) == notify_by(min(first, second))


@given(placed=st.dates(date(2000, 1, 1), date(2060, 1, 1)))
def test_no_model_complies_before_it_is_placed_or_the_chapter_applies(placed: date) -> None:
    got = answer("eu_gpai_transition", {"placed_on_market": placed.isoformat()})
    assert got["comply_by"] >= max(placed, date(2025, 8, 2))
    assert got["placed_before_application"] == (placed < date(2025, 8, 2))


@pytest.mark.parametrize("offset", ["-12:00", "+00:00", "+14:00"])
def test_days_count_from_the_local_date_of_the_discovery(offset: str) -> None:
    facts = {
        "discovered": f"2027-06-30T23:59:00{offset}",
        "imminent_risk": False,
        "frontier_developer": True,
    }
    assert answer("sb53_incident_report", facts)["office_by"] == date(2027, 7, 15)


def test_each_answer_names_its_parameters_and_gives_a_reason() -> None:
    asked = ask(
        BY_NAME["eu_systemic_risk"],
        {"training_compute": "2e25", "condition_met_on": "2026-02-01"},
        as_of=DAY,
        book=BOOK,
    )
    assert [used.id for used in asked.parameters] == [
        "eu.ai_act.systemic_risk.training_compute",
        "eu.ai_act.systemic_risk.notification_period",
    ]
    assert "2e25 FLOP is above 1e25 FLOP" in " ".join(map(str, asked.reasons))
