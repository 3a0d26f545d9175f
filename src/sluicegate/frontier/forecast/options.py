"""Options that a forecast sets side by side: thresholds that are fixed, dated or move with models.

A level is training compute in FLOP, one float per course of events.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

import numpy as np

from sluicegate.core.quantities import Exact
from sluicegate.core.reasons import Named
from sluicegate.frontier.forecast.paths import LN_TEN, Floats
from sluicegate.rules.instruments import Comparator


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the courses of events stand at a moment.

    `year` and `period` (from 0) name the moment; `largest` is the largest model so
    far, `top` the largest ones, in falling order, as many as some option needs.
    """

    year: int
    period: int
    largest: Floats
    top: Floats


class LevelRule(Protocol):
    """How a threshold comes to its level."""

    @property
    def rank(self) -> int:
        """How many of the largest models the rule looks at."""

    def level(self, standing: Standing) -> Floats:
        """Return the level at a moment, one per course of events."""

    def least(self, standing: Standing) -> Floats:
        """Return a level that the rule does not fall below in the rest of the year."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """A threshold that stays, exact, in FLOP."""

    value: Exact
    rank: int = 0

    def level(self, standing: Standing) -> Floats:
        """Return the value."""
        return np.full(len(standing.largest), as_float(self.value))

    def least(self, standing: Standing) -> Floats:
        """Return the value."""
        return self.level(standing)


@dataclass(frozen=True, slots=True)
class Dated:
    """A threshold whose level is known beforehand, by year and period; None is no threshold."""

    levels: Mapping[tuple[int, int], Exact | None]
    rank: int = 0

    def level(self, standing: Standing) -> Floats:
        """Return the level of the period; without one, nothing is above it."""
        found = self.levels.get((standing.year, standing.period))
        return np.full(len(standing.largest), math.inf if found is None else as_float(found))

    def least(self, standing: Standing) -> Floats:
        """Return the lowest level of the year."""
        levels = [
            as_float(level)
            for (year, _), level in self.levels.items()
            if year == standing.year and level is not None
        ]
        return np.full(len(standing.largest), min(levels, default=math.inf))


@dataclass(frozen=True, slots=True)
class Below:
    """A number of orders of magnitude below the largest model so far."""

    orders: Fraction
    rank: int = 0

    def level(self, standing: Standing) -> Floats:
        """Return the largest model divided by the orders of magnitude."""
        return np.asarray(standing.largest * np.exp(-float(self.orders) * LN_TEN))

    def least(self, standing: Standing) -> Floats:
        """Return the level now, as the largest model so far never falls."""
        return self.level(standing)


@dataclass(frozen=True, slots=True)
class Ranked:
    """The compute of the model in a place from the largest, of all so far."""

    rank: int

    def level(self, standing: Standing) -> Floats:
        """Return the compute in that place; with fewer models, everything is above it."""
        if standing.top.shape[1] < self.rank:
            return np.zeros(len(standing.largest))
        return np.asarray(standing.top[:, self.rank - 1])

    def least(self, standing: Standing) -> Floats:
        """Return the level now, as a place from the largest never falls."""
        return self.level(standing)


@dataclass(frozen=True, slots=True)
class Bounded:
    """Another rule with a floor, a cap or both."""

    inner: LevelRule
    floor: Exact | None = None
    cap: Exact | None = None

    @property
    def rank(self) -> int:
        """What the inner rule looks at."""
        return self.inner.rank

    def level(self, standing: Standing) -> Floats:
        """Return the level within its bounds."""
        return self._within(self.inner.level(standing))

    def least(self, standing: Standing) -> Floats:
        """Return the inner rule's, within the bounds."""
        return self._within(self.inner.least(standing))

    def _within(self, level: Floats) -> Floats:
        if self.floor is not None:
            level = np.maximum(level, as_float(self.floor))
        return level if self.cap is None else np.minimum(level, as_float(self.cap))


@dataclass(frozen=True, slots=True)
class Chosen:
    """The largest, or the smallest, of several levels."""

    parts: Sequence[LevelRule]
    is_largest: bool

    @property
    def rank(self) -> int:
        """The most that any part looks at."""
        return max(part.rank for part in self.parts)

    def level(self, standing: Standing) -> Floats:
        """Return the level chosen among the parts."""
        return self._of([part.level(standing) for part in self.parts])

    def least(self, standing: Standing) -> Floats:
        """Return what is chosen among the least levels of the parts."""
        return self._of([part.least(standing) for part in self.parts])

    def _of(self, levels: list[Floats]) -> Floats:
        choose = np.maximum if self.is_largest else np.minimum
        return np.asarray(choose.reduce(levels))


@dataclass(frozen=True, slots=True)
class Option:
    """A threshold to forecast: its name, its level and its comparator.

    `is_near` says that it counts what is near the largest run, as the paper does:
    then a model that is itself the largest may be left out. `title` is that of a
    moving rule.
    """

    id: str
    rule: LevelRule
    comparator: Comparator
    is_near: bool = False
    title: Named | None = None

    @property
    def fixed(self) -> Exact | None:
        """The exact value of a threshold that stays; else None."""
        return self.rule.value if isinstance(self.rule, Fixed) else None

    def passed(self, size: Floats, level: Floats) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Say of each size whether it meets the level by the comparator."""
        compare = {
            Comparator.GREATER_THAN: np.greater,
            Comparator.AT_LEAST: np.greater_equal,
            Comparator.LESS_THAN: np.less,
            Comparator.AT_MOST: np.less_equal,
        }[self.comparator]
        return np.asarray(compare(size, level))


def as_float(value: Exact) -> float:
    """Return a figure as a float for statistics; one too large for it is infinite."""
    try:
        return float(value)
    except OverflowError:
        return math.inf
