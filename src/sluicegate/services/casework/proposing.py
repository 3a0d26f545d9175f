"""Proposing a filing: a decision of its case that a second person checks."""

from __future__ import annotations

from sluicegate.cases.case import Case, DecisionKind
from sluicegate.cases.commands import Propose
from sluicegate.cases.filings.checking import FieldFault
from sluicegate.rules.book import RuleBook
from sluicegate.services.access.actions import Action
from sluicegate.services.casework.acting import act
from sluicegate.services.casework.filing import current, resource
from sluicegate.services.desk import Desk


class IncompleteFilingError(ValueError):
    """A filing in which something is missing; `faults` name every field."""

    def __init__(self, filing_id: str, faults: tuple[FieldFault, ...]) -> None:
        self.filing_id = filing_id
        self.faults = faults
        lines = "\n".join(one.sentence.text() for one in faults)
        super().__init__(f"filing {filing_id}: is not complete; enter what is missing:\n{lines}")


def propose_filing(
    desk: Desk, filing_id: str, reason: str, *, book: RuleBook | None = None
) -> Case:
    """Propose to file a draft; return its case, in which the proposal waits.

    Raises:
        NotFoundError, RefusedError: as for every act.
        IncompleteFilingError: something is missing or malformed.
        NotAllowedNowError: the case or the filing as it stands does not allow it.
    """
    filing = current(desk, filing_id)
    desk.must(Action.CASE_PROPOSE, resource(filing, desk))
    faults = filing.missing()
    if faults:
        raise IncompleteFilingError(filing_id, faults)
    command = Propose(DecisionKind.FILE, reason, filing=filing_id)
    return act(desk, filing.case_id, command, book=book)
