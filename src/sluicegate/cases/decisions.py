"""Decisions: proposed, checked by another person where that is needed, and what follows."""

from __future__ import annotations

from collections.abc import Sequence

from sluicegate.cases import clocks
from sluicegate.cases.case import (
    Case,
    CaseKind,
    ClockState,
    DecisionKind,
    Judgement,
    Outcome,
    Proposal,
)
from sluicegate.cases.commands import Check, Command, Propose, TakeBack
from sluicegate.cases.docket import Docket
from sluicegate.cases.events import (
    Blocked,
    Closed,
    Decided,
    EventKind,
    Named,
    Plain,
    Proposed,
)
from sluicegate.cases.four_eyes import second_person
from sluicegate.cases.timing import running
from sluicegate.core.reasons import Sentence, say

_ABOUT_ALERTS = {
    DecisionKind.CONFIRM: Judgement.CONFIRMED,
    DecisionKind.CLEAR: Judgement.CLEARED,
}


def propose(docket: Docket, command: Propose) -> None:
    """Decide, or let the decision wait for a second person."""
    docket.need_open()
    reason = docket.need_text(command.reason)
    alerts = _alerts(docket, command)
    _need_possible(docket, command)
    _need_no_other(docket, command, alerts)
    _wake(docket)
    if second_person(docket.case, command.decision, alerts, docket.rules) is None:
        _take_effect(docket, Decided(command.decision, alerts, command.filing), reason)
        return
    said = Proposed(docket.new_id("p-"), command.decision, alerts, command.filing)
    docket.write(EventKind.PROPOSED, said, reason)


def check(docket: Docket, command: Check) -> None:
    """Approve or reject what another person proposed."""
    docket.need_open()
    proposal = _proposal(docket, command.proposal_id)
    docket.need(
        proposal.by != docket.by,
        say("Whoever proposed a decision does not check it; another person must."),
    )
    if not command.is_approved:
        reason = docket.need_text(command.reason)
        docket.write(EventKind.REJECTED, Named(proposal.proposal_id), reason)
        return
    docket.write(EventKind.APPROVED, Named(proposal.proposal_id), command.reason)
    _need_possible(
        docket, Propose(proposal.decision, proposal.reason, proposal.alerts, proposal.filing)
    )
    said = Decided(
        proposal.decision, proposal.alerts, proposal.filing, proposal.proposal_id, proposal.by
    )
    _take_effect(docket, said, proposal.reason)


def waits_from_now(after: Case, command: Command) -> bool:
    """Say whether a command that was just done to a case waits for a second person."""
    return isinstance(command, Propose) and any(
        one.decision is command.decision and one.at == after.changed_at for one in after.proposals
    )


def take_back(docket: Docket, command: TakeBack) -> None:
    """Take one's own proposal back."""
    docket.need_open()
    proposal = _proposal(docket, command.proposal_id)
    docket.need(
        proposal.by == docket.by,
        say("Only whoever proposed a decision takes it back; others reject it."),
    )
    docket.write(EventKind.TAKEN_BACK, Named(proposal.proposal_id), command.reason)


def what_is_left(case: Case) -> Sentence | None:
    """Say what keeps a case from being closed; None when nothing does."""
    if not case.is_open:
        return say("The case is closed already.")
    left = [one for one in case.alerts if not one.is_gone and one.judgement is Judgement.NONE]
    if left:
        return say("{count} alerts are neither confirmed nor cleared.", count=len(left))
    if case.proposals:
        return say("A decision waits for a second person.")
    if any(one.answered_at is None for one in case.requests):
        return say("Information that was asked for has not come.")
    going = running(case)
    if going:
        return say(
            "{count} clocks run; record each as met, lapsed or no longer asked.", count=len(going)
        )
    return None


def outcome_of(case: Case) -> Outcome:
    """Return how a case ends: what was filed, else confirmed, else cleared."""
    judgements = {one.judgement for one in case.alerts}
    if case.filings:
        return Outcome.FILED
    if Judgement.CONFIRMED in judgements:
        return Outcome.CONFIRMED
    if Judgement.CLEARED in judgements:
        return Outcome.CLEARED
    if case.alerts:
        return Outcome.NO_LONGER_FOUND
    return Outcome.CLEARED if case.kind is CaseKind.SUSPICION else Outcome.WITHDRAWN


def close(docket: Docket, reason: str = "") -> None:
    """Close a case whose work is done; its own day is met."""
    own = [one for one in docket.case.clocks if one.is_own and one.is_live]
    docket.set_clocks(EventKind.MET, [clocks.met(one, docket.day) for one in own])
    docket.write(EventKind.CLOSED, Closed(outcome_of(docket.case)), reason)


