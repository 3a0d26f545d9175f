"""Screening beside nomenklatura's logic-v2: quality, speed, memory, and a list's change.

Real lists and names come from `../shared/data/screening` beside the checkout, or
`--data FOLDER`; nothing of them is kept. Each side runs in a process of its own
and is asked the same names, a thousand a call; CPU seconds are counted, as the
clock tells little on a shared machine. How the sets are made, where thresholds
come from and what is counted stands in docs/screening-protocol.md. The control
has an environment of its own, which is made here when it can be; without it our
side is measured alone and the run says so. `--small` or SLUICEGATE_BENCH_SMALL=1
takes a part of everything, whose figures may not enter the docs. `--misses FILE`
writes what ours missed and what alerted falsely.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "support"))

from screening_misses import misses_text
from screening_sets import Split, load_delta, load_eu, load_pairs, load_us
from screening_sides import NoControlError, asked, control_python, control_side, our_side
from screening_sources import FOLDER, NoSourceError
from screening_tables import delta_text, goals_table, kinds_table
from screening_trial import CONTROL_ALERT, SMALL, WHOLE, Found, Plan, Size, measure, some


def plan_of(folder: Path, split: Split, size: Size) -> Plan:
    """Read the sets."""
    return Plan((load_us(folder), load_eu(folder)), load_pairs(folder), split, size)


def measure_control(plan: Plan, given: argparse.Namespace) -> Found | None:
    """Measure nomenklatura, or say why not."""
    if given.ours_only:
        return None
    try:
        python = given.control or control_python()
    except NoControlError as problem:
        print(f"nomenklatura is not measured: {problem}", file=sys.stderr)
        return None
    single = plan.size.single_control
    found, _ = measure(lambda: control_side(python), plan, alert=CONTROL_ALERT, single=single)
    return found


def measure_delta(folder: Path, customers: int) -> str:
    """Screen customers against what a list's new version changed, and against all of it."""
    delta = load_delta(folder, customers=customers)
    with our_side() as side:
        found = side.ask(
            {
                "do": "delta",
                "before": [one.as_entity() for one in delta.before],
                "after": [one.as_entity() for one in delta.after],
                "customers": asked(delta.customers),
            }
        )
    return delta_text({**found, "customers": len(delta.customers)})


def settings() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=FOLDER, help="the folder of real lists")
    parser.add_argument("--small", action="store_true", help="a part of everything, to try")
    parser.add_argument("--split", choices=("dev", "test"), default="test")
    parser.add_argument("--ours-only", action="store_true", help="without the control")
    parser.add_argument("--no-delta", action="store_true", help="without the list's change")
    parser.add_argument("--control", type=Path, help="an interpreter that has nomenklatura")
    parser.add_argument("--misses", type=Path, help="write misses and false alerts here")
    return parser.parse_args()


def main() -> int:
    """Measure and print."""
    given = settings()
    is_small = given.small or os.environ.get("SLUICEGATE_BENCH_SMALL") == "1"
    size = SMALL if is_small else WHOLE
    began = time.perf_counter()
    try:
        plan = plan_of(given.data, Split(given.split), size)
    except NoSourceError as problem:
        print(f"screening is not measured: {problem}")
        return 0
    control = measure_control(plan, given)
    ours, trials = measure(our_side, plan, alert=None, single=size.single_ours)
    print(
        f"{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, {platform.machine()},"
        f" {os.cpu_count()} cores; medians of {size.times}; split {plan.split.value}"
    )
    print(f"ours: {ours.about}")
    if control is not None:
        print(f"control: {control.about}")
    for part in plan.parts:
        counted = len(some(part.clean_of(plan.split), size.clean))
        print(
            f"{part.name}: {len(part.parties):,} entries, {part.names:,} names; clean {counted:,}"
        )
    print(f"\n{goals_table(ours, control)}\n\n{kinds_table(ours, control)}\n")
    if given.misses:
        given.misses.write_text(misses_text(trials), encoding="utf-8")
    if not given.no_delta:
        print(measure_delta(given.data, size.customers))
    if is_small:
        print("a small run: its figures may not enter the docs")
    print(f"{time.perf_counter() - began:.0f} s by the clock")
    return 0


if __name__ == "__main__":
    sys.exit(main())
