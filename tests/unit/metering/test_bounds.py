"""Priors, rates and the formula of the meter."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sluicegate.core.estimates import Method
from sluicegate.metering.priors import KnownPeak, Priors, Rate, Rates, Use, bounded
from sluicegate.registry.catalogue import Catalogue
from sluicegate.services.meter import rates_of

PRIORS = Priors(1900, 3300, 5200)
DAY = date(2026, 1, 1)
PEAKS = Rates(
    {
        "old": KnownPeak(10, date(2020, 1, 1), data_centre=True),
        "middle": KnownPeak(30, date(2022, 1, 1), data_centre=True),
        "desk": KnownPeak(20, date(2020, 1, 1), data_centre=False),
        "new": KnownPeak(90, date(2024, 1, 1), data_centre=True),
        "next": KnownPeak(500, date(2027, 1, 1), data_centre=True),
    }
)
_TIMES = st.integers(0, 10**30)


@given(time=_TIMES, measured=_TIMES, share=st.integers(0, 10_000), rate=st.integers(1, 10**9))
def test_bounds_are_in_order_below_the_ceiling_and_exact(
    time: int, measured: int, share: int, rate: int
) -> None:
    use = Use(time + measured, measured, measured * share)
    one = bounded(use, Rate.known(rate), PRIORS)
    assert one.low <= one.central <= one.high <= one.ceiling
    assert one.central * 10**6 == (time * 3300 + measured * share) * rate


@given(parts=st.lists(st.tuples(_TIMES, _TIMES), min_size=1, max_size=5))
def test_the_bounds_of_a_sum_are_the_sums_of_the_bounds(parts: list[tuple[int, int]]) -> None:
    uses = [Use(blind + seen, seen, seen * 4000) for blind, seen in parts]
    total = uses[0]
    for use in uses[1:]:
        total = total.plus(use)
    whole = bounded(total, Rate.known(7), PRIORS)
    each = [bounded(use, Rate.known(7), PRIORS) for use in uses]
    for name in ("low", "central", "high", "ceiling"):
        assert getattr(whole, name) == sum(Fraction(getattr(one, name)) for one in each)


def test_telemetry_leaves_no_room_between_the_bounds() -> None:
    one = bounded(Use(10**6, 10**6, 10**6 * 4000), Rate.known(1), PRIORS)
    assert (one.low, one.central, one.high, one.ceiling) == (4000, 4000, 4000, 10_000)
    assert one.method is Method.TELEMETRY


@pytest.mark.parametrize(
    ("day", "central", "high"),
    [
        (date(2021, 6, 1), 10, 20),
        (date(2023, 6, 1), 10, 30),
        (date(2026, 6, 1), 30, 90),
        (date(2027, 6, 1), 30, 500),
    ],
)
def test_unknown_hardware_is_bounded_by_what_was_out_on_the_day(
    day: date, central: int, high: int
) -> None:
    assert PEAKS("unknown:X", day) == Rate(0, central, high, is_known=False)


def test_before_all_hardware_unknown_hardware_is_bounded_by_all_of_it() -> None:
    assert PEAKS("unknown:X", date(2000, 1, 1)).high == 500


def test_the_rates_of_the_catalogue_are_its_dense_peaks() -> None:
    catalogue = Catalogue.load()
    rates = rates_of(catalogue)
    for known in catalogue.accelerators:
        rate = rates(known.id, DAY)
        assert rate.is_known
        assert rate.low * 10_000 * 1000 == known.metering_peak
    assert rates("unknown:x", DAY).high == catalogue.bound_for_unknown(DAY).flop_per_ms_per_bp


@pytest.mark.parametrize("points", [(20, 10, 30), (-1, 0, 1), (0, 1, 10_001)])
def test_priors_out_of_order_are_refused(points: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="give basis points in order"):
        Priors(*points)


def test_a_prior_finer_than_a_basis_point_is_refused() -> None:
    with pytest.raises(ValueError, match="finer than a basis point"):
        Priors.of_shares(Fraction(1, 3), Fraction(1, 2), 1)
