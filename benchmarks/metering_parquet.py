"""Metering of Parquet usage by customer and day, beside DuckDB's own one-column sum.

    python benchmarks/metering_parquet.py            # 100 million rows, fails below 0.35
    python benchmarks/metering_parquet.py --small    # 1 million rows, judges nothing
    python benchmarks/metering_parquet.py --clean    # remove the data

The meter gives three exact bounds and the ceiling per customer and legal day, as
`sluicegate meter` does before a roll-up exists. The control sums one column over
the same files, grouped by customer and day; the same sum without groups is
printed too. Both write their rows to Parquet, on 2 threads, in turn. Each runs
in its own process, whose peak memory is printed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from statistics import median

import duckdb

from sluicegate.adapters.lake.usage_lake import MEMORY_LIMIT, DuckDbLake
from sluicegate.metering.priors import Priors, Rate
from sluicegate.metering.statements import END_DAY, FIRST_DAY, ColumnType, Relation

DATA = Path(__file__).resolve().parents[1] / "bench-data" / "metering"
LEAST_RATIO = 0.35
MOST_MEMORY = 2_000_000_000
FULL_ROWS = 100_000_000
SMALL_ROWS = 1_000_000
DAYS = 365
THREADS = 2
BYTES_PER_ROW = 30
PRIORS = Priors(1900, 3300, 5200)
ACCELERATORS = (
    "nvidia-h100-sxm5-80gb",
    "nvidia-a100-sxm4-80gb",
    "nvidia-h200-sxm",
    "nvidia-b200",
    "google-tpu-v5p",
    "amd-mi300x",
)
_NAMES = ", ".join(f"'{name}'" for name in ACCELERATORS)

# One legal day as intake writes it: 2,000 customers of very unlike size, each at
# home in one of 40 clusters with a tenth of its work in another; every cluster has
# one type of accelerator; half of them measure utilisation, with gaps; an eighth of
# the records name a run. hash() is a fixed function, so the data are the same on
# every machine.
_DAY = """
COPY (
  WITH drawn AS (
    SELECT
      i,
      hash(i * 1000 + {day} + {seed}) AS h1,
      hash(i * 1000 + {day} + {seed} + 7777777777) AS h2,
      hash(i * 1000 + {day} + {seed} + 99999999999) AS h3
    FROM range({rows}) AS t(i)
  ), placed AS (
    SELECT
      *,
      CAST(floor(2000 * pow((h1 % 1000000) / 1000000.0, 1.5)) AS BIGINT) AS customer,
      60000 + (h3 % 4) * 900000 + (h3 // 7 % 1000) * 1000 AS duration,
      (DATE '2025-01-01' - DATE '1970-01-01' + {day}) * 86400000::BIGINT
        + (h2 % 82000) * 1000 AS start_ms
    FROM drawn
  ), homed AS (
    SELECT *, (customer * 7 + CASE WHEN h3 % 10 = 0 THEN 1 ELSE 0 END) % 40 AS cluster
    FROM placed
  )
  SELECT
    'meter' AS source,
    'u-{day:03d}-' || printf('%06d', i) AS record_id,
    CAST(0 AS INTEGER) AS segment,
    DATE '2025-01-01' + CAST({day} AS INTEGER) AS day,
    CAST(start_ms AS BIGINT) AS start_ms,
    CAST(start_ms + duration AS BIGINT) AS end_ms,
    CAST(0 AS SMALLINT) AS offset_minutes,
    CAST(duration AS BIGINT) AS duration_ms,
    'customer-' || printf('%05d', customer) AS customer_id,
    CAST(NULL AS VARCHAR) AS account,
    'cluster-' || printf('%02d', cluster) AS cluster_id,
    CAST(NULL AS VARCHAR) AS resource_id,
    CASE WHEN h2 % 8 = 0 THEN 'run-' || customer || '-' || ({day} // 14) END AS run_id,
    'team-' || (h3 % 2) AS team,
    'completed' AS state,
    [{names}][CAST(1 + cluster % 6 AS BIGINT)] AS accelerator,
    CAST([1, 2, 4, 8, 64, 0.5, 8, 8][CAST(1 + h2 // 13 % 8 AS BIGINT)] * 1000000 AS BIGINT)
      AS accelerators_millionths,
    CASE WHEN cluster % 2 = 0 AND h1 // 7 % 20 > 0
      THEN CAST(2000 + h2 % 4000 AS INTEGER) END AS utilisation_bp
  FROM homed
) TO '{file}' (FORMAT parquet, COMPRESSION zstd)
"""


def make_data(rows: int, seed: int) -> Path:
    """Write the lake once and return its folder."""
    lake = DATA / f"rows={rows}-seed={seed}"
    if (lake / "complete").exists():
        return lake
    DATA.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(DATA).free
    if free < 2 * rows * BYTES_PER_ROW:
        sys.exit(f"{free:,} bytes free; {2 * rows * BYTES_PER_ROW:,} are needed for {rows:,} rows")
    shutil.rmtree(lake, ignore_errors=True)
    batch = lake / "usage" / "batch=bench"
    batch.mkdir(parents=True)
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"SET threads = {THREADS}")
        connection.execute("SET preserve_insertion_order = false")
        for day in range(DAYS):
            share = rows // DAYS + (1 if day < rows % DAYS else 0)
            file = batch / f"part-{day:04d}.parquet"
            connection.execute(_DAY.format(day=day, seed=seed, rows=share, names=_NAMES, file=file))
    (lake / "complete").touch()
    return lake


def _meter(lake_folder: Path, target: Path) -> int:
    """Meter by customer and day; return the number of rows."""
    with DuckDbLake(lake_folder, threads=THREADS, scratch=target.parent) as lake:
        batches = ["bench"]
        days = {"first_day": FIRST_DAY, "end_day": END_DAY}
        days["keys"] = ("source", "customer_id", "account")  # type: ignore[assignment]
        used = list(lake.rows("used_accelerators", days, batches=batches))
        rates = {
            name: Rate.known(98_940_000 - 1_000_000 * n) for n, name in enumerate(ACCELERATORS)
        }
        text, day, integer = ColumnType.TEXT, ColumnType.DAY, ColumnType.INTEGER
        parameters = days | {
            "dimensions": ("customer",),
            "low_bp": PRIORS.low,
            "central_bp": PRIORS.central,
            "high_bp": PRIORS.high,
            "rates": Relation.of(
                [
                    (d, name, d, rates[name].low, rates[name].central, rates[name].high)
                    for d, name, _ in used
                ],
                day=day,
                accelerator=text,
                window_start=day,
                flop_low=integer,
                flop_central=integer,
                flop_high=integer,
            ),
            "account_map": Relation.of(
                (), source=text, account=text, customer_id=text, first_day=day, end_day=day
            ),
            "customer_groups": Relation.of((), customer=text, group_id=text),
            "cluster_regions": Relation.of((), cluster=text, region=text),
            "wanted_customers": Relation.of((), customer=text),
            "every_customer": 1,
        }
        return lake.materialise("totals", parameters, batches=batches, file=target)


def _control(lake_folder: Path, target: Path, *, grouped: bool) -> int:
    """Sum one column with DuckDB alone; return the number of rows."""
    keys = "customer_id, day, " if grouped else ""
    files = f"read_parquet('{lake_folder}/usage/*/*.parquet')"
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"SET threads = {THREADS}")
        connection.execute(f"SET memory_limit = '{MEMORY_LIMIT}'")
        connection.execute("SET preserve_insertion_order = false")
        connection.execute(
            f"COPY (SELECT {keys}SUM(duration_ms) AS total FROM {files} GROUP BY ALL)"
            f" TO '{target}' (FORMAT parquet)"
        )
        return int(connection.execute(f"SELECT count(*) FROM '{target}'").fetchall()[0][0])


def _work(name: str, lake: Path) -> None:
    """Do one run in this process and print its seconds, rows and peak memory as JSON."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "out.parquet"
        start, busy = time.perf_counter(), time.process_time()
        if name == "meter":
            rows = _meter(lake, target)
        else:
            rows = _control(lake, target, grouped=name == "grouped")
        seconds, busy = time.perf_counter() - start, time.process_time() - busy
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"seconds": seconds, "cpu": busy, "rows": rows, "peak": peak}))


def _run(name: str, lake: Path) -> dict[str, float]:
    command = [sys.executable, __file__, "--work", name, "--lake", str(lake)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _machine() -> str:
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        lines = [line for line in cpuinfo.read_text().splitlines() if line.startswith("model name")]
        model = lines[0].split(":")[1].strip() if lines else model
    return f"{model}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"


def compare(rows: int, seed: int, repeats: int, *, judged: bool) -> int:
    """Print the comparison; return the exit code."""
    lake = make_data(rows, seed)
    shutil.rmtree(lake / "daily", ignore_errors=True)  # A roll-up would spare the scan.
    size = sum(file.stat().st_size for file in lake.rglob("*.parquet"))
    print(f"rows {rows:,} in {DAYS} files, {size:,} bytes")
    print(
        f"duckdb {duckdb.__version__}, sqlglot {version('sqlglot')}, python "
        f"{platform.python_version()}; {_machine()}; {THREADS} threads"
    )
    names = ("meter", "grouped", "ungrouped")
    found: dict[str, list[dict[str, float]]] = {name: [] for name in names}
    for _ in range(repeats):
        for name in names:
            found[name].append(_run(name, lake))
    seconds = {name: median(one["seconds"] for one in found[name]) for name in names}
    cpu = {name: median(one["cpu"] for one in found[name]) for name in names}
    for name in names:
        peak = max(one["peak"] for one in found[name])
        spread = [one["seconds"] for one in found[name]]
        print(
            f"{name:10} median {seconds[name]:7.3f} s of {repeats}"
            f" ({min(spread):.3f} to {max(spread):.3f}), {cpu[name]:.3f} s of processors,"
            f" {found[name][0]['rows']:,.0f} rows, peak memory {peak / 1e9:.2f} GB"
        )
    ratio = seconds["grouped"] / seconds["meter"]
    peak = max(one["peak"] for one in found["meter"])
    print(f"ratio to the sum by customer and day {ratio:.2f} (at least {LEAST_RATIO})")
    print(f"the same by processor time           {cpu['grouped'] / cpu['meter']:.2f}")
    print(f"ratio to the sum without groups      {seconds['ungrouped'] / seconds['meter']:.2f}")
    if not judged:
        print("small: these figures judge nothing and may not enter the docs")
        return 0
    return 0 if ratio >= LEAST_RATIO and peak <= MOST_MEMORY else 1


def main() -> int:
    """Read the command line and do what it says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="1 million rows; judges nothing")
    parser.add_argument("--rows", type=int, default=FULL_ROWS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--clean", action="store_true", help="remove the data and stop")
    parser.add_argument("--work", choices=("meter", "grouped", "ungrouped"))
    parser.add_argument("--lake", type=Path)
    given = parser.parse_args()
    if given.work:
        _work(given.work, given.lake)
        return 0
    if given.clean:
        shutil.rmtree(DATA, ignore_errors=True)
        return 0
    rows = SMALL_ROWS if given.small else given.rows
    judged = not given.small and rows >= FULL_ROWS
    return compare(rows, given.seed, given.repeats, judged=judged)


if __name__ == "__main__":
    sys.exit(main())
