"""The graph as arrays: sums over a node and all its causes, compiled and plain alike."""

from __future__ import annotations

import os
import random
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drawn_arrays import Given, ancestries, drawn, reference, total_of
from sluicegate.lineage import Graph, Total
from sluicegate.lineage.document import Fault, GraphError
from sluicegate.lineage.ways import chosen_causes

GRAPHS = 10_000 if os.environ.get("SLUICEGATE_LONG") == "1" else 300
EXAMPLES = 500 if os.environ.get("SLUICEGATE_LONG") == "1" else 60
DIAMOND = Given([[], [0], [0], [1, 2]], [10**27, 5, 7, 1])


@pytest.fixture(params=[False, True], ids=["plain", "compiled"])
def compiled(request: pytest.FixtureRequest) -> bool:
    if request.param:
        pytest.importorskip("numba")
    return bool(request.param)


def test_every_sum_equals_a_reference_on_random_graphs(compiled: bool) -> None:
    for seed in range(GRAPHS):
        one = drawn(seed)
        expected = reference(one)
        graph = one.graph(compiled=compiled)
        rng = random.Random(seed)
        assert graph.account_all() == expected, seed
        node = rng.randrange(len(expected))
        assert graph.account(node) == expected[node], seed
        asked = rng.choices(range(len(expected)), k=rng.choice((0, 3, 17, 90)))
        assert graph.account_many(asked) == [expected[node] for node in asked], seed


