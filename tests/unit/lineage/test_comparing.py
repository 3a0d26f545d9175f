"""One model under every rule, what is not known of it, and the scheme's approximations."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from lineage_graphs import LAW, drawn, edges_of, node
from sluicegate.lineage.accounting import Options, account, rates
from sluicegate.lineage.approximations import Method
from sluicegate.lineage.building import lineage_of
from sluicegate.lineage.comparing import Comparison, compare
from sluicegate.lineage.counting import Treatment
from sluicegate.lineage.document import (
    Compute,
    Discard,
    GraphError,
    Lineage,
    Node,
    Quantity,
    Query,
)
from sluicegate.lineage.unknowns import Knowledge, if_cut, if_cut_off, marginal, unknowns
from sluicegate.lineage.visitors import VISITORS
from sluicegate.rules.law import Law


def tuned(added: int, base: int | None = 900, **given: Any) -> Lineage:
    """Return a model of one developer, trained further by another."""
    return lineage_of(
        [
            node("pretrain", "run", base),
            node("base", "model", developer="Anvil Works (invented)", **given),
            node("label", "run", 2),
            node("examples", "data"),
            node("tune", "run", added),
            node("m", "model", developer="Bellows Lab (invented)"),
        ],
        edges_of("pretrain>base base>tune label>examples examples>tune tune>m"),
    )


DISTILLED = [
    node("teach", "run", 5000),
    node("teacher", "model"),
    node("write", "run", 50),
    node("texts", "data", share_of_training=Fraction(1, 2)),
    node("learn", "run", 100),
    node("s", "model"),
]
DISTILLED_CAUSES = "teach>teacher teacher>write write>texts texts>learn learn>s"


def training(target: str, rule: str = "kthf") -> Query:
    return Query((target,), Quantity.TRAINING_COMPUTE, rule)


def test_every_rule_stands_beside_the_others_with_what_it_makes_of_each_role() -> None:
    found = compare(tuned(301), "m", LAW)
    assert [row.rule for row in found.rows] == list(VISITORS)
    by_rule = {
        row.rule: {one.role: one.treatment for one in row.roles if one.role != "base"}
        for row in found.rows
    }
    prepared = "data_preparation_for_finetune"
    assert by_rule["kthf"][prepared] is Treatment.COUNTED
    assert by_rule["us_4e091"][prepared] is Treatment.LEFT_OUT
    assert by_rule["sb53"] == by_rule["raise"] == by_rule["eu_ai_act"]
    assert by_rule["sb53"][prepared] is Treatment.UNADDRESSED
    for row in found.rows:
        counted = [one.flop for one in row.roles if one.treatment is Treatment.COUNTED]
        assert sum(counted) == row.account.amount
        assert row.account.reasons


def test_raise_counts_as_sb53_and_has_its_own_threshold() -> None:
    book = LAW.book
    limit = LAW.limit("us_ny.raise_2026.frontier_model.training_compute")
    values = book.parameter(limit.in_force.id).values
    moved = book.with_values(limit.in_force.id, [replace(one, value=7) for one in values])
    found = compare(tuned(301), "m", Law(moved, LAW.day))
    rows = {row.rule: row.account for row in found.rows}
    assert rows["raise"].amount == rows["sb53"].amount == 1201
    assert (rows["raise"].over_threshold, rows["sb53"].over_threshold) == ("yes", "no")


@pytest.mark.parametrize(("added", "above"), [(300, "no"), (301, "yes")])
def test_a_modifier_is_compared_with_a_third_of_the_original(added: int, above: str) -> None:
    found = compare(tuned(added), "m", LAW)
    assert found.modification is not None
    assert found.modification.above_share == above
    assert (found.modification.originals, found.modification.original) == (("base",), 900)
    assert found.questions["eu_modifier_provider"] == {
        "original_compute": "900",
        "modification_compute": str(added),
    }


def test_an_original_not_disclosed_leaves_it_open_and_the_question_takes_over() -> None:
    found = compare(tuned(301, None), "m", LAW)
    assert found.modification is not None
    assert (found.modification.original, found.modification.above_share) == (None, "undetermined")
    assert found.questions["eu_modifier_provider"]["original_compute"] is None


def test_one_developers_own_model_is_no_modification() -> None:
    same = tuned(301)
    nodes = [replace(one, developer="Bellows Lab (invented)") for one in same.nodes]
    causes = edges_of("pretrain>base base>tune label>examples examples>tune tune>m")
    assert compare(lineage_of(nodes, causes), "m", LAW).modification is None


@pytest.mark.parametrize("published", [True, False])
def test_the_facts_of_the_export_question_follow(published: bool) -> None:
    facts = compare(tuned(301, published=published), "m", LAW).questions["weights_4e091"]
    assert facts["own_training_flop"] == ("301" if published else "1201")
    assert facts["published_base_training_flop"] == ("900" if published else None)
    made = compare(lineage_of(DISTILLED, edges_of(DISTILLED_CAUSES)), "s", LAW)
    assert made.questions["weights_4e091"]["synthetic_data"] == [
        {
            "generator": "teacher",
            "generator_published": False,
            "data_published": False,
            "share_of_operations": "0.5",
            "generation_flop": "50",
            "generator_training_flop": "5000",
        }
    ]


def test_only_the_nearest_models_of_others_are_the_original() -> None:
    nodes = [
        node("r1", "run", 900),
        node("first", "model", developer="Anvil Works (invented)"),
        node("r2", "run", 90),
        node("second", "model", developer="Crucible Group (invented)"),
        node("r3", "run", 9),
        node("m", "model", developer="Bellows Lab (invented)"),
    ]
    built = lineage_of(nodes, edges_of("r1>first first>r2 r2>second second>r3 r3>m"))
    found = compare(built, "m", LAW).modification
    assert found is not None
    assert (found.originals, found.original, found.modification) == (("second",), 990, 9)


@pytest.mark.parametrize(
    ("limit", "over"), [(1200, "yes"), (1201, "undetermined"), (1202, "undetermined"), (1203, "no")]
)
def test_what_the_rule_does_not_address_may_leave_a_threshold_open(limit: int, over: str) -> None:
    """Counted are 1201, and 2 more are not addressed."""
    name = "us_ca.sb53.frontier_model.training_compute"
    values = LAW.book.parameter(name).values
    book = LAW.book.with_values(name, [replace(one, value=limit) for one in values])
    found = account(tuned(301), training("m", "sb53"), Law(book, LAW.day))
    assert (found.amount, found.unaddressed.flop, found.over_threshold) == (1201, 2, over)


def test_later_training_by_others_is_told() -> None:
    nodes = [
        node("pretrain", "run", 900, developer="Anvil Works (invented)"),
        node("base", "model", developer="Anvil Works (invented)"),
        node("align", "run", 5, developer="Crucible Group (invented)"),
        node("tune", "run", 7),
        node("m", "model", developer="Bellows Lab (invented)"),
    ]
    built = lineage_of(nodes, edges_of("pretrain>base base>align align>tune tune>m"))
    found: Comparison = compare(built, "m", LAW)
    assert any("align" in str(one) for one in found.warnings)


def test_a_rule_that_does_not_speak_of_cuts_tells_what_would_count_without() -> None:
    causes = edges_of("teach>teacher teacher>write write>texts texts>learn learn|s")
    built = lineage_of(DISTILLED, causes)
    found = account(built, training("s", "sb53"), LAW)
    assert found.amount == 0
    assert any("without them 100 FLOP count" in str(one) for one in found.warnings)
    assert not any("cuts" in str(one) for one in account(built, training("s"), LAW).warnings)
    assert found.approximations == ()


def test_the_largest_unknown_comes_first_and_what_changes_nothing_is_left_out() -> None:
    nodes = [
        replace(DISTILLED[0], compute=Compute.of(None)),
        *DISTILLED[1:4],
        replace(DISTILLED[4], compute=Compute.of(100, 80, 150, "a press report")),
        DISTILLED[5],
        node("extra", "run", 0),
    ]
    nodes[-1] = replace(nodes[-1], compute=Compute.of(500, 400, 600))
    built = lineage_of(nodes, edges_of(f"{DISTILLED_CAUSES} extra>learn"))
    found = unknowns(built, training("s"), LAW)
    assert [(one.node, one.knowledge, one.effect) for one in found] == [
        ("teach", Knowledge.UNDISCLOSED, None),
        ("extra", Knowledge.ESTIMATED, 200),
        ("learn", Knowledge.ESTIMATED, 70),
    ]
    assert found[2].source == "a press report"
    assert [one.node for one in unknowns(built, training("s", "sb53"), LAW)] == ["extra", "learn"]
    guessed = Options(assume={"teach": Compute.of(70, 10, 99, "a guess")})
    first, second, _ = unknowns(built, training("s"), LAW, guessed)
    assert (second.node, second.knowledge, second.effect) == ("teach", Knowledge.ASSUMED, 89)
    assert first.node == "extra"
    assert account(built, training("s"), LAW, guessed).complete


def test_an_effect_is_what_counting_again_gives() -> None:
    for seed in range(120):
        graph = drawn(seed, roles=True)
        built = graph.built()
        target = random.Random(seed).choice(graph.nodes).id
        for rule in ("kthf", "us_4e091", "eu_ai_act"):
            for one in unknowns(built, training(target, rule), LAW):
                compute = built.nodes[built.places[one.node]].compute
                assert compute is not None
                fixed = Options(assume={one.node: Compute.of(compute.low)})
                assert account(built, training(target, rule), LAW, fixed).amount == one.low
                if compute.high is not None:
                    fixed = Options(assume={one.node: Compute.of(compute.high)})
                    assert account(built, training(target, rule), LAW, fixed).amount == one.high


def test_a_marginal_part_is_the_total_less_the_total_without() -> None:
    built = lineage_of(DISTILLED, edges_of(DISTILLED_CAUSES))
    assert marginal(built, training("s"), LAW, "teacher").less == 5000
    assert marginal(built, training("s"), LAW, "write").less == 5050
    assert marginal(built, training("s", "sb53"), LAW, "write").less == 0
    with pytest.raises(ValueError, match="node s: is a target itself"):
        marginal(built, training("s"), LAW, "s")
    with pytest.raises(GraphError):
        marginal(built, training("s"), LAW, "nobody")


def test_a_teacher_can_be_cut_to_see_what_it_would_change() -> None:
    built = lineage_of(DISTILLED, edges_of(DISTILLED_CAUSES))
    assert if_cut_off(built, training("s"), LAW, "teacher").less == 5000
    found = if_cut(built, training("s"), LAW, [("texts", "learn")])
    assert (found.account.amount, found.without.amount) == (5150, 100)
    assert built.cuts == {}
    with pytest.raises(ValueError, match="teacher is no stated cause of learn"):
        if_cut(built, training("s"), LAW, [("teacher", "learn")])


@pytest.mark.parametrize(
    ("nodes", "causes", "target", "expected"),
    [
        ([node("r", "run", 5), node("m", "model")], "r>m", "m", {Method.SINGLE_NETWORK: (5, 0)}),
        (
            [node("p", "run", 2), node("d", "data"), node("r", "run", 5), node("m", "model")],
            "p>d d>r r>m",
            "m",
            {Method.SINGLE_NETWORK: (5, 2)},
        ),
        (list(tuned(100).nodes), "pretrain>base base>tune label>examples examples>tune tune>m",
         "m", {Method.FINE_TUNE: (1002, 0)}),
        (DISTILLED, DISTILLED_CAUSES, "s", {Method.DISTILLED: (5100, 50)}),
        ([replace(DISTILLED[0], compute=Compute.of(99)), *DISTILLED[1:]], DISTILLED_CAUSES, "s",
         {Method.DISTILLED: (100, 149)}),
        (
            [
                node("r", "run", 5),
                node("served", "run", 3),
                node("t", "run", 9, discarded_by=Discard.HUMAN),
                node("m", "model"),
            ],
            "r>m served>t t>m",
            "m",
            {Method.SINGLE_NETWORK: (5, 0), Method.DISCARDED_TRIALS: (8, -3)},
        ),
    ],
)  # fmt: skip
def test_an_approximation_stands_beside_the_graph_and_warns_when_they_differ(
    nodes: list[Node], causes: str, target: str, expected: dict[Method, tuple[int, int]]
) -> None:
    told = account(lineage_of(nodes, edges_of(causes)), training(target), LAW)
    found = told.approximations
    assert {one.method: (one.amount, one.gap) for one in found} == expected
    for one in found:
        assert one.sentence in told.reasons if one.gap == 0 else one.warning in told.warnings


def test_rates_of_successive_outputs_and_the_speed_of_the_cluster_beside_them() -> None:
    nodes = [
        node("train", "run", 5000),
        *(node(name, "run", flop) for name, flop in (("a", 10), ("b", 20), ("c", 7))),
        *(node(name, "output") for name in ("one", "two", "three")),
    ]
    causes = "train>a train>b train>c a>one b>two c>three one>b two>c"
    built = lineage_of(nodes, edges_of(causes))
    first, second = rates(built, ["one", "two", "three"], [4, Fraction(7, 2)], LAW)
    assert (first.flop_per_second, second.flop_per_second) == (5, 2)
    assert first.excluded_nodes == ()
    assert "Behind two and not behind one" in str(first.reasons[0])
    assert "(nodes that count: 1)" in str(first.reasons[0])
    query = replace(first.query, cluster_flop_per_second=6)
    (steady,) = account(built, query, LAW).approximations
    assert (steady.method, steady.amount, steady.gap) == (Method.STEADY_INFERENCE, 6, -1)
    assert first.approximations == ()
    with pytest.raises(ValueError, match="seconds_between: 1 for 3 outputs"):
        rates(built, ["one", "two", "three"], [4], LAW)


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        (Query((), Quantity.UNION_COMPUTE), "target: is not given"),
        (Query(("m", "base"), Quantity.TRAINING_COMPUTE), "target: 2 nodes for training_compute"),
        (Query(("m",), Quantity.INFERENCE_COMPUTE_RATE), "target: 1 nodes for inference"),
        (Query(("base", "m"), Quantity.INFERENCE_COMPUTE_RATE), "seconds_between: is not given"),
        (
            Query(("base", "m"), Quantity.INFERENCE_COMPUTE_RATE, seconds_between=0),
            "seconds_between: is not above 0",
        ),
        (Query(("m",), Quantity.TRAINING_COMPUTE, "another"), "counting rule 'another'"),
    ],
)
def test_a_query_that_does_not_fit_is_refused(query: Query, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        account(tuned(301), query, LAW)


def test_training_compute_of_an_output_is_answered_with_a_warning() -> None:
    built = lineage_of([node("o", "output", 5)], ())
    (warning,) = account(built, training("o"), LAW).warnings
    assert "the scheme defines training compute for networks" in str(warning)
    assert account(built, Query(("o",), Quantity.OUTPUT_COMPUTE), LAW).warnings == ()


@pytest.mark.parametrize(
    ("compute", "over"),
    [
        (Compute.of(11), "yes"),
        (Compute.of(10), "no"),
        (Compute.of(11, 10, 12), "undetermined"),
        (Compute.of(9, 8, 11), "undetermined"),
        (Compute.of(None), "undetermined"),
        (Compute.of(None, 11), "yes"),
        (Compute.of(None, 1, 10), "no"),
    ],
)
def test_a_threshold_is_compared_with_the_bounds(compute: Compute, over: str) -> None:
    name = "kthf.oversight.registration.training_compute"
    values = LAW.book.parameter(name).values
    book = LAW.book.with_values(name, [replace(one, value=10) for one in values])
    built = lineage_of([replace(node("r", "run"), compute=compute)], ())
    found = account(built, training("r"), Law(book, LAW.day))
    assert (found.threshold, found.over_threshold) == (10, over)
