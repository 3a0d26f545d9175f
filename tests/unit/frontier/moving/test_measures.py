"""Levels of a snapshot, against a slow reckoning that reads as the texts do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moving_world import START, drawn_models, model
from sluicegate.core.quantities import Exact
from sluicegate.frontier.moving.measures import by_developers, by_rank
from sluicegate.frontier.moving.values import central_of, high_of, low_of
from sluicegate.frontier.records import RecordedModel
from sluicegate.rules.comparators import Comparator
from sluicegate.rules.moving import Sense

GREATER, AT_LEAST = Comparator.GREATER_THAN, Comparator.AT_LEAST
SHARES = st.fractions(0, 1, max_denominator=12)


@given(models=drawn_models(), rank=st.integers(1, 6))
def test_a_rank_has_as_many_models_at_or_above_it(
    models: tuple[RecordedModel, ...], rank: int
) -> None:
    level = by_rank(models, rank)
    known = [figure for one in models if (figure := central_of(one)) is not None]
    assert level.undisclosed == len(models) - len(known)
    if level.interval is None:
        assert len(known) < rank
        return
    value = level.interval.value
    assert sum(one >= value for one in known) >= rank > sum(one > value for one in known)
    assert_in_order(level.interval.low, value, level.interval.high)
    assert level.models[-1].central == value
    assert [one.place for one in level.models] == list(range(1, rank + 1))


@given(models=drawn_models(), rank=st.integers(1, 6), data=st.data())
def test_whatever_the_true_figures_are_the_rank_lies_between_its_bounds(
    models: tuple[RecordedModel, ...], rank: int, data: st.DataObject
) -> None:
    level = by_rank(models, rank)
    if level.interval is None:
        return
    true = sorted((data.draw(true_figure(one)) for one in models), reverse=True)[rank - 1]
    assert_in_order(level.interval.low, true, level.interval.high)


@given(models=drawn_models(), share=SHARES, data=st.data())
def test_whatever_the_true_figures_are_the_share_lies_between_its_bounds(
    models: tuple[RecordedModel, ...], share: Fraction, data: st.DataObject
) -> None:
    sense = data.draw(st.sampled_from(Sense))
    comparator = data.draw(st.sampled_from([GREATER, AT_LEAST]))
    level = by_developers(models, share, sense, comparator)
    if level.interval is None:
        return
    assert_in_order(level.interval.low, level.interval.value, level.interval.high)
    told = [truly(one, data.draw(true_figure(one))) for one in models]
    true = by_developers(told, share, sense, comparator)
    assert true.interval is not None
    assert_in_order(level.interval.low, true.interval.value, level.interval.high)


@given(models=drawn_models(), share=SHARES, comparator=st.sampled_from([GREATER, AT_LEAST]))
def test_at_most_a_share_exceeds_the_level_and_none_lower_does_as_well(
    models: tuple[RecordedModel, ...], share: Fraction, comparator: Comparator
) -> None:
    told = [one for one in models if central_of(one) is not None]
    level = by_developers(told, share, Sense.AT_MOST, comparator).interval
    best = best_of(told)
    if level is None:
        assert best == []
        return

    def share_above(limit: Exact) -> Fraction:
        return Fraction(sum(comparator.holds(one, limit) for one in best), len(best))

    assert share_above(level.value) <= share
    assert level.value == 0 or share_above(level.value - 1) > share


@given(models=drawn_models(), share=SHARES, comparator=st.sampled_from([GREATER, AT_LEAST]))
def test_at_least_a_share_exceeds_the_level_and_none_higher_does(
    models: tuple[RecordedModel, ...], share: Fraction, comparator: Comparator
) -> None:
    told = [one for one in models if central_of(one) is not None]
    level = by_developers(told, share, Sense.AT_LEAST, comparator).interval
    best = best_of(told)
    if level is None:
        assert best == [] or share == 0
        return

    def share_above(limit: Exact) -> Fraction:
        return Fraction(sum(comparator.holds(one, limit) for one in best), len(best))

    assert share_above(level.value) >= share
    assert share_above(level.value + 1) < share


def test_a_model_of_two_developers_counts_for_each() -> None:
    models = [model("joint", 5, by=("a", "b")), model("own", 3, by=("c",))]
    level = by_developers(models, Fraction(2, 3), Sense.AT_LEAST, AT_LEAST)
    assert level.interval is not None
    assert (level.interval.value, level.considered) == (5, 3)


def test_ties_at_the_place_are_told() -> None:
    level = by_rank([model("a", 7), model("b", 5), model("c", 5), model("d", None)], 2)
    assert level.tied == ("b", "c")
    assert (level.considered, level.undisclosed) == (4, 1)


@pytest.mark.parametrize(
    ("hidden", "high"), [(0, 9), (1, 20), (2, None)], ids=["none", "one", "as many as the rank"]
)
def test_a_model_without_compute_may_push_the_others_down(hidden: int, high: int | None) -> None:
    """Two hidden models may hold both first places, so that nothing bounds the second."""
    models = [
        model("a", 10, bounds=(8, 20)),
        model("b", 6, bounds=(5, 9)),
        *(model(f"hidden {number}", None) for number in range(hidden)),
    ]
    interval = by_rank(models, 2).interval
    assert interval is not None
    assert (interval.low, interval.value, interval.high) == (5, 6, high)
    assert interval.high_stated == 9


def best_of(models: Sequence[RecordedModel]) -> list[Exact]:
    best: dict[str, Exact] = {}
    for one in models:
        figure = central_of(one)
        for name in one.developers:
            if figure is not None:
                best[name] = max(best.get(name, 0), figure)
    return list(best.values())


@st.composite
def true_figure(draw: st.DrawFn, one: RecordedModel) -> int:
    """Draw what a model's compute may be in truth, by what is stated of it."""
    low, high = int(low_of(one) or 0), high_of(one)
    return draw(st.integers(low, 10**26 if high is None else int(high)))


def truly(one: RecordedModel, figure: int) -> RecordedModel:
    return RecordedModel(one.name, one.developers, START + timedelta(days=1), figure)


def assert_in_order(low: Exact, value: Exact, high: Exact | None) -> None:
    assert low <= value
    assert high is None or value <= high
