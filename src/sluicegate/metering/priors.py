"""What is assumed where nothing was measured: utilisation, and the peak of unknown hardware."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sluicegate.core.estimates import Estimate, Method
from sluicegate.core.quantities import Exact, whole

FULL_BP = 10_000
"""Basis points in a whole: utilisation 1."""

MILLIONTHS = 1_000_000


@dataclass(frozen=True, slots=True)
class Priors:
    """Share of the dense peak that usage without a measurement is taken to reach.

    In basis points. Their values are rule data
    (`assess.metering.utilisation_low`, `_central`, `_high`).
    """

    low: int
    central: int
    high: int

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.central <= self.high <= FULL_BP:
            raise ValueError(
                f"utilisation priors {self.low}, {self.central}, {self.high}: "
                f"give basis points in order, from 0 to {FULL_BP}"
            )

    @classmethod
    def of_shares(cls, low: Exact, central: Exact, high: Exact) -> Priors:
        """Return priors given as shares from 0 to 1.

        >>> Priors.of_shares(Fraction(19, 100), Fraction(33, 100), Fraction(52, 100))
        Priors(low=1900, central=3300, high=5200)
        """
        points = [whole(Fraction(share) * FULL_BP) for share in (low, central, high)]
        for share, point in zip((low, central, high), points, strict=True):
            if not isinstance(point, int):
                raise ValueError(f"utilisation {share} is finer than a basis point; round it")
        return cls(*map(int, points))


@dataclass(frozen=True, slots=True)
class Rate:
    """FLOP of one accelerator in one millisecond at one basis point of utilisation.

    The three are the same for hardware that is known. `is_known` is False for
    hardware that is only bounded.
    """

    low: int
    central: int
    high: int
    is_known: bool = True

    @classmethod
    def known(cls, flop_per_ms_per_bp: int) -> Rate:
        """Return the rate of hardware in the catalogue."""
        return cls(flop_per_ms_per_bp, flop_per_ms_per_bp, flop_per_ms_per_bp)


RateOn = Callable[[str, date], Rate]
"""Accelerator as the lake stores it, and a legal day → its rate."""


@dataclass(frozen=True, slots=True)
class KnownPeak:
    """What metering needs of one accelerator of the catalogue."""

    flop_per_ms_per_bp: int
    available_from: date
    data_centre: bool


@dataclass(frozen=True, slots=True)
class Rates:
    """The rates of a catalogue, with bounds for hardware it does not know.

    Unknown hardware: high and ceiling take the highest peak that was available
    on the day; central the median of the data-centre accelerators available on
    it (of two in the middle, the lower one); low is 0, because nothing bounds
    it from below and a certain finding must not rest on a guess.
    """

    peaks: Mapping[str, KnownPeak]

    def __call__(self, accelerator: str, day: date) -> Rate:
        """Return the rate of an accelerator on a day."""
        known = self.peaks.get(accelerator)
        return self._bound(day) if known is None else Rate.known(known.flop_per_ms_per_bp)

    def _bound(self, day: date) -> Rate:
        if not self.peaks:
            raise ValueError("the catalogue is empty; load one before metering")
        peaks = self.peaks.values()
        out = [peak for peak in peaks if peak.available_from <= day] or list(peaks)
        centres = sorted(p.flop_per_ms_per_bp for p in out if p.data_centre) or [0]
        highest = max(peak.flop_per_ms_per_bp for peak in out)
        return Rate(0, centres[(len(centres) - 1) // 2], highest, is_known=False)


@dataclass(frozen=True, slots=True)
class Use:
    """Sums of usage, exact: see the statement `daily_usage`.

    Millionths of accelerators × milliseconds, of all records and of those with
    a measurement, and the latter × basis points of measured utilisation.
    """

    accelerator_time: int
    measured_time: int
    measured_use: int

    def plus(self, other: Use) -> Use:
        """Return both together."""
        return Use(
            self.accelerator_time + other.accelerator_time,
            self.measured_time + other.measured_time,
            self.measured_use + other.measured_use,
        )


def from_millionths(amount: int) -> Exact:
    """Return an amount counted in millionths, exactly.

    A whole amount, by far the most, needs no quotient: that is ten times faster.

    >>> from_millionths(3_000_000), from_millionths(500_000)
    (3, Fraction(1, 2))
    """
    count, rest = divmod(amount, MILLIONTHS)
    return Fraction(amount, MILLIONTHS) if rest else count


def method_of(accelerator_time: int, measured_time: int) -> Method:
    """Return the method by which usage was measured.

    >>> method_of(10, 0), method_of(10, 10), method_of(10, 4)
    (<Method.HARDWARE: 'hardware'>, <Method.TELEMETRY: 'telemetry'>, <Method.MIXED: 'mixed'>)
    """
    if not measured_time:
        return Method.HARDWARE
    return Method.TELEMETRY if measured_time == accelerator_time else Method.MIXED


def bounded(use: Use, rate: Rate, priors: Priors) -> Estimate:
    """Return the compute of usage of one accelerator type: the formula of the meter.

    FLOP = (time without a measurement × prior + measured use) × rate, divided by
    10^6 once, because accelerators are counted in millionths.

    >>> hour = Use(8 * MILLIONTHS * 3_600_000, 0, 0)  # 8 accelerators of 1e15 FLOP/s
    >>> bounded(hour, Rate.known(10**8), Priors(1900, 3300, 5200)).central
    9504000000000000000
    """
    blind = use.accelerator_time - use.measured_time

    def bound(prior: int, rate: int) -> Exact:
        return from_millionths((blind * prior + use.measured_use) * rate)

    return Estimate(
        bound(priors.low, rate.low),
        bound(priors.central, rate.central),
        bound(priors.high, rate.high),
        from_millionths(use.accelerator_time * FULL_BP * rate.high),
        method_of(use.accelerator_time, use.measured_time),
        source="meter",
    )
