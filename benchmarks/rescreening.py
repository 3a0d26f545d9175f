"""What the whole command `sluicegate screening run` takes of a list's change, and in full.

A node is filled with customers and screened with the list of 2022-04; then the list of
2023-01 comes. Two copies of the node are screened with it: one runs over what changed,
one over everything. Each command is a process of its own, start, reading and writing
included; its CPU seconds are counted, user and system together. Alerts and their scores
must be the same. Lists and names come from `../shared/data/screening` beside the
checkout, or `--data FOLDER`. `--small` or SLUICEGATE_BENCH_SMALL=1 takes a fiftieth of
the customers, whose figures may not enter the docs. Exits 1 when alerts differ.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent / "support"))

from screening_sets import SEED, Query, load_delta
from screening_sources import FOLDER, NoSourceError, Party

CUSTOMERS = 100_000
SMALL = CUSTOMERS // 50
GOAL = 10.0
COUNTRIES = ("US", "DE", "CN", "RU", "GB", "IN", "BR", "NL", "FR", "JP")
LIST_DAYS = ("2022-04-01", "2023-01-01")


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command printed, and the CPU seconds of its whole process."""

    out: str
    cpu_seconds: float


def sluicegate(*words: str) -> Ran:
    """Run a command in a process of its own."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-m", "sluicegate", *words], capture_output=True, text=True, check=False
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise SystemExit(f"sluicegate {' '.join(words)}: exit {done.returncode}\n{done.stderr}")
    spent = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return Ran(done.stdout, spent)


def write_list(file: Path, parties: Iterable[Party]) -> Path:
    """Write a list as FollowTheMoney JSON lines."""
    with file.open("w", encoding="utf-8") as opened:
        for one in parties:
            known: Mapping[str, Any] = one.as_entity()
            told = {
                "name": known["names"][:1],
                "alias": known["names"][1:],
                "weakAlias": known.get("weak_names", []),
                "country": [place.lower() for place in known.get("countries", [])],
                "birthDate": known.get("birth_dates", []),
            }
            entity = {
                "id": known["id"],
                "schema": known["schema"] or "LegalEntity",
                "properties": {name: list(found) for name, found in told.items() if found},
            }
            opened.write(json.dumps(entity, ensure_ascii=False) + "\n")
    return file


def write_customers(file: Path, customers: Iterable[Query]) -> Path:
    """Write customers with a country each, half of the persons with a birth date."""
    draw = random.Random(SEED)
    columns = ("source", "customer_id", "name", "customer_kind", "country", "birth_date")
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(columns)
        for number, one in enumerate(customers):
            is_person = one.schema == "Person"
            born = f"{draw.randint(1940, 2004)}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}"
            kind = "individual" if is_person else "entity"
            told = born if is_person and draw.random() < 0.5 else ""
            writer.writerow(
                ("bench", f"c-{number:06}", one.text, kind, draw.choice(COUNTRIES), told)
            )
    return file


def take_list(node: Path, file: Path, day: str) -> None:
    """Import a version of the list."""
    sluicegate(
        *("lists", "import", str(file), "--list", "own", "--published", day),
        *("--accept-smaller", "a later version", "--node", str(node)),
    )


def screened(node: Path, *more: str) -> tuple[Ran, dict[str, Any]]:
    """Screen a node; return the process and the record of the run."""
    ran = sluicegate(
        "screening", "run", "--allow-stale", "--format", "json", "--node", str(node), *more
    )
    record: dict[str, Any] = json.loads(ran.out)
    return ran, record


def alerts(node: Path) -> list[dict[str, Any]]:
    """Return the alerts of a node, with their scores."""
    ran = sluicegate("screening", "matches", "list", "--format", "json", "--node", str(node))
    found: list[dict[str, Any]] = json.loads(ran.out)
    return found


def measure(work: Path, data: Path, count: int) -> int:
    """Fill a node, change its list, screen it both ways, and print what that took."""
    delta = load_delta(data, customers=count)
    node, full = work / "node", work / "full"
    sluicegate("init", str(node), "--role", "provider")
    file = write_customers(work / "customers.csv", delta.customers)
    sluicegate("intake", str(file), "--kind", "customers", "--quiet", "--node", str(node))
    take_list(node, write_list(work / "before.ftm.json", delta.before), LIST_DAYS[0])
    screened(node)
    take_list(node, write_list(work / "after.ftm.json", delta.after), LIST_DAYS[1])
    shutil.copytree(node, full)
    changed, record = screened(node)
    nothing, _ = screened(node)
    whole, whole_record = screened(full, "--full")
    is_same = alerts(node) == alerts(full)
    ratio = whole.cpu_seconds / changed.cpu_seconds
    own = whole_record["cpu_milliseconds"] / max(record["cpu_milliseconds"], 1)
    verdict = f"at least {GOAL:.0f}: {'reached' if ratio >= GOAL else 'not reached'}"
    print(
        f"{count:,} customers, {record['listed']:,} listed parties,"
        f" {record['changed_listed']:,} new or changed, {record['removed_listed']:,} gone;"
        f" {record['alerts']:,} alerts, {len(record['gained'])} new, {len(record['lost'])} closed\n"
        f"whole command, CPU s: in full {whole.cpu_seconds:.1f},"
        f" what changed {changed.cpu_seconds:.1f}, nothing changed {nothing.cpu_seconds:.1f};"
        f" by the run's own record {own:.1f} times less\n"
        f"{'identical alerts' if is_same else 'OTHER ALERTS'}; {ratio:.1f} times less"
        f"{', ' + verdict if count == CUSTOMERS else ''}"
    )
    return 0 if is_same else 1


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=FOLDER, help="the folder of real lists")
    parser.add_argument("--small", action="store_true", help="a fiftieth of the customers")
    given = parser.parse_args()
    is_small = given.small or os.environ.get("SLUICEGATE_BENCH_SMALL") == "1"
    try:
        with tempfile.TemporaryDirectory(prefix="sluicegate-bench-") as folder:
            left = measure(Path(folder), given.data, SMALL if is_small else CUSTOMERS)
    except NoSourceError as problem:
        print(f"screening again is not measured: {problem}")
        return 0
    if is_small:
        print("a small run: its figures may not enter the docs")
    return left


if __name__ == "__main__":
    sys.exit(main())
