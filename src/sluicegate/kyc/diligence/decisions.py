"""Which decision a customer's standing allows, and which needs a second person."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sluicegate.core.reasons import Sentence, say
from sluicegate.kyc.diligence.file import AFTER, Decision, DiligenceFile, Standing

FROM: Mapping[Decision, tuple[Standing, ...]] = {
    Decision.REFUSE: (Standing.OPEN, Standing.RESTRICTED),
    Decision.RECONSIDER: (Standing.REFUSED,),
    Decision.RESTRICT: (Standing.OPEN,),
    Decision.LIFT: (Standing.RESTRICTED,),
    Decision.CLOSE: (Standing.OPEN, Standing.RESTRICTED),
    Decision.REOPEN: (Standing.CLOSED,),
}
"""From which standing a decision can be made."""


def why_not(file: DiligenceFile, decision: Decision) -> Sentence | None:
    """Say why a decision cannot be made as the customer stands; None where it can.

    >>> str(why_not(DiligenceFile("c-1"), Decision.REFUSE))
    'None'
    """
    if file.standing not in FROM[decision]:
        return say(
            "{decision:term}: the customer's standing is {standing:term}, which does not allow it.",
            decision=decision.code,
            standing=file.standing.code,
        )
    if any(one.decision is decision for one in file.proposals):
        return say(
            "{decision:term}: this waits for a second person already.", decision=decision.code
        )
    return None


def second_person(decision: Decision, needed: Collection[str]) -> Sentence | None:
    """Say why a second person must check a decision; None where none must.

    `needed` is the node's setting: decisions by their values.
    """
    if decision.value not in needed:
        return None
    return say(
        "{decision:term}: a second person checks this, by a setting of this node.",
        decision=decision.code,
    )


def standing_after(decision: Decision) -> Standing:
    """Return how a customer stands after a decision."""
    return AFTER[decision]