def _alerts(docket: Docket, command: Propose) -> tuple[str, ...]:
    """Return the alerts that a decision is about, by id."""
    judgement = _ABOUT_ALERTS.get(command.decision)
    if judgement is None:
        docket.need(
            not command.alerts,
            say("{decision:term}: this is not about alerts.", decision=command.decision.value),
        )
        return ()
    here = {one.alert_id: one for one in docket.case.alerts if not one.is_gone}
    if not command.alerts:
        left = tuple(name for name, one in here.items() if one.judgement is Judgement.NONE)
        docket.need(bool(left), say("Every alert of the case is judged or gone; name the ones."))
        return left
    unknown = [one for one in command.alerts if one not in here]
    docket.need(
        not unknown, say("The case has no such alerts, or they are gone: {alerts}.", alerts=unknown)
    )
    docket.need(
        any(here[one].judgement is not judgement for one in command.alerts),
        say("The alerts are {judgement:term} already.", judgement=judgement.value),
    )
    return tuple(dict.fromkeys(command.alerts))


def _need_possible(docket: Docket, command: Propose) -> None:
    case = docket.case
    match command.decision:
        case DecisionKind.BLOCK:
            docket.need(bool(case.customer_id), say("The case is about no customer to block."))
            docket.need(
                case.sealed_for is None,
                say("A block shows to others; place it in a case that is not sealed."),
            )
            docket.need(not _standing(case), say("A block stands already."))
        case DecisionKind.RELEASE:
            docket.need(bool(_standing(case)), say("No block of this case stands."))
        case DecisionKind.FILE:
            docket.need(bool(command.filing), say("Name the draft that is to be filed."))
            docket.need(
                command.filing not in case.filings, say("The filing has been filed already.")
            )
        case DecisionKind.CLOSE:
            left = what_is_left(case)
            if left is not None:
                raise docket.refuse(left)
        case DecisionKind.CONFIRM | DecisionKind.CLEAR:
            _need_alerts_here(docket, command.alerts)


def _need_alerts_here(docket: Docket, alerts: Sequence[str]) -> None:
    gone = {one.alert_id for one in docket.case.alerts if one.is_gone}
    docket.need(
        not gone.intersection(alerts),
        say("An alert of the proposal is gone; reject it, and decide about the others."),
    )


def _need_no_other(docket: Docket, command: Propose, alerts: Sequence[str]) -> None:
    for other in docket.case.proposals:
        meets = bool(set(other.alerts) & set(alerts))
        same = other.decision is command.decision and other.filing == command.filing
        docket.need(
            not meets and (not same or bool(alerts)),
            say("A decision about this waits for a second person already."),
        )


def _proposal(docket: Docket, proposal_id: str) -> Proposal:
    for one in docket.case.proposals:
        if one.proposal_id == proposal_id:
            return one
    raise docket.refuse(say("No such proposal waits in this case; look at it again."))


def _wake(docket: Docket) -> None:
    """End a snooze: a case in which something is decided does not rest."""
    if docket.case.snoozed_until is not None:
        docket.write(EventKind.WOKEN, Plain())


def _take_effect(docket: Docket, said: Decided, reason: str) -> None:
    docket.write(EventKind.DECIDED, said, reason)
    match said.decision:
        case DecisionKind.BLOCK:
            block = Blocked(docket.new_id("b-"), docket.case.customer_id)
            docket.write(EventKind.BLOCKED, block, reason)
        case DecisionKind.RELEASE:
            for block_id in _standing(docket.case):
                docket.write(EventKind.RELEASED, Named(block_id), reason)
        case DecisionKind.CLEAR:
            _drop_clocks(docket, said.alerts)
        case DecisionKind.CLOSE:
            close(docket, reason)
        case DecisionKind.CONFIRM | DecisionKind.FILE:
            pass


def _drop_clocks(docket: Docket, alerts: Sequence[str]) -> None:
    """End the clocks of duties that followed from what was cleared."""
    followed = [
        one
        for one in docket.case.clocks
        if one.alert in alerts and (one.is_live or one.state is ClockState.WAITING)
    ]
    ended = [clocks.dropped(one, docket.day) for one in followed]
    docket.set_clocks(EventKind.NOT_ASKED, ended)


def _standing(case: Case) -> list[str]:
    return [one.block_id for one in case.blocks if one.released_at is None]
