"""Risk tiers, harbours and liability: caps at their edges, and properties."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sluicegate.assurance import QUESTIONS
from sluicegate.core.quantities import flop_text
from sluicegate.rules.book import RuleBook
from sluicegate.rules.cases import read_cases, run_case
from sluicegate.rules.facts import BadFactsError
from sluicegate.rules.loading import shipped_book
from sluicegate.rules.questions import ask

BOOK = shipped_book()
BY_NAME = {question.name: question for question in QUESTIONS}
FOLDER = Path(__file__).parents[2] / "rules"
OURS = [
    case
    for area in ("risk_tier", "liability")
    for case in read_cases(area, (FOLDER / f"{area}.yaml").read_text())
]
DAY = date(2026, 3, 1)
WEAK = ("weak",) * 3
LEVELS = ("weak", "undetermined", "strong")
CAPS = {
    "training": ("training_compute", "kthf.oversight.training_cap"),
    "inference": ("inference_rate", "kthf.oversight.inference_cap"),
}
LOW = {"training_compute": "1e20", "inference_rate": "1e10"}


def tier(
    levels: tuple[str, ...],
    others: Mapping[str, Any],
    on: date = DAY,
    book: RuleBook = BOOK,
    scope: str = "any_model",
) -> Mapping[str, Any]:
    axes = dict(zip(("autonomy", "generality", "intelligence"), levels, strict=True))
    facts = {**LOW, **axes, **others}
    question = BY_NAME["risk_tier"]
    return ask(question, facts, as_of=on, book=book, readings={"rt4_scope": scope}).answer


def liability(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    return ask(BY_NAME["liability_regime"], {**LOW, **facts}, as_of=DAY, book=BOOK).answer


def harbour(facts: Mapping[str, Any], book: RuleBook = BOOK) -> Mapping[str, Any]:
    return ask(BY_NAME["compute_safe_harbour"], {**LOW, **facts}, as_of=DAY, book=book).answer


def figure(parameter: str) -> int:
    value = BOOK.parameter(parameter).first().value
    assert isinstance(value, int)
    return value


@pytest.mark.parametrize("case", OURS, ids=lambda case: case["id"])
def test_worked_case(case: Mapping[str, Any]) -> None:
    assert run_case(case, BY_NAME.get, BOOK) == []


@pytest.mark.parametrize("cap", CAPS)
def test_a_cap_decides_exactly_at_its_value_and_moves_with_the_book(cap: str) -> None:
    fact, parameter = CAPS[cap]
    old = figure(parameter)
    values = BOOK.parameter(parameter).values
    other = BOOK.with_values(parameter, [replace(values[0], value=3 * old)])
    for value, book in ((old, BOOK), (3 * old, other)):
        got = [tier(WEAK, {fact: flop_text(value + i)}, book=book) for i in (-1, 0, 1)]
        assert [one["tier"] for one in got] == ["RT-0", "RT-0", "RT-4"]
        assert got[2]["caps_exceeded"] == [cap]


@pytest.mark.parametrize("cap", CAPS)
def test_a_cap_lowered_on_a_day_binds_from_that_day(cap: str) -> None:
    fact, parameter = CAPS[cap]
    values = BOOK.parameter(parameter).values
    lowered = figure(parameter) // 10
    book = BOOK.with_values(parameter, [*values, replace(values[0], value=lowered, start=DAY)])
    facts = {fact: flop_text(lowered + 1)}
    assert tier(WEAK, facts, DAY - timedelta(days=1), book)["tier"] == "RT-0"
    assert tier(WEAK, facts, DAY, book)["tier"] == "RT-4"


def test_no_cap_is_in_force_before_the_first_day_of_the_book() -> None:
    start = BOOK.parameter("kthf.oversight.training_cap").first().start
    assert start is not None
    for day, expected in ((start - timedelta(days=1), "RT-0"), (start, "RT-4")):
        assert tier(WEAK, {"training_compute": "1e30"}, day)["tier"] == expected


@pytest.mark.parametrize("levels", list(itertools.product(LEVELS, repeat=3)))
@pytest.mark.parametrize("scope", ["any_model", "rt3_only"])
@pytest.mark.parametrize("above", [False, True])
def test_possible_tiers_are_those_of_every_completion(
    levels: tuple[str, ...], scope: str, above: bool
) -> None:
    facts = {"training_compute": "1e30"} if above else {}
    got = tier(levels, facts, scope=scope)
    choices = [("weak", "strong") if level == "undetermined" else (level,) for level in levels]
    complete = [tier(one, facts, scope=scope) for one in itertools.product(*choices)]
    assert set(got["possible_tiers"]) == {one["tier"] for one in complete}
    for field in ("tier", "training", "deployment"):
        found = {one[field] for one in complete}
        assert got[field] == (found.pop() if len(found) == 1 else None)


@given(days=st.lists(st.dates(date(2025, 1, 1), date(2027, 1, 1)), min_size=1, unique=True))
def test_the_order_in_which_caps_are_listed_changes_nothing(days: list[date]) -> None:
    caps = [
        {
            "effective_from": day.isoformat(),
            "training_compute": flop_text(day.toordinal()),
            "inference_rate": "1e20",
        }
        for day in days
    ]
    compute = flop_text(DAY.toordinal() - 100)
    got = tier(WEAK, {"caps": caps, "training_compute": compute})
    assert got == tier(WEAK, {"caps": caps[::-1], "training_compute": compute})
    begun = [day for day in days if day <= DAY]
    exceeded = bool(begun) and max(begun) < DAY - timedelta(days=100)
    assert got["caps_exceeded"] == (["training"] if exceeded else [])


@pytest.mark.parametrize("cap", CAPS)
@pytest.mark.parametrize("factor", [Fraction(1, 10), Fraction(1, 20)])
def test_the_harbour_reaches_exactly_its_part_of_the_cap(cap: str, factor: Fraction) -> None:
    fact, parameter = CAPS[cap]
    name = "kthf.oversight.harbour_factor"
    book = BOOK.with_values(name, [replace(BOOK.parameter(name).first(), value=factor)])
    ceiling = int(figure(parameter) * factor)
    got = [harbour({fact: flop_text(ceiling + step)}, book) for step in (-1, 0, 1)]
    assert [one["available"] for one in got] == [True, True, False]
    assert got[2]["failures"] == [f"{cap}_above_threshold"]
    assert got[0][f"{cap}_threshold"] == ceiling
    own = f"harbour_{fact}"
    assert harbour({own: flop_text(ceiling)}, book)[f"{cap}_threshold"] == ceiling
    with pytest.raises(BadFactsError) as refusal:
        harbour({own: flop_text(ceiling + 1)}, book)
    assert refusal.value.paths == [own]


@given(cap=st.integers(0, 10**28), compute=st.integers(0, 10**27))
def test_a_tenth_of_any_cap_is_compared_without_rounding(cap: int, compute: int) -> None:
    facts = {"training_cap": flop_text(cap), "training_compute": flop_text(compute)}
    assert harbour(facts)["available"] is (10 * compute <= cap)


HARBOURS = ("weak", "narrow", "passive", "guaranteed_safe")


@given(
    claimed=st.lists(st.sampled_from(HARBOURS)),
    approved=st.booleans(),
    compute=st.sampled_from(["1e20", "1e27"]),
    conduct=st.sampled_from(
        ["none", "ordinary_negligence", "gross_negligence", "wilful_misconduct"]
    ),
    worst=st.booleans(),
)
def test_strict_liability_ends_with_any_harbour_and_personal_liability_with_it(
    claimed: list[str], approved: bool, compute: str, conduct: str, worst: bool
) -> None:
    got = liability(
        {
            "claimed": claimed,
            "safety_case_approved": approved,
            "training_compute": compute,
            "executive_conduct": conduct,
            "most_egregious": worst,
        }
    )
    shown = (set(claimed) if approved else set()) | ({"compute"} if compute == "1e20" else set())
    assert sorted(got["harbours"]) == sorted(shown)
    assert got["regime"] == ("fault_based" if shown else "strict_joint_and_several")
    grave = conduct in ("gross_negligence", "wilful_misconduct")
    assert got["personal_liability"] is (not shown and grave)
    assert got["criminal_referral"] is (not shown and grave and worst)


@given(law=st.lists(st.sampled_from("abcd")), found=st.lists(st.sampled_from("abcd")))
def test_grounds_count_once_and_only_with_a_high_risk(law: list[str], found: list[str]) -> None:
    facts = {"statutory_injunction_grounds": law, "grounds_found": found}
    got = liability({**facts, "high_public_harm_risk": True})["injunctive_grounds"]
    assert sorted(got) == sorted(set(law) & set(found))
    assert liability(facts)["injunctive_grounds"] == []
