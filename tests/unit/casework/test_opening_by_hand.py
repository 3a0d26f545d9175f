"""Cases that people open: about a finding, about a subject, and what passes do to them later."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest

from case_samples import AT, DAY, finding, obligation
from empty_stores import empty_store
from principals import GROUP, principal
from sluicegate.adapters.store import SqlStore
from sluicegate.cases.case import Case, CaseKind, DecisionKind, Outcome, Priority, State
from sluicegate.cases.commands import Check, Comment, Propose, Snooze
from sluicegate.core.clock import FixedClock
from sluicegate.core.identifiers import DEFAULT_TENANT
from sluicegate.rules.loading import shipped_book
from sluicegate.services.access.authority import NotFoundError, RefusedError
from sluicegate.services.access.principals import Scope
from sluicegate.services.casework.acting import act
from sluicegate.services.casework.after_pass import AfterPass, PassFound, apply_pass
from sluicegate.services.casework.case_ids import case_id_of
from sluicegate.services.casework.found_again import Effect
from sluicegate.services.casework.opening import (
    CaseStandsError,
    NewCase,
    NewCaseError,
    open_case,
    open_cases_about,
)
from sluicegate.services.casework.reading import read_case
from sluicegate.services.casework.sealed import SealedAbout, open_sealed
from sluicegate.services.desk import Desk
from sluicegate.wiring.access import authority_of

US = case_id_of(DEFAULT_TENANT, "customer:c-1", "US")
SMALL: dict[str, Any] = {"level": "below", "certainty": "cleared", "as_enforced": False}
"""A kind of finding of which no pass opens a case."""


@pytest.fixture
def store() -> Iterator[SqlStore]:
    with empty_store(FixedClock(AT)) as opened:
        yield opened


def desk(store: SqlStore, role: str = "reviewer", days: int = 0, **given: Any) -> Desk:
    who = principal(role, identifier=f"user:{role}", **given)
    return Desk(who, store, authority_of(), FixedClock(AT + timedelta(days=days)))


def passed(
    store: SqlStore,
    findings: Sequence[dict[str, Any]],
    owed: Sequence[dict[str, Any]] = (),
    *,
    closed: Sequence[str] = (),
    days: int = 0,
) -> AfterPass:
    """Keep what a pass found, and let it come to the cases."""
    at = AT + timedelta(days=days)
    store.record_pass(findings, closed, at=at, by="local:op", obligations=owed)
    seen = PassFound(DEFAULT_TENANT, DAY, findings, owed, {one["id"] for one in findings})
    return apply_pass(store, seen, shipped_book(), at=at, by="local:op")


def about(name: str = "f-1", **given: Any) -> NewCase:
    return NewCase(**{"title": "", "reason": "It grows fast.", "finding": name, **given})


def standing(store: SqlStore) -> Case:
    case = store.cases.find(US, Scope(DEFAULT_TENANT))
    assert case is not None
    return case


def cleared(store: SqlStore) -> None:
    """Let two people clear all there is in the case, and close it."""
    case = act(desk(store), US, Propose(DecisionKind.CLEAR, "a test"))
    for one in case.proposals:
        act(desk(store, "officer"), US, Check(one.proposal_id, True))
    act(desk(store), US, Propose(DecisionKind.CLOSE, "done"))


def test_a_case_about_a_finding_takes_its_subject_its_alert_and_its_due_days(
    store: SqlStore,
) -> None:
    passed(store, [finding(**SMALL)], [obligation()])
    case = open_case(desk(store), about())
    assert (case.case_id, case.kind, case.state) == (US, CaseKind.OVERSIGHT, State.NEW)
    assert (case.subject, case.jurisdiction, case.customer_id) == ("customer:c-1", "US", "c-1")
    assert case.title == "Harrow Basin Models"
    assert [(one.alert_id, one.is_by_hand) for one in case.alerts] == [("f-1", True)]
    assert [one.duty for one in case.clocks] == ["Decide the case", "Notify"]
    file = read_case(desk(store), US)
    assert [one.event.reason for one in file.timeline] == ["It grows fast."]
    assert file.findings["f-1"]["level"] == "below"


def test_a_title_and_a_priority_that_are_given_stand(store: SqlStore) -> None:
    passed(store, [finding(**SMALL)])
    case = open_case(desk(store), about(title="Odd growth", priority=Priority.URGENT))
    assert (case.title, case.priority, case.is_priority_set) == (
        "Odd growth",
        Priority.URGENT,
        True,
    )


def test_later_passes_keep_it_for_as_long_as_the_finding_is_found(store: SqlStore) -> None:
    passed(store, [finding(**SMALL)])
    open_case(desk(store), about())
    assert passed(store, [finding(**SMALL)], days=1) == AfterPass()
    changed = passed(store, [finding(**{**SMALL, "certainty": "likely"})], days=2)
    assert changed.count(Effect.CHANGED) == 1
    alert = standing(store).alerts[0]
    assert (alert.certainty, alert.is_by_hand, alert.is_gone) == ("likely", True, False)
    assert passed(store, [], closed=["f-1"], days=3).count(Effect.CLOSED) == 1
    assert standing(store).outcome is Outcome.NO_LONGER_FOUND


def test_a_finding_that_a_pass_brought_still_goes_when_it_is_of_no_such_kind_any_more(
    store: SqlStore,
) -> None:
    passed(store, [finding()])
    act(desk(store), US, Comment("looking"))
    passed(store, [finding(**SMALL)], days=1)
    assert standing(store).alerts[0].is_gone


def test_what_a_pass_finds_beside_it_comes_into_the_same_case(store: SqlStore) -> None:
    passed(store, [finding(**SMALL)])
    open_case(desk(store), about())
    assert passed(store, [finding(**SMALL), finding("f-2")], days=1).count(Effect.CHANGED) == 1
    case = standing(store)
    assert [(one.alert_id, one.is_by_hand, one.is_gone) for one in case.alerts] == [
        ("f-1", True, False),
        ("f-2", False, False),
    ]


def test_while_its_case_is_open_no_second_one_is_opened(store: SqlStore) -> None:
    passed(store, [finding()])
    with pytest.raises(CaseStandsError, match=US):
        open_case(desk(store), about())
    assert standing(store).version == 1


def test_a_closed_case_is_opened_again_with_the_finding_and_the_reason(store: SqlStore) -> None:
    passed(store, [finding()])
    cleared(store)
    passed(store, [finding(), finding("f-2", **SMALL)], days=1)
    assert standing(store).state is State.CLOSED
    case = open_case(desk(store, days=2), about("f-2", priority=Priority.HIGH))
    assert (case.case_id, case.state, case.outcome) == (US, State.OPEN, None)
    assert [one.alert_id for one in case.alerts] == ["f-1", "f-2"]
    assert case.priority is Priority.HIGH
    last = [one.event.kind for one in read_case(desk(store), US).timeline][-4:]
    assert last == ["found", "reopened", "prioritised", "resumed"]
    written = [one for one in store.acts() if one.name == "case_opened"]
    assert [b"user:reviewer" in one.canonical for one in written] == [True]
    assert passed(store, [finding(), finding("f-2", **SMALL)], days=3) == AfterPass()


def test_it_says_nothing_else_of_the_subject_than_its_finding(store: SqlStore) -> None:
    passed(store, [finding(**SMALL)])
    with pytest.raises(NewCaseError, match="subject_id: is not what the finding says"):
        open_case(desk(store), about(subject_id="c-2"))
    with pytest.raises(NewCaseError, match="jurisdiction"):
        open_case(desk(store), about(jurisdiction="EU"))
    with pytest.raises(NewCaseError, match="reason: is empty"):
        open_case(desk(store), about(reason=" "))
    same = about(subject_id="c-1", jurisdiction="US")
    assert open_case(desk(store), same).case_id == US


def test_a_finding_that_is_gone_or_not_there_opens_nothing(store: SqlStore) -> None:
    passed(store, [finding(**SMALL)])
    passed(store, [], closed=["f-1"], days=1)
    with pytest.raises(NewCaseError, match="no longer found"):
        open_case(desk(store), about())
    with pytest.raises(NotFoundError):
        open_case(desk(store), about("f-9"))


def test_who_may_not_or_sees_other_jurisdictions_opens_nothing(store: SqlStore) -> None:
    passed(store, [finding(**SMALL)])
    with pytest.raises(RefusedError):
        open_case(desk(store, "viewer"), about())
    with pytest.raises(NotFoundError):
        open_case(desk(store, jurisdictions=frozenset({"EU"})), about())
    assert store.cases.find(US, Scope(DEFAULT_TENANT)) is None


def test_open_cases_about_a_subject_are_told_without_closed_and_sealed_ones(
    store: SqlStore,
) -> None:
    passed(store, [finding()])
    officer = desk(store, "officer", sealed={GROUP})
    sealed = open_sealed(officer, SealedAbout("customer", "c-1", "Harrow"), GROUP, "odd payments")
    assert [one.case_id for one in open_cases_about(officer, "customer:c-1")] == [US]
    act(desk(store), US, Snooze(DAY + timedelta(days=9), "holiday"))
    assert [one.case_id for one in open_cases_about(officer, "customer:c-1")] == [US]
    act(desk(store), US, Comment("back"))
    cleared(store)
    assert list(open_cases_about(officer, "customer:c-1")) == []
    assert officer.store.cases.find(sealed.case_id, officer.scope) is not None
