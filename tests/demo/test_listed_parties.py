"""The demo's listed parties through the whole job: screen, group, assess, case, filing draft."""

from __future__ import annotations

import re
import shutil
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from command_line import sluicegate
from sluicegate.cases.case import Case, DecisionKind, Judgement
from sluicegate.cases.commands import Check, Propose
from sluicegate.cli.assess import write_node_report
from sluicegate.cli.demo import DemoRun
from sluicegate.cli.working import measure_of
from sluicegate.core.identifiers import DEFAULT_TENANT
from sluicegate.demo.truth import Pattern, PatternTruth
from sluicegate.services.access.principals import Principal, PrincipalKind, Scope
from sluicegate.services.casework.acting import act
from sluicegate.services.casework.filing import draft
from sluicegate.services.casework.forms import offers
from sluicegate.services.casework.sealed import open_sealed
from sluicegate.services.desk import Desk
from sluicegate.services.detectors.listed_ownership import RULES
from sluicegate.services.findings import Certainty, Finding
from sluicegate.services.ownership.fifty_percent import Regime
from sluicegate.services.passes import Pass, run_pass
from sluicegate.services.ports.matches import MatchState
from sluicegate.services.screening.decisions import RULE
from sluicegate.wiring import OpenNode, opened
from sluicegate.wiring.access import authority_of
from tiny_world import small_demo

FORM = "suspicious_activity"
GROUP = "inquiry"
OFAC = RULES[Regime.OFAC]


@dataclass
class Work:
    """A demo's node, what is true in it, and people who work on it."""

    node: OpenNode
    run: DemoRun
    folder: Path

    def customers(self, pattern: Pattern, *, near_miss: bool = False) -> dict[str, PatternTruth]:
        """Return customer → an example of a pattern."""
        return {
            str(one.subject.id): one
            for one in self.run.truth.patterns
            if one.pattern is pattern and one.near_miss is near_miss
        }

    def customer(self, way: str) -> str:
        """Return the customer that was drawn in a way."""
        drawn = self.run.truth.patterns
        (found,) = {str(one.subject.id) for one in drawn if one.detail.get("way") == way}
        return found

    def pass_over(self) -> Pass:
        """Run a pass on the last day of the demo's year."""
        measure = measure_of(self.node, self.run.truth.as_of, None)
        at = self.node.clock.now()
        return run_pass(measure, tenant=DEFAULT_TENANT, at=at, by="local:test")

    def case_of(self, finding: Finding) -> Case:
        """Return the case of a finding as it stands."""
        place = self.node.store.cases.alert_places()[finding.id]
        case = self.node.store.cases.find(place.case_id, Scope(DEFAULT_TENANT))
        assert case is not None
        return case

    def decide(self, finding: Finding, decision: DecisionKind) -> Case:
        """Decide about one alert, with a second person where one is needed."""
        case = self.case_of(finding)
        proposed = Propose(decision, "looked at the papers", (finding.id,))
        after = act(self.desk("ana", "analyst"), case.case_id, proposed)
        for proposal in after.proposals:
            checked = Check(proposal.proposal_id, is_approved=True)
            after = act(self.desk("bo", "reviewer"), case.case_id, checked)
        return after

    def desk(self, who: str, role: str, *groups: str) -> Desk:
        """Return the desk of a person in a role; `groups` are those of sealed files."""
        principal = Principal(
            f"user:{who}",
            PrincipalKind.PERSON,
            DEFAULT_TENANT,
            who,
            frozenset({role}),
            sealed_groups=frozenset(groups),
        )
        return Desk(principal, self.node.store, authority_of(self.node), self.node.clock)


@pytest.fixture(scope="module")
def found() -> Mapping[str, list[Finding]]:
    """Customer → what the demo's own pass found about listed parties at or above it."""
    by_customer: dict[str, list[Finding]] = defaultdict(list)
    for finding in small_demo()[1].passed.assessment.findings:
        if finding.rule in (RULE, *RULES.values()):
            by_customer[finding.subject.id].append(finding)
    return by_customer


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Work]:
    folder, run = small_demo()
    shutil.copytree(folder, tmp_path / "node")
    with opened(tmp_path / "node") as node:
        yield Work(node, run, tmp_path / "node")


def one_of(findings: list[Finding], rule: str) -> Finding:
    (finding,) = [one for one in findings if one.rule == rule]
    return finding


def find(done: Pass, finding: Finding) -> Finding | None:
    return next((one for one in done.assessment.findings if one.id == finding.id), None)


def test_everyone_who_is_listed_is_found_and_nobody_for_certain(
    work: Work, found: Mapping[str, list[Finding]]
) -> None:
    listed, alike = (work.customers(Pattern.LISTED_PARTY, near_miss=near) for near in (False, True))
    assert set(listed) <= set(found) <= set(listed) | set(alike)
    assert {one.certainty for each in found.values() for one in each} <= {
        Certainty.LIKELY,
        Certainty.POSSIBLE,
    }
    weak = found[work.customer("called by a weak alias")]
    assert [one.certainty for one in weak] == [Certainty.POSSIBLE]
    together = found[work.customer("two listed owners with half together")]
    assert sorted(one.rule for one in together) == [RULE, RULE, OFAC]
    for customer_id in set(found) & set(alike):
        assert [one.certainty for one in found[customer_id]] == [Certainty.POSSIBLE]


