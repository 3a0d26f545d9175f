"""A share that was measured, with how sure it is: exact figures, rounded outwards."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import isqrt

_Z = Fraction(196, 100)
"""Standard errors on each side of an interval of 95 %."""
_DIGITS = 9
"""Decimal digits to which a root is taken, outwards."""


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many.

    >>> Share(9, 10).value, Share(0, 0).value
    (Fraction(9, 10), None)
    """

    hits: int
    of: int

    @property
    def value(self) -> Fraction | None:
        """The share; None of nothing."""
        return Fraction(self.hits, self.of) if self.of else None

    @property
    def bounds(self) -> tuple[Fraction, Fraction] | None:
        """Wilson's interval of 95 %; None of nothing.

        >>> low, high = Share(50, 50).bounds
        >>> round(low, 3), high
        (Fraction(929, 1000), Fraction(1, 1))
        """
        if not self.of:
            return None
        share, square = Fraction(self.hits, self.of), _Z * _Z
        middle = share + square / (2 * self.of)
        spread = share * (1 - share) / self.of + square / (4 * self.of * self.of)
        half = _Z * _root(spread)
        whole = 1 + square / self.of
        low = (middle - half) / whole if self.hits else Fraction(0)
        high = (middle + half) / whole if self.hits < self.of else Fraction(1)
        return max(Fraction(0), low), min(Fraction(1), high)


def _root(value: Fraction) -> Fraction:
    """Return a square root, rounded up to nine digits."""
    scale = 10**_DIGITS
    scaled = -((-value.numerator * scale * scale) // value.denominator)
    root = isqrt(scaled)
    return Fraction(root if root * root == scaled else root + 1, scale)
