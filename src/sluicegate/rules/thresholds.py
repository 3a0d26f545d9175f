"""A threshold rule with two interpreters: one scalar, one set-based SQL.

SQL settles the many subjects that stay below the lowest level at which anyone
looks; the question runs for the rest. Both compare the same exact figures, by
cross-multiplication where a level is a quotient.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from sluicegate.core.quantities import Exact
from sluicegate.rules.instruments import Comparator, ThresholdRule
from sluicegate.rules.law import Law

SQL_DIGITS = 38
"""Whole digits of the DECIMAL that the lake's engines compare in."""

REVIEW_PERIOD = "review_period"
"""A parameter of this name below a threshold's own says how often its text reviews it."""

UNIT_OF = {"training_compute": "FLOP", "compute_used": "FLOP", "peak_rate": "FLOP/s"}
"""The unit in which each measure is compared with its limit."""


class Level(Enum):
    """How an amount stands to a threshold."""

    BELOW = "below"
    APPROACHING = "approaching"
    PASSED = "passed"


@dataclass(frozen=True, slots=True)
class Gauge:
    """A threshold rule with the figures in force on a day."""

    rule: ThresholdRule
    limit: Exact
    comparator: Comparator
    approach: Exact | None

    @classmethod
    def of(cls, rule: ThresholdRule, law: Law) -> Gauge:
        """Return the rule as it stands on the law's day."""
        limit = law.limit(rule.parameter)
        approach = None if rule.approach is None else limit.times(law.share(rule.approach))
        return cls(rule, limit.value, limit.comparator, approach)

    def level(self, amount: Exact) -> Level:
        """Say how an amount stands; exactly at the approach level is approaching."""
        if self.comparator.holds(amount, self.limit):
            return Level.PASSED
        if self.approach is not None and amount >= self.approach:
            return Level.APPROACHING
        return Level.BELOW

    @property
    def lowest(self) -> Exact:
        """The level below which the rule has nothing to say."""
        return self.limit if self.approach is None else min(self.limit, self.approach)

    def sql_level(self, column: str) -> str:
        """Return an SQL expression that gives the level's name for a whole-number column.

        Portable subset: CASE, comparison, multiplication and CAST to
        DECIMAL(38,0). The column is a count of operations.
        """
        passed = sql_compare(column, self.comparator, self.limit)
        approaching = (
            ""
            if self.approach is None
            else f" WHEN {sql_compare(column, Comparator.AT_LEAST, self.approach)}"
            f" THEN '{Level.APPROACHING.value}'"
        )
        return (
            f"CASE WHEN {passed} THEN '{Level.PASSED.value}'{approaching}"
            f" ELSE '{Level.BELOW.value}' END"
        )


def sql_compare(column: str, comparator: Comparator, level: Exact) -> str:
    """Return `column comparator level` without a quotient and without rounding.

    A whole amount is above a/b exactly when it is above floor(a/b), and at or
    above a/b exactly when it is at or above ceil(a/b); so the SQL compares
    whole numbers only, whatever the level.

    >>> sql_compare("flop", Comparator.GREATER_THAN, Fraction(7, 2))
    'flop > CAST(3 AS DECIMAL(38, 0))'
    """
    floor = level.numerator // level.denominator
    rounds_up = comparator in (Comparator.AT_LEAST, Comparator.LESS_THAN)
    whole = -(-level.numerator // level.denominator) if rounds_up else floor
    if len(str(whole)) > SQL_DIGITS:
        raise ValueError(f"level {level} has more than {SQL_DIGITS} digits")
    return f"{column} {comparator.symbol} CAST({whole} AS DECIMAL({SQL_DIGITS}, 0))"


def lowest_level(gauges: list[Gauge]) -> Fraction | None:
    """Return the lowest level at which any of the rules has something to say."""
    return min((Fraction(gauge.lowest) for gauge in gauges), default=None)
