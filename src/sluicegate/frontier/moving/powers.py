"""Quotients by a power that is no whole number, rounded exactly to whole operations.

A limit that halves every eight months stands on most days at an irrational
figure. It is enclosed between two rational bounds, made narrower until both
round to the same whole number: the rounding is exact, and no binary float
takes part in it.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from math import isqrt

from sluicegate.core.quantities import Exact

_FIRST_BITS = 192
"""Bits of the first bounds: about as many as a figure of 1e29 times 1e29 has."""

RADICES = (2, 10)
"""Bases that are no power of a smaller number: their broken powers are irrational."""


def divided(value: Exact, radix: int, exponent: Exact, *, up: bool) -> int:
    """Return value / radix**exponent, rounded down or up to a whole number, exactly.

    The exponent is not negative. Raises ValueError for another radix than 2
    and 10, a negative exponent or a negative value.

    >>> divided(10**27, 2, 1, up=False) == 5 * 10**26
    True
    >>> divided(10**6, 2, Fraction(1, 2), up=False), divided(10**6, 2, Fraction(1, 2), up=True)
    (707106, 707107)
    """
    if radix not in RADICES or exponent < 0 or value < 0:
        raise ValueError(f"{value} / {radix}**{exponent}: give radix 2 or 10, nothing negative")
    times, rest = divmod(Fraction(exponent), 1)
    top = Fraction(value)
    below: int = top.denominator * radix**times
    if rest == 0 or top == 0:
        return _rounded(top.numerator, below, up=up)
    bits = _FIRST_BITS
    while True:
        low, high = _bounds(radix, rest, bits)
        floor = top.numerator * low // (below << bits)
        if floor == top.numerator * high // (below << bits):
            return floor + 1 if up else floor
        bits *= 2


def _rounded(numerator: int, denominator: int, *, up: bool) -> int:
    return -(-numerator // denominator) if up else numerator // denominator


def _bounds(radix: int, exponent: Fraction, bits: int) -> tuple[int, int]:
    """Return whole numbers below and above 2**bits / radix**exponent, 0 < exponent < 1.

    The exponent is written in binary; each of its digits stands for one root
    out of a table of repeated square roots, which are rounded outward.
    """
    roots = _roots(radix, bits)
    low = high = 1 << bits
    digits = exponent.numerator * (1 << bits) // exponent.denominator
    for place, (root_low, root_high) in enumerate(roots, 1):
        if digits >> (bits - place) & 1:
            low = low * root_low >> bits
            high = (high * root_high >> bits) + 1
    return low * roots[-1][0] >> bits, high


@lru_cache(maxsize=16)
def _roots(radix: int, bits: int) -> tuple[tuple[int, int], ...]:
    """Return bounds of 2**bits / radix**(1/2), / radix**(1/4) and so on, one for each bit."""
    scale = 1 << bits
    low, high = scale // radix, -(-scale // radix)
    found = []
    for _ in range(bits):
        low, high = isqrt(low * scale), isqrt(high * scale) + 1
        found.append((low, high))
    return tuple(found)
