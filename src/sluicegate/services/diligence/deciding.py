"""Decisions about a customer: refused, restricted, closed, undone, and what was provided or denied.

A decision that the settings name waits for a second person. Who checks is held
by the same policies as in casework: another account than the one that
proposed, a person who has signed in, and not the same human being under the
login of the command line.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sluicegate.core.quantities import Flop, flop_text
from sluicegate.core.reasons import say
from sluicegate.kyc.diligence.decisions import second_person, why_not
from sluicegate.kyc.diligence.events import About, Kind
from sluicegate.kyc.diligence.file import Decision, DiligenceFile, Ground, Proposal
from sluicegate.rules.answers import Asked
from sluicegate.rules.book import RuleBook
from sluicegate.rules.law import Law
from sluicegate.services.access.actions import Action
from sluicegate.services.access.authority import NotFoundError
from sluicegate.services.asking import ask_question
from sluicegate.services.casework.own_hand import acting_names
from sluicegate.services.desk import Desk
from sluicegate.services.diligence.standing import MOST_LISTED
from sluicegate.services.diligence.writing import (
    DiligenceRefusedError,
    Note,
    file_of,
    must_know,
    need_reason,
    resource_of,
    rules_on,
    today,
    write,
)
from sluicegate.services.ports.diligence import StandingFilter


@dataclass(frozen=True, slots=True)
class Outcome:
    """A customer's file after a decision, and the proposal where it waits for a second person."""

    file: DiligenceFile
    waits: Proposal | None


def decide(
    desk: Desk,
    customer_id: str,
    decision: Decision,
    ground: Ground,
    reason: str,
    *,
    book: RuleBook,
    on: date | None = None,
) -> Outcome:
    """Decide about a customer, or propose it where a second person must check.

    `on` is the day from which it holds, today unless told; the day on which an
    account was closed begins the period of keeping.

    Raises:
        NotFoundError, RefusedError: no such customer, or this may not be done.
        DiligenceRefusedError: the customer's standing does not allow it, or it
            lacks a reason, or the day lies in the future.
        DiligenceChangedError: somebody else wrote meanwhile.
    """
    must_know(desk, Action.DILIGENCE_DECIDE, customer_id)
    day = today(desk)
    holds_from = on or day
    if holds_from > day:
        raise DiligenceRefusedError(
            customer_id, say("The day {day} lies in the future.", day=holds_from)
        )
    private = {"reason": need_reason(customer_id, reason)}
    data = {"decision": decision.value, "ground": ground.value, "on": holds_from.isoformat()}
    with desk.store.transaction():
        file = _allowed(desk, customer_id, decision)
        needed = second_person(decision, rules_on(book, day).second_decisions)
        kind = Kind.DECIDED if needed is None else Kind.PROPOSED
        event = write(desk, About.CUSTOMER, customer_id, file.version, Note(kind, data, private))
    after = file_of(desk, customer_id)
    return Outcome(after, after.proposal(event.event_id))


def waiting(desk: Desk, *, limit: int = MOST_LISTED) -> tuple[DiligenceFile, ...]:
    """Return the customers about whom a decision waits for a second person, in order of ids.

    Raises:
        RefusedError: due diligence may not be read.
    """
    desk.must(Action.DILIGENCE_READ, desk.of("diligence"))
    rows = desk.store.diligence.standings(StandingFilter(is_waiting=True), limit=limit)
    return tuple(file_of(desk, one.customer_id) for one in rows)


def check(
    desk: Desk, customer_id: str, proposal_id: str, *, is_approved: bool, reason: str = ""
) -> DiligenceFile:
    """Approve or reject what another person proposed; a rejection needs a reason.

    Raises:
        NotFoundError: no such proposal waits.
        RefusedError: not this principal, or nobody who has signed in.
        DiligenceRefusedError: it would be one's own, or can no longer be made.
        DiligenceChangedError: somebody else wrote meanwhile.
    """
    with desk.store.transaction():
        file, proposal = _waiting(desk, customer_id, proposal_id)
        desk.must(Action.DILIGENCE_CHECK, resource_of(desk, customer_id, maker=proposal.by))
        if not is_approved:
            private = {"reason": need_reason(customer_id, reason)}
            note = Note(Kind.REJECTED, {"proposal": proposal_id}, private)
            write(desk, About.CUSTOMER, customer_id, file.version, note)
            return file_of(desk, customer_id)
        need_other_person(desk, customer_id, proposal.by)
        _need_standing(file, proposal)
        data = {
            "decision": proposal.decision.value,
            "ground": proposal.ground.value,
            "on": _day_of(desk, customer_id, proposal_id),
            "proposal": proposal_id,
            "proposed_by": proposal.by,
        }
        note = Note(Kind.DECIDED, data, {"reason": reason.strip()})
        write(desk, About.CUSTOMER, customer_id, file.version, note)
    return file_of(desk, customer_id)


