"""The course of a filing: what is decided in its case is carried over to it.

Filing is a decision of the case that a second person checks. Acts on cases call
`follow` with the events of one command, inside its transaction.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sluicegate.cases import clocks as timing
from sluicegate.cases.case import Case, CaseEvent, DecisionKind
from sluicegate.cases.docket import Docket, NotAllowedNowError
from sluicegate.cases.events import Decided, EventKind, Named, Proposed, said_by
from sluicegate.cases.filings.filing import Filing, FilingState
from sluicegate.cases.filings.values import cleaned
from sluicegate.cases.rules import CaseRules
from sluicegate.core.reasons import say
from sluicegate.services.access.principals import Scope
from sluicegate.services.casework.kept_filings import current_filing, filing_of, write_next
from sluicegate.services.ports import Store
from sluicegate.services.ports.casework import CaseChange
from sluicegate.services.ports.work import EventKind as Announced
from sluicegate.services.work.events import Event, announce

_RETURNING = frozenset({EventKind.REJECTED.value, EventKind.TAKEN_BACK.value})


def follow(
    store: Store,
    change: CaseChange,
    scope: Scope,
    *,
    at: datetime,
    by: str,
    rules: CaseRules,
) -> tuple[CaseEvent, ...]:
    """Carry what was decided about filings in a case over to them; return what follows in it.

    Called with the events of one command, inside its transaction. What has been
    filed meets the clock of its obligation; that event is what is returned.

    Raises:
        NotAllowedNowError: the filing is not of this case, is no draft, or
            something is missing in it.
    """
    case = change.after
    before = change.before or case
    waiting = {one.proposal_id: one for one in before.proposals}
    met: list[CaseEvent] = []
    for event in change.events:
        said = said_by(event)
        if isinstance(said, Proposed) and said.decision is DecisionKind.FILE:
            mark_proposed(store, said.filing, case, scope=scope, at=at, by=by)
        elif isinstance(said, Decided) and said.decision is DecisionKind.FILE:
            proposer = waiting[said.proposal_id].by if said.proposal_id in waiting else by
            filing = mark_filed(
                store, said.filing, case, scope=scope, at=at, by=proposer, checked_by=by
            )
            met.extend(_met(case, filing, at, by, rules))
        elif isinstance(said, Named) and event.kind in _RETURNING:
            proposal = waiting.get(said.id)
            if proposal is not None and proposal.decision is DecisionKind.FILE:
                _returned(store, proposal.filing, event, scope)
    return tuple(met)


def mark_proposed(
    store: Store, filing_id: str, case: Case, *, scope: Scope, at: datetime, by: str
) -> Filing:
    """Let a draft wait for a second person; from then on nothing in it changes.

    Raises:
        NotAllowedNowError: it is not of this case, is no draft, or lacks something.
    """
    filing = _of_case(store, filing_id, case, scope)
    if filing.state is not FilingState.DRAFT:
        raise NotAllowedNowError(case.case_id, say("Only a draft is proposed for filing."))
    _need_complete(filing, case)
    after = replace(filing, state=FilingState.PROPOSED, reason="", proposed_by=by)
    return write_next(store, after, "filing_proposed", at=at, by=by)


def mark_filed(
    store: Store,
    filing_id: str,
    case: Case,
    *,
    scope: Scope,
    at: datetime,
    by: str,
    checked_by: str,
) -> Filing:
    """Record that a proposed filing was checked and filed; its content's digest stays.

    Raises:
        NotAllowedNowError: it is not of this case, was not proposed, or lacks something.
    """
    filing = _of_case(store, filing_id, case, scope)
    if filing.state is not FilingState.PROPOSED:
        reason = say("The filing was not proposed as it stands; propose it again.")
        raise NotAllowedNowError(case.case_id, reason)
    _need_complete(filing, case)
    after = replace(
        filing, state=FilingState.FILED, filed_at=at, filed_by=by, checked_by=checked_by
    )
    written = write_next(store, after, "filing_filed", at=at, by=checked_by)
    if filing.sealed_for is None:
        announce(store, _announced(written), at=at)
    return written


def _announced(filing: Filing) -> Event:
    return Event(
        kind=Announced.FILING_FILED,
        id=filing.filing_id,
        occasion=f"{filing.filing_id}/{filing.version}",
        jurisdiction=filing.jurisdiction or None,
        codes={"form": filing.form.id, "state": filing.state.value},
    )


def _returned(store: Store, filing_id: str, event: CaseEvent, scope: Scope) -> None:
    """Make a proposed filing a draft again, as it was rejected or taken back."""
    filing = current_filing(store, filing_id, scope)
    if filing.state is FilingState.PROPOSED:
        after = replace(
            filing, state=FilingState.DRAFT, reason=cleaned(event.reason), proposed_by=None
        )
        write_next(store, after, "filing_returned", at=event.at, by=event.by)


def _met(case: Case, filing: Filing, at: datetime, by: str, rules: CaseRules) -> list[CaseEvent]:
    """Return the event by which a filing meets the clock of what is owed."""
    docket = Docket(case, by, at, rules)
    live = [one for one in case.clocks if filing.obligation and one.obligation == filing.obligation]
    docket.set_clocks(
        EventKind.MET,
        [timing.met(one, docket.day) for one in live if one.is_live],
        f"filing {filing.filing_id}",
    )
    return docket.events


def _need_complete(filing: Filing, case: Case) -> None:
    faults = filing.missing()
    if faults:
        labels = [one.label for one in faults]
        reason = say("The filing is not complete; look at: {fields}.", fields=labels)
        raise NotAllowedNowError(case.case_id, reason)


def _of_case(store: Store, filing_id: str, case: Case, scope: Scope) -> Filing:
    kept = store.filings.find(filing_id, scope)
    if kept is None or kept.head.case_id != case.case_id:
        reason = say("The case has no filing {filing}; draft one first.", filing=filing_id)
        raise NotAllowedNowError(case.case_id, reason)
    return filing_of(store, kept)
