"""Earlier computation with a physical path is presumed to have had an effect."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from lineage_graphs import LAW, edges_of, node
from sluicegate.lineage.accounting import Account, Options, account
from sluicegate.lineage.building import lineage_of
from sluicegate.lineage.document import Compute, Independence, Node, NodeKind, Quantity, Query
from sluicegate.lineage.presumption import presumption_of

DAY = date(2026, 1, 1)


def ran(name: str, start: int | None, end: int | None, flop: int = 1, **given: Any) -> Node:
    return Node(
        name,
        NodeKind.RUN,
        compute=Compute.of(flop),
        started=None if start is None else DAY + timedelta(start),
        ended=None if end is None else DAY + timedelta(end),
        **given,
    )


def behind(
    nodes: list[Node],
    causes: str = "",
    statements: tuple[Independence, ...] = (),
    rule: str = "kthf",
    **options: Any,
) -> Account:
    """Account for the last node."""
    built = lineage_of(nodes, edges_of(causes), statements)
    query = Query((nodes[-1].id,), Quantity.TRAINING_COMPUTE, rule)
    return account(built, query, LAW, Options(**options))


SHARED: dict[str, Any] = {"storage": ("disk",)}
GROUP = [
    ran("first", 0, 1, 1, **SHARED),
    ran("second", 2, 3, 10, **SHARED),
    ran("third", 3, 5, 100, **SHARED),
    ran("later", 20, 21, 10_000, **SHARED),
    ran("target", 9, 12, 1000, **SHARED),
]


@pytest.mark.parametrize(
    "path", [{"storage": ("x",)}, {"accounts": ("x",)}, {"fabrics": ("x",)}, {}]
)
def test_only_what_shares_a_path_is_presumed(path: dict[str, tuple[str, ...]]) -> None:
    found = behind([ran("a", 0, 1, 5, **path), ran("b", 2, 3, 7, **path)])
    assert found.amount == (12 if path else 7)
    assert found.presumed.nodes == (("a",) if path else ())


@pytest.mark.parametrize("name", ["a", "the corpus", "key"])
def test_an_import_names_by_id_label_or_generator(name: str) -> None:
    earlier = ran("a", 0, 1, 5, label="the corpus", generator="key")
    found = behind([earlier, ran("b", 2, 3, 7, imports=(name,))])
    assert found.presumed.nodes == ("a",)


@pytest.mark.parametrize(
    ("end", "start", "is_cause"), [(1, 2, True), (2, 2, False), (3, 2, False), (None, 2, False)]
)
def test_a_cause_ended_strictly_before(end: int | None, start: int, is_cause: bool) -> None:
    found = behind([ran("a", 0, end, 5, **SHARED), ran("b", start, 9, 7, **SHARED)])
    assert (found.presumed.nodes == ("a",)) is is_cause
    warned = "Nothing is presumed of nodes whose days are not known"
    assert any(warned in str(one) for one in found.warnings) is (end is None)


def test_the_total_is_split_and_later_computation_stays_out() -> None:
    found = behind(GROUP)
    assert found.amount == 1111
    assert (found.explicit.flop, found.presumed.flop) == (1000, 111)
    assert found.presumed.nodes == ("first", "second", "third")
    assert found.presumption


def test_without_presumption_the_answer_says_that_it_is_not_the_schemes_own() -> None:
    found = behind(GROUP, presume=False)
    assert found.amount == 1000
    assert not found.presumption
    assert "Dependence was not presumed" in str(found.warnings[0])


@pytest.mark.parametrize("target", ["target", "*"])
def test_a_statement_takes_a_presumed_cause_away(target: str) -> None:
    statement = Independence("second", target, "its disk was wiped", "log 7")
    found = behind(GROUP, "", (statement,))
    assert found.amount == 1101
    assert (found.independent.nodes, found.independent.flop) == (("second",), 10)
    assert found.excluded_nodes == ()
    assert any("so not presumed: second, 10 FLOP" in str(one) for one in found.reasons)


@pytest.mark.parametrize("given", [{"reason": " "}, {"evidence": ""}, {"cause": "nobody"}])
def test_a_statement_without_reason_or_evidence_takes_nothing_away(given: dict[str, Any]) -> None:
    founded = Independence("second", "target", "its disk was wiped", "log 7")
    found = behind(GROUP, "", (replace(founded, **given),))
    assert found.amount == 1111
    assert any("takes nothing away" in str(one) for one in found.warnings)


def test_a_statement_never_removes_a_stated_cause_nor_another_way() -> None:
    stated = behind(GROUP, "second>target", (Independence("second", "target", "r", "e"),))
    assert stated.amount == 1111
    other = behind(GROUP, "", (Independence("first", "target", "r", "e"),))
    assert "first" in other.presumed.nodes
    for found in (stated, other):
        assert any("counts although target is stated" in str(one) for one in found.warnings)


def test_a_cause_that_a_human_cut_is_not_presumed_again() -> None:
    found = behind([GROUP[0], GROUP[-1]], "first|target")
    assert (found.amount, found.excluded_nodes) == (1000, ("first",))


def test_a_presumed_cause_never_closes_a_circle() -> None:
    """What is dated before its own cause is presumed to cause only what came after both."""
    odd = [
        ran("cause", 10, 11, 1, **SHARED),
        ran("effect", 1, 2, 10, **SHARED),
        ran("target", 5, 6, 100, **SHARED),
    ]
    found = behind(odd, "cause>effect")
    assert found.amount == 100
    both = behind([*odd[:2], ran("target", 20, 21, 100, **SHARED)], "cause>effect")
    assert both.amount == 111
    assert any("Ended before what is stated" in str(one) for one in both.warnings)


def test_only_the_scheme_presumes() -> None:
    roles = [node("a", "run"), *GROUP]
    for rule in ("us_4e091", "sb53", "raise", "eu_ai_act"):
        found = behind(roles, rule=rule)
        assert (found.amount, found.presumed.nodes) == (1000, ())
        assert not any("presumed" in str(one) for one in found.warnings)


def test_a_group_adds_few_causes_for_each_node() -> None:
    size = 2000
    runs = [ran(f"r{number}", 2 * number, 2 * number + 1, 1, **SHARED) for number in range(size)]
    away = tuple(Independence(f"r{one}", f"r{size - 1}", "r", "e") for one in range(0, size, 100))
    built = lineage_of(runs, (), away)
    joined = sum(len(causes) for causes in presumption_of(built).added.causes.values())
    assert joined < 5 * size
    query = Query((f"r{size - 1}",), Quantity.TRAINING_COMPUTE)
    assert account(built, query, LAW).amount == size
    assert presumption_of(built) is presumption_of(built)
