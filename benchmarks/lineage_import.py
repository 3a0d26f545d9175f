"""Import of a lineage of a million nodes and three million edges, beside plain JSON reading.

The control is `json.loads` of the same file: what any reader in Python has to do
before it has checked or kept anything. Ours is the whole import into a node that is
open: exact figures, every check, the search for cycles, the digest, the version kept
in its store. Then the version is read back whole. Each runs in a process of its own;
times are of the clock on the wall, with the time of the processor beside them. Exits 1
above 20 s or 2 GB at the stated size, unless --small, whose figures may not enter the
docs.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import sluicegate
from sluicegate.adapters.lineage.reading import read_lineages
from sluicegate.services.lineage.importing import ImportOptions, Outcome, import_file
from sluicegate.services.lineage.showing import kept_lineage
from sluicegate.wiring import make_node, opened
from sluicegate.wiring.work import operator_desk

STATED_NODES = 1_000_000
EDGES_PER_NODE = 3
MOST_SECONDS = 20.0
MOST_GIGABYTES = 2.0
KINDS = ("run", "data", "model", "output", "other")
COMPUTE = ("run", "other")


def write_lineage(file: Path, nodes: int) -> None:
    """Write a graph of invented nodes, each caused by nodes up to a thousand before it."""
    dice = random.Random(1)
    with file.open("w", encoding="utf-8") as out:
        out.write('{"name":"large","nodes":[')
        for number in range(nodes):
            kind = KINDS[number % len(KINDS)]
            given = {"id": f"node-{number}", "kind": kind}
            if kind in COMPUTE:
                given["flop"] = (
                    f"{dice.randint(1, 9)}.{dice.randint(10, 99)}e{dice.randint(18, 24)}"
                )
            if number % 10 == 0:
                given["label"] = f"Node {number}"
            if number % 4 == 0:
                given["date"] = "2025-03-01"
            out.write(("," if number else "") + json.dumps(given))
        out.write('],"edges":[')
        for number in range(nodes * EDGES_PER_NODE):
            target = dice.randint(1, nodes - 1)
            cause = dice.randint(max(0, target - 1000), target - 1)
            edge = {"from": f"node-{cause}", "to": f"node-{target}"}
            out.write(("," if number else "") + json.dumps(edge))
        out.write("]}")


def control(file: Path, _node: Path) -> None:
    """Read the file as any reader has to."""
    assert json.loads(file.read_text("utf-8"))["nodes"]


def take_in(file: Path, folder: Path) -> None:
    """Import the file into the node."""
    with opened(folder) as node:
        options = ImportOptions("bench", "large")
        (taken,) = import_file(operator_desk(node), read_lineages(file), options)
        assert taken.outcome is Outcome.NEW


def read_back(_file: Path, folder: Path) -> None:
    """Read the version whole."""
    with opened(folder) as node:
        assert kept_lineage(operator_desk(node), "large").lineage.nodes


STEPS: dict[str, Callable[[Path, Path], None]] = {
    "control": control,
    "import": take_in,
    "read_back": read_back,
}


def child(step: str, file: Path, folder: Path) -> None:
    """Do one step and print its seconds, its processor seconds and its peak in GB."""
    started, busy = time.perf_counter(), time.process_time()
    STEPS[step](file, folder)
    wall, cpu = time.perf_counter() - started, time.process_time() - busy
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(json.dumps([wall, cpu, peak]))


def measure(step: str, file: Path, folder: Path) -> tuple[float, float, float]:
    """Run a step in a process of its own."""
    command = [sys.executable, __file__, "--step", step, "--file", str(file), "--node", str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    wall, cpu, peak = json.loads(done.stdout)
    return wall, cpu, peak


def main() -> int:
    """Measure and print; 1 when the stated size takes too long or too much."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="a hundredth of the size")
    parser.add_argument("--step", choices=STEPS, help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--node", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.step:
        child(given.step, given.file, given.node)
        return 0
    nodes = STATED_NODES // 100 if given.small else STATED_NODES
    with tempfile.TemporaryDirectory() as name:
        file, folder = Path(name) / "large.json", Path(name) / "node"
        write_lineage(file, nodes)
        make_node(folder)
        found = {step: measure(step, file, folder) for step in STEPS}
        size = file.stat().st_size / 1e6
    python = platform.python_version()
    print(f"sluicegate {sluicegate.__version__}, Python {python}, {os.cpu_count()} cores")
    print(f"{nodes:,} nodes, {nodes * EDGES_PER_NODE:,} edges, {size:.0f} MB of JSON")
    print(f"{'':12}{'seconds':>9}{'cpu s':>9}{'peak GB':>9}{'of control':>12}")
    for step, (wall, cpu, peak) in found.items():
        ratio = wall / found["control"][0]
        print(f"{step:12}{wall:9.2f}{cpu:9.2f}{peak:9.2f}{ratio:12.2f}")
    wall, _, peak = found["import"]
    if given.small:
        print("small: these figures may not enter the docs")
        return 0
    print(f"wanted: import within {MOST_SECONDS:.0f} s and {MOST_GIGABYTES:.0f} GB")
    return int(wall > MOST_SECONDS or peak > MOST_GIGABYTES)


if __name__ == "__main__":
    sys.exit(main())
