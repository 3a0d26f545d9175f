"""How a text compares an amount with its threshold."""

from __future__ import annotations

from enum import Enum

from sluicegate.core.quantities import Exact


class Comparator(Enum):
    """How a text compares an amount with its threshold, copied literally."""

    GREATER_THAN = "greater_than"
    AT_LEAST = "at_least"
    LESS_THAN = "less_than"
    AT_MOST = "at_most"

    def holds(self, amount: Exact, limit: Exact) -> bool:
        """Say whether an amount stands in this relation to a limit; exact.

        >>> Comparator.GREATER_THAN.holds(10**25, 10**25)
        False
        >>> Comparator.AT_LEAST.holds(10**25, 10**25)
        True
        """
        match self:
            case Comparator.GREATER_THAN:
                return amount > limit
            case Comparator.AT_LEAST:
                return amount >= limit
            case Comparator.LESS_THAN:
                return amount < limit
            case Comparator.AT_MOST:
                return amount <= limit

    @property
    def symbol(self) -> str:
        """The comparator as SQL and people write it."""
        return {"greater_than": ">", "at_least": ">=", "less_than": "<", "at_most": "<="}[
            self.value
        ]

    @property
    def rounds_up(self) -> bool:
        """Whether a limit that is no whole number is rounded up to compare whole amounts.

        A whole amount is above a limit exactly when it is above the limit
        rounded down, and at or above it exactly when it is so of the limit
        rounded up; so no rounding changes what passes.
        """
        return self in (Comparator.AT_LEAST, Comparator.LESS_THAN)
