"""A lineage is built from nodes and causes, and a graph that is none is refused."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import pairwise

import pytest

from lineage_graphs import drawn, edges_of, node
from sluicegate.lineage.building import Edge, causes_first, lineage_of
from sluicegate.lineage.document import (
    Compute,
    Fault,
    GraphError,
    HumanChange,
    Lineage,
    Node,
    NodeKind,
)


def built(names: str, causes: str) -> Lineage:
    return lineage_of([node(one, "run", 1) for one in names.split()], edges_of(causes))


@pytest.mark.parametrize(
    ("names", "causes", "fault", "nodes"),
    [
        ("a b a c b", "", Fault.DUPLICATE, ("a", "b")),
        ("a b", "a>x y>b", Fault.DANGLING, ("x", "y")),
        ("a", "a>a", Fault.CYCLE, ("a",)),
        ("a", "a|a", Fault.CYCLE, ("a",)),
        ("c b a d", "a>b b>c c>a d>a", Fault.CYCLE, ("c", "a", "b")),
        ("a b c", "a>b b|c c>a", Fault.CYCLE, ("a", "b", "c")),
        ("a b a", "a>x a>a", Fault.DUPLICATE, ("a",)),
        ("a b", "a>x a>a", Fault.DANGLING, ("x",)),
    ],
)
def test_a_fault_is_told_with_the_nodes_that_show_it(
    names: str, causes: str, fault: Fault, nodes: tuple[str, ...]
) -> None:
    with pytest.raises(GraphError) as told:
        built(names, causes)
    assert (told.value.fault, told.value.nodes) == (fault, nodes)


@pytest.mark.parametrize(
    "compute", [Compute(-1, 0, 1), Compute(None, -1), Compute(0, 0, -1), Compute(Fraction(-1, 2))]
)
def test_a_negative_figure_is_told_before_what_hangs_loose(compute: Compute) -> None:
    nodes = [Node("a", NodeKind.RUN), Node("b", NodeKind.RUN, compute=compute)]
    with pytest.raises(GraphError) as told:
        lineage_of(nodes, edges_of("a>x a>a"))
    assert (told.value.fault, told.value.nodes) == (Fault.NEGATIVE, ("b",))


@pytest.mark.parametrize(
    ("compute", "field"),
    [
        (Compute(5, 6, 7), "flop_low"),
        (Compute(5, 4, 3), "flop_high"),
        (Compute(None, 4, 3), "flop_high"),
    ],
)
def test_bounds_out_of_order_are_refused_by_node_and_field(compute: Compute, field: str) -> None:
    with pytest.raises(ValueError, match=f"node b: {field} is ") as told:
        lineage_of([Node("b", NodeKind.RUN, compute=compute)], ())
    assert not isinstance(told.value, GraphError)


def test_a_bound_that_is_not_given_is_the_figure_itself() -> None:
    assert Compute.of(5, low=3) == Compute(5, 3, 5)
    assert Compute.of(5, high=9) == Compute(5, 5, 9)
    assert Compute.of(None, high=9) == Compute(None, 0, 9)
    assert Compute.of(None) == Compute(None, 0, None)


def test_parallel_causes_are_one_and_cut_only_together() -> None:
    half = built("a b c", "a>b a|b b|c b|c")
    assert half.causes(1) == [0]
    assert half.cuts == {(1, 2): HumanChange("a file", "a person")}


def test_every_cycle_that_is_named_is_one() -> None:
    found = 0
    for seed in range(200):
        graph = drawn(seed)
        dice = random.Random(seed)
        back = [(one.id, other.id, None) for one, other in [dice.choices(graph.nodes, k=2)]]
        edges = (*graph.edges, *back)
        cycle = cycle_of(graph.nodes, edges)
        if cycle:
            found += 1
            around = zip(cycle, (*cycle[1:], cycle[0]), strict=True)
            assert set(around) <= {(cause, target) for cause, target, _ in edges}
            assert len(set(cycle)) == len(cycle)
    assert found > 20


def cycle_of(nodes: tuple[Node, ...], edges: tuple[Edge, ...]) -> tuple[str, ...]:
    """Return the cycle that is named, or nothing where the graph has none."""
    try:
        lineage_of(nodes, edges)
    except GraphError as error:
        return error.nodes
    return ()


def test_causes_stand_first_in_an_order_and_deep_chains_need_no_depth() -> None:
    size = 100_000
    names = [f"n{number}" for number in range(size)]
    random.Random(1).shuffle(names)
    nodes = [Node(name, NodeKind.RUN) for name in sorted(names)]
    chain = lineage_of(nodes, ((a, b, None) for a, b in pairwise(names)))
    order = causes_first(chain.offsets, chain.parents)
    assert [chain.nodes[place].id for place in order] == names
