"""Counts per year of Epoch's tables, snapshot by snapshot, against the counts shared with them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from sluicegate.adapters.datasets import read_snapshot
from sluicegate.core.quantities import parse_decimal
from sluicegate.frontier.lab.counting import counts_by_year

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "compute"
COUNTS = SHARED / "thresholds" / "epoch_counts_by_year.csv"
FILES = {
    "Epoch notable models, 2026-07-23": "notable_ai_models_2026-07-23.csv.gz",
    "Epoch notable models, 2025-02-24": "notable_ai_models_2025-02-24.csv.gz",
    "Epoch large-scale models, 2025-12-02": "large_scale_ai_models_2025-12-02.csv.gz",
    "Epoch all models, 2025-04": "all_ai_models_2025-04.csv.gz",
}
LEVELS = ("1e23", "1e24", "1e25", "1e26", "1e27")

pytestmark = pytest.mark.skipif(not COUNTS.exists(), reason="shared data are not here")


def published() -> Iterator[tuple[str, list[dict[str, str]]]]:
    with COUNTS.open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    for source in FILES:
        yield source, [row for row in rows if row["source"] == source]


@pytest.mark.parametrize("source", FILES)
def test_counts_of_every_year_are_the_published_ones(source: str) -> None:
    models = read_snapshot(SHARED / "epoch" / FILES[source]).models
    rows = dict(published())[source]
    years = [int(row["year"]) for row in rows]
    found = counts_by_year(models, [parse_decimal(level) for level in LEVELS], years)
    assert len(rows) == 10
    for row, one in zip(rows, found, strict=True):
        assert one.models == int(row["models"])
        assert one.with_compute == int(row["with_flop"])
        assert one.at_or_above == tuple(int(row[f"ge_{level}"]) for level in LEVELS)
        largest = row["max_flop"]
        assert one.largest == (parse_decimal(largest) if largest else None)


def test_no_source_of_the_published_counts_is_left_out() -> None:
    with COUNTS.open(newline="") as stream:
        assert {row["source"] for row in csv.DictReader(stream)} == set(FILES)


def test_the_table_of_frontier_models_is_read_too() -> None:
    read = read_snapshot(SHARED / "epoch" / "frontier_ai_models_2026-04.csv.gz")
    assert (len(read.models), read.left_out, read.problems) == (137, 0, ())
    assert read.snapshot.known_on == date(2026, 4, 30)
    unstated = {one.name: one for one in read.models}["Claude 3 Opus"]
    assert (unstated.compute, unstated.low, unstated.is_frontier) == (None, 10**25, True)
    doubted = {one.name: one for one in read.models}["GLM-4-Plus"]
    assert (doubted.compute, doubted.low) == (None, None)


def test_bounds_and_openness_are_read_where_a_layout_has_them() -> None:
    models = read_snapshot(SHARED / "epoch" / "all_ai_models_2025-04.csv.gz").models
    named = {one.name: one for one in models}
    largest = named["Grok-3"]
    assert (largest.low, largest.compute) == (21 * 10**25, 464 * 10**24)
    assert largest.high is not None
    assert largest.high > 464 * 10**24
    assert named["Llama 3.3"].is_open is True
    assert named["Claude 3.7 Sonnet"].is_open is False
