"""An estimate's bounds and what they say about a limit."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sluicegate.core.estimates import Estimate, Method

AMOUNTS = st.integers(0, 10**30) | st.integers(0, 12) | st.fractions(0, 50)


@st.composite
def estimates(draw: st.DrawFn) -> Estimate:
    low, central, high = sorted(draw(st.tuples(AMOUNTS, AMOUNTS, AMOUNTS)))
    ceiling = high + draw(st.integers(0, 10))
    return Estimate(low, central, high, ceiling, draw(st.sampled_from(Method)))


@given(estimate=estimates(), limit=AMOUNTS, higher=AMOUNTS)
def test_a_higher_limit_is_never_passed_more_probably(
    estimate: Estimate, limit: int, higher: int
) -> None:
    lower, upper = sorted((limit, higher))
    first, second = estimate.probability_above(lower), estimate.probability_above(upper)
    assert 0 <= second <= first <= 1


@given(estimate=estimates(), limit=AMOUNTS)
def test_the_probability_is_one_below_the_bounds_and_nothing_above(
    estimate: Estimate, limit: int
) -> None:
    probability = estimate.probability_above(limit)
    assert isinstance(probability, Fraction)
    if limit < estimate.low:
        assert probability == 1
    if limit >= estimate.high:
        assert probability == 0
    if estimate.low < limit < estimate.high:
        assert 0 < probability < 1


@given(estimate=estimates())
def test_the_probability_has_no_step_at_the_central_figure(estimate: Estimate) -> None:
    assume(estimate.low < estimate.central < estimate.high)
    width = Fraction(estimate.high) - estimate.low
    tiny = width / 10**9
    around = [estimate.probability_above(estimate.central + side * tiny) for side in (-1, 0, 1)]
    assert around[0] - around[2] < Fraction(1, 10**8)
    assert around[1] == (Fraction(estimate.high) - estimate.central) / width


@given(one=estimates(), other=estimates())
def test_a_sum_adds_bound_by_bound_in_any_order(one: Estimate, other: Estimate) -> None:
    total = one.plus(other)
    for bound in ("low", "central", "high", "ceiling"):
        assert getattr(total, bound) == getattr(one, bound) + getattr(other, bound)
        assert getattr(total, bound) == getattr(other.plus(one), bound)


@given(one=estimates())
def test_adding_nothing_changes_no_figure_and_no_method(one: Estimate) -> None:
    for total in (one.plus(Estimate.zero()), Estimate.zero().plus(one)):
        assert (total.low, total.central, total.high) == (one.low, one.central, one.high)
        if one.ceiling:
            assert total.method is one.method


def test_two_methods_in_one_sum_are_called_mixed() -> None:
    telemetry = Estimate(1, 2, 3, 4, Method.TELEMETRY)
    hardware = Estimate(1, 2, 3, 4, Method.HARDWARE)
    assert telemetry.plus(hardware).method is Method.MIXED
    assert telemetry.plus(telemetry).method is Method.TELEMETRY


@pytest.mark.parametrize("bounds", [(-1, 0, 0), (2, 1, 3), (1, 3, 2)])
def test_bounds_out_of_order_are_refused(bounds: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="out of order"):
        Estimate(*bounds, 10, Method.HARDWARE)
