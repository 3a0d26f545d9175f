"""Graphs that are deep, wide or large: nothing recurses, and every way finds the same."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from drawn_graphs import Drawn, core, programmes
from sluicegate.lineage import Graph, Total
from sluicegate.lineage.document import GraphError
from sluicegate.lineage.graph import WORTH_COMPILING

DEEP = 1_000_000


def graph_of(drawn: Drawn, *, compiled: bool) -> Graph:
    return Graph.from_arrays(drawn.offsets, drawn.parents, drawn.figures, compiled=compiled)


def chain(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return a chain in which each node is caused by the one after it."""
    offsets = np.minimum(np.arange(count + 1), count - 1)
    return offsets, np.arange(1, count)


@pytest.mark.parametrize("compiled", [False, True])
def test_a_chain_of_a_million_adds_up(compiled: bool) -> None:
    if compiled:
        pytest.importorskip("numba")
    count = DEEP if compiled or os.environ.get("SLUICEGATE_LONG") == "1" else DEEP // 5
    offsets, parents = chain(count)
    graph = Graph.from_arrays(offsets, parents, np.full(count, 10**18), compiled=compiled)
    assert graph.account(0).flop == count * 10**18
    every = graph.account_all()
    assert [every[node].flop for node in (0, 1, count - 1)] == [
        count * 10**18,
        (count - 1) * 10**18,
        10**18,
    ]
    some = range(0, count, count // 40)
    assert graph.account_many(some) == [every[node] for node in some]


@pytest.mark.parametrize("compiled", [False, True])
def test_a_long_cycle_is_found(compiled: bool) -> None:
    if compiled:
        pytest.importorskip("numba")
    count = 100_000
    offsets = np.arange(count + 1)
    parents = np.roll(np.arange(count), -1)
    with pytest.raises(GraphError) as refused:
        Graph.from_arrays(offsets, parents, np.ones(count, dtype=int), compiled=compiled)
    assert len(refused.value.nodes) == count


@pytest.mark.parametrize("compiled", [False, True])
def test_a_node_with_very_many_causes_adds_up(compiled: bool) -> None:
    if compiled:
        pytest.importorskip("numba")
    count = 100_000
    offsets = np.zeros(count + 1, dtype=np.int64)
    offsets[-1] = count - 1
    flop = [10**27] * count
    graph = Graph.from_arrays(offsets, np.arange(count - 1), flop, compiled=compiled)
    every = count * 10**27
    assert graph.account(count - 1) == Total(every, every, every, complete=True)


@pytest.mark.parametrize(
    "drawn", [programmes(30_000, 300, 20), core(30_000, 900)], ids=["programmes", "core"]
)
def test_compiled_and_plain_agree_on_a_large_graph(drawn: Drawn) -> None:
    pytest.importorskip("numba")
    compiled, plain = graph_of(drawn, compiled=True), graph_of(drawn, compiled=False)
    many = plain.account_many(drawn.targets)
    assert compiled.account_many(drawn.targets) == many
    every = compiled.account_all()
    assert every == plain.account_all()
    assert [every[node] for node in drawn.targets] == many
    assert [compiled.account(node) for node in drawn.targets[:50]] == many[:50]


@pytest.mark.parametrize("compiled", [False, True])
def test_threads_may_ask_one_graph_at_once(compiled: bool) -> None:
    if compiled:
        pytest.importorskip("numba")
    drawn = programmes(30_000, 300, 20)
    graph = graph_of(drawn, compiled=compiled)
    parts = np.array_split(drawn.targets, 8)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(graph.account_many, parts))
    expected = graph.account_many(drawn.targets)
    assert [one for part in found for one in part] == expected


def test_numba_is_loaded_only_for_a_large_graph() -> None:
    pytest.importorskip("numba")
    program = f"""
import sys
import sluicegate.lineage
assert "numpy" not in sys.modules
from sluicegate.lineage import Graph
Graph.from_arrays([0, 0, 1], [0], [1, 2]).account_all()
assert "numba" not in sys.modules
count = {WORTH_COMPILING}
Graph.from_arrays([0] * (count + 1), [], [1] * count).account_all()
assert "numba" in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True, timeout=120)
