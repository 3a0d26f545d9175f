"""Telemetry: every kind of wrong step, what is missing, and totals held against a report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sluicegate.core.quantities import flop_text
from sluicegate.permits import QUESTIONS
from sluicegate.rules.answers import Asked
from sluicegate.rules.book import RuleBook
from sluicegate.rules.loading import shipped_book
from sluicegate.rules.questions import ask

BOOK = shipped_book()
BY_NAME = {question.name: question for question in QUESTIONS}
LISTED = "assess.permits.telemetry.listed_counters"
TOLERANCE = "assess.permits.reconciliation.tolerance"


def asked(name: str, facts: Mapping[str, Any], book: RuleBook = BOOK) -> Asked:
    return ask(BY_NAME[name], facts, as_of="2026-03-01", book=book)


def chain(*counters: int, book: RuleBook = BOOK) -> Mapping[str, Any]:
    return asked("telemetry_chain", {"counters": list(counters)}, book).answer


def moved(parameter: str, value: Any) -> RuleBook:
    values = BOOK.parameter(parameter).values
    return BOOK.with_values(parameter, [replace(values[0], value=value)])


@pytest.mark.parametrize(
    ("counters", "issues", "missing"),
    [
        ((), [], []),
        ((0,), [], []),
        ((7, 8, 9), [], []),
        ((7, 9), ["gap"], [8]),
        ((7, 7), ["repeat"], []),
        ((8, 7), ["fall"], []),
        ((9, 7), ["fall"], [8]),
        ((1, 3, 2), ["gap", "fall"], []),
        ((1, 3, 2, 4), ["gap", "fall"], []),
        ((1, 2, 1, 2), ["fall"], []),
        ((5, 5, 9, 1), ["gap", "repeat", "fall"], [2, 3, 4, 6, 7, 8]),
    ],
)
def test_each_step_is_held_against_the_counter_just_before(
    counters: tuple[int, ...], issues: list[str], missing: list[int]
) -> None:
    got = chain(*counters)
    assert got == {"complete": not issues, "issues": issues, "missing_counters": missing}


@given(counters=st.lists(st.integers(0, 40), max_size=12))
def test_missing_is_what_never_came_between_the_lowest_and_the_highest(
    counters: list[int],
) -> None:
    got = chain(*counters)
    between = range(min(counters, default=0), max(counters, default=0))
    assert got["missing_counters"] == [n for n in between if n not in counters]
    in_order = counters == list(range(counters[0], counters[0] + len(counters))) if counters else 1
    assert got["complete"] == bool(in_order) == (not got["issues"])
    assert chain(*counters[::-1])["missing_counters"] == got["missing_counters"]
    assert chain(*(n + 10**18 for n in counters))["issues"] == got["issues"]


def test_a_huge_gap_is_counted_and_its_list_is_cut_at_the_setting() -> None:
    answer = asked("telemetry_chain", {"counters": [0, 10**12, 10**30]})
    listed = BOOK.parameter(LISTED).first().value
    assert isinstance(listed, int)
    assert answer.answer["missing_counters"] == list(range(1, listed + 1))
    assert answer.answer["issues"] == ["gap"]
    said = " ".join(map(str, answer.reasons))
    assert f"{10**30 - 2}" in said
    assert "lists only" in said


def test_the_setting_decides_how_many_are_listed_and_is_named_only_when_some_are_missing() -> None:
    few = moved(LISTED, 3)
    assert chain(0, 4, book=few)["missing_counters"] == [1, 2, 3]
    assert chain(0, 5, book=few)["missing_counters"] == [1, 2, 3]
    whole = asked("telemetry_chain", {"counters": [0, 4]}, few)
    assert "lists only" not in " ".join(map(str, whole.reasons))
    in_order = asked("telemetry_chain", {"counters": [3, 4]})
    assert LISTED not in {used.id for used in in_order.parameters}


def reconciled(measured: int, reported: int, book: RuleBook = BOOK, **facts: Any) -> Any:
    given_facts = {
        "telemetry_flop": flop_text(measured),
        "custodian_report_flop": flop_text(reported),
    }
    return asked("custodian_reconciliation", {**given_facts, **facts}, book).answer


@pytest.mark.parametrize("side", [1, -1])
def test_a_report_agrees_up_to_the_tolerance_on_either_side(side: int) -> None:
    for share, book in (
        (Fraction(1, 50), BOOK),
        (Fraction(1, 4), moved(TOLERANCE, Fraction(1, 4))),
    ):
        measured = 10**24
        edge = measured + side * int(measured * share)
        assert reconciled(measured, edge, book)["reconciled"]
        assert reconciled(measured, edge - side, book)["reconciled"]
        assert not reconciled(measured, edge + side, book)["reconciled"]


@given(
    measured=st.integers(1, 10**28),
    reported=st.integers(0, 10**28),
    tolerance=st.decimals(0, 1, places=4),
)
def test_the_difference_is_relative_to_telemetry_and_exact(
    measured: int, reported: int, tolerance: Decimal
) -> None:
    got = reconciled(measured, reported, tolerance=tolerance)
    assert got["relative_difference"] == Fraction(abs(reported - measured), measured)
    assert got["reconciled"] == (abs(reported - measured) <= Fraction(tolerance) * measured)
    assert reconciled(measured, measured, tolerance=0)["reconciled"]
