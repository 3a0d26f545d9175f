"""Training, output and union compute and the inference rate of a lineage, under each rule."""

from __future__ import annotations

import os
import random
from dataclasses import replace
from fractions import Fraction

import pytest

from lineage_graphs import (
    LAW,
    Drawn,
    Reference,
    drawn,
    rule_total,
    scheme_total,
)
from sluicegate.lineage.accounting import (
    Account,
    HumanChangeReading,
    Options,
    account,
)
from sluicegate.lineage.building import lineage_of
from sluicegate.lineage.counting import RULES
from sluicegate.lineage.document import Compute, HumanChange, Quantity, Query
from sluicegate.lineage.totals import scheme_totals

GRAPHS = 10_000 if os.environ.get("SLUICEGATE_LONG") == "1" else 250
STATED_ONLY = Options(presume=False)


def training(drawn_one: Drawn, target: str, rule: str = "kthf", **given: object) -> Account:
    query = Query((target,), Quantity.TRAINING_COMPUTE, rule)
    return account(drawn_one.built(), query, LAW, Options(**given))  # type: ignore[arg-type]


def some_target(graph: Drawn, seed: int) -> str:
    return random.Random(seed).choice(graph.nodes).id


@pytest.mark.parametrize("presume", [False, True])
def test_the_scheme_counts_what_the_reference_counts(presume: bool) -> None:
    for seed in range(GRAPHS):
        graph = drawn(seed, paths=True)
        target = some_target(graph, seed)
        found = training(graph, target, presume=presume)
        reference = Reference(graph, presume=presume)
        ancestry = reference.ancestry([target])
        nodes = [reference.by_id[one] for one in sorted(ancestry)]
        total = scheme_total(nodes)
        assert (found.flop, found.low, found.high, found.complete) == (
            total.flop,
            total.low,
            total.high,
            total.complete,
        ), seed
        counted = {one.id for one in nodes if one.compute is not None}
        assert set(found.counted) == counted, seed
        assert set(found.excluded_nodes) == reference.given([target]) - ancestry, seed
        explicit = Reference(graph).ancestry([target])
        assert set(found.explicit.nodes) == counted & explicit, seed
        assert set(found.presumed.nodes) == counted - explicit, seed


@pytest.mark.parametrize("rule", [one for one in RULES if one != "kthf"])
@pytest.mark.parametrize("reading", list(HumanChangeReading))
def test_a_rule_counts_what_the_question_counts(rule: str, reading: HumanChangeReading) -> None:
    for seed in range(GRAPHS):
        graph = drawn(seed, roles=True)
        target = some_target(graph, seed)
        found = training(graph, target, rule, human_change=reading)
        cuts = reading is HumanChangeReading.CUTS_EVERYWHERE
        reference = Reference(graph, cuts=cuts)
        ancestry = reference.ancestry([target])
        parts = {one: found.parts[one] for one in ancestry}
        nodes = [
            replace(
                reference.by_id[one],
                generator=part.generator,
                published=part.published,
                share_of_training=part.share,
            )
            for one, part in parts.items()
        ]
        total = rule_total(nodes, rule)
        assert (found.flop, found.low, found.high, found.complete) == (
            total.flop,
            total.low,
            total.high,
            total.complete,
        ), seed
        with_compute = {one.id for one in nodes if one.compute is not None}
        assert sum(found.counted.values()) == found.flop
        left = reference.given([target]) - ancestry
        assert set(found.excluded_nodes) == left | (with_compute - set(found.counted)), seed


def test_several_targets_and_rates_are_those_of_the_reference() -> None:
    for seed in range(GRAPHS):
        graph = drawn(seed, paths=True)
        dice = random.Random(seed)
        targets = tuple(one.id for one in dice.choices(graph.nodes, k=3))
        reference = Reference(graph, presume=True)
        built = graph.built()
        union = account(built, Query(targets, Quantity.UNION_COMPUTE), LAW)
        behind = reference.ancestry(targets)
        assert union.flop == scheme_total(reference.by_id[one] for one in behind).flop, seed
        earlier, later = targets[:2]
        query = Query((earlier, later), Quantity.INFERENCE_COMPUTE_RATE, seconds_between=7)
        rate = account(built, query, LAW)
        added = reference.ancestry([later]) - reference.ancestry([earlier])
        expected = scheme_total(reference.by_id[one] for one in added)
        assert rate.flop is None
        assert rate.flop_per_second == Fraction(expected.flop, 7), seed
        assert rate.high == (None if expected.high is None else Fraction(expected.high, 7))


