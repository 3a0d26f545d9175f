"""The control igraph of the lineage benchmark, in its own environment.

    runner.py GRAPH.npz SINGLES

prints the same line of JSON as `benchmarks/support/lineage_runner.py`: the ancestors
alone, and with the sum of Python's ints.
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

import igraph

UNIT = 10**9


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


def main() -> None:
    """Measure and print what was found."""
    path, count = Path(sys.argv[1]), int(sys.argv[2])
    with np.load(path) as given:
        flop = [one * UNIT for one in given["figures"].tolist()]
        children = np.repeat(np.arange(len(flop)), np.diff(given["offsets"]))
        edges = np.stack([given["parents"], children], axis=1)
        targets = given["targets"].tolist()
    began = time.process_time()
    graph = igraph.Graph(n=len(flop), edges=edges, directed=True)
    built = time.process_time() - began

    def account(target: int) -> int:
        return sum(map(flop.__getitem__, graph.subcomponent(target, mode="in")))

    bare = singles(lambda target: len(graph.subcomponent(target, mode="in")), targets[:count])
    one = singles(account, targets[:count])
    began = time.process_time()
    for target in targets:
        account(target)
    found = {
        "build": built,
        "bare": bare,
        "one": one,
        "many": time.process_time() - began,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "python": platform.python_version(),
        "versions": {"igraph": version("igraph")},
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
