"""What a rule says of runs, node by node, adds up to what the question answers."""

from __future__ import annotations

import os
import random
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

import pytest

from lineage_graphs import HUGE, LAW, ROLES, SHARES, edges_of, node
from sluicegate.lineage.accounting import account
from sluicegate.lineage.building import lineage_of
from sluicegate.lineage.counting import RULES, Run, count_runs
from sluicegate.lineage.document import Compute, Node, Quantity, Query
from sluicegate.lineage.unknowns import unknowns
from sluicegate.lineage.visitors import VISITORS, visit, visitor

DRAWS = 10_000 if os.environ.get("SLUICEGATE_LONG") == "1" else 400


def runs_drawn(seed: int) -> dict[int, Run]:
    """Draw runs: every other time of two generators alone, else of three among others."""
    dice = random.Random(seed)
    made = ("synthetic_data_generation", "teacher_training")
    is_dense = seed % 2 == 0
    shares = (Fraction("0.11"), None) if is_dense else (*SHARES, Fraction("0.09"), None)
    return {
        place: Run(
            dice.choice(made if is_dense else (*made, *made, *made, *ROLES)),
            dice.choice((0, Fraction(1, 3), dice.randint(1, 40))),
            dice.choice(("G", "H") if is_dense else ("G", "H", "I", None)),
            dice.random() < 0.2,
            dice.choice(shares),
            False,
        )
        for place in range(dice.randint(1, 9))
    }


@pytest.mark.parametrize("rule", RULES)
def test_nodes_add_up_to_the_answer_of_the_question(rule: str) -> None:
    for seed in range(DRAWS):
        runs = runs_drawn(seed)
        found = visit(runs, visitor(rule), LAW)
        expected = count_runs(list(runs.values()), RULES[rule], LAW)
        assert sum(found.counted.values()) == expected.counted, seed
        assert sum(found.unaddressed.values()) == expected.unaddressed, seed
        assert not found.counted.keys() & found.unaddressed.keys(), seed


@pytest.mark.parametrize("rule", RULES)
def test_a_total_depends_on_those_nodes_that_are_said_to_bear_on_it(rule: str) -> None:
    def counted(runs: Mapping[int, Run]) -> object:
        return count_runs(list(runs.values()), RULES[rule], LAW).counted

    for seed in range(DRAWS // 4):
        runs = runs_drawn(seed)
        bearing = {
            place
            for place, run in runs.items()
            if counted({**runs, place: replace(run, compute=HUGE)})
            != counted({**runs, place: replace(run, compute=2 * HUGE)})
        }
        assert visit(runs, visitor(rule), LAW).bearing == bearing, seed


def test_every_rule_of_the_question_and_raise_are_visitors() -> None:
    assert list(VISITORS) == [*RULES, "raise"]
    with pytest.raises(ValueError, match="'eu': is not known; give one of kthf, us_4e091"):
        visitor("eu")


def two_teachers(other: int, share: str = "0.2") -> list[Node]:
    """Return a student that learned from two teachers, the second of another size."""
    return [
        node("t1", "run", 1000),
        node("big", "model"),
        node("d1", "data", 10, share_of_training=Fraction("0.2")),
        node("t2", "run", other),
        node("small", "model"),
        node("d2", "data", 20, share_of_training=Fraction(share)),
        node("learn", "run", 1),
        node("s", "model"),
    ]


TWO = "t1>big big>d1 d1>learn t2>small small>d2 d2>learn learn>s"


ASKED = Query(("s",), Quantity.TRAINING_COMPUTE, "us_4e091")


def test_of_several_teachers_only_the_largest_counts_and_each_ones_data() -> None:
    found = account(lineage_of(two_teachers(7), edges_of(TWO)), ASKED, LAW)
    assert dict(found.counted) == {"t1": 1000, "d1": 10, "d2": 20, "learn": 1}
    assert found.excluded_nodes == ("t2",)


def test_what_is_not_the_largest_at_any_bound_moves_nothing() -> None:
    nodes = two_teachers(7)
    effects: dict[int, list[tuple[str, int]]] = {900: [], 1500: [("t2", 500)]}
    for high, effect in effects.items():
        one = replace(nodes[3], compute=Compute.of(7, high=high))
        built = lineage_of([*nodes[:3], one, *nodes[4:]], edges_of(TWO))
        found = unknowns(built, ASKED, LAW)
        assert [(each.node, each.effect) for each in found] == effect


def test_shares_of_several_targets_are_not_added_up() -> None:
    """Two models that each use 6 % of one generator's data are not one that uses 12 %."""
    nodes = [
        node("teach", "run", 1000),
        node("teacher", "model"),
        *(node(name, "data", 10, share_of_training=Fraction("0.06")) for name in ("d1", "d2")),
        *(node(name, "run", 1) for name in ("r1", "r2")),
        *(node(name, "model") for name in ("one", "two")),
    ]
    causes = "teach>teacher teacher>d1 teacher>d2 d1>r1 d2>r2 r1>one r2>two"
    query = Query(("one", "two"), Quantity.UNION_COMPUTE, "us_4e091")
    assert account(lineage_of(nodes, edges_of(causes)), query, LAW).amount == 2


def test_what_counts_for_one_target_is_not_called_unaddressed_for_another() -> None:
    """A run that trained one target and made data for the other counts in their union."""
    nodes = [node("r", "run", 5), node("one", "model"), node("d", "data"), node("two", "run", 3)]
    built = lineage_of(nodes, edges_of("r>one r>d d>two"))
    alone = account(built, Query(("two",), Quantity.TRAINING_COMPUTE, "sb53"), LAW)
    assert (alone.amount, alone.unaddressed.nodes) == (3, ("r",))
    both = account(built, Query(("one", "two"), Quantity.UNION_COMPUTE, "sb53"), LAW)
    assert (both.amount, both.unaddressed.nodes) == (8, ())
