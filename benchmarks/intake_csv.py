"""CSV intake with full validation against DuckDB's own typed reading of the same file.

The control is CREATE TABLE AS SELECT over read_csv with the column types given,
once into memory and once into a database file, since intake leaves durable
files too. Ours is the whole intake into a node that is open: scan and digest of
the bytes, recognition, every check, names through the catalogue, repeated keys,
division at midnights, Parquet written. Both run in processes of their own, in
turn, and the medians are compared. Exits 1 below the stated size unless
--small, whose figures may not enter the docs.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import duckdb

import sluicegate
from sluicegate.adapters.formats.inputs import FileInputs, InputSettings
from sluicegate.adapters.store import SqlStore, open_store
from sluicegate.core.clock import FixedClock
from sluicegate.registry.catalogue import Catalogue
from sluicegate.services.intake import intake

STATED_ROWS = 10_000_000
TARGET = 0.50
THREADS = 2
AT = datetime(2026, 6, 1, tzinfo=UTC)
NAMES = ("NVIDIA H100 SXM", "NVIDIA A100 SXM 80GB", "NVIDIA H200", "AMD MI300X", "p5.48xlarge")
TYPES = {
    **dict.fromkeys(
        ("source", "record_id", "customer_id", "cluster_id", "resource_id", "accelerator"),
        "VARCHAR",
    ),
    "accelerator_count": "DECIMAL(18, 6)",
    "start": "TIMESTAMPTZ",
    "end": "TIMESTAMPTZ",
    "utilisation": "DECIMAL(9, 6)",
    "run_id": "VARCHAR",
    "team": "VARCHAR",
}


def write_usage(file: Path, rows: int) -> None:
    """Write hourly use at +08:00 over about a year; every tenth count is a half."""
    listed = ", ".join(f"'{name}'" for name in NAMES)
    step = 31_536_000_000_000 // rows
    local = f"1735689600000000 + i * {step}"
    form = "'%Y-%m-%dT%H:%M:%S'"
    with duckdb.connect() as connection:
        connection.execute(
            f"""COPY (SELECT 'billing' AS source, 'rec-' || lpad(i::VARCHAR, 9, '0') AS record_id,
            'cust-' || lpad((hash(i) % 2000)::VARCHAR, 5, '0') AS customer_id,
            'cl-' || (hash(i + 1) % 40) AS cluster_id,
            'node-' || (hash(i + 2) % 4000) AS resource_id,
            [{listed}][1 + (hash(i + 3) % {len(NAMES)})::INTEGER] AS accelerator,
            CASE WHEN hash(i + 4) % 10 = 0 THEN '0.5'
                 ELSE (1 + hash(i + 4) % 8)::VARCHAR END AS accelerator_count,
            strftime(make_timestamp(({local})::BIGINT), {form}) || '+08:00' AS start,
            strftime(make_timestamp(({local} + 3600000000)::BIGINT), {form}) || '+08:00' AS "end",
            CASE WHEN hash(i + 5) % 2 = 1
                 THEN '0.' || lpad((hash(i + 6) % 10000)::VARCHAR, 4, '0') END AS utilisation,
            'run-' || (hash(i + 7) % 500) AS run_id, 'team-' || (hash(i + 8) % 20) AS team
            FROM range({rows}) t(i)) TO '{file}' (FORMAT csv, HEADER)"""
        )


def control(file: Path, target: str) -> None:
    """Read the file with DuckDB alone, types given, into memory or a database file."""
    typed = ", ".join(f"'{name}': '{kind}'" for name, kind in TYPES.items())
    with duckdb.connect(target) as connection:
        connection.execute(f"SET threads = {THREADS}")
        connection.execute("SET memory_limit = '2GB'")
        connection.execute("SET preserve_insertion_order = false")
        connection.execute(
            f"CREATE TABLE usage AS SELECT * FROM read_csv('{file}', header = true,"
            f" auto_detect = false, delim = ',', quote = '\"', columns = {{{typed}}})"
        )


def ours(file: Path, folder: Path, store: SqlStore) -> None:
    """Take the file into a node."""
    inputs = FileInputs(InputSettings(folder / "lake", Catalogue.load(), AT.date()))
    result = intake([file], store=store, inputs=inputs, at=AT, by="bench")
    if result.rejected or result.unchanged:
        raise SystemExit(f"{result.rejected} rows rejected, {result.unchanged} unchanged")


def timed(what: str, file: Path, folder: Path) -> dict[str, float]:
    """Run one side in a process of its own; return wall seconds, CPU seconds and peak MB."""
    place = folder / what
    shutil.rmtree(place, ignore_errors=True)
    command = [
        sys.executable,
        __file__,
        "--child",
        what,
        "--file",
        str(file),
        "--folder",
        str(place),
    ]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    shutil.rmtree(place, ignore_errors=True)
    return found


def child(what: str, file: Path, folder: Path) -> None:
    """Do one side's work and print what it took."""
    folder.mkdir()
    store = open_store(f"sqlite:///{folder}/state.db", clock=FixedClock(AT))
    Catalogue.load()
    before, began = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    if what == "ours":
        ours(file, folder, store)
    else:
        control(file, ":memory:" if what == "memory" else f"{folder}/control.db")
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF)
    store.close()
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    taken = {"wall": wall, "cpu": cpu, "mb": after.ru_maxrss / 1024}
    print(json.dumps(taken))


def main() -> int:
    """Measure and print the ratio of the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=STATED_ROWS)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--small", action="store_true", help="200,000 rows, no verdict")
    parser.add_argument("--child", choices=("ours", "memory", "disk"), help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        child(given.child, given.file, given.folder)
        return 0
    rows = 200_000 if given.small else given.rows
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = folder / "usage.csv"
        write_usage(file, rows)
        print(
            f"sluicegate {sluicegate.__version__}, DuckDB {duckdb.__version__},"
            f" Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores;"
            f" {rows:,} rows, {file.stat().st_size:,} bytes, {given.times} times each"
        )
        sides = ("memory", "ours", "disk")
        runs = [{side: timed(side, file, folder) for side in sides} for _ in range(given.times)]
    middle = {
        side: {key: statistics.median(run[side][key] for run in runs) for key in runs[0][side]}
        for side in sides
    }
    for side, label in (("memory", "control, into memory"), ("disk", "control, into a file")):
        found = middle[side]
        ratio = found["wall"] / middle["ours"]["wall"]
        cpu = found["cpu"] / middle["ours"]["cpu"]
        print(f"{label}: {found['wall']:.2f} s, {found['cpu']:.2f} s of CPU, {found['mb']:.0f} MB;")
        print(f"    our speed is {ratio:.2f} of it by the clock, {cpu:.2f} by CPU time")
    found = middle["ours"]
    print(f"intake: {found['wall']:.2f} s, {found['cpu']:.2f} s of CPU, {found['mb']:.0f} MB")
    print(f"target: {TARGET:.2f} of the control into memory")
    if rows < STATED_ROWS and not given.small:
        print(f"below the stated size of {STATED_ROWS:,} rows; use --small to try")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
