"""Accounting over causal graphs of a million nodes, beside rustworkx and igraph.

How the graphs are drawn stands in `benchmarks/support/drawn_graphs.py`. Every side
has a process of its own and is given the same arrays; CPU seconds are counted, as
the clock tells little on a shared machine. One target: the median of 300, ours with
the exact sum and its bounds, the controls once without any sum (their ancestors
alone, against which the ratio is taken) and once with a sum of Python ints. All
sides must find the same totals. igraph has an environment of its own, which is made
here when it can be; without it rustworkx is the only control. Fails when one target
takes more than 1.5 times the best control without numba, or is slower than it
with; when 1,000 targets take more than 0.1 s, all nodes more than 15 CPU seconds or
1 GB, with numba. `--small` draws small graphs, whose figures judge nothing.

Reading a million nodes from a file is measured by `benchmarks/lineage_import.py`.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

sys.path.insert(0, str(Path(__file__).parent / "support"))

from drawn_graphs import Drawn, core, layers, programmes
from screening_sides import NoControlError, control_python

RUNNER = Path(__file__).parent / "support" / "lineage_runner.py"
IGRAPH = Path(__file__).parent / "igraph"
WIDE = ("long programmes", "core")
ONE_RATIO = 1.5
MANY_SECONDS = 0.1
ALL_SECONDS = 15
ALL_MB = 1000

Found = Mapping[str, Any]


def graphs(count: int) -> dict[str, Drawn]:
    """Draw the graphs: one for single targets, two of wide sharing, one of little."""
    share = count / 10**6
    return {
        "programmes": programmes(count, int(1450 * min(1, 10 * share)), 60),
        "long programmes": programmes(count, int(30500 * share), 300),
        "core": core(count, int(15900 * share)),
        "layers": layers(count),
    }


def ran(command: Sequence[str | Path]) -> Found:
    """Run a side and read its line."""
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found: Found = json.loads(done.stdout.splitlines()[-1])
    return found


def sides(path: Path, count: int, igraph: Path | None) -> dict[str, Found]:
    """Measure all sides over one graph, one after the other."""
    found = {}
    for side in ("compiled", "plain") if find_spec("numba") else ("plain",):
        more = ("all",) if side == "compiled" else ()
        found[side] = ran([sys.executable, RUNNER, side, path, str(count), *more])
    found["rustworkx"] = ran([sys.executable, RUNNER, "rustworkx", path, str(count)])
    if igraph is not None:
        found["igraph"] = ran([igraph, IGRAPH / "runner.py", path, str(count)])
    totals = {one["one"]["total"] for one in found.values()}
    if len(totals) > 1:
        raise SystemExit(f"the sides differ in their totals: {sorted(totals)}")
    return found


def igraph_python() -> Path | None:
    """Return the interpreter that has igraph, or say why there is none."""
    try:
        return control_python(
            IGRAPH, takes="wheels only, some seconds", needs="It needs the package index."
        )
    except NoControlError as problem:
        print(f"igraph is not measured: {problem}", file=sys.stderr)
        return None


def print_rows(name: str, drawn: Drawn, found: Mapping[str, Found]) -> None:
    """Print what each side took over one graph."""
    nodes, edges = len(drawn.figures), len(drawn.parents)
    mean = found["plain"]["ancestors"]
    print(f"\n{name}: {nodes:,} nodes, {edges:,} edges, mean {mean:,.0f} ancestors of a target")
    print("| side | build | one, ancestors | one, sum | mean | 1,000 at once | all | peak |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for side, one in found.items():
        every = f"{one['all']:.1f} s" if "all" in one else ""
        print(
            f"| {side} | {one['build']:.1f} s | {one['bare']['median'] * 1000:.3f} ms"
            f" | {one['one']['median'] * 1000:.3f} ms | {one['one']['mean'] * 1000:.3f} ms"
            f" | {one['many']:.3f} s | {every} | {one['peak_mb']:.0f} MB |"
        )


def verdicts(found: Mapping[str, Mapping[str, Found]]) -> dict[str, bool]:
    """Say of each goal whether it is reached."""
    first = found.get("programmes", {})
    controls = [
        one["bare"]["median"]
        for side, one in first.items()
        if "build" in one and side in ("rustworkx", "igraph")
    ]
    best = min(controls, default=0.0)
    said = {}
    for side, limit in (("plain", ONE_RATIO), ("compiled", 1.0)):
        if side in first:
            ratio = first[side]["one"]["median"] / best
            said[f"one target, {side}: {ratio:.2f} of the best control, {limit} at most"] = (
                ratio <= limit
            )
    for name, one in found.items():
        if "compiled" not in one:
            continue
        ours = one["compiled"]
        if name in WIDE:
            said[f"1,000 targets, {name}: {ours['many']:.3f} s, {MANY_SECONDS} at most"] = (
                ours["many"] <= MANY_SECONDS
            )
        said[
            f"all nodes, {name}: {ours['all']:.1f} CPU s and {ours['peak_mb']:.0f} MB,"
            f" {ALL_SECONDS} and {ALL_MB} at most"
        ] = ours["all"] <= ALL_SECONDS and ours["peak_mb"] <= ALL_MB
    return said


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="small graphs, no verdict")
    parser.add_argument("--graph", help="the name of one graph, instead of all")
    given = parser.parse_args()
    is_small = given.small or os.environ.get("SLUICEGATE_BENCH_SMALL") == "1"
    igraph = igraph_python()
    found = {}
    with TemporaryDirectory() as folder:
        for name, drawn in graphs(20_000 if is_small else 1_000_000).items():
            if given.graph not in (None, name):
                continue
            path = Path(folder) / "graph.npz"
            drawn.write(path)
            found[name] = sides(path, 50 if is_small else 301, igraph)
            print_rows(name, drawn, found[name])
    versions = {
        part: number
        for sides_found in found.values()
        for one in sides_found.values()
        for part, number in one["versions"].items()
    }
    print(
        f"\n{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()},"
        f" {platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f};"
        f" {', '.join(f'{part} {number}' for part, number in versions.items())}; CPU seconds"
    )
    if is_small:
        print("a small run: its figures may not enter the docs")
        return 0
    said = verdicts(found)
    for what, holds in said.items():
        print(f"{'reached' if holds else 'NOT REACHED'}: {what}")
    return 0 if all(said.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
