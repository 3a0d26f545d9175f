"""The moving thresholds that come with the product, and what each of them rests on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from moved_parameters import moved_values
from moving_world import model
from sluicegate.frontier.moving import Moving, value_on
from sluicegate.frontier.records import Snapshot
from sluicegate.rules.instruments import DatedValue
from sluicegate.rules.loading import shipped_book

BOOK = shipped_book()
DAY = date(2026, 11, 1)
MODELS = Snapshot(
    "epoch-notable",
    date(2026, 10, 1),
    (
        model("largest (invented)", 5 * 10**26, 500),
        model("open (invented)", 2 * 10**26, 400, is_open=True),
    ),
)
TIED = [
    pytest.param(rule.id, name, number, id=f"{rule.id} {name} {number}")
    for rule in BOOK.moving.values()
    for name in rule.parameters.values()
    for number in range(len(BOOK.parameters[name].values))
]


def level(identifier: str, day: date = DAY, known_on: date | None = None) -> Any:
    return value_on(Moving.of(BOOK, identifier), day, known_on, [MODELS]).value


@pytest.mark.parametrize(("rule", "parameter", "number"), TIED)
def test_a_level_moves_with_every_value_it_rests_on(rule: str, parameter: str, number: int) -> None:
    home = BOOK.parameters[parameter]
    known = last_day_known(home.values, number)
    shown = value_on(Moving.of(BOOK, rule), DAY, known, [MODELS])
    assert shown.interval is not None
    for other in moved_values(home, home.values[number].value):
        values = (*home.values[:number], replace(home.values[number], value=other))
        book = BOOK.with_values(parameter, (*values, *home.values[number + 1 :]))
        changed = value_on(Moving.of(book, rule), DAY, known, [MODELS])
        assert changed.interval != shown.interval


def last_day_known(values: tuple[DatedValue, ...], number: int) -> date | None:
    """Return the last day on which nothing was known of the value that comes next."""
    after = values[number + 1].known_from if number + 1 < len(values) else None
    return None if after is None else after - timedelta(days=1)


def test_the_level_of_published_models_raises_that_of_the_heading_and_never_lowers_it() -> None:
    """ECCN 4E091: at or above 1e26, and not below the level of note 2."""
    heading, raised = "us.eccn_4e091.heading", "us.eccn_4e091.control_level"
    assert level(heading) == 10**26
    assert level(raised) == 2 * 10**26
    assert level(raised, date(2025, 1, 31)) == 10**26, "nothing larger was open by then"


def test_a_level_begins_with_its_text() -> None:
    assert level("eu.ai_act.systemic_risk_level", date(2025, 8, 1)) is None
    assert level("eu.ai_act.systemic_risk_level", date(2025, 8, 2)) == 10**25
    assert level("us.eccn_4e091.heading", date(2025, 1, 12)) is None
    assert level("us.eccn_4e091.heading", date(2025, 1, 13), date(2025, 1, 12)) is None


def test_a_lowered_cap_halves_in_eight_months_within_the_interval_that_was_known() -> None:
    rule, start = "kthf.lowered_limits.training_cap", date(2026, 1, 1)
    value = value_on(Moving.of(BOOK, rule), start, None, [])
    assert (value.low, value.value, value.high) == (10**27, 10**27, 10**27)
    later = start + timedelta(days=243)
    now, then = (
        value_on(Moving.of(BOOK, rule), later, known, []) for known in (None, date(2024, 12, 9))
    )
    assert now.value == then.value
    assert now.value is not None
    assert Fraction(501, 1000) > Fraction(now.value) / 10**27 > Fraction(1, 2)
    assert now.interval is not None
    assert then.interval is not None
    assert now.interval.low < then.interval.low, "the later version has a wider interval"
    assert now.interval.high_stated > then.interval.high_stated


def test_levels_near_the_largest_run_lie_as_many_orders_below_it() -> None:
    paper = "paper.kumar_manning_2025"
    assert level(f"{paper}.within_one_order") == 5 * 10**25
    half, more = level(f"{paper}.within_half_order"), level(f"{paper}.within_one_and_half_orders")
    largest = 5 * 10**26
    assert (half - 1) ** 2 * 10 < largest**2 <= half**2 * 10
    assert (more - 1) ** 2 * 1000 < largest**2 <= more**2 * 1000