def test_a_union_lies_between_the_largest_and_the_sum() -> None:
    for seed in range(GRAPHS):
        graph = drawn(seed, roles=True, paths=True)
        built = graph.built()
        targets = tuple(one.id for one in random.Random(seed).choices(graph.nodes, k=3))
        for rule in RULES:
            union = account(built, Query(targets, Quantity.UNION_COMPUTE, rule), LAW).amount
            alone = [
                account(built, Query((one,), Quantity.OUTPUT_COMPUTE, rule), LAW).amount
                for one in set(targets)
            ]
            assert max(alone) <= union <= sum(alone), (seed, rule)


def test_a_cause_more_never_lowers_a_total_and_a_cut_never_raises_it() -> None:
    for seed in range(GRAPHS):
        graph = drawn(seed, paths=True)
        if len(graph.nodes) < 2:
            continue
        target = some_target(graph, seed)
        before = training(graph, target, presume=False)
        dice = random.Random(seed)
        more = replace(graph, edges=(*graph.edges, _forward(graph, dice)))
        assert training(more, target, presume=False).amount >= before.amount, seed
        if graph.edges:
            cause, end, _ = dice.choice(graph.edges)
            cut = tuple(
                (a, b, HumanChange()) if (a, b) == (cause, end) else (a, b, change)
                for a, b, change in graph.edges
            )
            for presume in (False, True):
                whole = training(graph, target, presume=presume).amount
                less = training(replace(graph, edges=cut), target, presume=presume).amount
                assert less <= whole, (seed, presume)


def _forward(graph: Drawn, dice: random.Random) -> tuple[str, str, HumanChange | None]:
    """Return a cause that closes no circle."""
    behind = Reference(graph).closed({(a, b) for a, b, _ in graph.edges})
    pairs = [
        (a.id, b.id)
        for a in graph.nodes
        for b in graph.nodes
        if a.id != b.id and (b.id, a.id) not in behind
    ]
    return (*dice.choice(pairs), None)


@pytest.mark.parametrize("rule", RULES)
def test_the_order_of_the_input_is_irrelevant(rule: str) -> None:
    for seed in range(GRAPHS // 2):
        graph = drawn(seed, roles=seed % 2 == 0, paths=True)
        target = some_target(graph, seed)
        one, other = training(graph, target, rule), training(graph.mixed(seed + 1), target, rule)
        assert (one.amount, one.low, one.high, one.complete) == (
            other.amount,
            other.low,
            other.high,
            other.complete,
        ), seed
        assert set(one.excluded_nodes) == set(other.excluded_nodes)
        assert one.parts == other.parts


@pytest.mark.parametrize("presume", [False, True])
def test_one_sweep_gives_the_totals_that_single_accounts_give(presume: bool) -> None:
    for seed in range(GRAPHS // 5):
        graph = drawn(seed, roles=seed % 2 == 0, paths=True)
        scaled = [
            replace(one, compute=_divided(one.compute, seed)) if one.compute else one
            for one in graph.nodes
        ]
        built = lineage_of(scaled, graph.edges, graph.independence)
        without = frozenset({graph.nodes[0].id}) if seed % 3 == 0 else frozenset()
        options = Options(presume=presume, without=without)
        targets = [one.id for one in graph.nodes]
        for target, total in zip(targets, scheme_totals(built, targets, LAW, options), strict=True):
            query = Query((target,), Quantity.OUTPUT_COMPUTE)
            one = account(built, query, LAW, options)
            assert (total.flop, total.low, total.high, total.complete) == (
                one.amount,
                one.low,
                one.high,
                one.complete,
            ), (seed, target)


def _divided(compute: Compute, seed: int) -> Compute:
    """Return compute with quotients for figures."""
    by = 1 + seed % 7
    return Compute(
        None if compute.central is None else Fraction(compute.central, by),
        Fraction(compute.low, by),
        None if compute.high is None else Fraction(compute.high, by),
    )
