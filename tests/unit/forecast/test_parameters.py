"""Every parameter of a forecast moves what is assumed, or what is forecast of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from forecast_world import TODAY, harbour_models
from sluicegate.frontier.forecast.assumptions import ForecastError
from sluicegate.frontier.forecast.reading import SHIPPED, assumptions_of, scenarios_of
from sluicegate.rules.book import RuleBook
from sluicegate.rules.instruments import DatedValue, Value
from sluicegate.rules.law import Law
from sluicegate.rules.loading import shipped_book
from sluicegate.services.lab.forecast import ForecastQuestion, forecast_snapshot

BOOK = shipped_book()
NAMES = sorted(
    name.removeprefix(f"{SHIPPED}.")
    for name, parameter in BOOK.parameters.items()
    if parameter.instrument == SHIPPED
)
TEXTS = {
    "largest_share_law": "uniform",
    "near_largest_at": "start",
    "near_largest_before": "recorded",
    "near_record": "counted",
}
LISTS = {
    "known_counts": ("2024 1e25=21",),
    "known_largest": ("2024=3e25",),
    "excluded_models": ("Invented 2023-2",),
    "quantiles": ("0.1", "0.9"),
}
LIMITS: dict[str, Value] = {
    "simulations_most": 999,
    "last_year_most": date(2029, 1, 1),
    "models_most": 10,
    "size_marks_most": 19,
    "near_periods_most": 3,
}
"""Limits, each with a value that refuses the shipped forecast."""


def moved(name: str, value: Value) -> RuleBook:
    """Return the book with one parameter of a forecast moved on every day."""
    parameter = BOOK.parameter(f"{SHIPPED}.{name}")
    values = [
        DatedValue(one.start, value, "moved", one.mark, one.known_from) for one in parameter.values
    ]
    return BOOK.with_values(parameter.id, values)


def another(name: str) -> Value:
    """Return another value that a parameter may have."""
    old = BOOK.parameter(f"{SHIPPED}.{name}").first().value
    if name in TEXTS:
        return TEXTS[name]
    if isinstance(old, tuple):
        return LISTS.get(name, ("2",))
    if isinstance(old, date):
        return replace_year(old)
    assert isinstance(old, int | Fraction)
    return old + 1 if isinstance(old, int) else old * Fraction(9, 10)


def replace_year(day: date) -> date:
    return day.replace(year=day.year - 1)


@pytest.mark.parametrize("name", [one for one in NAMES if not one.startswith("scenario.")])
def test_a_parameter_that_is_moved_moves_the_assumptions(name: str) -> None:
    if name in LIMITS:
        with pytest.raises(ForecastError):
            forecast_snapshot(harbour_models(), moved(name, LIMITS[name]), ForecastQuestion(TODAY))
        return
    before = assumptions_of(Law(BOOK, TODAY))
    after = assumptions_of(Law(moved(name, another(name)), TODAY))
    assert replace(after, used=()) != replace(before, used=())


@pytest.mark.parametrize("name", [one for one in NAMES if one.startswith("scenario.")])
def test_a_scenario_that_is_moved_moves_what_it_changes(name: str) -> None:
    book = moved(name, ("growth_sd=0.25",))
    short = name.removeprefix("scenario.")
    assert scenarios_of(Law(book, TODAY))[short].changes == ("growth_sd=0.25",)
    assert assumptions_of(Law(book, TODAY), short).growth_sd == Fraction(1, 4)
