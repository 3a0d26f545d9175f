"""Options that are tried: a fixed threshold, or one that moves."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum

from sluicegate.core.quantities import Exact, scientific
from sluicegate.core.reasons import Named
from sluicegate.frontier.lab.assumptions import Bounds
from sluicegate.frontier.moving import Known, Moving, value_on
from sluicegate.frontier.records import Snapshot
from sluicegate.rules.comparators import Comparator


@dataclass(frozen=True, slots=True)
class Level:
    """A threshold on a day, in FLOP; `value` None: there is none then, and nothing is caught."""

    value: Exact | None
    low: Exact | None
    high: Exact | None


class Standing(Enum):
    """How a model stands to a threshold on the day on which it came out.

    CERTAIN: the low bound of its compute passes. LIKELY: the stated figure does.
    POSSIBLE: only the high bound does. UNKNOWN: nothing is said of its compute.
    """

    CERTAIN = "certain"
    LIKELY = "likely"
    POSSIBLE = "possible"
    BELOW = "below"
    UNKNOWN = "unknown"

    @property
    def is_caught(self) -> bool:
        """Whether the model is caught by the best figure there is."""
        return self in (Standing.CERTAIN, Standing.LIKELY)


@dataclass(frozen=True)
class Option:
    """A threshold to try; `level_on` gives it on a day.

    `id` names it in links and files; `title` is that of its rule, None of a fixed one.
    """

    id: str
    comparator: Comparator
    level_on: Callable[[date], Level]
    title: Named | None = None

    @property
    def is_moving(self) -> bool:
        """Whether the threshold moves by a rule."""
        return self.title is not None

    def standing(self, compute: Bounds, day: date) -> Standing:
        """Say how compute stands to the threshold on a day."""
        level, holds = self.level_on(day), self.comparator.holds
        if compute.central is None and compute.high is None:
            return Standing.UNKNOWN
        if level.value is None:
            return Standing.BELOW
        if compute.low is not None and level.high is not None and holds(compute.low, level.high):
            return Standing.CERTAIN
        if compute.central is not None and holds(compute.central, level.value):
            return Standing.LIKELY
        least = level.value if level.low is None else level.low
        if compute.high is not None and holds(compute.high, least):
            return Standing.POSSIBLE
        if compute.high is None and compute.low is not None:
            return Standing.POSSIBLE
        return Standing.BELOW


def fixed(value: Exact, comparator: Comparator) -> Option:
    """Return a threshold that never moves.

    >>> fixed(10**26, Comparator.GREATER_THAN).id
    '1e26'
    """
    level = Level(value, value, value)
    return Option(scientific(value, 12), comparator, lambda _day: level)


def moving_option(moving: Moving, known_on: date | None, snapshots: Iterable[Snapshot]) -> Option:
    """Return a threshold that moves by a rule, as known on a day (None: with all snapshots)."""
    known = Known(snapshots)
    held: dict[date, Level] = {}

    def level_on(day: date) -> Level:
        if day not in held:
            found = value_on(moving, day, known_on, known)
            held[day] = Level(found.value, found.low, found.high)
        return held[day]

    return Option(moving.rule.id, moving.rule.comparator, level_on, moving.rule.title)
