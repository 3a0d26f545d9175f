"""The forecast against the published baseline, from the same data; and against what came later."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from sluicegate.adapters.datasets import read_snapshot
from sluicegate.frontier.forecast.forecasting import YearForecast
from sluicegate.frontier.records import Snapshot
from sluicegate.rules.loading import shipped_book
from sluicegate.services.lab.forecast import ForecastQuestion, Forecasts, forecast_snapshot
from sluicegate.services.lab.forecast_options import Tried

CUMULATIVE = "cumulative above threshold"
REACH = Fraction("0.15")
TODAY = date(2026, 11, 22)


@dataclass(frozen=True)
class Published:
    """A row of the published baseline."""

    kind: str
    option: str
    year: int
    counts: tuple[int, int, int]


@pytest.fixture(scope="module")
def published(shared_data: Path) -> list[Published]:
    path = shared_data / "compute" / "thresholds" / "kumar_manning_2025_baseline_rerun.csv"
    with path.open(encoding="utf-8") as file:
        return [
            Published(
                row["kind"],
                row["threshold"].replace("Within ", "near-").removesuffix(" OOM"),
                int(row["year"]),
                (int(row["p5"]), int(row["p50"]), int(row["p95"])),
            )
            for row in csv.DictReader(file)
        ]


@pytest.fixture(scope="module")
def epoch(shared_data: Path) -> Path:
    return shared_data / "compute" / "epoch"


@pytest.fixture(scope="module")
def then(epoch: Path) -> Snapshot:
    return read_snapshot(epoch / "notable_ai_models_2025-02-24.csv.gz").snapshot


def baseline(then: Snapshot, *changes: str) -> Forecasts:
    return forecast_snapshot(then, shipped_book(), ForecastQuestion(TODAY, changes=changes))


def years_of(found: Forecasts) -> Mapping[tuple[str, int], YearForecast]:
    return {
        (option.option.id, year.year): year
        for option in found.scenarios[0].forecast.options
        for year in option.years
    }


@pytest.mark.parametrize("seed", [2025, 1, 2])
def test_the_published_baseline_is_reproduced(
    then: Snapshot, published: list[Published], seed: int
) -> None:
    """Every median within 15 % or one model, whichever is more, whatever the seed."""
    years = years_of(baseline(then, f"seed={seed}"))
    assert len(published) == 40
    far = []
    for row in published:
        year = years[row.option, row.year]
        ours = (year.cumulative if row.kind == CUMULATIVE else year.new)[1]
        if abs(ours - row.counts[1]) > max(Fraction(1), REACH * row.counts[1]):
            far.append((row, ours))
    assert far == []


def test_the_published_interval_is_reproduced_where_years_are_added_up(
    then: Snapshot, published: list[Published]
) -> None:
    """The outer percentiles too, within 15 % or two models: the paper adds up the years'."""
    years = years_of(baseline(then))
    far = []
    for row in published:
        year = years[row.option, row.year]
        ours = year.added_up if row.kind == CUMULATIVE else year.new
        for mine, theirs in zip(ours, row.counts, strict=True):
            if abs(mine - theirs) > max(Fraction(2), REACH * theirs):
                far.append((row, ours))
    assert far == []


def test_the_data_is_used_as_the_paper_uses_it(then: Snapshot) -> None:
    history = baseline(then, "simulations=5").scenarios[0].forecast.history
    fitted = [one for one in history.models if one.published and one.published.year >= 2017]
    assert len(fitted) == 296
    assert history.last_year == 2023
    assert history.growth == pytest.approx(6.1, abs=0.1)


def test_a_forecast_from_later_data_begins_later(epoch: Path) -> None:
    """From the data of July 2026 the first year forecast is 2025, and nothing of it is set."""
    now = read_snapshot(epoch / "notable_ai_models_2026-07-23.csv.gz").snapshot
    question = ForecastQuestion(TODAY, Tried(("1e25",)), changes=("simulations=50",))
    found = forecast_snapshot(now, shipped_book(), question).scenarios[0].forecast
    assert found.history.last_year == 2024
    assert [one.year for one in found.options[0].years] == list(range(2025, 2031))
    assert not any(one.is_set for one in found.options[0].years)


def test_what_came_later_is_set_beside_the_forecast(epoch: Path, then: Snapshot) -> None:
    """The counts recorded by July 2026 are those of the table of counts by year."""
    now = read_snapshot(epoch / "notable_ai_models_2026-07-23.csv.gz").snapshot
    question = ForecastQuestion(TODAY, Tried(("1e25", "1e26")), changes=("simulations=5",))
    found = forecast_snapshot(then, shipped_book(), question, now).scenarios[0]
    assert [one.new for one in found.recorded[">1e25"]] == [8, 8, 2]
    assert [one.new for one in found.recorded[">1e26"]] == [0, 3, 0]
    assert [one.is_whole_year for one in found.recorded[">1e25"]] == [True, True, False]
