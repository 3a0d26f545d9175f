"""What a node did for a target follows from its place where it is not stated."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from lineage_graphs import LAW, edges_of, node
from sluicegate.lineage.accounting import Account, account
from sluicegate.lineage.building import lineage_of
from sluicegate.lineage.document import Discard, Node, Quantity, Query

RULES = ("kthf", "us_4e091", "sb53", "eu_ai_act")


def asked(
    nodes: list[Node],
    causes: str,
    target: str,
    rule: str = "kthf",
    quantity: Quantity = Quantity.TRAINING_COMPUTE,
) -> Account:
    query = Query((target,), quantity, rule)
    return account(lineage_of(nodes, edges_of(causes)), query, LAW)


def roles(found: Account) -> dict[str, str | None]:
    return {one: part.role for one, part in found.parts.items()}


def flops(nodes: list[Node], causes: str, target: str, quantity: Quantity) -> list[int]:
    return [int(asked(nodes, causes, target, rule, quantity).amount) for rule in RULES]


FINE_TUNE = [
    node("crawl", "run", 3),
    node("corpus", "data"),
    node("pretrain", "run", 1000),
    node("base", "model"),
    node("label", "run", 2),
    node("examples", "data"),
    node("tune", "run", 100),
    node("m", "model"),
]
FINE_TUNE_CAUSES = (
    "crawl>corpus corpus>pretrain pretrain>base base>tune label>examples examples>tune tune>m"
)

DISTILLED = [
    node("teach", "run", 5000),
    node("teacher", "model", developer="Anvil Works (invented)"),
    node("write", "run", 50),
    node("texts", "data", share_of_training=Fraction(1, 2)),
    node("learn", "run", 100),
    node("s", "model"),
]
DISTILLED_CAUSES = "teach>teacher teacher>write write>texts texts>learn learn>s"


def test_a_fine_tune_has_a_base_a_fine_tuning_and_data_for_each() -> None:
    found = asked(FINE_TUNE, FINE_TUNE_CAUSES, "m")
    assert roles(found) == {
        "crawl": "data_preparation",
        "corpus": "data_preparation",
        "pretrain": "base",
        "base": None,
        "label": "data_preparation_for_finetune",
        "examples": "data_preparation_for_finetune",
        "tune": "finetune",
        "m": None,
    }
    assert all(part.inferred for part in found.parts.values() if part.role)
    totals = flops(FINE_TUNE, FINE_TUNE_CAUSES, "m", Quantity.TRAINING_COMPUTE)
    assert totals == [1105, 1100, 1100, 1100]


def test_a_distilled_network_has_a_teacher_and_data_made_by_it() -> None:
    found = asked(DISTILLED, DISTILLED_CAUSES, "s", "us_4e091")
    assert roles(found) == {
        "teach": "teacher_training",
        "teacher": None,
        "write": "synthetic_data_generation",
        "texts": "synthetic_data_generation",
        "learn": "student",
        "s": None,
    }
    assert found.parts["teach"].generator == found.parts["write"].generator == "teacher"
    totals = flops(DISTILLED, DISTILLED_CAUSES, "s", Quantity.TRAINING_COMPUTE)
    assert totals == [5150, 5150, 100, 150]


@pytest.mark.parametrize(
    ("share", "total"), [("0.5", 5150), ("0.11", 5150), ("0.10", 100), ("0.02", 100)]
)
def test_a_share_of_the_data_stands_for_the_run_that_made_it(share: str, total: int) -> None:
    changed = [
        replace(one, share_of_training=Fraction(share)) if one.id == "texts" else one
        for one in DISTILLED
    ]
    assert asked(changed, DISTILLED_CAUSES, "s", "us_4e091").amount == total


def test_a_share_on_run_and_data_is_not_borne_twice() -> None:
    """Two shares of 6 % of one piece of data are not 12 %."""
    changed = [
        replace(one, share_of_training=Fraction("0.06")) if one.id in ("texts", "write") else one
        for one in DISTILLED
    ]
    assert asked(changed, DISTILLED_CAUSES, "s", "us_4e091").amount == 100


def test_a_share_that_nobody_gives_leaves_the_teacher_unsettled() -> None:
    changed = [replace(one, share_of_training=None) for one in DISTILLED]
    found = asked(changed, DISTILLED_CAUSES, "s", "us_4e091")
    assert (found.amount, found.unaddressed.flop) == (100, 5050)
    assert found.unaddressed.nodes == ("teach", "write")


@pytest.mark.parametrize(
    ("published", "totals"), [("teacher", [5150, 150, 100, 150]), ("texts", [5150, 100, 100, 100])]
)
def test_what_is_published_is_said_of_the_model_or_of_the_data(
    published: str, totals: list[int]
) -> None:
    changed = [replace(one, published=True) if one.id == published else one for one in DISTILLED]
    assert flops(changed, DISTILLED_CAUSES, "s", Quantity.TRAINING_COMPUTE) == totals


def test_variants_and_the_base_of_a_teacher_share_its_key() -> None:
    nodes = [node("ground", "run", 7), node("root", "model"), *DISTILLED]
    found = asked(nodes, f"ground>root root>teach {DISTILLED_CAUSES}", "s", "us_4e091")
    assert found.parts["ground"] == found.parts["teach"]
    assert found.amount == 5157


def test_merged_models_are_both_base() -> None:
    nodes = [
        node("one", "run", 10),
        node("a", "model"),
        node("two", "run", 20),
        node("b", "model"),
        node("merge", "other", 1),
        node("m", "model"),
    ]
    causes = "one>a two>b a>merge b>merge merge>m"
    assert roles(asked(nodes, causes, "m"))["one"] == "base"
    assert flops(nodes, causes, "m", Quantity.TRAINING_COMPUTE) == [31, 30, 30, 30]


def test_inference_for_an_output_has_no_role_but_the_network_behind_it_has() -> None:
    nodes = [
        node("train", "run", 5000),
        node("net", "model"),
        node("draft", "run", 50),
        node("first", "output"),
        node("lookup", "other", 4),
        node("answer", "run", 7),
        node("last", "output"),
    ]
    causes = "train>net net>draft draft>first first>answer net>answer lookup>answer answer>last"
    found = asked(nodes, causes, "last", quantity=Quantity.OUTPUT_COMPUTE)
    assert {one for one, role in roles(found).items() if role} == {"train"}
    assert flops(nodes, causes, "last", Quantity.OUTPUT_COMPUTE) == [5061, 5000, 5000, 5000]


def test_an_output_of_a_network_used_as_data_is_synthetic() -> None:
    nodes = [node("o", "output", 9), node("learn", "run", 1), node("m", "model")]
    found = asked(nodes, "o>learn learn>m", "m", "eu_ai_act")
    assert found.parts["o"].role == "synthetic_data_generation"
    assert found.amount == 10


def test_a_human_is_passed_through() -> None:
    nodes = [node("prep", "run", 3), node("editor", "human"), *FINE_TUNE[2:4], FINE_TUNE[1]]
    causes = "prep>editor editor>corpus corpus>pretrain pretrain>base"
    assert roles(asked(nodes, causes, "base"))["prep"] == "data_preparation"


def test_a_trial_thrown_away_by_rule_or_failure_has_its_own_role_unless_it_is_the_target() -> None:
    for how in (Discard.AUTOMATIC, Discard.FAILURE):
        nodes = [node("trial", "run", 5, discarded_by=how), node("m", "model")]
        assert roles(asked(nodes, "trial>m", "m"))["trial"] == "discarded_trial_automatic"
        assert flops(nodes, "trial>m", "m", Quantity.TRAINING_COMPUTE) == [5, 0, 0, 0]
        assert roles(asked(nodes, "trial>m", "trial"))["trial"] == "base"


def test_a_discarded_target_counts_itself_under_every_rule() -> None:
    nodes = [node("crawl", "run", 2), node("trial", "run", 5, discarded_by=Discard.HUMAN)]
    assert flops(nodes, "crawl>trial", "trial", Quantity.TRAINING_COMPUTE)[1:] == [7, 7, 7]


@pytest.mark.parametrize("role", ["base", "teacher_training", "data_preparation"])
def test_a_stated_role_holds_and_carries_on_to_what_caused_it(role: str) -> None:
    nodes = [node("root", "run", 3), node("r", "run", 5, role=role), node("m", "model")]
    found = asked(nodes, "root>r r>m", "m")
    assert (found.parts["r"].role, found.parts["r"].inferred) == (role, False)
    assert (found.parts["root"].role, found.parts["root"].inferred) == (role, True)


def test_a_generation_keeps_its_role_when_its_teacher_was_cut() -> None:
    cut = asked(DISTILLED, DISTILLED_CAUSES.replace("teacher>write", "teacher|write"), "s", "sb53")
    assert roles(cut)["write"] == "synthetic_data_generation"
    assert cut.excluded_nodes == ("teach", "teacher", "write")


def test_a_run_right_before_a_stated_generation_is_the_training_of_what_generated() -> None:
    nodes = [
        node("teach", "run", 5000),
        node("write", "run", 50, role="synthetic_data_generation", generator="Gull (invented)"),
        node("learn", "run", 100, role="student"),
    ]
    found = asked(nodes, "teach>write write>learn", "learn")
    part = found.parts["teach"]
    assert (part.role, part.generator, part.inferred) == (
        "teacher_training",
        "Gull (invented)",
        True,
    )


def test_it_is_the_generators_weights_whose_publication_counts() -> None:
    """A teacher trained further from published weights is not published itself."""
    nodes = [
        node("ground", "run", 7),
        node("root", "model", published=True),
        *(replace(one, published=False) if one.id == "teacher" else one for one in DISTILLED),
    ]
    causes = f"ground>root root>teach {DISTILLED_CAUSES}"
    assert asked(nodes, causes, "s", "us_4e091").amount == 5157
    opened = [replace(one, published={"root": False, "teacher": True}.get(one.id)) for one in nodes]
    assert asked(opened, causes, "s", "us_4e091").amount == 150


@pytest.mark.parametrize("names", [("a", "b"), ("b", "a")])
def test_what_two_generators_share_belongs_to_the_first_in_order_of_text(
    names: tuple[str, str],
) -> None:
    nodes = [
        node("ground", "run", 7),
        *(node(name, "model") for name in names),
        *(node(f"of {name}", "data", 1) for name in names),
        node("learn", "run", 1),
    ]
    causes = " ".join(f"ground>{one} {one}>of-{one} of-{one}>learn" for one in names)
    nodes = [replace(one, id=one.id.replace(" ", "-")) for one in nodes]
    assert asked(nodes, causes, "learn").parts["ground"].generator == "a"
