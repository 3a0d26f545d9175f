"""The tree behind a finding, down to the usage records."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import tiny_world
from sluicegate.core.trace import Figure
from sluicegate.services.explain import UnknownFindingError, explain
from sluicegate.services.passes import Pass
from sluicegate.wiring import IntakeOptions, OpenNode, make_node, opened, take_in
from tiny_world import CLOCK, measure, pass_over


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenNode]:
    folder = tiny_world.tiny_node(tmp_path_factory.mktemp("explain") / "node")
    with opened(folder, clock=CLOCK) as found:
        yield found


@pytest.fixture(scope="module")
def passed(node: OpenNode) -> Pass:
    return pass_over(node)


def tree(node: OpenNode, passed: Pass, subject: str, rule: str, **options: int) -> Figure:
    [finding] = [
        one for one in passed.assessment.findings if (str(one.subject), one.rule) == (subject, rule)
    ]
    groups = measure(node).groups()
    return explain(finding.id, store=node.store, lake=node.lake, groups=groups, **options)


def records(root: Figure) -> list[str]:
    """Return the labels of the usage records at the end of a tree, each record once."""
    last = root.children[-1]
    assert last.label.startswith("usage records"), [one.label for one in root.children]
    return sorted({one.label for one in last.children})


def labels(root: Figure) -> list[str]:
    return [root.label, *(label for child in root.children for label in labels(child))]


def test_a_run_that_usage_names_reaches_its_own_records(node: OpenNode, passed: Pass) -> None:
    root = tree(node, passed, "run:c-lab/r-lab", "us_ca.sb53.frontier_developer", records=200)
    assert records(root) == ["meter:lab-1", "meter:lab-2"]
    first = root.children[-1].children[0]
    assert "30000 × nvidia-h100-sxm5-80gb" in (first.method or "")
    assert "utilisation 40 %" in (first.method or "")
    assert "run r-lab" in (first.method or "")


def test_an_assembled_run_reaches_the_records_of_its_customer_and_cluster(
    node: OpenNode, passed: Pass
) -> None:
    key = "run:c-shell-1/mossbank-a@2026-03-01T00:00Z"
    assert records(tree(node, passed, key, "eu.ai_act.systemic_risk")) == ["meter:shell-1"]


def test_a_group_reaches_the_records_of_every_member(node: OpenNode, passed: Pass) -> None:
    root = tree(node, passed, "group:p-sandling", "assess.kyc.group_compute_used", records=200)
    assert records(root) == ["meter:shell-1", "meter:shell-2", "meter:shell-3"]
    members = {label for label in labels(root) if label.startswith("customer c-shell")}
    assert len(members) == 3


def test_a_cluster_has_figures_and_no_usage_records(node: OpenNode, passed: Pass) -> None:
    rule = "kthf.oversight.cluster_verification"
    root = tree(node, passed, "cluster:mossbank-a", rule)
    assert "peak of cluster mossbank-a" in labels(root)
    assert not root.children[-1].label.startswith("usage records")


def test_a_tree_says_why_on_what_facts_and_by_which_texts(node: OpenNode, passed: Pass) -> None:
    root = tree(node, passed, "run:c-lab/r-lab", "eu.ai_act.systemic_risk")
    parts = {one.label: one for one in root.children}
    assert parts["certainty"].value == "certain, passed"
    assert parts["status of the text"].value == "law: in_force, enforced"
    assert parts["holds if"].value == "the model is placed on the Union market"
    facts = {one.label: one.value for one in parts["facts, as `ask` takes them"].children}
    assert facts["training_compute"] == str(passed.world.totals["c-lab"].central)
    assert facts["condition_met_on"] is not None
    assert "Chapter V applies." in (parts["answer"].value or "")
    assert parts["parameters in force"].children
    assert parts["citations"].children
    assert "declared beside metered" in labels(root)


def test_the_number_of_records_can_be_chosen(node: OpenNode, passed: Pass) -> None:
    options = ("run:c-lab/r-lab", "us_ca.sb53.frontier_developer")
    few = tree(node, passed, *options, records=3)
    assert few.children[-1].label == "usage records, the 3 largest"
    none = tree(node, passed, *options, records=0)
    assert not none.children[-1].label.startswith("usage records")


def test_an_id_that_no_pass_gave_is_refused_with_a_way_out(node: OpenNode) -> None:
    with pytest.raises(UnknownFindingError, match="f-0: no pass found it; `sluicegate assess`"):
        explain("f-0", store=node.store, lake=node.lake, groups={})


def test_a_finding_that_was_cleared_can_still_be_explained(tmp_path: Path) -> None:
    with opened(tiny_world.tiny_node(tmp_path / "node"), clock=CLOCK) as node:
        first = pass_over(node)
        corrected = tmp_path / "usage.csv"
        corrected.write_text(tiny_world.USAGE.replace(",30000,", ",300,"))
        take_in(node, [corrected], IntakeOptions())
        pass_over(node)
        root = tree(node, first, "run:c-lab/r-lab", "us_ca.sb53.frontier_developer")
        assert root.children[0].label == "certainty"


def test_a_run_id_with_any_sign_in_it_is_explained(tmp_path: Path) -> None:
    """A run may be called anything; only an assembled run's key ends with an instant."""
    make_node(tmp_path / "node", clock=CLOCK)
    names = ["customers.csv", "facilities.csv", "clusters.csv", "usage.csv"]
    files = tiny_world.write_files(tmp_path / "raw", names)
    files[3].write_text(tiny_world.USAGE.replace("r-lab", "lab/team@2 x"))
    with opened(tmp_path / "node", clock=CLOCK) as node:
        take_in(node, files, IntakeOptions())
        passed = pass_over(node)
        key = "run:c-lab/lab/team@2 x"
        root = tree(node, passed, key, "us_ca.sb53.frontier_developer", records=200)
        assert records(root) == ["meter:lab-1", "meter:lab-2"]
