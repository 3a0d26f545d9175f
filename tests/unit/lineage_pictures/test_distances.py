"""How far a total lies from each threshold of its rule, at, below and above it."""

from __future__ import annotations

from datetime import date

import pytest

from drawn_lineages import LAW, accounted, node, run
from sluicegate.lineage.accounting import account
from sluicegate.lineage.building import lineage_of
from sluicegate.lineage.document import Compute, Lineage, Node, NodeKind, Quantity, Query
from sluicegate.services.lineage.distances import distances

LIMIT = int(LAW.amount("kthf.oversight.registration.training_compute"))


def trained(compute: Compute) -> Lineage:
    nodes = [Node("run", NodeKind.RUN, compute=compute), node("model", NodeKind.MODEL)]
    return lineage_of(nodes, [("run", "model", None)])


@pytest.mark.parametrize(
    ("compute", "passed"),
    [
        (Compute.of(LIMIT - 1), "no"),
        (Compute.of(LIMIT), "no"),
        (Compute.of(LIMIT + 1), "yes"),
        (Compute.of(LIMIT, high=LIMIT + 1), "undetermined"),
        (Compute.of(LIMIT + 2, low=LIMIT + 1), "yes"),
        (Compute.of(None), "undetermined"),
        (Compute.of(None, low=LIMIT + 1), "yes"),
        (Compute.of(None, high=LIMIT), "no"),
    ],
)
def test_a_threshold_is_passed_at_every_bound_at_none_or_it_is_open(
    compute: Compute, passed: str
) -> None:
    found = distances(accounted(trained(compute), "model"), LAW)
    assert [one.parameter for one in found] == [
        "kthf.oversight.registration.training_compute",
        "kthf.oversight.training_cap",
    ]
    assert found[0].passed == passed


def test_a_distance_is_exact_on_both_sides() -> None:
    below, above = (
        distances(accounted(trained(Compute.of(flop)), "model"), LAW)[0]
        for flop in (LIMIT - 3, 3 * LIMIT)
    )
    assert (below.left, above.left) == (3, -2 * LIMIT)
    assert above.times == 3
    assert above.as_row()["left"] == f"-{2 * LIMIT}"


def test_what_a_rule_does_not_address_keeps_a_threshold_open() -> None:
    data = node("made-up", NodeKind.DATA, 10**27)
    model = node("model", NodeKind.MODEL)
    lineage = lineage_of(
        [data, run("run", 1, role="base"), model],
        [("made-up", "run", None), ("run", "model", None)],
    )
    [found] = distances(accounted(lineage, "model", "sb53"), LAW)
    assert found.passed == "undetermined"


def test_outputs_have_no_threshold_but_their_rate_has_the_cap() -> None:
    nodes = [node(f"answer-{n}", NodeKind.OUTPUT, 10**21) for n in (1, 2)]
    lineage = lineage_of(nodes, [("answer-1", "answer-2", None)])
    output = account(lineage, Query(("answer-2",), Quantity.OUTPUT_COMPUTE), LAW)
    assert distances(output, LAW) == []
    ends = ("answer-1", "answer-2")
    rate = Query(ends, Quantity.INFERENCE_COMPUTE_RATE, seconds_between=1)
    [cap] = distances(account(lineage, rate, LAW), LAW)
    assert (cap.parameter, cap.passed) == ("kthf.oversight.inference_cap", "yes")
    assert date(2026, 11, 1) == LAW.day
