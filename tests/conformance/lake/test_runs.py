"""Runs are named by usage or stand out from it, on every engine."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sluicegate.adapters.lake.usage_lake import DuckDbLake
from sluicegate.core.identifiers import CustomerId, RunId
from sluicegate.core.quantities import Flop
from sluicegate.metering.runs import GangRules, MatchedBy, MeteredRun
from sluicegate.registry.records import DeclaredRun
from sluicegate.services.meter import Dimension, MeterSettings, assemble_runs, meter
from usage_lakes import DAY_ZERO, PRIORS, Batches, UsageRow, hourly, rate_on, write_batch

OpenLake = Callable[[Path], DuckDbLake]
SETTINGS = MeterSettings(rate_on, PRIORS)
HOUR = 3_600_000
RULES = GangRules(gang_size=64, gap_ms=6 * HOUR, steadiness=Fraction(1, 2), size_factor=2)
MILLION = 1_000_000


def _runs(
    open_lake: OpenLake,
    folder: Path,
    rows: Sequence[UsageRow],
    declared: Sequence[DeclaredRun] = (),
) -> list[MeteredRun]:
    write_batch(folder, "b0", [rows])
    with open_lake(folder) as lake:
        return assemble_runs(lake, Batches(["b0"]), SETTINGS, RULES, declared)


def _gang(name: str, hours: int, *, start: int = 0, size: int = 16) -> list[UsageRow]:
    """Return hourly records of nodes with 8 accelerators each that work side by side."""
    return [
        row
        for node in range(size)
        for row in hourly(UsageRow(f"{name}-{node}"), hours, start=start)
    ]


def test_a_large_gang_stands_out_from_small_jobs(tmp_path: Path, open_lake: OpenLake) -> None:
    small = [
        row
        for job in range(5)
        for row in hourly(UsageRow(f"small-{job}", customer_id="c-2"), 72, start=job)
    ]
    (run,) = _runs(open_lake, tmp_path, [*small, *_gang("big", 48)])
    assert (run.customer_id, run.cluster_ids, run.is_assembled) == ("c-1", ("cl-1",), True)
    assert (run.start, run.end) == (DAY_ZERO, DAY_ZERO + timedelta(days=2))
    assert run.accelerators_peak == 128
    assert run.estimate.central == 128 * 48 * HOUR * 3_300 * 98_940_000
    assert run.run_key == "c-1/cl-1@2026-01-01T00:00Z"


def test_a_pause_within_the_gap_is_part_of_the_run(tmp_path: Path, open_lake: OpenLake) -> None:
    rows = [*_gang("a", 10), *_gang("b", 10, start=16), *_gang("c", 10, start=33)]
    first, second = _runs(open_lake, tmp_path, rows)
    assert first.run_key.endswith("@2026-01-01T00:00Z")
    assert second.run_key.endswith("@2026-01-02T09:00Z")
    assert first.estimate.ceiling == 2 * second.estimate.ceiling


def test_a_short_burst_over_low_use_is_not_steady(tmp_path: Path, open_lake: OpenLake) -> None:
    burst = [*_gang("base", 100, size=8), *_gang("burst", 1, size=200, start=50)]
    assert not _runs(open_lake, tmp_path, burst)


def test_usage_with_a_run_id_is_that_customers_run(tmp_path: Path, open_lake: OpenLake) -> None:
    rows = [
        UsageRow("u-1", run_id="r-1"),
        UsageRow("u-2", run_id="r-1", cluster_id="cl-2", start_ms=UsageRow("").first_ms + 1),
        UsageRow("u-3", run_id="r-1", customer_id="c-2"),
    ]
    one, two = _runs(open_lake, tmp_path, rows)
    assert (one.run_key, one.cluster_ids) == ("c-1/r-1", ("cl-1", "cl-2"))
    assert (one.accelerators_peak, two.accelerators_peak) == (16, 8)
    assert one.estimate.ceiling == 2 * two.estimate.ceiling


def _declared(run_id: str, flop: int | None, **more: object) -> DeclaredRun:
    run = DeclaredRun(
        source="desk",
        run_id=RunId(run_id),
        customer_id=CustomerId("c-1"),
        planned_start=date(2025, 12, 1),
        declared_flop=None if flop is None else Flop(flop),
    )
    return replace(run, **more)  # type: ignore[arg-type]


def test_a_declared_run_is_matched_and_its_gap_shown(tmp_path: Path, open_lake: OpenLake) -> None:
    central = 8 * HOUR * 3_300 * 98_940_000
    rows = [UsageRow("u-1", run_id="r-1"), *_gang("big", 24)]
    declared = [
        _declared("r-1", central // 2, parameters=10, active_parameters=2, tokens=5),
        _declared("paper", 16 * 24 * central),
        _declared("far", 10**30),
    ]
    gang, named = _runs(open_lake, tmp_path, rows, declared)
    assert named.declared is not None
    assert named.gap is not None
    assert named.gap.matched_by is MatchedBy.RUN_ID
    assert named.gap.metered_share == Fraction(central, central // 2)
    assert named.gap.parameters_tokens_flop == 60
    assert named.gap.is_within_bounds is False
    assert gang.declared is not None
    assert gang.declared.run_id == "paper"
    assert gang.gap is not None
    assert gang.gap.matched_by is MatchedBy.TIME_AND_SIZE
    assert gang.gap.is_within_bounds is True


@st.composite
def _work(draw: st.DrawFn) -> UsageRow:
    start = draw(st.integers(0, 40)) * HOUR // 2
    return UsageRow(
        "",
        day=DAY_ZERO,
        start_ms=UsageRow("").first_ms + start,
        duration_ms=draw(st.integers(1, 20)) * HOUR // 2,
        accelerators_millionths=draw(st.integers(1, 80)) * MILLION,
        cluster_id=draw(st.sampled_from([None, "cl-1"])),
        run_id=draw(st.sampled_from([None, None, "r-1"])),
    )


def _plain_peaks(rows: Sequence[UsageRow]) -> dict[tuple[str | None, str | None], int]:
    """Return run id and cluster → most accelerators at once, instant by instant."""
    found: dict[tuple[str | None, str | None], int] = {}
    for at in {row.first_ms for row in rows}:
        level: dict[tuple[str | None, str | None], int] = {}
        for row in rows:
            if row.first_ms <= at < row.first_ms + row.duration_ms:
                key = (row.run_id, None if row.run_id else row.cluster_id)
                level[key] = level.get(key, 0) + row.accelerators_millionths
        for key, size in level.items():
            found[key] = max(found.get(key, 0), size)
    return found


@settings(max_examples=settings().max_examples // 3)
@given(rows=st.lists(_work(), min_size=1, max_size=20))
def test_no_usage_counts_in_two_runs_and_peaks_are_exact(
    open_lake: OpenLake, rows: list[UsageRow]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write_batch(Path(folder), "b0", [rows])
        batches = Batches(["b0"])
        rules = GangRules(gang_size=64, gap_ms=HOUR, steadiness=Fraction(0), size_factor=2)
        with open_lake(Path(folder)) as lake:
            runs = assemble_runs(lake, batches, SETTINGS, rules)
            totals = list(meter(lake, batches, SETTINGS, by=[Dimension.RUN]))
    peaks = _plain_peaks(rows)
    by_run = {row.dims["run"]: row.estimate for row in totals}
    named = [run for run in runs if not run.is_assembled]
    assert [run.estimate for run in named] == [e for run, e in by_run.items() if run]
    assert [run.accelerators_peak for run in named] == [
        Fraction(peaks[key], MILLION) for key in peaks if key[0]
    ]
    assembled = [run for run in runs if run.is_assembled]
    if None in by_run:
        assert sum(run.estimate.ceiling for run in assembled) <= by_run[None].ceiling
    for cluster in (None, "cl-1"):
        found = [r for r in assembled if r.cluster_ids == ((cluster,) if cluster else ())]
        top = max((run.accelerators_peak for run in found), default=0)
        peak = Fraction(peaks.get((None, cluster), 0), MILLION)
        assert top == (peak if peak >= 64 else 0)


@pytest.mark.parametrize(("size", "gap"), [(0, 0), (1, -1)])
def test_rules_that_make_no_sense_are_refused(size: int, gap: int) -> None:
    with pytest.raises(ValueError, match="give at least 1 accelerator"):
        GangRules(size, gap, Fraction(1, 2), 2)
