"""A change of screening takes no alert away until a second person activates it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from list_worlds import ListWorld, list_world, person
from principals import operator, principal
from screening_fakes import (
    ScreeningBench,
    customer,
    entry,
    fake_engine,
    in_use,
    listed_party,
    states,
)
from sluicegate.adapters.policies import CedarAuthority, shipped_statements
from sluicegate.core.clock import FixedClock
from sluicegate.core.identifiers import DEFAULT_TENANT
from sluicegate.rules.loading import shipped_book
from sluicegate.services.access.authority import NotFoundError, RefusedError
from sluicegate.services.access.principals import Principal
from sluicegate.services.desk import Desk
from sluicegate.services.lists.importing import ImportOptions
from sluicegate.services.ports.matches import RunKind, Trigger
from sluicegate.services.ports.validation import ChangeKind, Proposal, ProposalState
from sluicegate.services.screening.allowing import NewAllowance, allow
from sluicegate.services.screening.condition import check_screening, condition_of
from sluicegate.services.screening.engine import ListsInUse, Scoring
from sluicegate.services.screening.method import threshold_in_force
from sluicegate.services.screening.node_lists import NodeLists
from sluicegate.services.screening.running import Screen, run_screening
from sluicegate.services.screening.validation.changed_sections import named_shifts, shift_rows
from sluicegate.services.screening.validation.changes import (
    ChangeRefusedError,
    NewChange,
    NewList,
    Validator,
    decide,
    propose,
    propose_list,
    withdraw,
)
from sluicegate.services.screening.validation.sections import for_files
from sluicegate.services.screening.validation.trial import lists_on_trial
from sluicegate.services.settings import Settings

AUTHORITY = CedarAuthority(shipped_statements())
NEAR = listed_party("lp-1", entry("1", "Ivo Marrant Sorrel"))
SAME = listed_party("lp-2", entry("2", "Lena Quist"))


@dataclass
class ChangeBench:
    """A bench with two alerts, of 0.6666 and 1, and a desk for whoever acts."""

    bench: ScreeningBench = field(default_factory=lambda: ScreeningBench(in_use(NEAR, SAME)))

    def __post_init__(self) -> None:
        self.bench.put("customers", customer("c-1", "Ivo Marrant"), customer("c-2", "Lena Quist"))
        self.bench.run()

    def desk(self, who: Principal) -> Desk:
        store = self.bench.store
        return Desk(replace(who, tenant=store.tenant), store, AUTHORITY, FixedClock(self.now()))

    def now(self) -> datetime:
        self.bench.at += timedelta(minutes=1)
        return self.bench.at

    def known(self, *, on: date, known_on: datetime | None) -> ListsInUse | None:
        """The lists that every moment knows."""
        return self.bench.lists

    def propose(self, threshold: int | None, who: Principal | None = None) -> Proposal:
        desk = self.desk(who or principal("officer", identifier="user:first"))
        validator = Validator(desk, self, Scoring(fake_engine, self.bench.threshold))
        return propose(validator, NewChange("fewer look-alikes", threshold))

    def decide(self, one: Proposal, who: Principal, **given: Any) -> Proposal:
        given = {"is_activated": True, "installed": one.algorithm, **given}
        return decide(self.desk(who), one.proposal_id, **given)

    def alerts(self) -> set[tuple[str, str]]:
        return {key for key, one in self.bench.matches().items() if one.state.is_alert}


SECOND = principal("officer", identifier="user:second")


@pytest.fixture
def made() -> ChangeBench:
    return ChangeBench()


def test_a_replay_says_which_alerts_go_with_the_names_of_both(made: ChangeBench) -> None:
    one = made.propose(9_000)
    (moment,) = one.moments
    assert (one.kind, one.threshold_before, one.threshold) == (ChangeKind.THRESHOLD, 6_000, 9_000)
    assert (moment.before, moment.after, moment.gained) == (2, 1, ())
    (lost,) = named_shifts(made.bench.store, [one])
    assert not lost.is_gain
    assert (lost.party_name, lost.shift.listed_name) == ("Ivo Marrant", "Ivo Marrant Sorrel")
    (row,) = shift_rows(made.bench.store, one)
    assert (for_files(row["change"]), for_files(row["stood"])) == ("lost", "open")
    assert (row["before"], row["after"]) == ("0.6666", "0.6666")


def test_a_lower_score_shows_what_it_would_gain(made: ChangeBench) -> None:
    made.bench.put("customers", customer("c-3", "Lena Sorrel"))
    made.bench.run()
    (moment,) = made.propose(3_000).moments
    gained = {(one.party_id, one.listed_id, one.stood) for one in moment.gained}
    assert ("c-3", "lp-2", "") in gained
    assert moment.lost == ()


def test_no_alert_goes_before_a_second_person_activates_the_change(made: ChangeBench) -> None:
    both = made.alerts()
    made.bench.threshold = 9_000
    held = made.bench.run()
    assert (held.kind, held.lost, made.alerts()) == (RunKind.FULL, (), both)
    made.bench.run(is_full=True)
    assert made.alerts() == both
    condition = condition_of(
        made.bench.store, {"us_sdn": "1"}, (), Settings("sqlite://"), now=made.bench.at
    )
    assert condition.held_back == 1
    assert "wait for a change of screening" in check_screening(condition).finding
    made.bench.threshold = None
    one = made.propose(9_000)
    made.decide(one, SECOND)
    made.bench.threshold = threshold_in_force(made.bench.store, None)
    after = made.bench.run()
    assert (after.kind, len(after.lost)) == (RunKind.FULL, 1)
    assert made.alerts() == {("c-2", "lp-2")}
    assert states(made.bench.matches().values())["c-1", "lp-1"] == "gone"


def test_a_delta_keeps_what_waits_for_activation(made: ChangeBench) -> None:
    made.bench.threshold = 9_000
    made.bench.run()
    made.bench.put("customers", customer("c-3", "Someone Else"))
    delta = made.bench.run()
    assert (delta.kind, delta.lost, len(made.alerts())) == (RunKind.DELTA, (), 2)


def test_what_changed_itself_is_not_held_back(made: ChangeBench) -> None:
    made.bench.threshold = 9_000
    made.bench.put("customers", customer("c-1", "Ivo Other"))
    assert len(made.bench.run().lost) == 1


def test_a_lower_setting_acts_at_once_and_a_higher_one_waits(made: ChangeBench) -> None:
    store = made.bench.store
    assert threshold_in_force(store, 9_000) == 6_000
    assert threshold_in_force(store, 5_000) == 5_000
    assert threshold_in_force(store, None) is None
    assert threshold_in_force(ScreeningBench().store, 9_000) == 9_000
    made.decide(made.propose(7_000), SECOND)
    assert threshold_in_force(store, 5_000) == 7_000


def test_activation_needs_another_person_who_signed_in(made: ChangeBench) -> None:
    one = made.propose(9_000)
    with pytest.raises(RefusedError, match="another person"):
        made.decide(one, principal("officer", identifier="user:first"))
    with pytest.raises(RefusedError, match="signed in"):
        made.decide(one, operator())
    for role in ("analyst", "reviewer", "auditor", "engineer", "administrator", "viewer"):
        with pytest.raises(RefusedError):
            made.decide(one, principal(role))
    done = made.decide(one, SECOND)
    assert (done.state, done.decided_by, done.version) == (
        ProposalState.ACTIVATED,
        "user:second",
        2,
    )
    with pytest.raises(ChangeRefusedError, match="does not wait"):
        made.decide(one, SECOND)
    acts = [act for act in made.bench.store.acts() if act.name.startswith("change of screening")]
    assert [act.by for act in acts] == ["user:first", "user:second"]
    record = json.loads(acts[-1].canonical)["record"]
    assert (record["threshold"], record["threshold_before"], record["state"]) == (
        9_000,
        6_000,
        "activated",
    )
    assert not any(b"Marrant" in act.canonical for act in acts)


def test_who_proposed_at_the_command_line_does_not_activate_under_an_account(
    made: ChangeBench,
) -> None:
    one = made.propose(9_000, operator())
    with pytest.raises(ChangeRefusedError, match="command line"):
        made.decide(one, SECOND, known_as=["local:operator"])


def test_a_replay_of_something_else_is_not_activated(made: ChangeBench) -> None:
    first, overtaken = made.propose(8_000), made.propose(9_000)
    with pytest.raises(ChangeRefusedError, match="propose it again"):
        made.decide(first, SECOND, installed="other-2")
    made.decide(first, SECOND)
    with pytest.raises(ChangeRefusedError, match="Another change was activated"):
        made.decide(overtaken, SECOND)
    assert threshold_in_force(made.bench.store, None) == 8_000


def test_a_rejection_and_a_withdrawal_need_a_reason_and_change_nothing(made: ChangeBench) -> None:
    one, other = made.propose(8_000), made.propose(9_000)
    with pytest.raises(ChangeRefusedError):
        made.decide(one, SECOND, is_activated=False)
    rejected = made.decide(one, SECOND, is_activated=False, reason="loses a confirmed one")
    assert rejected.state is ProposalState.REJECTED
    desk = made.desk(principal("analyst"))
    with pytest.raises(ChangeRefusedError):
        withdraw(desk, other.proposal_id, " ")
    assert withdraw(desk, other.proposal_id, "wrong").state is ProposalState.WITHDRAWN
    assert made.bench.store.validation.activated() is None
    with pytest.raises(NotFoundError):
        made.decide(replace(one, proposal_id="sc-none"), SECOND)


@pytest.mark.parametrize("threshold", [0, -1, 10_000, 6_000, None])
def test_what_changes_nothing_or_is_no_score_is_refused(
    made: ChangeBench, threshold: int | None
) -> None:
    with pytest.raises(ChangeRefusedError):
        made.propose(threshold)


def test_nothing_is_proposed_without_history_or_role(made: ChangeBench) -> None:
    with pytest.raises(RefusedError):
        made.propose(9_000, principal("viewer"))
    empty = ScreeningBench()
    desk = Desk(
        replace(SECOND, tenant=empty.store.tenant), empty.store, AUTHORITY, FixedClock(empty.at)
    )
    with pytest.raises(ChangeRefusedError, match="history"):
        propose(Validator(desk, made, Scoring(fake_engine)), NewChange("why", 9_000))


def test_an_activation_asks_for_a_run(made: ChangeBench) -> None:
    made.decide(made.propose(9_000), SECOND)
    condition = condition_of(
        made.bench.store, {"us_sdn": "1"}, (), Settings("sqlite://"), now=made.bench.at
    )
    assert condition.due is Trigger.METHOD_CHANGED


@pytest.fixture
def world(tmp_path: Path) -> ListWorld:
    return list_world(tmp_path)


def test_a_list_is_replayed_and_nothing_of_it_is_kept(world: ListWorld) -> None:
    parts = world.parts
    world.load("us_sdn", person("us_sdn", "1", "Ivo Marrant"))
    parts.store.put("customers", [customer("c-1", "Ivo Marrant"), customer("c-2", "Lena Quist")],
                    at=parts.clock.now(), by="local:test")  # fmt: skip
    lists = NodeLists(parts.store, parts.files, parts.catalogue, parts.clock)
    officer = principal("officer", tenant=DEFAULT_TENANT)
    desk = Desk(officer, parts.store, AUTHORITY, parts.clock)
    read = world.read("us_sdn", [person("us_sdn", "1", "Ivo Marrant"),
                                 person("us_sdn", "2", "Lena Quist")])  # fmt: skip
    validator = Validator(desk, lists, Scoring(fake_engine))
    one = propose_list(validator, NewList("a new version", parts, read, ImportOptions()))
    (moment,) = one.moments
    assert (moment.before, moment.after, moment.listed) == (1, 2, 2)
    (gained,) = moment.gained
    assert (gained.party_id, gained.listed_name) == ("c-2", "Lena Quist")
    assert (one.list_id, one.checksum) == ("us_sdn", read.checksum)
    assert len(parts.store.lists.versions()) == 1
    known = lists.known(on=parts.clock.now().date(), known_on=None)
    assert known is not None
    assert len(known.parties) == 1


def test_a_party_that_a_list_drops_is_an_alert_lost(world: ListWorld) -> None:
    world.load("us_sdn", *(person("us_sdn", str(n), f"Ivo Marrant{n}") for n in range(20)))
    fewer = [person("us_sdn", str(n), f"Ivo Marrant{n}") for n in range(1, 20)]
    read = world.read("us_sdn", fewer)
    trial = lists_on_trial(world.parts, read, ImportOptions(), on=world.parts.clock.now().date())
    assert len(trial.parties) == 19


def test_a_cleared_match_that_a_list_drops_is_no_alert_lost(world: ListWorld) -> None:
    parts, at = world.parts, world.parts.clock.now()
    two = [person("us_sdn", "1", "Ivo Marrant"), person("us_sdn", "2", "Lena Quist")]
    world.load("us_sdn", *two)
    parts.store.put("customers", [customer("c-1", "Ivo Marrant")], at=at, by="local:test")
    desk = Desk(principal("officer", tenant=DEFAULT_TENANT), parts.store, AUTHORITY, parts.clock)
    lists = NodeLists(parts.store, parts.files, parts.catalogue, parts.clock)
    in_force = lists.in_use(on=at.date())
    assert in_force is not None
    screen = Screen(
        store=parts.store,
        lists=in_force,
        scoring=Scoring(fake_engine),
        book=shipped_book(),
        tenant=DEFAULT_TENANT,
        as_of=at.date(),
        at=at,
        by="local:test",
    )
    run_screening(screen)
    (match,) = parts.store.matches.matches()
    allow(desk, NewAllowance(match.match_id, "another birth date"), shipped_book())
    run_screening(replace(screen, at=at + timedelta(hours=1)))
    read = world.read("us_sdn", two[1:])
    options = ImportOptions(None, "its issuer took half of it off")
    validator = Validator(desk, lists, Scoring(fake_engine))
    (moment,) = propose_list(validator, NewList("why", parts, read, options)).moments
    assert (moment.before, moment.after, moment.lost) == (1, 0, ())
    assert (moment.cleared, moment.cleared_kept) == (1, 0)