def take_back(desk: Desk, customer_id: str, proposal_id: str) -> DiligenceFile:
    """Take one's own proposal back.

    Raises:
        NotFoundError: no such proposal waits.
        RefusedError: this principal decides nothing.
        DiligenceRefusedError: another person proposed it.
    """
    with desk.store.transaction():
        file, proposal = _waiting(desk, customer_id, proposal_id)
        desk.must(Action.DILIGENCE_DECIDE, resource_of(desk, customer_id))
        if proposal.by != desk.principal.id:
            raise DiligenceRefusedError(
                customer_id, say("Only whoever proposed a decision takes it back; reject it.")
            )
        note = Note(Kind.TAKEN_BACK, {"proposal": proposal_id})
        write(desk, About.CUSTOMER, customer_id, file.version, note)
    return file_of(desk, customer_id)


def need_other_person(desk: Desk, subject: str, maker: str) -> None:
    """Go on only when the maker is not the same human being, under whatever account.

    Raises:
        DiligenceRefusedError: the person at the desk made it at the command line.
    """
    if maker.casefold() in acting_names(desk):
        raise DiligenceRefusedError(
            subject, say("You proposed this yourself; another person must check it.")
        )


@dataclass(frozen=True, slots=True)
class Request:
    """Compute that a customer asked for, in FLOP, and whether it was provided.

    `factors` are those of the high-risk profile that were found.
    """

    compute: Flop
    was_provided: bool
    factors: Collection[str] = ()


def record_served(
    desk: Desk, customer_id: str, request: Request, reason: str, *, book: RuleBook
) -> Asked:
    """Record that compute was provided or denied; return what the question says of it.

    The question `kyc_high_risk` says whether it must be recorded and whether
    the customer must be reported. What it asks to record of compute that is not
    above the threshold is nothing; it is kept here all the same, with that
    answer, so that a denial is never lost.

    Raises:
        NotFoundError, RefusedError, DiligenceRefusedError, DiligenceChangedError:
            as `decide`.
        BadFactsError: a factor that the profile does not have.
    """
    must_know(desk, Action.DILIGENCE_DECIDE, customer_id)
    private = {"reason": need_reason(customer_id, reason)}
    day = today(desk)
    threshold = Law(book, day).limit("assess.kyc.threshold")
    facts = {
        "factors": sorted(request.factors),
        "above_threshold": threshold.passed_by(request.compute),
        "provided": request.was_provided,
    }
    asked = ask_question("kyc_high_risk", facts, as_of=day, book=book)
    said = asked.answer_json()
    data = {
        "compute": flop_text(request.compute),
        "threshold": flop_text(threshold.value),
        "provided": request.was_provided,
        "factors": sorted(request.factors),
        "record": said["record"],
        "high_risk": said["high_risk"],
        "report_required": said["report_required"],
    }
    with desk.store.transaction():
        version = file_of(desk, customer_id).version
        write(desk, About.CUSTOMER, customer_id, version, Note(Kind.SERVED, data, private))
    return asked


def _allowed(desk: Desk, customer_id: str, decision: Decision) -> DiligenceFile:
    file = file_of(desk, customer_id)
    refusal = why_not(file, decision)
    if refusal is not None:
        raise DiligenceRefusedError(customer_id, refusal)
    return file


def _waiting(desk: Desk, customer_id: str, proposal_id: str) -> tuple[DiligenceFile, Proposal]:
    file = file_of(desk, customer_id)
    proposal = file.proposal(proposal_id)
    if proposal is None:
        desk.must(Action.DILIGENCE_READ, resource_of(desk, customer_id))
        raise NotFoundError("proposal", proposal_id)
    return file, proposal


def _need_standing(file: DiligenceFile, proposal: Proposal) -> None:
    others = tuple(one for one in file.proposals if one is not proposal)
    refusal = why_not(
        DiligenceFile(file.customer_id, standing=file.standing, proposals=others),
        proposal.decision,
    )
    if refusal is not None:
        raise DiligenceRefusedError(file.customer_id, refusal)


def _day_of(desk: Desk, customer_id: str, proposal_id: str) -> str:
    """Return the day from which a proposed decision holds."""
    events = desk.store.diligence.events(About.CUSTOMER, customer_id)
    day: str = next(one for one in events if one.event_id == proposal_id).data["on"]
    return day
