"""Low, central and high estimates of a run, as facts give them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from sluicegate.core.quantities import Exact
from sluicegate.rules.facts import BadFact, Facts
from sluicegate.rules.instruments import Limit


class Reach(Enum):
    """How many estimates pass a limit."""

    ALL = "all"
    SOME = "some"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Spread:
    """Estimates in order; one that is left out is the central one. FLOP."""

    low: Exact
    central: Exact
    high: Exact

    @classmethod
    def of(cls, facts: Facts) -> Spread:
        """Read the estimates from facts that `disordered` has passed."""
        central = facts.amount("estimate_central")
        low, high = facts.maybe_amount("estimate_low"), facts.maybe_amount("estimate_high")
        return cls(central if low is None else low, central, central if high is None else high)

    def reach(self, limit: Limit) -> Reach:
        """Say how many of the estimates pass a limit."""
        if limit.passed_by(self.low):
            return Reach.ALL
        return Reach.SOME if limit.passed_by(self.high) else Reach.NONE


def disordered(facts: Facts) -> Iterable[BadFact]:
    """Return the faults of estimates that are not in order."""
    spread = Spread.of(facts)
    if spread.low > spread.central:
        yield BadFact("estimate_low", "is above estimate_central; swap or correct them")
    if spread.high < spread.central:
        yield BadFact("estimate_high", "is below estimate_central; swap or correct them")
