"""Crossing days are exact; projections are repeatable and end where growth ends."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sluicegate.core.calendars import Period, PeriodUnit
from sluicegate.core.estimates import Estimate, Method
from sluicegate.metering.forecast import DayTotal, GrowthModel, crossing_day, project
from sluicegate.rules.instruments import Comparator

START = date(2026, 1, 1)
HALF_YEAR = Period(183, PeriodUnit.DAY)


def _days(amounts: list[int], first: date = START) -> list[DayTotal]:
    return [
        DayTotal(first + timedelta(days=n), Estimate(a // 2, a, 2 * a, 10 * a, Method.HARDWARE))
        for n, a in enumerate(amounts)
    ]


@given(amounts=st.lists(st.integers(0, 10**27), min_size=1), data=st.data())
def test_the_first_day_past_the_limit_is_found_exactly(
    amounts: list[int], data: st.DataObject
) -> None:
    totals = list(accumulate(amounts))
    limit = data.draw(st.sampled_from(totals)) + data.draw(st.integers(-1, 1))
    limit = max(limit, 0)
    days = _days(amounts)
    over = [n for n, total in enumerate(totals) if total > limit]
    at_least = [n for n, total in enumerate(totals) if total >= limit]
    for comparator, places in (
        (Comparator.GREATER_THAN, over),
        (Comparator.AT_LEAST, at_least),
    ):
        expected = days[places[0]].day if places else None
        assert crossing_day(days, limit, comparator) == expected


@given(amounts=st.lists(st.integers(0, 10**27), min_size=1), limit=st.integers(1, 10**28))
def test_the_higher_bound_never_crosses_later(amounts: list[int], limit: int) -> None:
    days = _days(amounts)
    found = [
        crossing_day(days, limit, Comparator.AT_LEAST, bound) or date.max
        for bound in ("ceiling", "high", "central", "low")
    ]
    assert found == sorted(found)


def test_a_rolling_total_forgets_old_days() -> None:
    days = _days([5] * 10)
    assert crossing_day(days, 40, Comparator.GREATER_THAN, rolling_days=8) is None
    assert crossing_day(days, 39, Comparator.GREATER_THAN, rolling_days=8) == days[7].day


def test_steady_use_is_projected_on_a_line() -> None:
    days = _days([100] * 180)
    found = project(days, 18_000 + 3_000, as_of=days[-1].day, horizon=HALF_YEAR)
    assert found.model is GrowthModel.LINEAR
    assert found.monthly_factor == "1.00"
    assert found.crossing == days[-1].day + timedelta(days=31)


def test_fast_growth_crosses_before_a_line_would() -> None:
    amounts = [int(1000 * 2 ** (n / 30)) for n in range(180)]
    days = _days(amounts)
    total, last_month = sum(amounts), sum(amounts[-30:])
    found = project(days, total + 4 * last_month, as_of=days[-1].day, horizon=HALF_YEAR)
    assert found.model is GrowthModel.LOG_LINEAR
    assert found.monthly_factor == "2.00"
    assert found.crossing is not None
    assert timedelta(days=40) < found.crossing - days[-1].day < timedelta(days=70)


def test_growth_that_stopped_has_no_crossing() -> None:
    days = _days([10**6] * 90)
    as_of = days[-1].day + timedelta(days=30)
    found = project(days, 10**8, as_of=as_of, horizon=HALF_YEAR)
    assert (found.model, found.crossing, found.monthly_factor) == (GrowthModel.STOPPED, None, None)


def test_a_limit_beyond_the_horizon_is_not_projected() -> None:
    days = _days([100] * 180)
    assert project(days, 10**9, as_of=days[-1].day, horizon=HALF_YEAR).crossing is None


@pytest.mark.parametrize("length", [0, 5, 13])
def test_too_short_a_history_projects_nothing(length: int) -> None:
    as_of = START + timedelta(days=max(length - 1, 0))
    found = project(_days([100] * length), 10**4, as_of=as_of, horizon=HALF_YEAR)
    assert found.crossing is None


def test_one_odd_month_does_not_move_the_projection() -> None:
    odd = [100] * 180
    odd[60:90] = [5_000] * 30
    days, steady = _days(odd), _days([100] * 180)
    limit = sum(odd) + 3_000
    found = project(days, limit, as_of=days[-1].day, horizon=HALF_YEAR)
    plain = project(steady, 18_000 + 3_000, as_of=steady[-1].day, horizon=HALF_YEAR)
    assert found.crossing == plain.crossing
