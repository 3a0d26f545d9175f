"""Small usage lakes for tests, and the meter's arithmetic in plain Python beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import duckdb

from sluicegate.metering.accounts import account_spans
from sluicegate.metering.priors import Priors, Rate
from sluicegate.registry.records import AccountMapping

PRIORS = Priors(1900, 3300, 5200)
RATES = {"chip-a": Rate.known(98_940_000), "chip-b": Rate.known(31_200_000)}
BOUND = Rate(0, 31_200_000, 98_940_000, is_known=False)
DAY_ZERO = date(2026, 1, 1)
_TYPES = {
    "segment": "INTEGER",
    "day": "DATE",
    "start_ms": "BIGINT",
    "end_ms": "BIGINT",
    "offset_minutes": "SMALLINT",
    "duration_ms": "BIGINT",
    "accelerators_millionths": "BIGINT",
    "utilisation_bp": "INTEGER",
}


def rate_on(accelerator: str, day: date) -> Rate:
    """Return the rates of the two chips of these tests, and a bound for any other."""
    return RATES.get(accelerator, BOUND)


@dataclass(frozen=True)
class UsageRow:
    """One row of the lake; the columns stand in the lake's order."""

    record_id: str
    day: date = DAY_ZERO
    duration_ms: int = 3_600_000
    accelerators_millionths: int = 8_000_000
    utilisation_bp: int | None = None
    accelerator: str = "chip-a"
    customer_id: str | None = "c-1"
    account: str | None = None
    cluster_id: str | None = "cl-1"
    run_id: str | None = None
    team: str | None = None
    source: str = "meter"
    start_ms: int | None = None
    resource_id: str | None = None

    @property
    def first_ms(self) -> int:
        midnight = datetime(self.day.year, self.day.month, self.day.day, tzinfo=UTC)
        start = int(midnight.timestamp()) * 1000
        return start if self.start_ms is None else self.start_ms


COLUMNS = (
    "source",
    "record_id",
    "segment",
    "day",
    "start_ms",
    "end_ms",
    "offset_minutes",
    "duration_ms",
    "customer_id",
    "account",
    "cluster_id",
    "resource_id",
    "run_id",
    "team",
    "state",
    "accelerator",
    "accelerators_millionths",
    "utilisation_bp",
)


def _values(row: UsageRow) -> tuple[object, ...]:
    extra = {
        "segment": 0,
        "offset_minutes": 0,
        "state": None,
        "start_ms": row.first_ms,
        "end_ms": row.first_ms + row.duration_ms,
    }
    return tuple(extra[name] if name in extra else getattr(row, name) for name in COLUMNS)


def write_batch(
    lake: Path, batch: str, files: Sequence[Sequence[UsageRow]], replaces: Mapping[str, str] = {}
) -> None:
    """Write rows as the files of a batch; `replaces` is record id → batch it replaces it in."""
    folder = lake / "usage" / f"batch={batch}"
    folder.mkdir(parents=True)
    with duckdb.connect(":memory:") as connection:
        typed = ", ".join(f"{name} {_TYPES.get(name, 'VARCHAR')}" for name in COLUMNS)
        connection.execute(f"CREATE TABLE u ({typed})")
        for number, rows in enumerate(files):
            connection.execute("DELETE FROM u")
            if rows:
                marks = ", ".join("?" for _ in COLUMNS)
                connection.executemany(f"INSERT INTO u VALUES ({marks})", list(map(_values, rows)))
            target = folder / f"part-{number}.parquet"
            connection.execute(f"COPY u TO '{target}' (FORMAT parquet)")
        if replaces:
            beside = lake / "superseded" / f"batch={batch}"
            beside.mkdir(parents=True)
            connection.execute(
                "CREATE TABLE s (source VARCHAR, record_id VARCHAR, replaces VARCHAR)"
            )
            keys = [("meter", record, old) for record, old in replaces.items()]
            connection.executemany("INSERT INTO s VALUES (?, ?, ?)", keys)
            connection.execute(f"COPY s TO '{beside / 'part-0.parquet'}' (FORMAT parquet)")


@dataclass(frozen=True)
class Batch:
    batch: str


@dataclass
class Batches:
    """The batches of a lake, as a store lists them; those of `late` are known only later."""

    ids: Sequence[str]
    late: Mapping[str, datetime] = field(default_factory=dict)

    def usage_batches(self, *, known_on: datetime | None = None) -> Sequence[Batch]:
        return [
            Batch(one)
            for one in self.ids
            if known_on is None or one not in self.late or self.late[one] <= known_on
        ]


@dataclass
class Bounds:
    """Four figures in FLOP."""

    low: Fraction = Fraction(0)
    central: Fraction = Fraction(0)
    high: Fraction = Fraction(0)
    ceiling: Fraction = Fraction(0)


def plain_customer(row: UsageRow, accounts: Sequence[AccountMapping]) -> str:
    """Return whose usage a row is."""
    if row.customer_id is not None:
        return row.customer_id
    for span in account_spans(accounts):
        same = (span.source, span.account) == (row.source, row.account)
        if same and span.first_day <= row.day < span.end_day:
            return span.customer_id
    return f"unmapped:{row.source}:{row.account or ''}"


def plain_totals(
    rows: Sequence[UsageRow], accounts: Sequence[AccountMapping] = ()
) -> dict[tuple[str, date], Bounds]:
    """Return customer and day → bounds, row by row, with nothing but integers and quotients."""
    found: dict[tuple[str, date], Bounds] = defaultdict(Bounds)
    for row in rows:
        bounds = found[plain_customer(row, accounts), row.day]
        rate = rate_on(row.accelerator, row.day)
        time = Fraction(row.accelerators_millionths, 1_000_000) * row.duration_ms
        low, central, high = (
            (PRIORS.low, PRIORS.central, PRIORS.high)
            if row.utilisation_bp is None
            else (row.utilisation_bp,) * 3
        )
        bounds.low += time * low * rate.low
        bounds.central += time * central * rate.central
        bounds.high += time * high * rate.high
        bounds.ceiling += time * 10_000 * rate.high
    return dict(found)


def hourly(row: UsageRow, hours: int, *, start: int = 0) -> list[UsageRow]:
    """Return a row once per hour, on the days that the hours are in."""
    base = row.first_ms
    made = []
    for hour in range(start, start + hours):
        day = row.day + timedelta(days=hour // 24)
        name = f"{row.record_id}-{hour}"
        made.append(replace(row, record_id=name, day=day, start_ms=base + hour * 3_600_000))
    return made
