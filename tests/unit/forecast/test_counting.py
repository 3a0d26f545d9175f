"""Counts of a forecast, against a slow reckoning that reads as the definitions do."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast_world import FREE, GREATER, above, assumed, harbour_models, near, top
from sluicegate.frontier.forecast.assumptions import Assumptions, ForecastError
from sluicegate.frontier.forecast.backtest import recorded_years
from sluicegate.frontier.forecast.counting import count_models
from sluicegate.frontier.forecast.forecasting import forecast
from sluicegate.frontier.forecast.history import history_of
from sluicegate.frontier.forecast.options import (
    Below,
    Bounded,
    Chosen,
    Dated,
    Fixed,
    Option,
    Ranked,
    Standing,
)
from sluicegate.frontier.forecast.paths import Models
from sluicegate.frontier.records import RecordedModel, Snapshot
from sluicegate.rules.comparators import Comparator

DRAWN = st.lists(
    st.tuples(st.integers(0, 1), st.floats(1e20, 1e27), st.floats(0, 0.999)), max_size=25
)


def models_of(drawn: Sequence[tuple[int, float, float]], year: int) -> Models:
    """Return models as the counting takes them."""
    path, size, moment = (
        (np.array(part) for part in zip(*drawn, strict=True)) if drawn else ([], [], [])
    )
    return Models(
        year,
        np.asarray(path, dtype=np.int64),
        np.asarray(size, dtype=np.float64),
        np.asarray(moment, dtype=np.float64),
        np.zeros(len(drawn)),
    )


def slow(
    drawn: Sequence[tuple[int, float, float]],
    before: Sequence[float],
    option: Option,
    made: Assumptions,
) -> list[int]:
    """Count model by model, period by period, in each course of events."""
    found = []
    for path in (0, 1):
        mine = [(size, math.floor(moment * 4)) for one, size, moment in drawn if one == path]
        count = 0
        for period in range(4):
            until = period if made.near_largest_at.value == "start" else period + 1
            known = sorted([*before, *(size for size, at in mine if at < until)], reverse=True)
            for size, at in mine:
                if at == period and is_counted(size, known, option, made):
                    count += 1
        found.append(count)
    return found


def is_counted(size: float, known: Sequence[float], option: Option, made: Assumptions) -> bool:
    rule = option.rule
    if isinstance(rule, Fixed):
        return size > rule.value
    if isinstance(rule, Ranked):
        return size >= known[rule.rank - 1]
    assert isinstance(rule, Below)
    if option.is_near and made.near_record.value == "left_out" and size == known[0]:
        return False
    return size >= known[0] / math.exp(float(rule.orders) / math.log10(math.e))


@settings(max_examples=40)
@given(
    drawn=DRAWN,
    at=st.sampled_from(["start", "end"]),
    record=st.sampled_from(["counted", "left_out"]),
)
def test_counts_are_those_of_a_slow_reckoning(
    drawn: list[tuple[int, float, float]], at: str, record: str
) -> None:
    made = assumed(
        simulations=2, near_largest_at=at, near_record=record, near_largest_before="recorded"
    )
    history = history_of(harbour_models(), made)
    options = [above(10**24), near("1"), near("0.5"), top(1), top(4)]
    counted = next(count_models(made, history, options, {2024: models_of(drawn, 2024)}))
    before = [float(one.compute or 0) for one in history.models]
    for option in options:
        assert counted[option.id].new.tolist() == slow(drawn, before, option, made), option.id


def test_what_was_recorded_before_counts_on_and_the_counts_add_up() -> None:
    limit = 10**24
    found = forecast(harbour_models(), assumed(**FREE), [above(limit)]).options[0]
    recorded = [
        one
        for one in harbour_models().models
        if one.published and one.published.year <= 2023 and (one.compute or 0) > limit
    ]
    assert found.before == len(recorded) > 0
    first = found.years[0]
    assert first.cumulative == first.added_up == tuple(one + found.before for one in first.new)
    for one, after in zip(found.years, found.years[1:], strict=False):
        assert all(a <= b for a, b in zip(one.cumulative, after.cumulative, strict=True))
        assert after.added_up == tuple(map(sum, zip(one.added_up, after.new, strict=True)))


def test_a_count_that_is_set_stands_for_exactly_its_threshold_and_year() -> None:
    made = assumed(known_largest="none", known_counts="2024 1e24=5")
    exact, beside = forecast(harbour_models(), made, [above(10**24), above(2 * 10**24)]).options
    assert exact.years[0].is_set
    assert set(exact.years[0].new) == {5}
    assert not any(one.is_set for one in [*exact.years[1:], *beside.years])


def test_years_after_the_paper_are_marked() -> None:
    years = forecast(harbour_models(), assumed(), [above(10**25)]).options[0].years
    assert [one.year for one in years if one.is_beyond_paper] == [2029, 2030]


def test_a_known_largest_model_is_the_largest_of_its_year() -> None:
    made = assumed(known_largest="2024=2e24", known_counts="none")
    found = forecast(harbour_models(), made, [above(2 * 10**24), above(10**24)]).options
    assert set(found[0].years[0].new) == {0}
    assert max(found[1].years[0].new) > 0


def test_developers_are_those_recorded_and_at_most_all_of_them() -> None:
    made = assumed(simulations=30)
    history = history_of(harbour_models(), made)
    assert sum(history.developers.values()) == 1
    assert history.developers["Harbour Lab 2 (invented)"] == Fraction(1, 3)
    years = forecast(harbour_models(), made, [above(10**22)]).options[0].years
    assert years[-1].developers == (3, 3, 3)


def test_without_developers_none_are_told() -> None:
    bare = harbour_models()
    bare = replace(bare, models=tuple(replace(one, developers=()) for one in bare.models))
    assert forecast(bare, assumed(), [above(10**25)]).options[0].years[0].developers is None


def test_only_notable_models_are_used_where_a_data_set_marks_them() -> None:
    plain = harbour_models()
    marked = replace(
        plain,
        models=tuple(replace(one, is_notable=one.name.endswith("-2")) for one in plain.models),
    )
    history = history_of(marked, assumed())
    assert history.only_notable
    assert {one.name[-2:] for one in history.models} == {"-2"}
    assert not history_of(plain, assumed()).only_notable


def test_growth_of_the_data_is_told() -> None:
    assert history_of(harbour_models(), assumed()).growth == pytest.approx(6)


def test_a_data_set_that_does_not_cover_the_year_is_refused() -> None:
    with pytest.raises(ForecastError, match="harbour has no model of 2018 with training compute"):
        history_of(harbour_models(), assumed(last_fit_year="2018"))
    with pytest.raises(ForecastError, match="forecast a later year than 2023"):
        history_of(harbour_models(), assumed(last_year="2023"))


def test_what_a_later_snapshot_records_is_counted_as_the_forecast_counts() -> None:
    made = assumed(**FREE, near_largest_at="start", near_record="counted")
    history = history_of(harbour_models(), made)
    later = harbour_models(date(2025, 6, 30))
    options = [above(10**24), near("1")]
    found = recorded_years(later, made, history, options)
    by_year = [
        sum(
            1
            for m in later.models
            if m.published and m.published.year == year and (m.compute or 0) > 10**24
        )
        for year in (2024, 2025)
    ]
    fixed = found[options[0].id]
    assert [one.new for one in fixed] == by_year
    before = history.count(10**24, GREATER)
    assert [one.cumulative for one in fixed] == [before + by_year[0], before + sum(by_year)]
    assert [one.is_whole_year for one in fixed] == [True, False]
    assert [one.new for one in found[options[1].id]] == [2, 1]


def test_a_snapshot_of_no_later_year_records_nothing() -> None:
    made = assumed()
    history = history_of(harbour_models(), made)
    older = Snapshot("harbour", date(2023, 5, 1), harbour_models(date(2023, 5, 1)).models)
    assert recorded_years(older, made, history, [above(10**25)]) == {above(10**25).id: ()}


def standing(*largest: float) -> Standing:
    return Standing(2025, 1, np.array(largest), np.array([[one, one / 3] for one in largest]))


def test_levels_of_the_rules() -> None:
    at = standing(1e26, 3e26)
    dated = Dated({(2025, 1): 10**25, (2025, 2): 10**24, (2026, 0): None})
    assert dated.level(at).tolist() == [1e25, 1e25]
    assert dated.least(at).tolist() == [1e24, 1e24]
    assert np.isinf(dated.level(replace(at, year=2026, period=0))).all()
    assert Below(Fraction(1)).level(at) == pytest.approx([1e25, 3e25])
    assert Ranked(2).level(at) == pytest.approx([1e26 / 3, 1e26])
    assert Ranked(9).level(at).tolist() == [0, 0]
    bounded = Bounded(Below(Fraction(1)), floor=2 * 10**25, cap=25 * 10**24)
    assert bounded.level(at) == pytest.approx([2e25, 2.5e25])
    assert Chosen([Fixed(2 * 10**25), Below(Fraction(1))], True).level(at) == pytest.approx(
        [2e25, 3e25]
    )
    assert Chosen([Fixed(2 * 10**25), Below(Fraction(1))], False).least(at) == pytest.approx(
        [1e25, 2e25]
    )


def test_a_comparator_is_kept_at_the_threshold() -> None:
    size, level = np.array([1e25]), np.array([1e25])
    by = {one: Option("x", Fixed(10**25), one).passed(size, level)[0] for one in Comparator}
    assert {one for one, passed in by.items() if passed} == {
        Comparator.AT_LEAST,
        Comparator.AT_MOST,
    }
    recorded = RecordedModel("Invented", published=date(2023, 1, 1), compute=10**25)
    history = history_of(Snapshot("x", date(2025, 1, 1), (recorded,)), assumed())
    assert history.count(10**25, GREATER) == 0
    assert history.count(10**25, Comparator.AT_LEAST) == 1


def test_a_steady_threshold_catches_as_many_as_the_first_year() -> None:
    made = assumed(simulations=200, last_year="2028", **FREE)
    years = forecast(harbour_models(), made, [above(10**25)]).options[0].years
    first, last = years[0], years[-1]
    assert last.steady is not None
    level = int(last.steady[1])
    assert 10**25 < last.steady[0] < level < last.steady[2]
    again = forecast(harbour_models(), made, [Option("x", Fixed(level), GREATER)]).options[0]
    assert abs(again.years[-1].new[1] - first.new[1]) <= 1


def test_a_year_that_is_set_has_no_steady_threshold_and_no_moving_option_has_one() -> None:
    made = assumed(known_largest="none", known_counts="2024 1e24=5")
    fixed, moving = forecast(harbour_models(), made, [above(10**24), near("1")]).options
    assert fixed.years[0].steady is None
    assert fixed.years[1].steady is not None
    assert {one.steady for one in moving.years} == {None}