def test_sweep_and_descent_find_the_same(compiled: bool) -> None:
    for seed in range(GRAPHS // 3):
        one = drawn(seed, most=150)
        graph = one.graph(compiled=compiled)
        shape, ways = graph._shape, graph._ways
        every = np.arange(len(shape), dtype=np.int32)
        descended = ways.descended(chosen_causes(shape))
        blocks = [every[start : start + 64] for start in range(0, len(every), 64)]
        assert (np.concatenate([ways.swept(block) for block in blocks]) == descended).all(), seed
        assert (np.array([ways.walked(place) for place in every.tolist()]) == descended).all(), seed


def test_bits_and_walks_of_the_plain_sweep_agree() -> None:
    one = drawn(5, most=150)
    ways: Any = one.graph(compiled=False)._ways
    every = list(range(len(one.flop)))
    by_bits = ways._by_bits(every, sorted(every, reverse=True))
    assert (by_bits == np.array([ways.walked(place) for place in every])).all()


def test_ancestors_are_sorted_and_with_the_node_itself(compiled: bool) -> None:
    for seed in range(40):
        one = drawn(seed)
        graph = one.graph(compiled=compiled)
        behind = ancestries(one.causes)
        rng = random.Random(seed)
        asked = rng.choices(range(len(behind)), k=rng.randint(0, 5))
        some = graph.ancestors_of_any(asked)
        assert some.dtype.kind == "i"
        assert some.tolist() == sorted(set().union(*(behind[node] for node in asked)))
        assert graph.ancestors(len(behind) - 1).tolist() == sorted(behind[-1])


@settings(max_examples=EXAMPLES, deadline=None)
@given(seed=st.integers(0, 10**9), pick=st.integers(0, 10**9))
def test_another_cause_never_lowers_a_total(seed: int, pick: int) -> None:
    one = drawn(seed)
    rng = random.Random(pick)
    node = rng.randrange(len(one.causes))
    effects = [i for i, behind in enumerate(ancestries(one.causes)) if node in behind]
    others = [i for i in range(len(one.causes)) if i not in effects]
    if not others:
        return
    causes = [list(direct) for direct in one.causes]
    causes[node].append(rng.choice(others))
    before = one.graph(compiled=False).account_all()
    after = replace(one, causes=causes).graph(compiled=False).account_all()
    for had, has in zip(before, after, strict=True):
        assert has.flop >= had.flop
        assert has.low >= had.low
        assert has.high is None or (had.high is not None and has.high >= had.high)
        assert had.complete or not has.complete


@settings(max_examples=EXAMPLES, deadline=None)
@given(seed=st.integers(0, 10**9), pick=st.integers(0, 10**9))
def test_an_edge_taken_away_never_raises_a_total(seed: int, pick: int) -> None:
    one = drawn(seed)
    rng = random.Random(pick)
    node = rng.randrange(len(one.causes))
    causes = [list(direct) for direct in one.causes]
    if causes[node]:
        causes[node].pop(rng.randrange(len(causes[node])))
    before = one.graph(compiled=False).account_all()
    after = replace(one, causes=causes).graph(compiled=False).account_all()
    assert all(has.flop <= had.flop for had, has in zip(before, after, strict=True))


@settings(max_examples=EXAMPLES, deadline=None)
@given(seed=st.integers(0, 10**9), order=st.randoms(use_true_random=False))
def test_the_order_of_input_is_irrelevant(seed: int, order: random.Random) -> None:
    one = drawn(seed)
    count = len(one.causes)
    new = list(range(count))
    order.shuffle(new)
    old = sorted(range(count), key=new.__getitem__)
    causes = [[new[cause] for cause in one.causes[node]] for node in old]
    for direct in causes:
        order.shuffle(direct)

    def moved(figures: Any) -> Any:
        return None if figures is None else [figures[node] for node in old]

    other = Given(causes, moved(one.flop), moved(one.low), moved(one.high))
    before = one.graph(compiled=False).account_all()
    after = other.graph(compiled=False).account_all()
    assert [after[new[node]] for node in range(count)] == before


@settings(max_examples=EXAMPLES, deadline=None)
@given(seed=st.integers(0, 10**9), pick=st.integers(0, 10**9))
def test_a_union_is_between_the_largest_and_the_sum(seed: int, pick: int) -> None:
    one = drawn(seed)
    rng = random.Random(pick)
    targets = rng.sample(range(len(one.causes)), k=rng.randint(1, min(4, len(one.causes))))
    graph = one.graph(compiled=False)
    union = total_of(one, set(graph.ancestors_of_any(targets).tolist())).flop
    each = [total.flop for total in graph.account_many(targets)]
    assert max(each) <= union <= sum(each)


def test_a_cause_listed_twice_counts_once(compiled: bool) -> None:
    graph = Graph.from_arrays([0, 0, 3], [0, 0, 0], [5, 1], compiled=compiled)
    assert graph.account(1).flop == 6


@pytest.mark.parametrize(
    "flop",
    [
        [3, 4],
        (3, 4),
        np.array([3, 4]),
        np.array([3, 4], dtype=np.uint8),
        np.array([3, 4], dtype=object),
        [np.int64(3), np.uint8(4)],
    ],
)
def test_figures_may_be_ints_however_they_are_held(flop: Any) -> None:
    assert Graph.from_arrays([0, 0, 1], [0], flop).account(1) == Total(7, 7, 7, complete=True)


def test_figures_at_the_top_of_64_bits_add_up() -> None:
    most = 2**64 - 1
    flop = np.array([most] * 4, dtype=np.uint64)
    graph = Graph.from_arrays([0, 0, 1, 2, 3], [0, 1, 2], flop)
    assert graph.account(3).flop == 4 * most


def test_the_undisclosed_makes_a_lower_bound(compiled: bool) -> None:
    graph = Graph.from_arrays(
        [0, 0, 1, 2, 2],
        [0, 1],
        [None, 10, None, 1],
        low=[2, 9, None, None],
        high=[8, None, 4, None],
        compiled=compiled,
    )
    assert graph.account_all() == [
        Total(2, 2, 8, complete=False),
        Total(12, 11, 18, complete=False),
        Total(12, 11, 22, complete=False),
        Total(1, 1, 1, complete=True),
    ]
    hidden = Graph.from_arrays([0, 0, 1], [0], [None, 10], compiled=compiled)
    assert hidden.account(1) == Total(10, 10, None, complete=False)


def test_the_arrays_given_are_not_kept() -> None:
    offsets, parents, flop = np.array([0, 0, 1]), np.array([0]), np.array([1, 2])
    graph = Graph.from_arrays(offsets, parents, flop)
    offsets[:], parents[:], flop[:] = 0, 1, 9
    assert graph.account(1).flop == 3


def test_totals_are_a_sequence() -> None:
    every = DIAMOND.graph(compiled=False).account_all()
    top = 10**27
    assert [one.flop for one in every] == [top, top + 5, top + 7, top + 13]
    assert len(every) == 4
    assert every[-1] == every[np.int64(3)] == list(every)[3]
    assert every[1:3] == [every[1], every[2]]
    assert list(every) == every
    assert every != every[:3]
    assert every != "four"
    assert repr(every).startswith("Totals([Total(flop=1000000000000000000000000000,")
    with pytest.raises(IndexError):
        every[4]


def test_an_empty_graph_has_no_totals(compiled: bool) -> None:
    graph = Graph.from_arrays([0], [], [], compiled=compiled)
    assert list(graph.account_all()) == list(graph.account_many([])) == []
    assert graph.ancestors_of_any([]).tolist() == []


@pytest.mark.parametrize(
    ("offsets", "parents", "flop", "problem"),
    [
        ([0, 0], [], [1.0], "flop of node 0: 1.0 is a float"),
        ([0, 0], [], [float("nan")], "flop of node 0: nan is a float"),
        ([0, 0], [], [True], "flop of node 0: True is a bool"),
        ([0, 0], [], ["1"], "flop of node 0: '1' is a str"),
        ([0, 0], [], np.array([1.0]), "flop: an array of float64"),
        ([0, 0], [], np.array([True]), "flop: an array of bool"),
        ([0, 0], [], np.array([1.5], dtype=object), "flop of node 0: 1.5 is a float"),
        ([0, 0], [], np.ma.array([1], mask=[True]), "flop: a masked array"),
        ([0.0, 0.0], [], [1], "parent_offsets: items of float64"),
        ([0, 0, 1], [0.0], [1, 1], "parents: items of float64"),
        ([0, 0, 1], [False], [1, 1], "parents: items of bool"),
    ],
)
def test_what_is_no_integer_is_refused(offsets: Any, parents: Any, flop: Any, problem: str) -> None:
    with pytest.raises(TypeError, match=problem.replace("[", r"\[")):
        Graph.from_arrays(offsets, parents, flop)


@pytest.mark.parametrize(
    ("offsets", "parents", "flop", "problem"),
    [
        ([], [], [], "parent_offsets: empty"),
        ([1, 1], [0], [1], "parent_offsets: from 1 to 1, but there are 1 parents"),
        ([0, 0], [0], [1], "parent_offsets: from 0 to 0, but there are 1 parents"),
        ([0, 1, 0, 1], [0], [1, 1, 1], "parent_offsets: falls after node 1"),
        ([[0], [0]], [], [1], "parent_offsets: 2 dimensions"),
        ([0, 0, 1], [2], [1, 1], "parents of node 1: 2 is no node; give 0 to 1"),
        ([0, 0, 1], [-1], [1, 1], "parents of node 1: -1 is no node"),
        ([0, 0], [], [1, 2], "flop: 2 figures for 1 nodes"),
        ([0, 0], [], [-1], "flop of node 0: -1 is negative"),
        ([0, 0, 0], [], np.array([1, -7]), "flop of node 1: -7 is negative"),
        ([0, 0], [], np.array([[1]]), "flop: the array has 2 dimensions"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(
    offsets: Any, parents: Any, flop: Any, problem: str
) -> None:
    with pytest.raises(ValueError, match=problem):
        Graph.from_arrays(offsets, parents, flop)


@pytest.mark.parametrize(
    ("low", "high", "problem"),
    [
        ([6], None, "bounds of node 0: 6 to 5 do not enclose 5"),
        (None, [4], "bounds of node 0: 5 to 4 do not enclose 5"),
        ([1, 2], None, "low: 2 bounds for 1 nodes"),
        ([-1], None, "low of node 0: -1 is negative"),
    ],
)
def test_bounds_that_do_not_enclose_are_refused(low: Any, high: Any, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        Graph.from_arrays([0, 0], [], [5], low=low, high=high)


def test_a_cycle_is_named_cause_by_cause(compiled: bool) -> None:
    causes = [[], [0, 4], [1], [2], [3], [4]]
    with pytest.raises(GraphError, match="cycle") as refused:
        Given(causes, [1] * 6).graph(compiled=compiled)
    assert refused.value.fault is Fault.CYCLE
    nodes = [int(one) for one in refused.value.nodes]
    assert sorted(nodes) == [1, 2, 3, 4]
    for cause, effect in zip(nodes, nodes[1:] + nodes[:1], strict=True):
        assert cause in causes[effect]
    with pytest.raises(GraphError) as own:
        Given([[], [1]], [1, 1]).graph(compiled=compiled)
    assert own.value.nodes == ("1",)


@pytest.mark.parametrize("node", [4, -1, np.int64(4)])
def test_a_node_that_is_none_is_refused(node: Any) -> None:
    graph = DIAMOND.graph(compiled=False)
    with pytest.raises(IndexError, match=f"node {node}: there are 4 nodes"):
        graph.account(node)
    with pytest.raises(IndexError, match=f"node {node}: there are 4 nodes"):
        graph.account_many(np.array([0, node]))


@pytest.mark.parametrize("node", [True, 1.0, "1", None])
def test_a_node_is_asked_by_number(node: Any) -> None:
    with pytest.raises(TypeError):
        DIAMOND.graph(compiled=False).account(node)
