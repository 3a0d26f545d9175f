"""The meter's estimates beside the compute that developers published.

Data: Epoch AI, Data on AI Models, epoch.ai/data, CC BY 4.0, kept outside the
project. Copy of 2026-07-23.
"""

from __future__ import annotations

import csv
import gzip
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from statistics import quantiles

import pytest

from sluicegate.core.quantities import Exact, flop_text, parse_decimal
from sluicegate.metering.estimates import RowEstimate, estimate_row
from sluicegate.metering.priors import Priors
from sluicegate.registry.catalogue import Catalogue
from sluicegate.services.meter import rates_of

TABLE = "compute/epoch/notable_ai_models_2026-07-23.csv.gz"
PRIORS = Priors(1900, 3300, 5200)


@dataclass(frozen=True)
class Compared:
    """An estimate beside the published compute."""

    model: str
    year: int
    hardware: str
    published: Exact
    estimate: RowEstimate

    @property
    def is_within_factor_two(self) -> bool:
        return self.published <= 2 * self.estimate.central <= 4 * self.published

    @property
    def is_within_bounds(self) -> bool:
        return self.estimate.low <= self.published <= self.estimate.high

    @property
    def implied_utilisation(self) -> float:
        """Published compute as a share of peak × time."""
        return float(Fraction(self.published) / (self.estimate.ceiling or 1))


def _rows(file: Path) -> Iterator[dict[str, str]]:
    with gzip.open(file, "rt", encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def _compared(rows: Iterable[dict[str, str]], priors: Priors = PRIORS) -> Iterator[Compared]:
    """Yield every row that states one known type, a quantity, hours and compute."""
    catalogue = Catalogue.load()
    rates = rates_of(catalogue)
    for row in rows:
        hardware, count = row["Training hardware"], row["Hardware quantity"]
        hours, published = row["Training time (hours)"], row["Training compute (FLOP)"]
        if not (hardware and count and hours and published) or "," in hardware:
            continue
        if catalogue.resolve(hardware).accelerator is None:
            continue
        total = parse_decimal(hours) * parse_decimal(count)
        given = {
            "id": row["Model"],
            "accelerator": hardware,
            "accelerator_hours": flop_text(total),
            "started": row["Publication date"],
        }
        estimate = estimate_row(given, catalogue, rates, priors)
        year = int(row["Publication date"][:4])
        yield Compared(row["Model"], year, hardware, parse_decimal(published), estimate)


@dataclass(frozen=True)
class Tally:
    """How a set of estimates compares with what was published."""

    rows: int
    within_factor_two: int
    within_bounds: int
    under_ceiling: int

    def __str__(self) -> str:
        return (
            f"{self.rows} rows: {self._share(self.within_factor_two)} within a factor of 2, "
            f"{self._share(self.within_bounds)} within [low, high], "
            f"{self._share(self.under_ceiling)} at most the ceiling"
        )

    def _share(self, part: int) -> str:
        return f"{part} ({100 * part / self.rows:.0f} %)"


def _tally(compared: list[Compared]) -> Tally:
    return Tally(
        len(compared),
        sum(one.is_within_factor_two for one in compared),
        sum(one.is_within_bounds for one in compared),
        sum(one.published <= (one.estimate.ceiling or 0) for one in compared),
    )


def test_hardware_estimates_against_published_compute(
    shared_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = list(_rows(shared_data / TABLE))
    from_scratch = list(_compared(row for row in rows if not row["Base model"]))
    every, own = _tally(list(_compared(rows))), _tally(from_scratch)
    shares = quantiles((one.implied_utilisation for one in from_scratch), n=10)
    with capsys.disabled():
        sys.stdout.write(f"\nall rows with known hardware, quantity, hours: {every}" + "\n")
        sys.stdout.write(f"of these, not made from another model: {own}" + "\n")
        sys.stdout.write(
            "implied utilisation, tenths: " + " ".join(f"{share:.2f}" for share in shares) + "\n"
        )
    # A row made from another model often publishes the base's compute too.
    assert own.rows >= 100
    assert own.within_factor_two * 100 >= 75 * own.rows
    assert own.within_bounds * 100 >= 65 * own.rows
    assert own.under_ceiling * 100 >= 95 * own.rows


def test_the_priors_are_the_tenths_of_published_utilisation(
    shared_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    published = [
        float(row["Hardware utilization (MFU)"])
        for row in _rows(shared_data / TABLE)
        if row["Hardware utilization (MFU)"]
    ]
    tenths = quantiles(published, n=10)
    with capsys.disabled():
        sys.stdout.write(
            f"\n{len(published)} published utilisations; tenths {[f'{t:.2f}' for t in tenths]}"
            + "\n"
        )
    for share, points in ((tenths[0], PRIORS.low), (tenths[4], PRIORS.central)):
        assert abs(share * 10_000 - points) <= 100
    assert abs(tenths[8] * 10_000 - PRIORS.high) <= 100


def test_parameters_times_tokens_against_published_compute(
    shared_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    catalogue = Catalogue.load()
    rates = rates_of(catalogue)
    found = []
    for row in _rows(shared_data / TABLE):
        names = ("Parameters", "Training dataset size (total)", "Training compute (FLOP)")
        parameters, size, published = (row[name] for name in names)
        is_language = row["Domain"].startswith("Language") and row["Publication date"] >= "2020"
        if not (is_language and parameters and size and published) or row["Base model"]:
            continue
        tokens = parse_decimal(size) * parse_decimal(row["Epochs"] or "1")
        given = {"id": row["Model"], "parameters": parameters, "tokens": flop_text(tokens)}
        estimate = estimate_row(given, catalogue, rates, PRIORS)
        found.append(estimate.low <= parse_decimal(published) <= estimate.high)
    with capsys.disabled():
        sys.stdout.write(
            f"\n6ND: {sum(found)} of {len(found)} language models within a factor of 2" + "\n"
        )
    assert len(found) >= 100
    assert sum(found) * 100 >= 55 * len(found)
