"""Screening and cases: one alert for each listed party, and decisions that flow back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

import tiny_world
from screening_fakes import entry, fake_engine, in_use, listed_party
from sluicegate.cases.case import Case, DecisionKind, Judgement, State
from sluicegate.cases.commands import Check, Propose
from sluicegate.core.clock import FixedClock
from sluicegate.core.identifiers import DEFAULT_TENANT
from sluicegate.screening.parties import ListedParty
from sluicegate.services.access.principals import Principal, PrincipalKind, Scope
from sluicegate.services.candidates import UNCONFIRMED
from sluicegate.services.casework.acting import act
from sluicegate.services.desk import Desk
from sluicegate.services.findings import Certainty, Finding
from sluicegate.services.passes import Pass, run_pass
from sluicegate.services.ports.matches import AllowanceState, MatchState
from sluicegate.services.screening.decisions import RULE
from sluicegate.services.screening.engine import ListsInUse, Scoring
from sluicegate.services.screening.parts import NodeScreening
from sluicegate.wiring import OpenNode, opened
from sluicegate.wiring.access import authority_of
from tiny_world import AS_OF, AT, CLOCK

SANDLING = listed_party(
    "lp-1",
    entry("1", "Mirea Sandling", birth_dates=("1961-04-02",)),
    entry("e-1", "Mirea Sandling", list_id="eu_fsf"),
)
WEATHER = listed_party("lp-2", entry("2", "Pell Weather", list_id="us_unverified"))


@dataclass
class World:
    """A node of the tiny world with lists made by hand; time goes on by a day a pass."""

    node: OpenNode
    lists: ListsInUse
    at: datetime = AT

    def in_use(self, *, on: object) -> ListsInUse:
        """Return the lists as they are now."""
        return self.lists

    def pass_over(self) -> Pass:
        """Run a pass a day after the last one."""
        self.at += timedelta(days=1)
        measure = replace(
            tiny_world.measure(self.node),
            screening=NodeScreening(self, Scoring(fake_engine)),
        )
        return run_pass(measure, tenant=DEFAULT_TENANT, at=self.at, by="local:test")

    def found(self) -> dict[str, Finding]:
        """Run a pass; return customer → the finding about a listed party."""
        findings = self.pass_over().assessment.findings
        return {one.subject.id: one for one in findings if one.rule == RULE}

    def case_of(self, finding: Finding) -> Case:
        """Return the case of a finding as it stands."""
        place = self.node.store.cases.alert_places()[finding.id]
        case = self.node.store.cases.find(place.case_id, Scope(DEFAULT_TENANT))
        assert case is not None
        return case

    def decide(self, finding: Finding, decision: DecisionKind) -> Case:
        """Decide about one alert, with a second person where one is needed."""
        self.at += timedelta(hours=1)
        case = self.case_of(finding)
        ana = self._desk("local:ana", PrincipalKind.OPERATOR)
        bo = self._desk("user:bo", PrincipalKind.PERSON, "reviewer")
        after = act(ana, case.case_id, Propose(decision, "looked at papers", (finding.id,)))
        for proposal in after.proposals:
            after = act(bo, case.case_id, Check(proposal.proposal_id, is_approved=True))
        return after

    def _desk(self, who: str, kind: PrincipalKind, *roles: str) -> Desk:
        principal = Principal(who, kind, DEFAULT_TENANT, "", frozenset(roles))
        return Desk(principal, self.node.store, authority_of(self.node), FixedClock(self.at))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with opened(tiny_world.tiny_node(tmp_path / "node"), clock=CLOCK) as node:
        yield World(node, in_use(SANDLING, WEATHER))


def alert_of(case: Case, finding: Finding) -> Judgement:
    return next(one.judgement for one in case.alerts if one.alert_id == finding.id)


def test_each_customer_below_a_listed_owner_has_one_alert_with_every_list(world: World) -> None:
    found = world.found()
    assert set(found) == {"c-shell-1", "c-shell-2", "c-shell-3", "c-small-1"}
    shell = found["c-shell-2"]
    assert (shell.certainty, shell.question) == (Certainty.LIKELY, "kyc_high_risk")
    assert shell.facts["factors"] == ["sdn_list"]
    (match,) = [one for one in shell.trace.children if one.label == "match"]
    said = {one.label: one for one in match.children}
    assert said["path"].value == "Mirea Sandling → Tern Hollow Two"
    assert {one.name for one in match.children if one.label == "on lists"} == {"us_sdn", "eu_fsf"}
    weather = found["c-small-1"]
    assert (weather.certainty, weather.question) == (Certainty.LIKELY, "kyc_listed_party")
    assert weather.facts["lists"] == ["us_unverified"]


def test_nothing_is_shown_twice(world: World) -> None:
    findings = [one for one in world.pass_over().assessment.findings if one.rule == RULE]
    seen = Counter((one.subject.id, one.window) for one in findings)
    assert set(seen.values()) == {1}
    again = world.pass_over()
    assert again.screening is not None
    assert (again.screening.gained, again.screening.lost) == ((), ())
    assert [one for one in again.assessment.changes if one.rule == RULE] == []


def test_a_customer_on_lists_of_several_places_has_one_case(world: World) -> None:
    other = listed_party("lp-3", entry("3", "Weather Pell", list_id="eu_fsf"))
    world.lists = in_use(SANDLING, WEATHER, other)
    findings = [one for one in world.pass_over().assessment.findings if one.rule == RULE]
    mine = [one for one in findings if one.subject.id == "c-small-1"]
    assert len(mine) == 2
    assert len({world.case_of(one).case_id for one in mine}) == 1
    assert world.case_of(mine[0]).jurisdiction == "OWN"


def test_clearing_an_alert_makes_an_allowance_that_ends_on_its_day(world: World) -> None:
    finding = world.found()["c-small-1"]
    case = world.decide(finding, DecisionKind.CLEAR)
    assert alert_of(case, finding) is Judgement.CLEARED
    assert "c-small-1" not in world.found()
    (allowance,) = world.node.store.matches.allowances()
    assert (allowance.state, allowance.reason) == (AllowanceState.STANDING, "looked at papers")
    assert allowance.expires == (world.at - timedelta(days=1)).date() + timedelta(days=365)
    assert world.case_of(finding).alerts[0].is_gone
    world.at += timedelta(days=400)
    again = world.found()["c-small-1"]
    assert again.id == finding.id
    assert world.node.store.matches.allowances()[0].state is AllowanceState.EXPIRED
    reopened = world.case_of(again)
    assert alert_of(reopened, again) is Judgement.NONE
    assert reopened.state is not State.CLOSED
    assert world.found()["c-small-1"].certainty is Certainty.LIKELY


def test_who_was_cleared_behind_one_customer_is_cleared_behind_all(world: World) -> None:
    world.decide(world.found()["c-shell-1"], DecisionKind.CLEAR)
    assert set(world.found()) == {"c-small-1"}


def test_a_confirmed_match_is_certain_and_is_judged_once(world: World) -> None:
    finding = world.found()["c-shell-1"]
    (first, *_) = finding.reasons
    assert first == str(UNCONFIRMED)
    world.decide(finding, DecisionKind.CONFIRM)
    found = world.found()
    assert str(UNCONFIRMED) not in found["c-shell-1"].reasons
    assert {found[one].certainty for one in ("c-shell-1", "c-shell-2", "c-shell-3")} == {
        Certainty.CERTAIN
    }
    assert alert_of(world.case_of(finding), finding) is Judgement.CONFIRMED
    assert world.found().keys() == found.keys()
    assert alert_of(world.case_of(finding), finding) is Judgement.CONFIRMED
    (match,) = [one for one in world.node.store.matches.matches() if one.party_id == "p-sandling"]
    assert match.state is MatchState.CONFIRMED
    assert set(world.node.store.matches.findings_of(match.match_id)) == {
        found[one].id for one in ("c-shell-1", "c-shell-2", "c-shell-3")
    }
    outcomes = world.node.store.matches.outcomes(match.match_id)
    assert [one.after for one in outcomes] == [MatchState.OPEN, MatchState.CONFIRMED]
    assert world.pass_over().world.listed["p-sandling"][0].is_confirmed  # type: ignore[index]


def test_a_finding_keeps_its_id_when_the_listed_party_becomes_part_of_an_older_one(
    world: World,
) -> None:
    finding = world.found()["c-small-1"]
    world.decide(finding, DecisionKind.CONFIRM)
    world.found()
    older = listed_party("lp-0", entry("0", "Someone Else Entirely", list_id="us_sdn"))
    merged = ListedParty("lp-0", (*older.entries, *WEATHER.entries))
    world.lists = in_use(SANDLING, merged, survivors={"lp-2": "lp-0"})
    after = world.found()["c-small-1"]
    assert (after.id, after.certainty) == (finding.id, Certainty.CERTAIN)
    assert alert_of(world.case_of(after), after) is Judgement.CONFIRMED


def test_an_allowance_goes_on_through_a_merge_and_ends_when_a_side_changes(world: World) -> None:
    finding = world.found()["c-small-1"]
    world.decide(finding, DecisionKind.CLEAR)
    world.found()
    merged = ListedParty("lp-0", (*entry_of("lp-0").entries, *WEATHER.entries))
    world.lists = in_use(SANDLING, merged, survivors={"lp-2": "lp-0"})
    assert "c-small-1" not in world.found()
    (allowance,) = world.node.store.matches.allowances()
    assert (allowance.state, allowance.listed_id) == (AllowanceState.STANDING, "lp-0")
    told = listed_party("lp-0", *merged.entries, entry("9", "Pell Weather Co", list_id="eu_fsf"))
    world.lists = in_use(SANDLING, told, survivors={"lp-2": "lp-0"})
    assert "c-small-1" in world.found()
    (ended,) = world.node.store.matches.allowances()
    assert ended.state is AllowanceState.LISTED_CHANGED


def entry_of(party_id: str) -> ListedParty:
    return listed_party(party_id, entry("0", "Someone Else Entirely"))


def test_without_lists_nobody_is_screened(world: World) -> None:
    passed = tiny_world.pass_over(world.node)
    assert passed.screening is None
    assert RULE not in {one.rule for one in passed.assessment.findings}


def test_no_act_of_screening_names_anyone(world: World) -> None:
    world.decide(world.found()["c-shell-1"], DecisionKind.CLEAR)
    world.found()
    said = b"".join(one.canonical for one in world.node.store.acts() if one.name == "screened")
    assert b"lists" in said
    assert b"c-shell" not in said
    assert not any(name.encode() in said for name in (*tiny_world.PEOPLE, "Pell Weather"))
    assert AS_OF.isoformat().encode() not in said
