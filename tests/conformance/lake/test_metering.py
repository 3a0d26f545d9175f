"""Every engine gives the same digits as plain Python, whatever the files look like."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sluicegate.adapters.lake.usage_lake import DuckDbLake
from sluicegate.core.estimates import Method
from sluicegate.core.identifiers import CustomerId
from sluicegate.metering.windows import Window
from sluicegate.registry.records import AccountMapping
from sluicegate.services.meter import (
    Dimension,
    MeterRow,
    MeterSettings,
    daily_series,
    meter,
    unknown_accelerators,
)
from usage_lakes import (
    DAY_ZERO,
    PRIORS,
    Batches,
    UsageRow,
    plain_totals,
    rate_on,
    write_batch,
)

OpenLake = Callable[[Path], DuckDbLake]
ACCOUNTS = (
    AccountMapping(source="meter", account="a-1", customer_id=CustomerId("c-1")),
    AccountMapping(
        source="meter",
        account="a-1",
        customer_id=CustomerId("c-2"),
        valid_from=DAY_ZERO + timedelta(days=2),
    ),
    AccountMapping(
        source="meter",
        account="a-2",
        customer_id=CustomerId("c-3"),
        valid_to=DAY_ZERO + timedelta(days=1),
    ),
)
SETTINGS = MeterSettings(rate_on, PRIORS, ACCOUNTS)
BY_CUSTOMER = (Dimension.CUSTOMER,)
FEWER = settings(max_examples=settings().max_examples // 4)
"""Each example writes files and starts an engine."""


@st.composite
def usage_rows(draw: st.DrawFn) -> UsageRow:
    has_customer = draw(st.booleans())
    return UsageRow(
        "",
        day=DAY_ZERO + timedelta(days=draw(st.integers(0, 4))),
        duration_ms=draw(st.one_of(st.integers(1, 90_000_000), st.just(86_400_000))),
        accelerators_millionths=draw(st.one_of(st.integers(1, 10**7), st.integers(1, 10**13))),
        utilisation_bp=draw(st.one_of(st.none(), st.integers(0, 10_000))),
        accelerator=draw(st.sampled_from(["chip-a", "chip-b", "unknown:X-1"])),
        customer_id=draw(st.sampled_from(["c-1", "c-2"])) if has_customer else None,
        account=None if has_customer else draw(st.sampled_from(["a-1", "a-2", "a-3"])),
        cluster_id=draw(st.sampled_from([None, "cl-1", "cl-2"])),
        run_id=draw(st.sampled_from([None, "r-1"])),
        team=draw(st.sampled_from([None, "team, with 'quotes'"])),
    )


def _write(lake: Path, parts: Sequence[Sequence[UsageRow]]) -> Batches:
    """Write each part as a batch of one or two files."""
    for number, rows in enumerate(parts):
        write_batch(lake, f"b{number}", [rows[::2], rows[1::2]] if len(rows) > 1 else [rows])
    return Batches([f"b{number}" for number in range(len(parts))])


def _figures(row: MeterRow) -> tuple[object, ...]:
    one = row.estimate
    return one.low, one.central, one.high, one.ceiling


def _total(rows: Sequence[MeterRow]) -> tuple[Fraction, ...]:
    return tuple(
        sum((Fraction(getattr(row.estimate, name)) for row in rows), Fraction(0))
        for name in ("low", "central", "high", "ceiling")
    )


@FEWER
@given(rows=st.lists(usage_rows(), min_size=1, max_size=30), cuts=st.lists(st.integers(0, 30)))
def test_any_partition_gives_the_digits_of_plain_python(
    open_lake: OpenLake, rows: list[UsageRow], cuts: list[int]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        places = sorted({0, len(rows), *(cut for cut in cuts if cut < len(rows))})
        parts = [rows[a:b] for a, b in pairwise(places)]
        batches = _write(Path(folder), parts)
        with open_lake(Path(folder)) as lake:
            found = list(meter(lake, batches, SETTINGS, by=BY_CUSTOMER, window=Window.DAY))
            expected = plain_totals(rows, ACCOUNTS)
            assert {(row.dims["customer"], row.start): _figures(row) for row in found} == {
                key: (one.low, one.central, one.high, one.ceiling) for key, one in expected.items()
            }
            assert sum(row.records for row in found) == len(rows)
            life = list(meter(lake, batches, SETTINGS, by=BY_CUSTOMER))
            assert _total(life) == _total(found)


@FEWER
@given(rows=st.lists(usage_rows(), min_size=1, max_size=25))
def test_every_dimension_adds_up_to_the_same_total(
    open_lake: OpenLake, rows: list[UsageRow]
) -> None:
    settings = MeterSettings(rate_on, PRIORS, ACCOUNTS, {"c-1": "g", "c-2": "g"}, {"cl-1": "north"})
    with tempfile.TemporaryDirectory() as folder:
        batches = _write(Path(folder), [rows])
        with open_lake(Path(folder)) as lake:
            totals = {
                dimension: _total(list(meter(lake, batches, settings, by=[dimension])))
                for dimension in Dimension
            }
            assert len(set(totals.values())) == 1
            every = list(meter(lake, batches, settings, by=list(Dimension), window=Window.MONTH))
            assert _total(every) == totals[Dimension.CUSTOMER]


@FEWER
@given(rows=st.lists(usage_rows(), min_size=1, max_size=20))
def test_the_roll_up_changes_no_digit_and_can_be_deleted(
    open_lake: OpenLake, rows: list[UsageRow]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        batches = _write(Path(folder), [rows, rows[:3]])
        with open_lake(Path(folder)) as lake:

            def all_rows() -> list[MeterRow]:
                return list(
                    meter(lake, batches, SETTINGS, by=list(Dimension), window=Window.QUARTER)
                )

            direct = all_rows()
            assert lake.refresh_daily(batches.ids).made == 2
            assert all_rows() == direct
            assert lake.refresh_daily(batches.ids).found == 2
            next((Path(folder) / "daily").glob("*.parquet")).unlink()
            assert all_rows() == direct
            assert lake.refresh_daily(batches.ids[:1]).removed >= 0
            assert all_rows() == direct


def test_a_corrected_record_counts_once_and_only_from_when_it_is_known(
    tmp_path: Path, open_lake: OpenLake
) -> None:
    write_batch(tmp_path, "b0", [[UsageRow("u-1"), UsageRow("u-2")]])
    write_batch(tmp_path, "b1", [[UsageRow("u-1", duration_ms=1_000)]], {"u-1": "b0"})
    write_batch(tmp_path, "b2", [[UsageRow("u-1", duration_ms=2_000)]], {"u-1": "b1"})
    at = datetime(2026, 2, 1, tzinfo=UTC)
    batches = Batches(["b0", "b1", "b2"], {"b1": at, "b2": at + timedelta(days=1)})
    with open_lake(tmp_path) as lake:

        def ceiling(known_on: datetime | None = None) -> object:
            (row,) = meter(lake, batches, SETTINGS, by=BY_CUSTOMER, known_on=known_on)
            return row.estimate.ceiling

        per_ms = 8 * 10_000 * 98_940_000
        assert ceiling() == per_ms * (3_600_000 + 2_000)
        assert ceiling(at) == per_ms * (3_600_000 + 1_000)
        assert ceiling(at - timedelta(days=1)) == per_ms * 2 * 3_600_000
        lake.refresh_daily(["b0", "b1", "b2"])
        assert ceiling() == per_ms * (3_600_000 + 2_000)
        assert ceiling(at) == per_ms * (3_600_000 + 1_000)


def test_usage_after_the_day_does_not_count_and_windows_are_half_open(
    tmp_path: Path, open_lake: OpenLake
) -> None:
    rows = [UsageRow(f"u-{n}", day=DAY_ZERO + timedelta(days=n)) for n in range(100)]
    batches = _write(tmp_path, [rows])
    with open_lake(tmp_path) as lake:
        as_of = date(2026, 3, 31)

        def spans(window: Window) -> list[tuple[date, date, int]]:
            found = meter(lake, batches, SETTINGS, by=BY_CUSTOMER, window=window, as_of=as_of)
            return [(row.start, row.end, row.records) for row in found]

        assert spans(Window.MONTH) == [
            (date(2026, 1, 1), date(2026, 2, 1), 31),
            (date(2026, 2, 1), date(2026, 3, 1), 28),
            (date(2026, 3, 1), date(2026, 4, 1), 31),
        ]
        assert spans(Window.QUARTER) == [(date(2026, 1, 1), date(2026, 4, 1), 90)]
        assert spans(Window.YEAR) == [(date(2026, 1, 1), date(2027, 1, 1), 90)]
        assert spans(Window.ROLLING_30) == [(date(2026, 3, 2), date(2026, 4, 1), 30)]
        assert spans(Window.LIFETIME) == [(date(2026, 1, 1), date(2026, 4, 1), 90)]
        assert len(spans(Window.DAY)) == 90


def test_threads_that_ask_for_different_days_each_get_their_own(
    tmp_path: Path, open_lake: OpenLake
) -> None:
    rows = [UsageRow(f"u-{n}", day=DAY_ZERO + timedelta(days=n)) for n in range(40)]
    batches = _write(tmp_path, [rows])
    with open_lake(tmp_path) as lake, ThreadPoolExecutor(4) as threads:

        def counted(days: int) -> int:
            last = DAY_ZERO + timedelta(days=days - 1)
            [row] = meter(lake, batches, SETTINGS, by=BY_CUSTOMER, as_of=last)
            return row.records

        wanted = [1 + (7 * n) % 40 for n in range(60)]
        assert list(threads.map(counted, wanted)) == wanted


@pytest.mark.parametrize("roll_up", [False, True])
def test_a_sum_past_38_digits_stops_and_never_wraps(
    tmp_path: Path, open_lake: OpenLake, roll_up: bool
) -> None:
    largest = 2**63 - 1
    row = UsageRow("u", duration_ms=1, accelerators_millionths=largest)
    huge = UsageRow("v", duration_ms=largest // 2, accelerators_millionths=largest)
    write_batch(tmp_path, "b0", [[row]])
    write_batch(tmp_path, "b1", [[huge] * 3])
    with open_lake(tmp_path) as lake:
        (found,) = meter(lake, Batches(["b0"]), SETTINGS, by=BY_CUSTOMER)
        assert found.estimate.ceiling == Fraction(largest * 10_000 * 98_940_000, 10**6)

        def fold() -> object:
            if roll_up:
                return lake.refresh_daily(["b1"])
            return list(meter(lake, Batches(["b1"]), SETTINGS, by=BY_CUSTOMER))

        with pytest.raises(RuntimeError, match="38 digits"):
            fold()


def test_a_product_past_64_bits_is_exact_also_where_no_sampled_file_shows_it(
    tmp_path: Path, open_lake: OpenLake
) -> None:
    small = [[UsageRow(f"u-{n}")] for n in range(40)]
    small[1] = [UsageRow("big", accelerators_millionths=10**13, utilisation_bp=9_999)]
    write_batch(tmp_path, "b0", small)
    with open_lake(tmp_path) as lake:
        (row,) = meter(lake, Batches(["b0"]), SETTINGS, by=BY_CUSTOMER)
    expected = plain_totals([one for part in small for one in part])["c-1", DAY_ZERO]
    assert _figures(row) == (expected.low, expected.central, expected.high, expected.ceiling)
    assert row.estimate.method is Method.MIXED


def test_unmapped_usage_and_unknown_hardware_are_counted_and_listed(
    tmp_path: Path, open_lake: OpenLake
) -> None:
    later = DAY_ZERO + timedelta(days=1)
    rows = [
        UsageRow("u-1", customer_id=None, account="a-9"),
        UsageRow("u-2", accelerator="unknown:X-1"),
        UsageRow("u-3", accelerator="unknown:X-1", day=later),
    ]
    batches = _write(tmp_path, [rows])
    with open_lake(tmp_path) as lake:
        found = {
            row.dims["customer"]: row for row in meter(lake, batches, SETTINGS, by=BY_CUSTOMER)
        }
        assert set(found) == {"c-1", "unmapped:meter:a-9"}
        assert found["c-1"].estimate.low == 0
        assert found["c-1"].estimate.ceiling == 2 * found["unmapped:meter:a-9"].estimate.ceiling
        (unknown,) = unknown_accelerators(lake, batches, SETTINGS)
        assert (unknown.accelerator, unknown.first_day, unknown.last_day, unknown.records) == (
            "unknown:X-1",
            DAY_ZERO,
            later,
            2,
        )


def test_a_few_customers_or_groups_can_be_metered_alone(
    tmp_path: Path, open_lake: OpenLake
) -> None:
    rows = [UsageRow(f"u-{n}", customer_id=f"c-{n}", team="t") for n in range(5)]
    batches = _write(tmp_path, [rows])
    settings = MeterSettings(rate_on, PRIORS, (), {"c-1": "g", "c-2": "g"})
    with open_lake(tmp_path) as lake:
        series = daily_series(
            lake, batches, settings, by=Dimension.GROUP, customers=["c-1", "c-2", "c-4"]
        )
        (team,) = meter(lake, batches, settings, by=[Dimension.TEAM], customers=["c-3"])
    assert {name: len(days) for name, days in series.items()} == {"c-4": 1, "g": 1}
    assert series["g"][0].estimate.ceiling == 2 * team.estimate.ceiling


def test_measured_usage_has_one_figure_for_all_bounds(tmp_path: Path, open_lake: OpenLake) -> None:
    batches = _write(tmp_path, [[UsageRow("u-1", utilisation_bp=4_000)]])
    with open_lake(tmp_path) as lake:
        (row,) = meter(lake, batches, SETTINGS, by=BY_CUSTOMER)
    one = row.estimate
    assert one.low == one.central == one.high == 8 * 3_600_000 * 4_000 * 98_940_000
    assert one.ceiling == one.high * 10_000 // 4_000
    assert one.method is Method.TELEMETRY


def test_an_empty_lake_has_no_totals(tmp_path: Path, open_lake: OpenLake) -> None:
    with open_lake(tmp_path) as lake:
        assert not list(meter(lake, Batches([]), SETTINGS, by=BY_CUSTOMER))


def test_a_missing_batch_is_named(tmp_path: Path, open_lake: OpenLake) -> None:
    with open_lake(tmp_path) as lake, pytest.raises(RuntimeError, match="batch b7"):
        list(meter(lake, Batches(["b7"]), SETTINGS, by=BY_CUSTOMER))


def test_a_truncated_file_is_named(tmp_path: Path, open_lake: OpenLake) -> None:
    batches = _write(tmp_path, [[UsageRow("u-1")]])
    file = next((tmp_path / "usage").rglob("*.parquet"))
    file.write_bytes(file.read_bytes()[:100])
    with open_lake(tmp_path) as lake, pytest.raises(RuntimeError, match=file.name):
        list(meter(lake, batches, SETTINGS, by=BY_CUSTOMER))
