"""Quotients by broken powers are rounded exactly, whatever the figures."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sluicegate.frontier.moving.powers import divided

EXPONENTS = st.fractions(0, 60, max_denominator=400)


@given(value=st.integers(1, 10**29), radix=st.sampled_from([2, 10]), exponent=EXPONENTS)
def test_the_rounded_quotient_encloses_the_exact_one(
    value: int, radix: int, exponent: Fraction
) -> None:
    """x = value / radix**(p/q) lies in [n, n + 1) exactly when n**q radix**p <= value**q."""
    floor = divided(value, radix, exponent, up=False)
    p, q = exponent.numerator, exponent.denominator
    assert floor**q * radix**p <= value**q < (floor + 1) ** q * radix**p
    is_whole = floor**q * radix**p == value**q
    assert divided(value, radix, exponent, up=True) == (floor if is_whole else floor + 1)


@given(value=st.fractions(0, 10**6), exponent=EXPONENTS, more=EXPONENTS)
def test_a_larger_exponent_never_gives_more(
    value: Fraction, exponent: Fraction, more: Fraction
) -> None:
    later = divided(value, 2, exponent + more, up=False)
    assert later <= divided(value, 2, exponent, up=False)


def test_many_digits_agree_with_decimals_of_ninety_places() -> None:
    with localcontext() as context:
        context.prec = 90
        for days in (1, 17, 365, 1000):
            exponent = Fraction(days * 48, 8 * 1461)
            power = Decimal(2) ** (Decimal(exponent.numerator) / Decimal(exponent.denominator))
            wanted = int(Decimal(10) ** 60 / power)
            assert divided(10**60, 2, exponent, up=False) == wanted


def test_an_exponent_so_large_that_nothing_is_left_gives_nothing() -> None:
    assert divided(10**27, 2, Fraction(100_001, 2), up=False) == 0
    assert divided(10**27, 2, Fraction(100_001, 2), up=True) == 1


@pytest.mark.parametrize(("value", "radix", "exponent"), [(1, 4, 1), (1, 2, -1), (-1, 2, 1)])
def test_what_could_be_rational_or_has_no_meaning_is_refused(
    value: int, radix: int, exponent: int
) -> None:
    with pytest.raises(ValueError, match="give radix 2 or 10"):
        divided(value, radix, exponent, up=False)
