"""The frontier of a data set: the largest run known on a day, and who is near it."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import accumulate

from sluicegate.core.calendars import PeriodUnit
from sluicegate.core.quantities import Exact, whole
from sluicegate.frontier.lab.assumptions import Assumptions, Bounds, bounds_of
from sluicegate.frontier.records import RecordedModel
from sluicegate.rules.moving import DAYS_OF


@dataclass(frozen=True, slots=True)
class Dated:
    """A model with the day on which it came out and the bounds of its compute, FLOP."""

    model: RecordedModel
    day: date
    bounds: Bounds

    @property
    def central(self) -> Exact | None:
        """What counts as its compute."""
        return self.bounds.central


@dataclass(frozen=True, slots=True)
class YearFrontier:
    """The frontier at the end of a year, or on the day asked about where that is earlier.

    `largest` is the largest run known then, `level` from where a model is at the
    frontier. `least_frontier` is the least compute of the year's frontier models: a
    threshold above it misses one. `largest_other` is the largest model of the year by
    developers that are not at the frontier: a threshold below it burdens one.
    """

    year: int
    until: date
    largest: Exact | None
    level: Exact | None
    models: int
    least_frontier: Exact | None
    largest_other: Exact | None


class Frontier:
    """Where the frontier was on any day, by the models of a data set.

    A model is at the frontier when its compute is at least a share of the largest
    run known on the day it came out; a developer is on a day when one of its models
    until then has at least that share of the largest run known on that day.
    """

    def __init__(self, models: Sequence[RecordedModel], assumed: Assumptions) -> None:
        self.assumed = assumed
        dated = [
            Dated(one, one.published, bounds_of(one, assumed))
            for one in models
            if one.published is not None
        ]
        self.models = tuple(sorted(dated, key=lambda one: one.day))
        self._days = [one.day for one in self.models]
        self._largest = list(accumulate((one.central or 0 for one in self.models), max))
        share = assumed.frontier_share
        self._levels = {value: whole(value * share) for value in set(self._largest)}
        self._own: dict[str, tuple[list[date], list[Exact]]] = {}
        for one in self.models:
            for name in one.model.developers if one.central else ():
                days, best = self._own.setdefault(name, ([], []))
                days.append(one.day)
                best.append(max(one.central or 0, best[-1] if best else 0))

    def until(self, day: date) -> Sequence[Dated]:
        """Return the models published on or before a day, in order of days."""
        return self.models[: bisect_right(self._days, day)]

    def of_year(self, year: int, until: date) -> Sequence[Dated]:
        """Return the models published in a year and not after a day."""
        return [one for one in self.until(until) if one.day.year == year]

    def largest_on(self, day: date) -> Exact | None:
        """Return the compute of the largest run known on a day; None before any."""
        place = bisect_right(self._days, day)
        return (self._largest[place - 1] or None) if place else None

    def level_on(self, day: date) -> Exact | None:
        """Return the compute from which a model is at the frontier on a day."""
        largest = self.largest_on(day)
        return None if largest is None else self._levels[largest]

    def has(self, one: Dated) -> bool:
        """Say whether a model was at the frontier on the day it came out."""
        level = self.level_on(one.day)
        return one.central is not None and level is not None and one.central >= level

    def best_of(self, developer: str, day: date) -> Exact:
        """Return the compute of a developer's largest known model until a day; 0 without one."""
        days, best = self._own.get(developer, ([], []))
        place = bisect_right(days, day)
        return best[place - 1] if place else 0

    def is_near(self, developer: str, day: date) -> bool:
        """Say whether a developer was at the frontier on a day."""
        level = self.level_on(day)
        return level is not None and self.best_of(developer, day) >= level

    def year(self, year: int, until: date) -> YearFrontier:
        """Return the frontier at the end of a year."""
        own = self.of_year(year, until)
        at = [one.central for one in own if self.has(one) and one.central is not None]
        others = [
            one.central
            for one in own
            if one.central is not None
            and not all(self.is_near(name, until) for name in one.model.developers)
        ]
        return YearFrontier(
            year,
            until,
            self.largest_on(until),
            self.level_on(until),
            len(at),
            min(at, default=None),
            max(others, default=None),
        )

    def is_unseen(self, one: Dated) -> bool:
        """Say whether a model of unknown compute was likely at the frontier when it came out.

        Where the data set marks frontier models its mark counts; else whether one of
        its developers was at the frontier on that day.
        """
        if one.central is not None:
            return False
        if one.model.is_frontier is not None:
            return one.model.is_frontier
        return any(self.is_near(name, one.day) for name in one.model.developers)


def growth_a_year(earlier: Exact, later: Exact, days: int) -> float:
    """Return how many times a figure grows in a year; a statistic, no decision rests on it."""
    ratio = Fraction(later) / Fraction(earlier)
    return math.pow(float(ratio), float(DAYS_OF[PeriodUnit.YEAR] / days))
