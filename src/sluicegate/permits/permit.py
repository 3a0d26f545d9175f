"""In which state is a permit, and may computation go on?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sluicegate.core.quantities import Exact, whole
from sluicegate.core.reasons import Beside, Sentence, say
from sluicegate.rules.answers import Answer
from sluicegate.rules.facts import BadFact, Facts
from sluicegate.rules.instruments import Comparator
from sluicegate.rules.law import Law

PROPOSAL = "kthf.oversight"
DESIGN = "paper.hardware_enabled_mechanisms_2024"

OVERSPENDING = Comparator.GREATER_THAN
"""A permit whose budget is used up to the last operation is not exceeded."""
NEARING = Comparator.AT_LEAST
"""The state is near the limit exactly at the share that is set."""

PERMITTED = ("within", "near_limit")


def refuse_permit_state(facts: Facts, _law: Law) -> Iterable[BadFact]:
    """Refuse a permit whose first day lies after its last."""
    first, last = facts.maybe_day("valid_from"), facts.day("valid_until")
    if first is not None and first > last:
        yield BadFact("valid_from", f"{first} is later than valid_until, {last}; exchange the days")


def decide_permit_state(facts: Facts, law: Law) -> Answer:
    """Give the state of a permit on the day asked about.

    The dates come first: before the first day the permit is not yet valid,
    after the last it has expired, and both days themselves count. Then the
    budget: used above it is exceeded, and a used share at or above the one
    that is set is near the limit. Only within and near the limit may
    computation go on, so an expired permit fails closed.
    """
    law.status(PROPOSAL)
    law.status(DESIGN)
    permit = _Permit(
        facts.amount("budget_flop"),
        facts.amount("used_flop"),
        facts.maybe_day("valid_from"),
        facts.day("valid_until"),
        facts.amount("near_share"),
    )
    state = permit.state_on(law.day)
    permitted = state in PERMITTED
    used_share = whole(permit.used * Fraction(1, permit.budget))
    return Answer(
        {"state": state, "permitted": permitted, "used_share": used_share},
        [
            permit.dates_sentence(law.day),
            permit.budget_sentence(used_share),
            say("Computation may go on.") if permitted else say("Computation must stop."),
        ],
    )


@dataclass(frozen=True, slots=True)
class _Permit:
    """A budget with its use in FLOP, the days of validity, and the share near the limit."""

    budget: Exact
    used: Exact
    first: date | None
    last: date
    near: Exact

    def state_on(self, day: date) -> str:
        """Return the state on a day; dates are tested before the budget."""
        if self.first is not None and day < self.first:
            return "not_yet_valid"
        return "expired" if day > self.last else self._state_by_budget()

    def _state_by_budget(self) -> str:
        if OVERSPENDING.holds(self.used, self.budget):
            return "exceeded"
        near = NEARING.holds(self.used, Fraction(self.budget) * self.near)
        return "near_limit" if near else "within"

    def dates_sentence(self, day: date) -> Sentence:
        """Say how the day stands to the days of validity."""
        if self.first is not None and day < self.first:
            return say(
                "{day} lies before {first}, the first day of validity.", day=day, first=self.first
            )
        return say(
            "{day} lies after {last}, the last day of validity."
            if day > self.last
            else "{day} lies in the days of validity; {last} is the last.",
            day=day,
            last=self.last,
        )

    def budget_sentence(self, used_share: Exact) -> Sentence:
        """Say how the use stands to the budget."""
        return say(
            _BY_BUDGET[self._state_by_budget()],
            used=Beside(self.used, self.budget),
            budget=Beside(self.budget, self.used),
            used_share=Beside(used_share, self.near, ""),
            near=Beside(self.near, used_share, ""),
        )


_BY_BUDGET = {
    "exceeded": "{used:sci} FLOP are used, more than the budget of {budget:sci} FLOP.",
    "near_limit": (
        "{used:sci} of {budget:sci} FLOP are used, a share of {used_share}: at or above {near},"
        " from which the limit is near."
    ),
    "within": (
        "{used:sci} of {budget:sci} FLOP are used, a share of {used_share}: below {near}, from"
        " which the limit is near."
    ),
}
