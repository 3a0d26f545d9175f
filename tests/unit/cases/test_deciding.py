"""What may be done to a case, and that nobody checks what they proposed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from case_samples import AT, DAY, PEOPLE, alert, commands, opened_case, owed, rules
from sluicegate.cases.case import (
    Case,
    CaseEvent,
    CaseKind,
    Clock,
    ClockState,
    DecisionKind,
    Judgement,
    Outcome,
    Priority,
    State,
)
from sluicegate.cases.commands import (
    Assign,
    Check,
    Command,
    Comment,
    EnterEvent,
    Extend,
    Lapse,
    Meet,
    Propose,
    ReceiveInformation,
    Reopen,
    RequestInformation,
    Snooze,
    TakeBack,
    Withdraw,
)
from sluicegate.cases.deciding import decide
from sluicegate.cases.docket import NotAllowedNowError
from sluicegate.cases.documents import read_json, write_json
from sluicegate.cases.events import Decided, EventKind, Named, Proposed, said_by
from sluicegate.cases.folding import FoldError, fold, fold_all
from sluicegate.cases.trying import trials
from sluicegate.core.phrases import Language

ADA, BO, CHEN = PEOPLE


def done(case: Case, command: Command, by: str = ADA, days: int = 0) -> Case:
    for event in decide(case, command, by, AT + timedelta(days=days), rules()):
        case = fold(case, event)
    return case


def refused(case: Case, command: Command, by: str = ADA, days: int = 0) -> str:
    with pytest.raises(NotAllowedNowError) as told:
        decide(case, command, by, AT + timedelta(days=days), rules())
    assert told.value.reason.text(Language.ZH) != str(told.value.reason)
    return str(told.value.reason)


def confirmed(case: Case) -> Case:
    case = done(case, Propose(DecisionKind.CONFIRM, "seen"))
    return done(case, Check(case.proposals[0].proposal_id, True), BO)


def test_confirming_waits_for_a_second_person() -> None:
    case = done(opened_case([alert()]), Propose(DecisionKind.CONFIRM, "seen"))
    assert case.state is State.PENDING
    assert case.alerts[0].judgement is Judgement.NONE
    proposal = case.proposals[0].proposal_id
    assert "another person" in refused(case, Check(proposal, True), ADA)
    case = done(case, Check(proposal, True), BO)
    assert (case.state, case.alerts[0].judgement) == (State.OPEN, Judgement.CONFIRMED)


def test_a_rejected_proposal_leaves_the_alert_as_it_was() -> None:
    case = done(opened_case([alert()]), Propose(DecisionKind.CONFIRM, "seen"))
    proposal = case.proposals[0].proposal_id
    assert "reason" in refused(case, Check(proposal, False), BO)
    case = done(case, Check(proposal, False, "look again"), BO)
    assert (case.state, case.proposals) == (State.OPEN, ())
    assert case.alerts[0].judgement is Judgement.NONE


def test_only_the_maker_takes_a_proposal_back() -> None:
    case = done(opened_case([alert()]), Propose(DecisionKind.CONFIRM, "seen"))
    take_back = TakeBack(case.proposals[0].proposal_id)
    assert "Only whoever proposed" in refused(case, take_back, BO)
    assert done(case, take_back, ADA).proposals == ()


@pytest.mark.parametrize(
    ("certainty", "is_enforced", "state"),
    [
        ("certain", True, State.PENDING),
        ("likely", True, State.OPEN),
        ("certain", False, State.OPEN),
    ],
)
def test_clearing_needs_a_second_person_by_weight(
    certainty: str, is_enforced: bool, state: State
) -> None:
    case = opened_case([alert(certainty=certainty, is_enforced=is_enforced)])
    assert done(case, Propose(DecisionKind.CLEAR, "a test run")).state is state


def test_what_was_confirmed_is_cleared_by_two_whatever_its_weight() -> None:
    case = confirmed(opened_case([alert(certainty="likely")]))
    case = done(case, Propose(DecisionKind.CLEAR, "wrong", ("f-1",)))
    assert case.state is State.PENDING


def test_clearing_ends_the_clocks_of_what_is_cleared() -> None:
    case = opened_case([alert(certainty="likely")], [owed()])
    case = done(case, Propose(DecisionKind.CLEAR, "a test run"))
    assert [one.state for one in case.clocks] == [ClockState.RUNNING, ClockState.WITHDRAWN]
    case = done(case, Propose(DecisionKind.CLOSE, "done"))
    assert (case.state, case.outcome, case.due) == (State.CLOSED, Outcome.CLEARED, None)


def test_a_case_closes_only_when_nothing_is_left() -> None:
    close = Propose(DecisionKind.CLOSE, "done")
    case = opened_case([alert()], [owed()])
    assert "neither confirmed nor cleared" in refused(case, close)
    case = confirmed(case)
    assert "clocks run" in refused(case, close)
    case = done(case, Meet("k-1", DAY, "sent by post"))
    case = done(case, RequestInformation("customer", "the invoice"))
    assert "has not come" in refused(case, close)
    case = done(case, ReceiveInformation(case.requests[0].request_id, "it came"))
    assert done(case, close).outcome is Outcome.CONFIRMED


def test_closing_after_a_lapse_needs_a_second_person() -> None:
    case = confirmed(opened_case([alert()], [owed()]))
    assert "has not passed" in refused(case, Lapse("k-1", "forgotten"), days=15)
    case = done(case, Lapse("k-1", "forgotten"), days=16)
    case = done(case, Propose(DecisionKind.CLOSE, "done"), days=16)
    assert case.state is State.PENDING
    case = done(case, Check(case.proposals[0].proposal_id, True), CHEN, days=17)
    assert case.state is State.CLOSED


def test_a_block_is_placed_and_released_by_two() -> None:
    case = done(opened_case([alert()]), Propose(DecisionKind.BLOCK, "risk"))
    case = done(case, Check(case.proposals[0].proposal_id, True), BO)
    assert [one.released_at for one in case.blocks] == [None]
    assert "stands already" in refused(case, Propose(DecisionKind.BLOCK, "again"))
    case = done(case, Propose(DecisionKind.RELEASE, "no risk"), BO)
    case = done(case, Check(case.proposals[0].proposal_id, True), ADA)
    assert case.blocks[0].released_at == AT
    assert "No block" in refused(case, Propose(DecisionKind.RELEASE, "again"))


def test_a_sealed_file_places_no_block_and_closes_by_two() -> None:
    case = opened_case([], kind=CaseKind.SUSPICION, sealed_for="suspicion")
    assert "not sealed" in refused(case, Propose(DecisionKind.BLOCK, "risk"))
    assert done(case, Propose(DecisionKind.CLOSE, "nothing in it")).state is State.PENDING


def test_filing_waits_for_a_second_person_and_is_kept() -> None:
    case = done(opened_case([alert()]), Propose(DecisionKind.FILE, "due", filing="g-1"))
    case = done(case, Check(case.proposals[0].proposal_id, True), BO)
    assert case.filings == ("g-1",)
    assert "filed already" in refused(case, Propose(DecisionKind.FILE, "due", filing="g-1"))


def test_nothing_is_decided_twice_at_once() -> None:
    case = done(opened_case([alert()]), Propose(DecisionKind.CONFIRM, "seen"))
    assert "waits for a second person" in refused(case, Propose(DecisionKind.CLEAR, "no"))


def test_a_case_rests_until_a_day_before_what_binds() -> None:
    case = opened_case([alert()], [owed()])
    assert "choose a day before" in refused(case, Snooze(DAY + timedelta(days=15), "rest"))
    assert "still to come" in refused(case, Snooze(DAY, "rest"))
    assert "at the latest" in refused(opened_case(), Snooze(DAY + timedelta(days=91), "rest"))
    case = done(case, Snooze(DAY + timedelta(days=14), "rest"))
    assert (case.state, case.snoozed_until) == (State.SNOOZED, DAY + timedelta(days=14))
    assert done(case, Comment("still here")).state is State.SNOOZED


def test_a_closed_case_takes_comments_and_is_opened_again() -> None:
    case = opened_case([alert(certainty="likely")])
    case = done(case, Propose(DecisionKind.CLEAR, "test"))
    case = done(case, Propose(DecisionKind.CLOSE, "done"))
    assert "reopen it first" in refused(case, Assign(BO))
    assert done(case, Comment("noted")).state is State.CLOSED
    case = done(case, Reopen("new facts"), days=3)
    assert (case.state, case.outcome) == (State.OPEN, None)
    assert case.due == DAY + timedelta(days=23)


def test_a_new_case_stays_new_until_someone_works_it() -> None:
    case = done(opened_case([alert()]), Assign(BO))
    assert case.state is State.NEW
    assert done(case, Comment("looked at")).state is State.OPEN


def test_an_unknown_clock_is_named() -> None:
    assert "no clock k-9" in refused(opened_case(), Extend("k-9", 3, "more"))


def test_withdrawn_is_the_end_of_a_clock() -> None:
    case = done(opened_case([alert()], [owed()]), Withdraw("k-1", "repealed"))
    assert "nothing more is done" in refused(case, Meet("k-1", DAY, "done"))
    assert "only one that waits" in refused(case, EnterEvent("k-1", DAY, "x"))


def drawn(data: st.DataObject, length: int) -> tuple[Case, list[CaseEvent]]:
    """Work a case by random commands of three people; what is refused changes nothing."""
    case = opened_case(
        [alert(), alert("f-2", certainty="possible")],
        [owed(), owed("2", due=None, counted_from="incident_learned", alert="f-2")],
    )
    events: list[CaseEvent] = []
    for step in range(length):
        command = data.draw(commands(case))
        by = data.draw(st.sampled_from(PEOPLE))
        at = AT + timedelta(hours=7 * step)
        try:
            decided = decide(case, command, by, at, rules())
        except NotAllowedNowError:
            continue
        before = case
        for event in decided:
            case = fold(case, event)
        events += decided
        assert case.version == before.version + len(decided)
    return case, events


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_no_sequence_of_commands_lets_a_maker_check_their_own_proposal(data: st.DataObject) -> None:
    _, events = drawn(data, 25)
    makers = {
        said.proposal_id: event.by
        for event in events
        if isinstance(said := said_by(event), Proposed)
    }
    for event in events:
        said = said_by(event)
        if event.kind in (EventKind.APPROVED.value, EventKind.REJECTED.value):
            assert isinstance(said, Named)
            assert makers[said.id] != event.by
        if isinstance(said, Decided) and said.decision in (
            DecisionKind.CONFIRM,
            DecisionKind.RELEASE,
            DecisionKind.FILE,
            DecisionKind.BLOCK,
        ):
            assert said.proposed_by not in ("", event.by)


def days_of(clock: Clock) -> dict[str, str]:
    return dict(clock.calculation[0].values)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_every_clock_sums(data: st.DataObject) -> None:
    """What a clock was first given and what was added make its due day, unless set by hand."""
    case, _ = drawn(data, 25)
    for clock in case.clocks:
        first = days_of(clock).get("due")
        entered = [one for one in clock.calculation if "was entered for" in one.template]
        if entered:
            first = dict(entered[0].values)["due"]
        if clock.is_overridden or first is None:
            continue
        added = timedelta(days=clock.stopped_days + clock.extended_days)
        assert clock.due is not None
        assert f"{clock.due - added}" == first


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_a_case_reads_back_from_its_document_and_from_its_events(data: st.DataObject) -> None:
    case, events = drawn(data, 15)
    assert read_json(Case, write_json(case)) == case
    again = opened_case(
        [alert(), alert("f-2", certainty="possible")],
        [owed(), owed("2", due=None, counted_from="incident_learned", alert="f-2")],
    )
    for event in events:
        again = fold(again, event)
    assert again == case


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_what_is_tried_changes_nothing_and_always_says_why_not(data: st.DataObject) -> None:
    case, _ = drawn(data, 10)
    for trial in trials(case, ADA, AT + timedelta(days=9), rules()):
        if trial.refusal is None:
            assert decide(case, trial.command, ADA, AT + timedelta(days=9), rules())
        else:
            assert trial.refusal.text(Language.EN) != trial.refusal.text(Language.ZH)


def test_events_without_an_opening_are_no_case() -> None:
    events = decide(opened_case(), Assign(BO), ADA, AT, rules())
    with pytest.raises(FoldError, match="not with its opening"):
        fold(None, events[0])
    with pytest.raises(FoldError, match="at least one"):
        fold_all([])


@pytest.mark.parametrize("priority", list(Priority))
def test_every_priority_has_a_day_of_its_own(priority: Priority) -> None:
    assert rules().own_days[priority].after(DAY) > DAY
