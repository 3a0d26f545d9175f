"""Counts of operations, rates and shares, all exact.

A count (`Flop`) and a rate (`FlopPerSecond`) are never mixed; a rate of
hardware also names its numeric format.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import MAX_EMAX, MIN_EMIN, ROUND_HALF_EVEN, Context, Decimal
from enum import Enum
from fractions import Fraction
from functools import lru_cache
from typing import NewType

from sluicegate.core.exact import decimal_text

Flop = NewType("Flop", int)
"""A whole number of floating-point operations; 1 multiply-accumulate is 2."""

Exact = int | Fraction
"""A figure without rounding: whole, or a quotient."""

DECIMAL = re.compile(r"[-+]?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]{1,3})?")
"""Decimal text as `parse_decimal` reads it, up to a thousand characters."""

_MAX_DIGITS = 1000


class NumericFormat(Enum):
    """The format in which a rate is stated; dense, never counting sparsity."""

    FP64 = "fp64"
    FP64_TENSOR = "fp64_tensor"
    FP32 = "fp32"
    TF32 = "tf32"
    BF16 = "bf16"
    FP16 = "fp16"
    FP8 = "fp8"
    INT8 = "int8"
    FP4 = "fp4"
    INT4 = "int4"

    @property
    def bits(self) -> int:
        """Largest input bit length of the multiply; TF32 multiplies 19 bits of its 32."""
        if self is NumericFormat.TF32:
            return 19
        return int(re.sub(r"\D", "", self.value.removesuffix("_tensor")))


@dataclass(frozen=True, slots=True)
class FlopPerSecond:
    """A rate with the numeric format it is stated in."""

    value: Exact
    format: NumericFormat

    def over(self, milliseconds: int) -> Exact:
        """Return the operations done in a time at this rate."""
        return whole(Fraction(self.value) * milliseconds / 1000)


@dataclass(frozen=True, slots=True)
class Tpp:
    """Total processing performance of 15 CFR 774 Supp. 1, ECCN 3A090.

    Two operations per multiply-accumulate, in tera-operations, times the bit
    length of the input; the highest over the formats that the chip supports.
    """

    value: Exact

    @classmethod
    def of(cls, rates: list[FlopPerSecond]) -> Tpp:
        """Return the highest product of dense rate and bit length.

        >>> Tpp.of([FlopPerSecond(1979 * 10**12, NumericFormat.FP8)]).value
        15832
        """
        products = (Fraction(rate.value) * rate.format.bits / 10**12 for rate in rates)
        return cls(whole(max(products, default=Fraction(0))))


def whole(value: Exact) -> Exact:
    """Return an int where a quotient has no remainder; a figure that records is left as it is."""
    if type(value) is Fraction and value.denominator == 1:
        return value.numerator
    return value


def parse_decimal(text: str) -> Exact:
    """Read decimal text such as "1.31e26" without rounding.

    >>> parse_decimal("1.31e26") == 131 * 10**24, parse_decimal("0.5")
    (True, Fraction(1, 2))
    """
    if len(text) > _MAX_DIGITS:
        raise ValueError(f"a number of {len(text)} characters is too long")
    if not DECIMAL.fullmatch(text):
        raise ValueError(f"{text!r} is not decimal text such as '1.5e26'")
    return exact_ratio(Decimal(text))


def exact_ratio(value: Decimal) -> Exact:
    """Return a finite decimal as int or Fraction; a fifth of the time that Fraction takes.

    >>> exact_ratio(Decimal("1.31e26")) == 131 * 10**24, exact_ratio(Decimal("0.5"))
    (True, Fraction(1, 2))
    """
    numerator, denominator = value.as_integer_ratio()
    return numerator if denominator == 1 else Fraction(numerator, denominator)


def parse_flop(value: str | int) -> Flop:
    """Read a count of operations from decimal text or an integer.

    >>> parse_flop("1.31e26") == parse_flop(131 * 10**24)
    True
    """
    count = parse_decimal(value) if isinstance(value, str) else value
    if isinstance(count, bool) or not isinstance(count, int):
        raise ValueError(f"{value!r} is not a whole number of operations")
    if count < 0:
        raise ValueError(f"{value!r} is negative; a count of operations is not")
    return Flop(count)


def exact(value: int | Decimal | Fraction | str) -> Exact:
    """Return any exact literal as int or Fraction; a float is refused.

    Raises TypeError for what is no figure, ValueError for one that is not
    finite or has more than a thousand digits.
    """
    if isinstance(value, str):
        return parse_decimal(value)
    if not isinstance(value, int | Decimal | Fraction):
        raise TypeError(f"{value!r} is no exact figure; give decimal text")
    if not isinstance(value, Decimal):
        return whole(Fraction(value))
    if not value.is_finite() or (value and abs(value.adjusted()) > _MAX_DIGITS):
        raise ValueError(f"{value!r} is too far from 1 to be a figure")
    return exact_ratio(value)


def flop_text(value: Exact) -> str:
    """Write a count or rate as decimal text with all its digits.

    >>> flop_text(10**25), flop_text(Fraction(1, 2))
    ('10000000000000000000000000', '0.5')
    """
    value = whole(value)
    return str(value) if isinstance(value, int) else decimal_text(value)


_PLAIN_DIGITS = 6


def scientific(value: Exact, digits: int = 3) -> str:
    """Write a figure for people: few digits, rounded half to even.

    >>> scientific(13 * 10**24), scientific(10**25), scientific(0), scientific(350)
    ('1.3e25', '1e25', '0', '350')

    Below a million a quotient has six digits, or as many as are asked for above that.
    """
    if -(10**6) < value < 10**6:
        plain = max(digits, _PLAIN_DIGITS)
        return str(value) if isinstance(value, int) else decimal_text(Fraction(value), plain)
    rounded = _few(digits).divide(Decimal(value.numerator), Decimal(value.denominator))
    signs = "".join(map(str, rounded.as_tuple().digits)).rstrip("0")
    mantissa = f"{signs[0]}.{signs[1:]}" if len(signs) > 1 else signs
    return f"{'-' if rounded < 0 else ''}{mantissa}e{rounded.adjusted()}"


@lru_cache(maxsize=64)
def _few(digits: int) -> Context:
    """Return what rounds to so many digits, half to even."""
    return Context(prec=digits, rounding=ROUND_HALF_EVEN, Emax=MAX_EMAX, Emin=MIN_EMIN)


def percent(share: Exact, places: int = 1) -> str:
    """Write a share for people.

    >>> percent(Fraction(1, 3)), percent(Fraction(1, 4))
    ('33.3 %', '25 %')
    """
    scaled = round(Fraction(share) * 100, places)
    return f"{decimal_text(Fraction(scaled), 12)} %"
