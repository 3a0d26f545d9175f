"""Chances of a random sample, without binary floats: how often it hits, how large it must be.

Draws are independent and with replacement, which is near enough for a small
sample of a large fleet. A result is exact, or comes from bounds that enclose
it: divisions are rounded outwards, the logarithm and the exponential of
`decimal` are rounded correctly and then widened by one unit. Small arguments
go through power series, so that nothing cancels.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import MAX_EMAX, MIN_EMIN, ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction
from itertools import count
from math import factorial

from sluicegate.core.quantities import Exact, whole

DIGITS = 50
"""Significant digits of a chance."""

_GUARD = 12
_POWER_BITS = 4096
"""A power whose denominator has no more bits is worked out as it stands."""
_PROOF_BITS = 100_000
"""A power of no more bits is worked out to settle which side of a whole number a size is on."""
_SMALL = Decimal("0.125")


@dataclass(frozen=True, slots=True)
class _Bounds:
    """Two figures that enclose a third; both are above 0."""

    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class _Rounding:
    """Arithmetic with a number of digits, rounded down and rounded up."""

    down: Context
    up: Context

    @classmethod
    def to(cls, digits: int) -> _Rounding:
        return cls(_context(digits, ROUND_FLOOR), _context(digits, ROUND_CEILING))

    def quotient(self, value: Fraction) -> _Bounds:
        parts = Decimal(value.numerator), Decimal(value.denominator)
        return _Bounds(self.down.divide(*parts), self.up.divide(*parts))


def _context(digits: int, rounding: str) -> Context:
    return Context(prec=digits, rounding=rounding, Emin=MIN_EMIN, Emax=MAX_EMAX, traps=[])


def hit_chance(share: Exact, draws: int) -> Exact:
    """Return the chance that draws meet a share at least once: 1 - (1 - share)^draws.

    It is rounded down to DIGITS significant digits, so it is 1 only when every
    draw hits, and it never falls when share or draws grow. Raises ValueError
    for a share outside 0 to 1 or draws below 0.

    >>> hit_chance(Fraction(1, 2), 3), hit_chance(Fraction(1, 3), 0)
    (Fraction(7, 8), 0)
    """
    if not 0 <= share <= 1 or draws < 0:
        raise ValueError(f"share {share} and draws {draws}: give a share from 0 to 1, draws from 0")
    if draws == 0 or share == 0:
        return 0
    if share == 1:
        return 1
    miss = 1 - Fraction(share)
    if draws == 1 or draws * miss.denominator.bit_length() <= _POWER_BITS:
        return _figure(_Rounding.to(DIGITS).quotient(1 - miss**draws).low)
    return _enclosed_chance(Fraction(share), draws)


def draws_for(share: Exact, chance: Exact) -> int:
    """Return the smallest number of draws whose chance of a hit reaches a chance; exact.

    Reaching is met by equality. Raises ValueError for a share that is not above
    0 and up to 1, and for a chance that no number of draws reaches.

    >>> draws_for(Fraction(1, 2), Fraction(3, 4)), draws_for(Fraction(1, 10), Fraction(19, 20))
    (2, 29)
    """
    if not 0 < share <= 1 or not 0 <= chance <= 1 or (chance == 1 and share != 1):
        raise ValueError(f"share {share}, chance {chance}: no number of draws reaches it")
    if chance == 0:
        return 0
    return 1 if share == 1 else _fewest_draws(Fraction(share), Fraction(chance))


def _enclosed_chance(share: Fraction, draws: int) -> Exact:
    """Return the chance from bounds, with more digits until both round down alike.

    They do in the end: with so many draws the chance itself has more than DIGITS digits.
    """
    digits, last = DIGITS + _GUARD, _context(DIGITS, ROUND_FLOOR)
    while True:
        rounding = _Rounding.to(digits)
        rate = _minus_log_of_rest(share, rounding)
        expected = _Bounds(
            rounding.down.multiply(rate.low, Decimal(draws)),
            rounding.up.multiply(rate.high, Decimal(draws)),
        )
        if expected.low > 3 * DIGITS:  # what is missing to 1 is below one unit of the last digit
            return 1 - Fraction(1, 10**DIGITS)
        chance = _one_minus_exp(expected, rounding)
        low, high = last.plus(chance.low), last.plus(chance.high)
        if low == high:
            return _figure(low)
        digits *= 2


def _fewest_draws(share: Fraction, chance: Fraction) -> int:
    """Return the quotient of the two logarithms, rounded up.

    Where it may be a whole number, powers settle it: were it one, the power
    would have the denominator of the chance, so the proof is never too long
    when it is needed, and otherwise more digits tell.
    """
    miss, allowed = 1 - share, 1 - chance
    proof_bits = max(_PROOF_BITS, 2 * allowed.denominator.bit_length())
    digits = DIGITS
    while True:
        rounding = _Rounding.to(digits + _GUARD)
        rate = _minus_log_of_rest(share, rounding)
        needed = _minus_log_of_rest(chance, rounding)
        high = rounding.up.divide(needed.high, rate.low)
        least, most = _ceiling(rounding.down.divide(needed.low, rate.high)), _ceiling(high)
        if least == most:
            return least
        if most == least + 1 and least * miss.denominator.bit_length() <= proof_bits:
            return least if miss**least <= allowed else most
        digits = max(2 * digits, high.adjusted() + DIGITS) if most > least + 1 else 2 * digits


def _minus_log_of_rest(share: Fraction, rounding: _Rounding) -> _Bounds:
    """Enclose -ln(1 - share) for a share between 0 and 1."""
    if share <= _SMALL:
        return _series(rounding.quotient(share), rounding, lambda power: power)
    rest = rounding.quotient(1 - share)
    return _Bounds(
        rounding.down.next_minus(rounding.up.ln(rest.high).copy_negate()),
        rounding.up.next_plus(rounding.down.ln(rest.low).copy_negate()),
    )


def _one_minus_exp(value: _Bounds, rounding: _Rounding) -> _Bounds:
    """Enclose 1 - e^-value for a value above 0."""
    down, up = rounding.down, rounding.up
    if value.high <= _SMALL:
        grown = _series(value, rounding, factorial)
        return _Bounds(
            down.divide(grown.low, up.add(grown.low, 1)),
            up.divide(grown.high, down.add(grown.high, 1)),
        )
    return _Bounds(
        down.subtract(Decimal(1), up.next_plus(up.exp(value.low.copy_negate()))),
        up.subtract(Decimal(1), down.next_minus(down.exp(value.high.copy_negate()))),
    )


def _series(value: _Bounds, rounding: _Rounding, divisor: Callable[[int], int]) -> _Bounds:
    """Enclose the sum of value^n / divisor(n) over n from 1, for a value up to an eighth.

    Divisors are at least 1, so what follows a power is below twice the next.
    """
    down, up = rounding.down, rounding.up
    low = high = Decimal(0)
    power = _Bounds(value.low, value.high)
    for n in count(1):
        low = down.add(low, down.divide(power.low, Decimal(divisor(n))))
        high = up.add(high, up.divide(power.high, Decimal(divisor(n))))
        power = _Bounds(down.multiply(power.low, value.low), up.multiply(power.high, value.high))
        if power.high.adjusted() < high.adjusted() - down.prec:
            break
    return _Bounds(low, up.add(high, up.multiply(power.high, 2)))


def _ceiling(value: Decimal) -> int:
    return int(value.to_integral_value(ROUND_CEILING))


def _figure(value: Decimal) -> Exact:
    return whole(Fraction(value))
