"""Time one pass over 100,000 customers, all regimes, after metering.

Prints customers, rows, versions and the times; the control is the same pass's
registry and totals read without any rule. Fails below the stated size unless
--small, whose figures may not enter the docs.
"""

from __future__ import annotations

import argparse
import platform
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import sqlalchemy

from sluicegate import __version__
from sluicegate.services.measuring import Measure
from sluicegate.services.passes import run_pass
from sluicegate.wiring import IntakeOptions, OpenNode, actor, make_node, opened, take_in

STATED_CUSTOMERS = 100_000
STATED_SECONDS = 30.0
AS_OF = date(2026, 6, 30)
COUNTRIES = ("US", "US", "US", "DE", "FR", "JP", "SG", "GB", "KR", "BR")
ACCELERATORS = ("H100 SXM", "NVIDIA A100 80GB", "B200", "L4")


def customers(count: int, draw: random.Random) -> Iterator[dict[str, Any]]:
    for number in range(count):
        yield {
            "source": "bench",
            "customer_id": f"c-{number}",
            "name": f"Invented Customer {number}",
            "customer_kind": "entity",
            "country": draw.choice(COUNTRIES),
        }


def ownership(count: int, draw: random.Random) -> Iterator[dict[str, Any]]:
    for number in range(0, count, 3):
        owner = f"p-{number}" if number % 2 else f"c-{draw.randrange(count)}"
        if owner == f"c-{number}":
            continue
        yield {
            "source": "bench",
            "owner_id": owner,
            "owned_id": f"c-{number}",
            "owner_name": f"Invented Owner {number}",
            "owner_kind": "individual" if owner.startswith("p-") else "entity",
            "owner_country": draw.choice(COUNTRIES),
            "share": draw.choice(("0.1", "0.3", "0.6", "1")),
        }


def write_usage(file: Path, count: int) -> None:
    """Write ten records of a day each per customer; one customer in 2,000 runs thousands."""
    names = ", ".join(f"'{name}'" for name in ACCELERATORS)
    with duckdb.connect() as engine:
        engine.execute(
            f"""COPY (
              SELECT 'bench' AS source, 'r-' || i AS record_id, 'c-' || (i // 10) AS customer_id,
                'k-' || (i // 10 % 50) AS cluster_id, [{names}][1 + i // 10 % 4] AS accelerator,
                CASE WHEN i // 10 % 2000 = 0 THEN 4096 ELSE 1 + i % 8 END AS accelerator_count,
                strftime(TIMESTAMP '2025-08-01' + INTERVAL 1 DAY * (i % 10 * 30 + i // 10 % 30),
                  '%Y-%m-%dT%H:%M:%SZ') AS "start",
                strftime(TIMESTAMP '2025-08-02' + INTERVAL 1 DAY * (i % 10 * 30 + i // 10 % 30),
                  '%Y-%m-%dT%H:%M:%SZ') AS "end"
              FROM range({count * 10}) AS t(i)
            ) TO '{file}' (FORMAT csv, HEADER)"""
        )


def fill(node: OpenNode, count: int, place: Path) -> None:
    draw = random.Random(20261121)
    now = node.clock.now()
    with node.store.transaction():
        node.store.put("customers", customers(count, draw), at=now, by=actor())
        node.store.put("ownership", ownership(count, draw), at=now, by=actor())
    file = place / "usage.csv"
    write_usage(file, count)
    result = take_in(node, [file], IntakeOptions(kind="usage"))
    if result.rejected:
        raise SystemExit(f"{result.rejected} rows of the benchmark were refused")


def measure_of(node: OpenNode, marks: dict[str, float]) -> Measure:
    def progress(step: str) -> None:
        marks[step] = time.perf_counter()

    return Measure(node.store, node.lake, node.catalogue, node.book, "US", AS_OF, None, progress)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="2,000 customers, for a quick look")
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    count = 2_000 if options.small else STATED_CUSTOMERS
    with tempfile.TemporaryDirectory(prefix="sluicegate-bench-") as name:
        place = Path(name)
        make_node(place / "node")
        with opened(place / "node") as node:
            fill(node, count, place)
            list(measure_of(node, {}).world().totals)  # metering: the roll-up is made here
            controls, passes, steps = [], [], {}
            for _ in range(options.runs):
                started = time.perf_counter()
                measure_of(node, {}).world()
                controls.append(time.perf_counter() - started)
                marks: dict[str, float] = {}
                started = time.perf_counter()
                done = run_pass(
                    measure_of(node, marks),
                    tenant=node.node.settings.tenant,
                    at=node.clock.now(),
                    by=actor(),
                )
                ended = time.perf_counter()
                passes.append(ended - started)
                ends = [*list(marks.values())[1:], ended]
                steps = {key: end - at for (key, at), end in zip(marks.items(), ends, strict=True)}
    seconds, control = statistics.median(passes), statistics.median(controls)
    print(f"{count} customers, {count * 10} usage rows, {len(done.assessment.findings)} findings")
    print(
        f"sluicegate {__version__}, duckdb {duckdb.__version__},"
        f" sqlalchemy {sqlalchemy.__version__}, python {platform.python_version()},"
        f" {platform.machine()}"
    )
    print(
        f"pass: {seconds:.2f} s (median of {options.runs}); measuring alone: {control:.2f} s;"
        f" ratio {seconds / control:.2f}"
    )
    print("last pass by step: " + ", ".join(f"{key} {value:.2f} s" for key, value in steps.items()))
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")
    if not options.small and seconds > STATED_SECONDS:
        print(f"above the stated {STATED_SECONDS} s")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
