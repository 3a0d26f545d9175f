"""An amount of compute that is known within bounds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from functools import reduce

from sluicegate.core.quantities import Exact, whole


class Method(Enum):
    """How an amount of compute was found (Heim et al. 2024, sec. 3.3.3)."""

    TELEMETRY = "telemetry"
    HARDWARE = "hardware"
    MIXED = "mixed"
    PARAMETERS_TOKENS = "parameters_tokens"
    DECLARED = "declared"


class Convention(Enum):
    """What is counted: operations of the model, or all that the hardware did."""

    MODEL_FLOP = "model_flop"
    HARDWARE_FLOP = "hardware_flop"


@dataclass(frozen=True, slots=True)
class Estimate:
    """Low, central and high, and the ceiling that cannot be passed (peak × time).

    All in FLOP, exact; low <= central <= high, and high <= ceiling where the
    ceiling is known (0 hours of use have a ceiling of 0).
    """

    low: Exact
    central: Exact
    high: Exact
    ceiling: Exact
    method: Method
    convention: Convention = Convention.HARDWARE_FLOP
    source: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.central <= self.high:
            raise ValueError(
                f"estimate {self.low}, {self.central}, {self.high}: bounds are out of order"
            )

    @classmethod
    def zero(cls) -> Estimate:
        """Return the estimate of nothing."""
        return cls(0, 0, 0, 0, Method.HARDWARE)

    def plus(self, other: Estimate) -> Estimate:
        """Return the sum, bound by bound; different methods become `mixed`."""
        method = self.method if self.method is other.method else Method.MIXED
        if not self.ceiling:
            method = other.method
        elif not other.ceiling:
            method = self.method
        return Estimate(
            whole(self.low + other.low),
            whole(self.central + other.central),
            whole(self.high + other.high),
            whole(self.ceiling + other.ceiling),
            method,
            self.convention,
            self.source or other.source,
        )

    @classmethod
    def total(cls, parts: Iterable[Estimate]) -> Estimate:
        """Return the sum of any number of estimates; nothing sums to zero."""
        return reduce(cls.plus, parts, cls.zero())

    def probability_above(self, limit: Exact) -> Fraction:
        """Say how likely the true amount is above a limit.

        The amount is taken to be triangular between low and high with its peak
        at central: the least that three figures say. The answer is exact.

        >>> Estimate(10, 20, 30, 40, Method.HARDWARE).probability_above(20)
        Fraction(1, 2)
        """
        low, mode, high = Fraction(self.low), Fraction(self.central), Fraction(self.high)
        if limit < low:
            return Fraction(1)
        if limit >= high:
            return Fraction(0)
        width = high - low
        if limit <= mode and mode > low:
            return 1 - (limit - low) ** 2 / (width * (mode - low))
        return (high - limit) ** 2 / (width * (high - mode))
