"""How long one `ask` takes through the library, against reading its facts as JSON.

For every question: its first own worked case that is answered, asked many times;
the median is compared with the median of json.loads + json.dumps of the same
facts, measured in the same loop. Exits 1 when a median is above the limit,
unless --small.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter_ns
from typing import Any

import sluicegate
from sluicegate.core.exact import dump_json
from sluicegate.rules.cases import read_cases
from sluicegate.services.asking import ask_question
from sluicegate.services.questions import all_questions

LIMIT_MS = 1.0
CASES = Path(__file__).resolve().parents[1] / "tests" / "rules"


def first_cases() -> dict[str, dict[str, Any]]:
    """Return the first worked case of each question that is answered."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(CASES.glob("*.yaml")):
        for case in read_cases(path.name, path.read_text(encoding="utf-8")):
            if not {"error", "errors"} & set(case["expected"]):
                found.setdefault(case["question"], dict(case))
    return found


def milliseconds(run: Callable[[], object]) -> float:
    """Return how long one run takes."""
    start = perf_counter_ns()
    run()
    return (perf_counter_ns() - start) / 1e6


def measure(case: dict[str, Any], times: int) -> tuple[float, float]:
    """Return the median of asking and of the control, run in turn, in milliseconds."""
    text = dump_json(case["facts"])

    def asking() -> object:
        readings = case.get("readings")
        return ask_question(
            case["question"], case["facts"], as_of=case["as_of"], readings=readings
        ).as_json()

    def control() -> object:
        return json.dumps(json.loads(text))

    asking()
    pairs = [(milliseconds(asking), milliseconds(control)) for _ in range(times)]
    return median(asked for asked, _ in pairs), median(control for _, control in pairs)


def main() -> int:
    """Measure every question and print one line each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="few repetitions, no verdict")
    small = parser.parse_args().small
    times = 50 if small else 2000
    cases = first_cases()
    missing = sorted(set(all_questions()) - set(cases))
    print(f"sluicegate {sluicegate.__version__}, Python {platform.python_version()},", end=" ")
    print(f"{platform.machine()}, {times} times each, {len(cases)} questions")
    print(f"{'question':32} {'ask ms':>9} {'JSON ms':>9} {'ratio':>7}")
    medians = {}
    for name, case in sorted(cases.items()):
        asked, control = measure(case, times)
        medians[name] = asked
        print(f"{name:32} {asked:9.4f} {control:9.4f} {asked / control:7.1f}")
    slow = [name for name, asked in medians.items() if asked > LIMIT_MS]
    print(f"median of all {median(medians.values()):.4f} ms; slowest", end=" ")
    print(
        f"{max(medians, key=lambda name: medians[name])} {max(medians.values()):.4f} ms;", end=" "
    )
    print(f"limit {LIMIT_MS} ms")
    if missing:
        print(f"no worked case: {', '.join(missing)}")
    if slow:
        print(f"above the limit: {', '.join(slow)}")
    return 1 if (slow or missing) and not small else 0


if __name__ == "__main__":
    sys.exit(main())
