"""Chances of a sample: exact where small, enclosed where large, and quick for any size."""

from __future__ import annotations

from decimal import MAX_EMAX, MIN_EMIN, ROUND_FLOOR, Context, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sluicegate.core.chances import DIGITS, draws_for, hit_chance

SHARES = st.fractions(0, 1, max_denominator=10**12)
INNER = SHARES.filter(lambda share: 0 < share < 1)
LAST = Fraction(1, 10**DIGITS)
TINY, NEARLY = Fraction(1, 10**9), 1 - Fraction(1, 10**9)


def rounded_down(value: Fraction) -> Fraction:
    """Return an exact figure as a chance is given, in another way than the product's."""
    context = Context(prec=DIGITS, rounding=ROUND_FLOOR, Emin=MIN_EMIN, Emax=MAX_EMAX)
    return Fraction(context.divide(Decimal(value.numerator), Decimal(value.denominator)))


@given(share=st.fractions(0, 1, max_denominator=1000), draws=st.integers(0, 2000))
def test_a_chance_is_the_exact_one_rounded_down(share: Fraction, draws: int) -> None:
    assert hit_chance(share, draws) == rounded_down(1 - (1 - share) ** draws)


@given(share=SHARES, other=SHARES, draws=st.integers(0, 10**30), more=st.integers(0, 10**30))
def test_a_chance_never_falls_with_share_or_draws(
    share: Fraction, other: Fraction, draws: int, more: int
) -> None:
    chance = hit_chance(share, draws)
    assert 0 <= chance <= 1
    assert hit_chance(share, draws + more) >= chance
    assert hit_chance(max(share, other), draws) >= chance


@given(share=INNER, draws=st.integers(1, 10**40))
def test_a_chance_lies_between_the_bounds_of_bernoulli_and_is_never_certain(
    share: Fraction, draws: int
) -> None:
    """1 - 1/(1 + ns) < chance < ns, and one of the sample's members alone gives the share."""
    chance = hit_chance(share, draws)
    expected = share * draws
    assert chance <= expected
    assert chance >= (1 - 1 / (1 + expected)) * (1 - 10 * LAST)
    assert chance < 1


@pytest.mark.parametrize(
    ("share", "draws", "chance"),
    [
        (Fraction(0), 10**9, 0),
        (Fraction(1), 0, 0),
        (Fraction(1), 10**999, 1),
        (Fraction(1, 7), 1, rounded_down(Fraction(1, 7))),
        (Fraction(1, 2), 50, 1 - Fraction(1, 2**50)),
        (Fraction(1, 2), 10**9, 1 - LAST),
        (NEARLY, 10**18, 1 - LAST),
        (Fraction(1, 2**14_000), 1, rounded_down(Fraction(1, 2**14_000))),
    ],
)
def test_a_chance_at_its_ends(share: Fraction, draws: int, chance: Fraction) -> None:
    assert hit_chance(share, draws) == chance


@given(share=INNER, chance=st.fractions(0, 1, max_denominator=10**6).filter(lambda c: c < 1))
def test_the_fewest_draws_reach_the_chance_and_one_less_does_not(
    share: Fraction, chance: Fraction
) -> None:
    draws = draws_for(share, chance)
    if draws * share.denominator.bit_length() < 10**6:
        miss = 1 - share
        assert 1 - miss**draws >= chance
        assert draws == 0 or 1 - miss ** (draws - 1) < chance
    else:
        assert hit_chance(share, draws + draws // 10**9 + 1) >= chance - LAST
        assert hit_chance(share, draws - draws // 10**9 - 1) < chance


@given(share=INNER.map(lambda s: s.limit_denominator(500)), draws=st.integers(1, 300))
def test_a_chance_that_a_whole_number_meets_exactly_takes_that_number(
    share: Fraction, draws: int
) -> None:
    if not 0 < share < 1:
        return
    exact, a_little = 1 - (1 - share) ** draws, Fraction(1, 10**900)
    assert draws_for(share, exact) == draws
    assert draws_for(share, exact - min(a_little, exact)) == (draws if exact > a_little else 0)
    if exact + a_little < 1:
        assert draws_for(share, exact + a_little) == draws + 1


@pytest.mark.parametrize(
    ("share", "chance", "draws"),
    [
        (Fraction(1, 2), Fraction(3, 4), 2),
        (Fraction(1, 2), Fraction(3, 4) + Fraction(1, 10**30), 3),
        (Fraction(1, 10), Fraction(0), 0),
        (Fraction(1), Fraction(0), 0),
        (Fraction(1), Fraction(1), 1),
        (Fraction(1), TINY, 1),
        (TINY, TINY, 1),
        (TINY, 1 - Fraction(1, 10**6), 13_815_510_552),
        (TINY, 1 - NEARLY**1000, 1000),
        (NEARLY, TINY, 1),
        (Fraction(1, 2), 1 - Fraction(1, 2**3000), 3000),
        (Fraction(3, 4), Fraction(7, 8), 2),
    ],
)
def test_the_fewest_draws_at_an_edge(share: Fraction, chance: Fraction, draws: int) -> None:
    assert draws_for(share, chance) == draws


def test_shares_of_a_thousand_places_are_answered() -> None:
    share = Fraction(1, 10**1000)
    draws = draws_for(share, Fraction(19, 20))
    assert len(str(draws)) == 1001
    assert hit_chance(share, draws - 10**960) < Fraction(19, 20) <= hit_chance(share, 2 * draws)
    assert rounded_down(Fraction(hit_chance(share, draws) * 20)) >= 19 - 20 * LAST
    assert draws_for(share, 1 - share) > 10**1003
    assert draws_for(1 - share, 1 - share) == 1
    assert 0 < hit_chance(share, 10**9) <= 10**9 * share


@pytest.mark.parametrize(("share", "draws"), [(-1, 1), (Fraction(3, 2), 1), (Fraction(1, 2), -1)])
def test_what_is_no_share_or_no_count_is_refused(share: Fraction, draws: int) -> None:
    with pytest.raises(ValueError, match="share"):
        hit_chance(share, draws)


@pytest.mark.parametrize(
    ("share", "chance"),
    [(Fraction(0), Fraction(1, 2)), (NEARLY, Fraction(1)), (Fraction(2), TINY), (TINY, -TINY)],
)
def test_a_chance_that_no_draws_reach_is_refused(share: Fraction, chance: Fraction) -> None:
    with pytest.raises(ValueError, match="no number of draws"):
        draws_for(share, chance)
