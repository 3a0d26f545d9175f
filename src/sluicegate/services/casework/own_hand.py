"""Whether a person would check their own work: a proposal or a filing that they made otherwise.

That whoever proposed a decision does not check it, the policies and the case
hold. Here is what they cannot see: who typed what a filing says, and who sat at
the command line.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from sluicegate.cases.case import Case, Proposal
from sluicegate.cases.commands import Check, Command
from sluicegate.core.reasons import Sentence, say
from sluicegate.services.desk import Desk
from sluicegate.services.ports.filings import FilingVersion
from sluicegate.services.work.people import USER

LOCAL = "local:"


def own_hand(desk: Desk, case: Case, command: Command) -> Sentence | None:
    """Say why an approval would be of the principal's own work; None where it is another's.

    Rejecting one's own work is no harm.
    """
    if not isinstance(command, Check) or not command.is_approved:
        return None
    proposal = next((one for one in case.proposals if one.proposal_id == command.proposal_id), None)
    if proposal is None or proposal.by == desk.principal.id:
        return None
    return _why(desk, proposal)


def only_own_hand(desk: Desk, case: Case, command: Command) -> Sentence | None:
    """Say why nothing that others proposed in a case may be approved; None where something may."""
    if not isinstance(command, Check):
        return None
    others = [one.proposal_id for one in case.proposals if one.by != desk.principal.id]
    reasons = [own_hand(desk, case, Check(one, is_approved=True)) for one in others]
    return reasons[0] if reasons and None not in reasons else None


def _why(desk: Desk, proposal: Proposal) -> Sentence | None:
    mine = acting_names(desk)
    if proposal.by.casefold() in mine:
        return say("You proposed this at the command line; another person must check it.")
    if proposal.filing:
        versions = desk.store.filings.versions(proposal.filing, desk.scope)
        if any(one.casefold() in mine for one in writers(versions)):
            return say(
                "You entered something that stands in this filing; another person must check it."
            )
    return None


def acting_names(desk: Desk) -> frozenset[str]:
    """Return the ids, in small letters, under which the person at a desk acts.

    They are the account, and the login of the same name on this machine.
    """
    own = desk.principal.id
    account = desk.store.accounts.account(own.removeprefix(USER))
    names = {own} if account is None else {own, LOCAL + account.login}
    return frozenset(one.casefold() for one in names)


def writers(versions: Sequence[FilingVersion]) -> frozenset[str]:
    """Return who entered, or took out, what makes the last of a filing's versions.

    What stood in the first one the node filled in, or it comes from the filing
    that is corrected.
    """
    by: dict[str, str] = {}
    for before, after in pairwise(versions):
        for name in {*before.values, *after.values}:
            if before.values.get(name) != after.values.get(name):
                by[name] = after.by
    return frozenset(by.values())
