"""Findings about outputs: the rate from one to the next is held against the inference cap."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from sluicegate.core.quantities import Exact
from sluicegate.lineage.building import lineage_of
from sluicegate.lineage.document import (
    Compute,
    Discard,
    Interval,
    Lineage,
    Node,
    NodeKind,
)
from sluicegate.rules.law import Law
from sluicegate.rules.questions import ask
from sluicegate.rules.thresholds import Level
from sluicegate.services.detectors.output_rates import rate_floor
from sluicegate.services.findings import Finding
from sluicegate.services.lineage.rated import RatedOutput, rated_outputs
from sluicegate.services.questions import find_question
from small_worlds import AS_OF, BOOK, Small, customer, found, limit_of

RULE = "kthf.oversight.inference_rate"
CAP = int(limit_of("kthf.oversight.inference_cap"))
LAW = Law(BOOK, AS_OF)
MADE = date(2026, 5, 1)


def served(
    added: Compute | None, *intervals: Interval, discarded: Discard | None = None
) -> Lineage:
    """Return two answers of one network, of which training is far above the cap's second."""
    nodes = [
        Node("training", NodeKind.RUN, compute=Compute.of(CAP * 10**5)),
        Node("network", NodeKind.MODEL),
        Node("inference-1", NodeKind.RUN, compute=Compute.of(1)),
        Node("inference-2", NodeKind.RUN, compute=added),
        Node("first", NodeKind.OUTPUT),
        Node("second", NodeKind.OUTPUT, "Second answer", made_on=MADE, developer="c-1"),
    ]
    nodes[-1] = replace(nodes[-1], discarded_by=discarded)
    edges = [
        ("training", "network", None),
        ("network", "inference-1", None),
        ("network", "inference-2", None),
        ("inference-1", "first", None),
        ("inference-2", "second", None),
    ]
    return replace(lineage_of(nodes, edges), intervals=intervals)


def between(seconds: Exact, speed: Exact | None = None) -> Interval:
    return Interval("first", "second", seconds, speed)


def rated(lineage: Lineage) -> tuple[RatedOutput, ...]:
    least = rate_floor(LAW)
    assert least is not None
    return tuple(rated_outputs("l-0", lineage, LAW, least))


def findings(lineage: Lineage) -> list[Finding]:
    return found(Small(outputs=rated(lineage), customers=[customer("c-1")]), RULE)


@pytest.mark.parametrize(
    ("added", "level", "certainty"),
    [
        (Compute.of(CAP * 10 + 10), Level.PASSED, "certain"),
        (Compute.of(CAP * 10), Level.APPROACHING, None),
        (Compute.of(CAP * 10, CAP, CAP * 20), Level.PASSED, "possible"),
        (Compute.of(CAP * 11, CAP, CAP * 20), Level.PASSED, "likely"),
        (Compute.of(CAP * 8), Level.APPROACHING, None),
        (Compute.of(CAP * 8 - 1), None, None),
    ],
)
def test_what_an_output_adds_in_the_time_since_the_last_one_is_its_rate(
    added: Compute, level: Level | None, certainty: str | None
) -> None:
    told = findings(served(added, between(10)))
    assert [one.level for one in told] == ([] if level is None else [level])
    if certainty is not None:
        assert [one.certainty.value for one in told] == [certainty]


def test_the_finding_says_of_what_when_and_for_whom() -> None:
    [one] = findings(served(Compute.of(CAP * 30), between(10)))
    assert (str(one.subject), one.subject.name) == ("output:l-0/second", "Second answer")
    assert one.subject.customer_id == "c-1"
    assert one.crossing is not None
    assert (one.crossing.low, one.crossing.central, one.crossing.high) == (MADE, MADE, MADE)
    assert one.estimate is not None
    assert one.estimate.central == CAP * 3


def test_a_finding_is_what_the_question_answers_to_its_own_facts() -> None:
    [one] = findings(served(Compute.of(CAP * 30), between(Fraction(1, 4))))
    question = find_question(one.question, BOOK)
    assert question is not None
    asked = ask(question, one.facts, as_of=one.as_of, readings={}, book=BOOK)
    assert asked.answer_json() == {"rate": str(CAP * 120), "over_cap": True}


def test_training_before_both_outputs_adds_nothing_to_the_rate() -> None:
    [one] = rated(served(Compute.of(CAP * 10), between(10)))
    assert one.estimate.central == CAP
    assert rated(served(Compute.of(CAP * 10))) == ()


def test_what_is_not_disclosed_makes_a_lower_bound() -> None:
    [one] = findings(served(Compute.of(None, low=CAP * 20), between(10)))
    assert one.level is Level.PASSED
    assert any("lower bound" in reason for reason in one.reasons)
    assert findings(served(Compute.of(None), between(10))) == []


def test_the_gap_to_the_speed_of_the_cluster_is_said() -> None:
    [one] = findings(served(Compute.of(CAP * 20), between(10, CAP // 2)))
    [plain] = findings(served(Compute.of(CAP * 20), between(10)))
    assert len(one.reasons) > len(plain.reasons)


def test_of_several_intervals_before_an_output_the_fastest_counts_once() -> None:
    told = rated(served(Compute.of(CAP * 20), between(10), between(5), between(20)))
    assert [(one.key, one.estimate.central) for one in told] == [("l-0/second", CAP * 4)]


def test_an_output_that_a_human_discarded_has_no_rate() -> None:
    graph = served(Compute.of(CAP * 20), between(10), discarded=Discard.HUMAN)
    assert rated(graph) == ()
