"""What only the DuckDB engine does must not change a digit."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from sluicegate.adapters.lake import duckdb_plan
from sluicegate.adapters.lake.duckdb_plan import DailyPlan
from sluicegate.adapters.lake.usage_lake import DuckDbLake
from sluicegate.metering.windows import Window
from sluicegate.services.meter import Dimension, MeterRow, MeterSettings, meter
from usage_lakes import DAY_ZERO, PRIORS, Batches, UsageRow, rate_on, write_batch

BATCHES = Batches(["b0"])
ROWS = [
    UsageRow(
        f"u-{n}",
        day=DAY_ZERO + timedelta(days=n % 3),
        customer_id=None if n % 4 == 0 else f"c-{n % 5}",
        account=f"a-{n % 2}" if n % 4 == 0 else None,
        team=f"t-{n % 3}",
        accelerators_millionths=n * 1_000_003,
        utilisation_bp=None if n % 2 else n,
    )
    for n in range(1, 40)
]


def _totals(folder: Path) -> list[MeterRow]:
    settings = MeterSettings(rate_on, PRIORS)
    by = [Dimension.CUSTOMER, Dimension.TEAM]
    with DuckDbLake(folder, threads=2) as lake:
        return list(meter(lake, BATCHES, settings, by=by, window=Window.DAY))


def test_texts_that_share_a_hash_stay_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_batch(tmp_path, "b0", [ROWS])
    expected = _totals(tmp_path)
    monkeypatch.setattr(duckdb_plan, "HASH", "length")
    assert _totals(tmp_path) == expected


def test_the_source_keeps_accounts_apart_and_is_spared_without_them(tmp_path: Path) -> None:
    twins = [UsageRow("u", customer_id=None, account="a"), UsageRow("u", source="other")]
    twins.append(replace(twins[0], source="other"))
    write_batch(tmp_path, "b0", [twins])
    names = {row.dims["customer"] for row in _totals(tmp_path)}
    assert names == {"c-1", "unmapped:meter:a", "unmapped:other:a"}


@pytest.mark.parametrize(
    ("largest", "products"),
    [
        ({}, (0, 3)),
        ({"accelerators_millionths": 10**9, "duration_ms": 10**8}, (2, 1)),
        (
            {"accelerators_millionths": 10**6, "duration_ms": 10**8, "utilisation_bp": 10**4},
            (3, 0),
        ),
    ],
)
def test_a_product_is_narrow_only_where_the_factors_fit(
    largest: dict[str, int], products: tuple[int, int]
) -> None:
    sql = DailyPlan(frozenset(), {}).fold(largest)
    wide = sql.count("AS INT128)) AS DECIMAL") + sql.count("AS INT128) END) AS DECIMAL")
    assert (3 - wide, wide) == products