def test_one_party_on_two_lists_is_one_alert(
    work: Work, found: Mapping[str, list[Finding]]
) -> None:
    finding = one_of(found[work.customer("on two lists, legal form written out")], RULE)
    (match,) = [one for one in finding.trace.children if one.label == "match"]
    lists = {one.name for one in match.children if one.label == "on lists"}
    assert lists == {"us_sdn", "us_entity"}
    assert finding.facts["factors"] == ["entity_list", "sdn_list"]


def test_each_customer_has_one_case_for_every_match(
    work: Work, found: Mapping[str, list[Finding]]
) -> None:
    for findings in found.values():
        cases = {work.case_of(one).case_id for one in findings if one.rule == RULE}
        assert len(cases) == 1


def test_a_hidden_owner_goes_from_the_list_to_a_drafted_report(
    work: Work, found: Mapping[str, list[Finding]]
) -> None:
    customer_id = work.customer("listed owner behind two companies")
    match, owned = (one_of(found[customer_id], rule) for rule in (RULE, OFAC))
    (owner,) = work.customers(Pattern.LISTED_PARTY)[customer_id].detail["listed"].split(";")
    assert work.run.passed.world.groups[customer_id] == owner
    assert (match.certainty, owned.certainty) == (Certainty.LIKELY, Certainty.LIKELY)

    told = sluicegate("explain", match.id, "--node", str(work.folder)).out
    (path,) = [line for line in told.splitlines() if "path" in line]
    assert path.count("→") == 3

    confirmed = work.decide(match, DecisionKind.CONFIRM)
    assert next(a for a in confirmed.alerts if a.alert_id == match.id).judgement is (
        Judgement.CONFIRMED
    )
    after = work.pass_over()
    (kept,) = [m for m in work.node.store.matches.matches() if m.party_id == owner]
    assert kept.state is MatchState.CONFIRMED
    for finding in (match, owned):
        now = find(after, finding)
        assert now is not None
        assert now.certainty is Certainty.CERTAIN
    owed = [one.duty.en for one in after.assessment.obligations if one.finding == match.id]
    assert owed == ["Report the customer when it matches the high-risk profile"]

    officer = work.desk("cy", "officer", GROUP)
    sealed = open_sealed(officer, work.case_of(match).case_id, GROUP, "a hidden owner")
    assert FORM in {one.form.id for one in offers(sealed)}
    report = draft(officer, sealed.case_id, FORM)
    customer = work.run.passed.world.customers[customer_id]
    (suspect,) = report.values["subjects"]
    assert suspect["party"]["name"] == customer.name
    assert "subjects" in report.origins


def test_the_report_begins_with_who_is_listed_and_explains_each(
    work: Work, found: Mapping[str, list[Finding]]
) -> None:
    mine = {one.id for findings in found.values() for one in findings}
    pages = [file for file in write_node_report(work.node, work.run.passed) if ".html" in file.name]
    assert len(pages) == 2
    for file in pages:
        page = file.read_text(encoding="utf-8")
        table = page.partition('<h3 id="listed">')[2].partition("<h3>")[0]
        links = re.findall(r'href="#(finding-\d+)"', table)
        articles = [page.partition(f'<h4 id="{link}">')[2] for link in links]
        told = [re.findall(r"<code>(f-[0-9a-f]+)</code>", article)[0] for article in articles]
        assert sorted(told) == sorted(mine)


def test_a_look_alike_that_is_cleared_stays_cleared(work: Work) -> None:
    first = work.pass_over()
    (weak,) = [
        one
        for one in first.assessment.findings
        if one.subject.id == work.customer("called by a weak alias") and one.rule == RULE
    ]
    work.decide(weak, DecisionKind.CLEAR)
    assert find(work.pass_over(), weak) is None
    (allowance,) = work.node.store.matches.allowances()
    assert allowance.reason == "looked at the papers"
    again = work.pass_over()
    assert find(again, weak) is None
    assert again.screening is not None
    assert again.screening.lost == ()


def test_the_lists_are_two_versions_each_and_none_is_too_old(work: Work) -> None:
    told = sluicegate("lists", "list", "--node", str(work.folder), "--format", "json").json
    assert {one["list"] for one in told} == {"own", "us_entity", "us_sdn"}
    assert not any(one["stale"] for one in told)
    assert len(work.run.lists) == 6
    assert all(one.is_new for one in work.run.lists)
    changes = sluicegate("lists", "diff", "us_entity", "--node", str(work.folder)).out
    assert "added" in changes
    assert "removed" in changes
