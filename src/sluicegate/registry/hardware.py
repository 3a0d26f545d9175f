"""What an accelerator and a cloud instance type are: exact dense peaks and what they imply."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from fractions import Fraction

from sluicegate.core.quantities import NumericFormat

METERING_DIVISOR = 1000 * 10_000
"""Milliseconds in a second times basis points in one: a metering peak divides by it."""

_TERA = 10**12
# TF32 multiplies 19 bits (1 sign, 8 exponent, 10 fraction), whatever word they are read from.
_METERED = (
    NumericFormat.BF16,
    NumericFormat.FP16,
    NumericFormat.TF32,
    NumericFormat.FP32,
    NumericFormat.FP64_TENSOR,
    NumericFormat.FP64,
)


class EvidenceKind(Enum):
    """How a value is known."""

    DATASHEET = "datasheet"
    TABLE = "table"
    RECALLED = "recalled"
    DERIVED = "derived"
    LOCAL = "local"


class DensityState(Enum):
    """Whether the performance density can be stated."""

    KNOWN = "known"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a value comes from, in words."""

    kind: EvidenceKind
    source: str


@dataclass(frozen=True, slots=True)
class OtherPeak:
    """A dense peak in a format that only counts for TPP, such as a 6-bit one."""

    name: str
    bits: int
    ops_per_second: int


@dataclass(frozen=True)
class Accelerator:
    """One model of accelerator, as a scheduler hands it out.

    Peaks are dense, in operations per second, with a fused multiply-add as two
    operations. `die_area_mm2` sums the logic dies; None is unknown. `planar`
    says whether the dies' transistors are planar; None is unknown.
    """

    id: str
    name: str
    manufacturer: str
    valid_from: date
    aliases: tuple[str, ...]
    short_names: Mapping[str, tuple[str, ...]]
    peaks: Mapping[NumericFormat, int]
    other_peaks: tuple[OtherPeak, ...]
    memory_bytes: int | None
    memory_bandwidth_bytes_per_second: int | None
    die_area_mm2: Fraction | None
    process_nm: int | None
    planar: bool | None
    tdp_w: int | None
    data_centre: bool
    evidence: Mapping[str, Evidence]
    note: str

    def peak(self, numeric_format: NumericFormat) -> int | None:
        """Return the dense peak in operations per second, or None where it is not known."""
        return self.peaks.get(numeric_format)

    @property
    def metering_format(self) -> NumericFormat:
        """Return the format in which usage is metered.

        The fastest known format of 16 bits or more, which is BF16 or FP16 on
        every chip with matrix units; where only narrower formats are known,
        the widest of those, whose rate no 16-bit rate exceeds.
        """
        wide = [known for known in _METERED if known in self.peaks]
        if wide:
            return max(wide, key=lambda known: self.peaks[known])
        return max(self.peaks, key=lambda known: (known.bits, self.peaks[known]))

    @property
    def metering_peak(self) -> int:
        """Return the dense peak of the metering format, in operations per second."""
        return self.peaks[self.metering_format]

    @property
    def flop_per_ms_per_bp(self) -> int:
        """Return the FLOP of one millisecond at one basis point of utilisation."""
        return self.metering_peak // METERING_DIVISOR

    @property
    def tpp(self) -> Fraction | None:
        """Return total processing performance: the highest of dense rate times bit length.

        15 CFR 774 Supp. 1, ECCN 3A090: 2 x MacTOPS x bit length of the
        multiply's input, over all formats the chip supports, without sparsity.
        """
        products = [Fraction(rate, _TERA) * known.bits for known, rate in self.peaks.items()]
        products += [Fraction(o.ops_per_second, _TERA) * o.bits for o in self.other_peaks]
        return max(products, default=None)

    @property
    def density_state(self) -> DensityState:
        """Say whether a performance density exists.

        Only dies on a non-planar process count as applicable die area; an area
        or a process that is not known leaves the density unknown, never "below".
        """
        if self.planar:
            return DensityState.NOT_APPLICABLE
        known = self.die_area_mm2 is not None and self.planar is not None
        return DensityState.KNOWN if known else DensityState.UNKNOWN

    @property
    def performance_density(self) -> Fraction | None:
        """Return TPP per mm2 of applicable die area; None unless `density_state` is KNOWN."""
        tpp, area = self.tpp, self.die_area_mm2
        if self.density_state is not DensityState.KNOWN or tpp is None or area is None:
            return None
        return tpp / area

    def evidence_for(self, value: str) -> Evidence | None:
        """Return where a value comes from: a format, or memory, bandwidth, die, process, tdp."""
        return self.evidence.get(value, self.evidence.get("*"))


@dataclass(frozen=True, slots=True)
class InstanceType:
    """A cloud instance type; `count` is the accelerators of one instance, fractions allowed."""

    provider: str
    name: str
    accelerator_id: str
    count: Fraction
    interconnect: str | None
    evidence: Evidence
