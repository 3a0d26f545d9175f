"""Findings about models: each text asked by its own way of counting, with bounds and duties."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

import pytest

from sluicegate.core.quantities import Exact
from sluicegate.lineage.building import lineage_of
from sluicegate.lineage.document import Compute, Discard, HumanChange, Lineage, Node, NodeKind
from sluicegate.rules.answers import Asked
from sluicegate.rules.law import Law
from sluicegate.rules.questions import ask
from sluicegate.rules.thresholds import Level
from sluicegate.services.detectors.lineage_compute import COUNTED_BY, model_floors
from sluicegate.services.findings import Certainty, Finding
from sluicegate.services.lineage.accounted import AccountedModel, accounted_models
from sluicegate.services.questions import find_question
from small_worlds import AS_OF, BOOK, Small, between, cluster, customer, found, limit_of, run

REGISTRATION = "kthf.oversight.registration"
CAP = "kthf.oversight.training_cap"
INFERENCE = "kthf.oversight.inference_rate"
REGISTERED = int(limit_of("kthf.oversight.registration.training_compute"))
CAPPED = int(limit_of("kthf.oversight.training_cap"))
RATE = int(limit_of("kthf.oversight.inference_cap"))
WEIGHTS = "us.eccn_4e091.weights"
CHANGE = HumanChange("minutes of the board", "a panel")


def models(lineage: Lineage) -> tuple[AccountedModel, ...]:
    law = Law(BOOK, AS_OF)
    return tuple(accounted_models("l-0", lineage, law, model_floors(law)))


def node(key: str, flop: Exact | None, **parts: object) -> Node:
    return replace(Node(key, NodeKind.RUN, compute=Compute.of(flop)), **parts)  # type: ignore[arg-type]


def graph(
    nodes: Iterable[Node], edges: Iterable[tuple[str, str]], cut: Iterable[tuple[str, str]] = ()
) -> Lineage:
    cuts = set(cut)
    return lineage_of(nodes, [(a, b, CHANGE if (a, b) in cuts else None) for a, b in edges])


def model() -> Node:
    return Node("m", NodeKind.MODEL)


def tuned(base: Exact | None, tuning: Exact) -> Lineage:
    """Return a model from a base run and a fine-tuning run that ended on a day."""
    nodes = [
        node("base", base, role="base"),
        node("tune", tuning, role="finetune", started=date(2026, 3, 1), ended=date(2026, 4, 1)),
        model(),
    ]
    return graph(nodes, [("base", "tune"), ("tune", "m")])


def said(lineage: Lineage, rule: str) -> Finding:
    [finding] = found(Small(models=models(lineage)), rule)
    return finding


def again(finding: Finding) -> Asked:
    question = find_question(finding.question, BOOK)
    assert question is not None
    return ask(question, finding.facts, as_of=finding.as_of, book=BOOK)


def test_the_whole_graph_of_a_model_is_held_against_the_registration_threshold() -> None:
    over = said(tuned(REGISTERED, 1), REGISTRATION)
    assert str(over.subject) == "model:l-0/m"
    assert over.certainty is Certainty.CERTAIN
    assert over.level is Level.PASSED
    assert over.crossing.central == date(2026, 4, 1)
    near = said(tuned(REGISTERED - 1, 1), REGISTRATION)
    assert near.level is Level.APPROACHING
    assert near.threshold is not None
    assert near.threshold.value == REGISTERED
    assert found(Small(models=models(tuned(REGISTERED // 2, 1))), REGISTRATION) == []


def test_a_finding_is_what_its_question_answers_to_its_own_facts() -> None:
    lineage = tuned(CAPPED, CAPPED)
    findings = found(Small(models=models(lineage)), CAP)
    every = [*findings, said(lineage, REGISTRATION), *_all_findings(lineage)]
    assert {one.instrument for one in every} >= {"kthf.oversight", "eu.ai_act", "us_ca.sb53"}
    for finding in every:
        assert again(finding).answer_json() == finding.answer


def _all_findings(lineage: Lineage) -> list[Finding]:
    rules = [rule.id for rule in BOOK.thresholds.values() if rule.instrument in COUNTED_BY]
    small = Small(models=models(lineage))
    return [one for rule in rules for one in found(small, rule)]


def test_a_person_discarded_it_and_the_model_stays_below() -> None:
    nodes = [
        node("trial", REGISTERED, discarded_by=Discard.HUMAN),
        node("base", REGISTERED, role="base"),
        model(),
    ]
    lineage = graph(nodes, [("trial", "m"), ("base", "m")])
    assert said(lineage, REGISTRATION).level is Level.APPROACHING
    automatic = [replace(nodes[0], discarded_by=Discard.AUTOMATIC), *nodes[1:]]
    counted = graph(automatic, [("trial", "m"), ("base", "m")])
    assert said(counted, REGISTRATION).level is Level.PASSED


def test_bounds_of_the_parts_give_the_word() -> None:
    doubt = Compute(REGISTERED, REGISTERED // 2, REGISTERED + 1)
    nodes = [replace(node("base", 0), compute=doubt), model()]
    finding = said(graph(nodes, [("base", "m")]), REGISTRATION)
    assert finding.certainty is Certainty.POSSIBLE


def test_what_is_not_disclosed_is_said_and_the_total_is_a_lower_one() -> None:
    finding = said(tuned(None, REGISTERED + 1), REGISTRATION)
    assert finding.certainty is Certainty.CERTAIN
    assert any("lower bound" in reason for reason in finding.reasons)
    assert not any("lower bound" in one for one in said(tuned(1, REGISTERED), REGISTRATION).reasons)


def test_the_pause_stops_a_new_run_that_may_exceed_the_cap() -> None:
    doubt = Compute(CAPPED, CAPPED // 2, CAPPED + 1)
    new = replace(node("base", 0), compute=doubt, started=date(2026, 2, 1))
    finding = said(graph([new, model()], [("base", "m")]), CAP)
    assert finding.answer["halted"] == "may_exceed"
    assert finding.level is Level.PASSED
    old = replace(new, started=date(2025, 12, 31))
    assert found(Small(models=models(graph([old, model()], [("base", "m")]))), CAP) == []
    assert found(Small(models=models(tuned(CAPPED // 2, 0))), CAP) == []


def test_the_pause_reaches_a_metered_run_by_its_high_estimate() -> None:
    doubt = between(CAPPED // 2, CAPPED, CAPPED + 1)
    small = Small(customers=[customer("c-1")], runs=[run("r-1", doubt)])
    [finding] = found(small, CAP)
    assert finding.answer["halted"] == "may_exceed"
    exact = between(CAPPED // 2, CAPPED, CAPPED)
    [near] = found(Small(customers=[customer("c-1")], runs=[run("r-1", exact)]), CAP)
    assert near.level is Level.APPROACHING


def test_each_text_counts_in_its_own_way() -> None:
    nodes = [
        node("teacher", CAPPED, role="teacher_training", generator="G", published=True),
        node("data", 1, role="synthetic_data_generation", generator="G"),
        node("student", REGISTERED - 1, role="student"),
        model(),
    ]
    lineage = graph(nodes, [("teacher", "data"), ("data", "student"), ("student", "m")])
    assert said(lineage, REGISTRATION).certainty is Certainty.CERTAIN
    systemic = said(lineage, "eu.ai_act.systemic_risk")
    assert systemic.facts["training_compute"] == str(REGISTERED)
    assert systemic.level is Level.APPROACHING


def test_a_change_of_text_by_no_rule_of_counting_is_left_to_runs() -> None:
    instruments = {one.instrument for one in _all_findings(tuned(CAPPED, CAPPED))}
    assert instruments <= set(COUNTED_BY)
    known = {rule.instrument for rule in BOOK.thresholds.values()}
    assert set(COUNTED_BY) <= known


@pytest.mark.parametrize(("rate", "level"), [(RATE, None), (RATE + 1, "possible")])
def test_a_cluster_faster_than_the_cap_may_serve_above_it(rate: int, level: str | None) -> None:
    findings: Mapping[str, Finding] = {
        one.subject.id: one for one in found(Small(clusters=[cluster("hall-1", rate)]), INFERENCE)
    }
    passed = [one for one in findings.values() if one.level is Level.PASSED]
    assert [one.certainty.value for one in passed] == ([] if level is None else [level])
    assert all("serves one network steadily" in one.assumptions[0] for one in passed)
