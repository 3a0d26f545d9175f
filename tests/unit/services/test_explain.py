"""The tree behind a finding, down to the usage records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import tiny_world
from sluicegate.core.phrases import Language, chinese_phrases, terms
from sluicegate.core.trace import Figure
from sluicegate.rules.book import RuleBook
from sluicegate.services.explain import DEFAULT_RECORDS, UnknownFindingError, Wanted, explain
from sluicegate.services.figures import WORDS
from sluicegate.services.passes import Pass
from sluicegate.services.ports import Store
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


def tree(
    node: OpenNode,
    passed: Pass,
    subject: str,
    rule: str,
    records: int = DEFAULT_RECORDS,
    language: Language = Language.EN,
    book: RuleBook | None = None,
) -> Figure:
    [finding] = [
        one for one in passed.assessment.findings if (str(one.subject), one.rule) == (subject, rule)
    ]
    return explain(
        finding.id,
        store=node.store,
        lake=node.lake,
        book=book or node.book,
        groups=measure(node).groups(),
        wanted=Wanted(language, records),
    )


def records(root: Figure) -> list[str]:
    """Return the names of the usage records at the end of a tree, each record once."""
    last = root.children[-1]
    assert last.label.startswith("usage records"), [one.label for one in root.children]
    return sorted({one.name for one in last.children if one.name is not None})


def below(root: Figure) -> Iterator[Figure]:
    for child in root.children:
        yield child
        yield from below(child)


def labels(root: Figure) -> list[str]:
    return [one.label for one in below(root)]


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
    members = {one.name for one in below(root) if one.label == "customer"}
    assert len(members) == 3


def test_a_cluster_has_figures_and_no_usage_records(node: OpenNode, passed: Pass) -> None:
    rule = "kthf.oversight.cluster_verification"
    root = tree(node, passed, "cluster:mossbank-a", rule)
    [peak] = [one for one in below(root) if one.label == "dense peak of the cluster"]
    assert peak.name == "mossbank-a"
    assert not root.children[-1].label.startswith("usage records")


def test_a_tree_says_why_on_what_facts_and_by_which_texts(node: OpenNode, passed: Pass) -> None:
    root = tree(node, passed, "run:c-lab/r-lab", "eu.ai_act.systemic_risk")
    parts = {one.label: one for one in root.children}
    assert parts["certainty"].value == "certain, passed"
    assert parts["status of the text"].value == "law: in force, enforced"
    assert parts["holds if"].value == "the model is placed on the Union market"
    facts = {one.name: one.value for one in parts["facts given"].children}
    assert Fraction(facts["training_compute"] or "") == passed.world.totals["c-lab"].central
    assert facts["condition_met_on"] is not None
    assert "Chapter V applies." in [one.label for one in parts["why"].children]
    answer = {one.name: one.value for one in parts["answer"].children}
    assert answer["presumed_systemic"] == "yes"
    assert parts["figures"].children[0].name == "eu.ai_act.systemic_risk.training_compute"
    assert parts["texts"].children
    assert parts["citations"].children
    assert "declared beside metered" in labels(root)


def test_the_number_of_records_can_be_chosen(node: OpenNode, passed: Pass) -> None:
    options = ("run:c-lab/r-lab", "us_ca.sb53.frontier_developer")
    few = tree(node, passed, *options, records=3)
    assert len(few.children[-1].children) == 3
    none = tree(node, passed, *options, records=0)
    assert not none.children[-1].label.startswith("usage records")


def test_an_id_that_no_pass_gave_is_refused_with_a_way_out(node: OpenNode) -> None:
    with pytest.raises(UnknownFindingError, match="f-0: no pass found it; `sluicegate assess`"):
        explain("f-0", store=node.store, lake=node.lake, book=node.book, groups={})


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


def test_every_word_of_a_trace_belongs_to_the_vocabulary(passed: Pass) -> None:
    """Labels and methods are words or codes; ids, days and figures stand in names and values."""
    known = set(WORDS) | set(terms())
    for finding in passed.assessment.findings:
        assert finding.trace.name == str(finding.subject)
        for figure in below(finding.trace):
            assert figure.label in known, figure
            if figure.method and "×" not in figure.method:
                parts = figure.method.split(", ")
                assert figure.method in known or set(parts) <= known, figure
        assert set(finding.assumptions) <= known


def test_a_finding_is_explained_in_chinese(node: OpenNode, passed: Pass) -> None:
    options = ("run:c-lab/r-lab", "eu.ai_act.systemic_risk")
    english = tree(node, passed, *options)
    chinese = tree(node, passed, *options, language=Language.ZH)
    assert labels(english)[:3] == ["certainty", "status of the text", "holds if"]
    assert labels(chinese)[:3] == ["确定程度", "文本状态", "成立条件"]
    left = {
        one.label
        for one in below(chinese)
        if one.label in chinese_phrases() or one.method in chinese_phrases()
    }
    assert left == set()
    assert [one.name for one in below(chinese) if one.label == "用量记录"]
    assert chinese.label == "推定具有系统性风险的通用人工智能模型" or chinese.label != english.label
    shapes = [[one.name for one in below(root)][-20:] for root in (english, chinese)]
    assert shapes[0] == shapes[1]


def test_a_finding_says_when_the_rules_changed_since(node: OpenNode, passed: Pass) -> None:
    changed = replace(node.book, files_digest="another")
    options = ("run:c-lab/r-lab", "eu.ai_act.systemic_risk")
    for language, told in (
        (Language.EN, "The rules changed since the pass; what it said then:"),
        (Language.ZH, "自该次评估后规则已变更；当时的说明如下："),
    ):
        root = tree(node, passed, *options, language=language, book=changed)
        assert told in labels(root)
        assert "Chapter V applies." in labels(root)
        [limit] = [
            one for one in below(root) if one.name == "eu.ai_act.systemic_risk.training_compute"
        ]
        assert limit.reference == "Regulation (EU) 2024/1689 Art. 51(2)"
    assert "The rules changed" not in " ".join(labels(tree(node, passed, *options)))


class Noted:
    """A store whose findings cite a guidance note beside what their answers cite."""

    NOTE = "Guidance: On counting (cn-1, version 2, issued 2026-05-01)"

    def __init__(self, store: Store) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def finding(self, identifier: str) -> dict[str, Any]:
        document = dict(self._store.finding(identifier) or {})
        cited = [*document["citations"], {"text": self.NOTE, "mark": "found"}]
        return document | {"citations": cited}


def test_a_guidance_note_that_a_finding_cites_stands_among_its_citations(
    node: OpenNode, passed: Pass
) -> None:
    [finding] = [
        one
        for one in passed.assessment.findings
        if (str(one.subject), one.rule) == ("run:c-lab/r-lab", "eu.ai_act.systemic_risk")
    ]
    root = explain(
        finding.id,
        store=Noted(node.store),
        lake=node.lake,
        book=node.book,
        groups={},
    )
    [cited] = [one for one in root.children if one.label == "citations"]
    assert cited.children[-1] == Figure(Noted.NOTE, method="found in the text")
    assert [one.label for one in cited.children].count(Noted.NOTE) == 1
    assert len(cited.children) == len({one.label for one in cited.children}) > 1
