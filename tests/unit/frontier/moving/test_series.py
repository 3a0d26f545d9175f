"""A threshold over time: its steps agree with every single day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moving_world import drawn_models, model, moving, snapshot
from sluicegate.frontier.moving import Known, SeriesError, series, value_on
from sluicegate.frontier.records import RecordedModel

STEPPED = ("planned", "third", "third_of_late", "open", "few", "near")
FIRST, LAST = date(2025, 11, 20), date(2026, 3, 10)
DAYS = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]


@pytest.mark.parametrize("name", STEPPED)
@settings(max_examples=12)
@given(early=drawn_models(), later=drawn_models(), then=st.booleans())
def test_every_day_of_a_series_has_the_value_of_that_day(
    name: str, early: tuple[RecordedModel, ...], later: tuple[RecordedModel, ...], *, then: bool
) -> None:
    known = Known([snapshot(early, date(2025, 12, 1)), snapshot(later, date(2026, 2, 1))])
    found = series(moving(name), FIRST, LAST, None, known, as_known_then=then)
    told = {
        day: step.value.interval
        for step in found.steps
        for day in DAYS
        if step.first <= day <= step.last
    }
    assert list(told) == DAYS
    for day in DAYS:
        assert told[day] == value_on(moving(name), day, day if then else None, known).interval


def test_a_gliding_series_has_the_first_of_each_month_and_both_ends() -> None:
    found = series(moving("progress"), FIRST, LAST, None, [])
    assert found.is_gliding
    days = [step.first for step in found.steps]
    assert days[0] == FIRST
    assert days[-1] == LAST
    assert {date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)} <= set(days)
    for step in found.steps:
        assert step.value == value_on(moving("progress"), step.first, None, [])


def test_around_a_jump_a_gliding_series_has_the_day_before_and_the_day() -> None:
    """The higher of a schedule and of progress: the schedule changes on 1 January 2026."""
    days = {step.first for step in series(moving("highest"), FIRST, LAST, None, []).steps}
    assert {date(2025, 12, 31), date(2026, 1, 1)} <= days


def test_a_model_that_leaves_the_window_ends_a_step() -> None:
    models = [model(name, 10**22 + number, 0) for number, name in enumerate("abc")]
    found = series(
        moving("third_of_late"), date(2025, 12, 1), date(2026, 2, 1), None, [snapshot(models)]
    )
    assert [(step.first, step.value.value) for step in found.steps] == [
        (date(2025, 12, 1), 10**22),
        (date(2026, 1, 1), None),
    ]


@pytest.mark.parametrize(("first", "last"), [(LAST, FIRST), (date(1800, 1, 1), date(2026, 1, 1))])
def test_days_in_the_wrong_order_or_too_far_apart_are_refused(first: date, last: date) -> None:
    with pytest.raises(SeriesError, match="give the earlier day first, and at most 200 years"):
        series(moving("planned"), first, last, None, [])
