"""How long a fresh process takes to import the questions and load every rule.

Each run is a new interpreter that times itself from its first statement until
every question and every rule file is read. Control in the same run: a new
interpreter that imports PyYAML and the modules of the standard library that
anything of this kind needs. Exits 1 when the median is above the limit, unless
--small.
"""

from __future__ import annotations

import argparse
import platform
import subprocess
import sys
from statistics import median

import yaml

import sluicegate
from sluicegate.rules.loading import shipped_book
from sluicegate.services.questions import all_questions

LIMIT_SECONDS = 0.5

STARTED = """\
from time import perf_counter
start = perf_counter()
from sluicegate.rules.loading import shipped_book
from sluicegate.services.asking import ask_question
from sluicegate.services.questions import all_questions
shipped_book(), all_questions()
print(perf_counter() - start)
"""
CONTROL = """\
from time import perf_counter
start = perf_counter()
import dataclasses, datetime, decimal, enum, fractions, hashlib, importlib.resources, json, re, yaml
print(perf_counter() - start)
"""


def seconds(program: str) -> float:
    """Return what a program in a new interpreter says it took."""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return float(done.stdout)


def main() -> int:
    """Measure both in turn and print their medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="few runs, no verdict")
    small = parser.parse_args().small
    times = 3 if small else 21
    seconds(STARTED)
    pairs = [(seconds(STARTED), seconds(CONTROL)) for _ in range(times)]
    started = median(one for one, _ in pairs)
    control = median(one for _, one in pairs)
    print(f"sluicegate {sluicegate.__version__}, Python {platform.python_version()},", end=" ")
    print(f"PyYAML {yaml.__version__}, {platform.machine()}, {times} times each")
    print(f"{len(all_questions())} questions, {len(shipped_book().instruments)} instruments:")
    print(f"import and load {started:.3f} s, imports of the control {control:.3f} s,", end=" ")
    print(f"ratio {started / control:.1f}; limit {LIMIT_SECONDS} s")
    return 1 if started > LIMIT_SECONDS and not small else 0


if __name__ == "__main__":
    sys.exit(main())
