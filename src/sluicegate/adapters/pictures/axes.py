"""Axes: a logarithmic one for FLOP and one for days."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TypeVar

from sluicegate.core.quantities import Exact, scientific

T = TypeVar("T")

_MOST_DECADES = 10
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def power_of_ten(exponent: int) -> str:
    """Write a power of ten for people.

    >>> power_of_ten(25)
    '10²⁵'
    """
    return "10" + str(exponent).translate(_RAISED)


def exponent_of(value: Exact) -> float:
    """Return the decimal logarithm of a positive figure of any size."""
    figure = Fraction(value)
    return math.log10(figure.numerator) - math.log10(figure.denominator)


def for_people(value: Exact) -> str:
    """Write a count of operations as people read it, with at most three digits.

    Its spaces do not break.

    >>> [for_people(one).replace("\N{NO-BREAK SPACE}", " ") for one in (13 * 10**24, 10**25, 350)]
    ['1.3 × 10²⁵', '10²⁵', '350']
    """
    mantissa, e, exponent = scientific(value).partition("e")
    if not e:
        return mantissa
    power = power_of_ten(int(exponent))
    return power if mantissa == "1" else f"{mantissa}\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}{power}"


@dataclass(frozen=True, slots=True)
class LogAxis:
    """Powers of ten from `low` to `high`, laid from one pixel to another.

    What is at or below the lowest power, 0 included, stands at its edge.
    """

    low: int
    high: int
    start: float
    end: float

    @classmethod
    def over(cls, values: Iterable[Exact], start: float, end: float, least: Exact = 0) -> LogAxis:
        """Return an axis that holds the positive values from `least` up, ten decades at most."""
        exponents = [exponent_of(max(value, least)) for value in values if value > 0]
        low = math.floor(min(exponents, default=0) + 1e-9)
        high = math.ceil(max(exponents, default=3) - 1e-9)
        high = max(high, low + 1)
        return cls(max(low, high - _MOST_DECADES), high, start, end)

    def place(self, value: Exact) -> float:
        """Return the pixel of a value."""
        if value <= 0:
            return self.start
        share = (exponent_of(value) - self.low) / (self.high - self.low)
        return self.start + min(max(share, 0.0), 1.0) * (self.end - self.start)

    def ticks(self) -> list[int]:
        """Return the powers to label: all of them, or every second one of many."""
        step = 1 if self.high - self.low <= 8 else 2
        return list(range(self.high, self.low - 1, -step))


@dataclass(frozen=True, slots=True)
class DayAxis:
    """Legal days, laid from one pixel to another; one day alone stands in the middle."""

    first: date
    last: date
    start: float
    end: float

    def place(self, day: date) -> float:
        """Return the pixel of a day; one before or after the axis stands at its edge."""
        span = (self.last - self.first).days
        if span <= 0:
            return (self.start + self.end) / 2
        share = (day - self.first).days / span
        return self.start + min(max(share, 0.0), 1.0) * (self.end - self.start)

    def ticks(self, most: int = 8) -> list[tuple[date, str]]:
        """Return days to label, with their labels: days, firsts of months, or of years."""
        span = (self.last - self.first).days
        if span <= 45:
            step = max(1, math.ceil(span / most))
            ordinals = range(self.first.toordinal(), self.last.toordinal() + 1, step)
            return [(day, day.isoformat()[5:]) for day in map(date.fromordinal, ordinals)]
        months = [*_month_starts(self.first, self.last, _month_step(span / 30.44 / most))]
        return [(day, day.isoformat()[: 7 if span < 365 * 8 else 4]) for day in months]


def _month_step(least: float) -> int:
    for step in (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 6000):
        if step >= least:
            return step
    return 24000


def _month_starts(first: date, last: date, step: int) -> Iterable[date]:
    month = first.year * 12 + first.month - 1
    month += first.day > 1
    month = -(-month // step) * step
    while month < 12:
        month += step
    while month // 12 <= last.year:
        day = date(month // 12, month % 12 + 1, 1)
        if day > last:
            return
        yield day
        month += step


def thinned(points: Sequence[T], most: int) -> list[T]:
    """Return at most some of the points, evenly, always with the first and the last."""
    if len(points) <= most:
        return list(points)
    gap = (len(points) - 1) / (most - 1)
    return [points[round(place * gap)] for place in range(most)]
