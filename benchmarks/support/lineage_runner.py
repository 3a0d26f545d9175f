"""One side of the lineage benchmark in a process of its own: ours or rustworkx.

    lineage_runner.py compiled|plain|rustworkx GRAPH.npz SINGLES [all]

prints a line of JSON: CPU seconds of building, of each single target, of 1,000
targets at once and of all nodes, the most memory held in MB, and the sum of all
totals of the single targets, by which sides are compared.
"""

from __future__ import annotations

import json
import platform
import resource
import sys
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

UNIT = 10**9
TIMES = 5


def peak_mb() -> float:
    """Return the most memory that this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def timed(work: Callable[[], Any]) -> float:
    """Return the CPU seconds of some work."""
    began = time.process_time()
    work()
    return time.process_time() - began


def singles(account: Callable[[int], int], targets: Sequence[int]) -> dict[str, Any]:
    """Account for targets one by one: median and mean CPU seconds, the first, and the sum."""
    taken = []
    total = 0
    for target in targets:
        began = time.thread_time()
        flop = account(target)
        taken.append(time.thread_time() - began)
        total += flop
    return {
        "first": taken[0],
        "median": median(taken[1:]),
        "mean": sum(taken[1:]) / (len(taken) - 1),
        "total": str(total),
    }


def ours(given: Any, count: int, *, compiled: bool, every: bool) -> dict[str, Any]:
    """Measure our engine."""
    from sluicegate.lineage import Graph

    flop = [one * UNIT for one in given["figures"].tolist()]
    before = peak_mb()
    began = time.process_time()
    graph = Graph.from_arrays(given["offsets"], given["parents"], flop, compiled=compiled)
    found: dict[str, Any] = {"build": time.process_time() - began, "graph_mb": peak_mb() - before}
    targets = given["targets"].tolist()
    one = singles(lambda target: graph.account(target).flop, targets[:count])
    found["one"] = one
    found["bare"] = singles(lambda target: len(graph.ancestors(target)), targets[:count])
    found["ancestors"] = int(found["bare"]["total"]) / count
    many = [timed(lambda: graph.account_many(targets)) for _ in range(TIMES)]
    found["many"] = median(many)
    if every:
        found["all"] = timed(graph.account_all)
    names = ("sluicegate", "numpy", *(("numba",) if compiled else ()))
    return {**found, "versions": {name: version(name) for name in names}}


def rustworkx(given: Any, count: int) -> dict[str, Any]:
    """Measure rustworkx: the ancestors alone, and with the sum of Python's ints."""
    import rustworkx

    flop = [one * UNIT for one in given["figures"].tolist()]
    children = np.repeat(np.arange(len(flop)), np.diff(given["offsets"])).tolist()
    began = time.process_time()
    graph: Any = rustworkx.PyDiGraph()
    graph.add_nodes_from(range(len(flop)))
    graph.extend_from_edge_list(list(zip(given["parents"].tolist(), children, strict=True)))
    found: dict[str, Any] = {"build": time.process_time() - began}
    targets = given["targets"].tolist()

    def account(target: int) -> int:
        met: set[int] = rustworkx.ancestors(graph, target)
        total: int = flop[target] + sum(map(flop.__getitem__, met))
        return total

    found["bare"] = singles(
        lambda target: len(rustworkx.ancestors(graph, target)) + 1, targets[:count]
    )
    found["one"] = singles(account, targets[:count])
    found["many"] = timed(lambda: [account(target) for target in targets])
    return {**found, "versions": {"rustworkx": version("rustworkx")}}


def main() -> None:
    """Measure one side and print what was found."""
    side, path, count, *more = sys.argv[1:]
    with np.load(Path(path)) as file:
        given = dict(file)
    if side == "rustworkx":
        found = rustworkx(given, int(count))
    else:
        found = ours(given, int(count), compiled=side == "compiled", every="all" in more)
    print(json.dumps({**found, "peak_mb": peak_mb(), "python": platform.python_version()}))


if __name__ == "__main__":
    main()
