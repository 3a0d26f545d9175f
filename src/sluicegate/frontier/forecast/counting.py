"""Counting the models of every course of events against every option, year by year."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import accumulate

import numpy as np

from sluicegate.frontier.forecast.assumptions import Assumptions, LargestAt, LargestBefore, Record
from sluicegate.frontier.forecast.history import History
from sluicegate.frontier.forecast.options import Option, Standing, as_float
from sluicegate.frontier.forecast.paths import (
    Floats,
    Ints,
    Models,
    divide,
    draw_models,
    growth_factors,
    training_compute,
)


@dataclass(frozen=True, slots=True)
class Counted:
    """What a year brings under an option, one value per course of events.

    `new` counts models, `level` is the threshold's at the end of the year in FLOP,
    `developers` counts those who made one so far; None where nothing tells them.
    `steady` is the threshold in FLOP that would catch as many new models as the first
    year that is not set does in the middle, 0 where there are fewer; None where the
    option is not fixed, or that year has none.
    """

    year: int
    new: Ints
    level: Floats
    developers: Ints | None
    steady: Floats | None = None


@dataclass
class _Exposure:
    """Which developers made a model above an option so far, by course of events."""

    seen: np.ndarray[tuple[int, int], np.dtype[np.bool_]]
    limits: Floats
    before: int

    @classmethod
    def of(cls, history: History, option: Option, many: int) -> _Exposure:
        """Begin with the developers recorded above a fixed threshold."""
        names = list(history.developers)
        known = (
            history.developers_above(option.fixed, option.comparator)
            if option.fixed is not None
            else frozenset[str]()
        )
        seen = np.zeros((many, len(names)), dtype=np.bool_)
        seen[:, [place for place, name in enumerate(names) if name in known]] = True
        limits = np.array([float(one) for one in accumulate(history.developers.values())])
        return cls(seen, limits, len(known - set(names)))

    def add(self, path: Ints, chance: Floats) -> None:
        """Pick a developer for each model."""
        if len(self.limits):
            picked = np.searchsorted(self.limits[:-1], chance, side="right")
            self.seen[path, picked] = True

    def count(self) -> Ints | None:
        """Count the developers of each course of events."""
        if not len(self.limits):
            return None
        return np.asarray(self.seen.sum(axis=1) + self.before)


@dataclass
class _Course:
    """All courses of events as they go on from period to period."""

    assumed: Assumptions
    options: Sequence[Option]
    standing: Standing
    exposures: Sequence[_Exposure]
    counts: list[Ints] = field(default_factory=list)
    first_counts: dict[str, int] = field(default_factory=dict)

    def year(self, models: Models) -> list[Counted]:
        """Go through the periods of a year and count its models under every option."""
        many, periods = len(self.standing.largest), self.assumed.near_periods
        self.counts = [np.zeros(many, dtype=np.int64) for _ in self.options]
        period_of = np.floor(models.moment * periods).astype(np.int64)
        for period in range(periods):
            inside = period_of == period
            self._period(models, inside, Standing(models.year, period, *self._sizes()))
        return [
            Counted(
                models.year,
                count,
                option.rule.level(self.standing),
                exposure.count(),
                self._steady(models, option, count),
            )
            for option, count, exposure in zip(
                self.options, self.counts, self.exposures, strict=True
            )
        ]

    def _steady(self, models: Models, option: Option, count: Ints) -> Floats | None:
        """Return the size that as many models of the year reach as of the first year not set."""
        value = option.fixed
        if value is None or self.assumed.known_count(models.year, value) is not None:
            return None
        wanted = self.first_counts.setdefault(option.id, round(float(np.median(count))))
        return _reached_by(models, wanted, len(count)) if wanted else None

    def _sizes(self) -> tuple[Floats, Floats]:
        return self.standing.largest, self.standing.top

    def _period(
        self, models: Models, inside: np.ndarray[tuple[int], np.dtype[np.bool_]], start: Standing
    ) -> None:
        path, size, chance = models.path[inside], models.size[inside], models.chance[inside]
        end = _after(start, path, size)
        seen_from = end if self.assumed.near_largest_at is LargestAt.END else start
        for place, option in enumerate(self.options):
            level = option.rule.level(seen_from)[path]
            counted = option.passed(size, level)
            if option.is_near and self.assumed.near_record is Record.LEFT_OUT:
                counted &= size != seen_from.largest[path]
            self.counts[place] += np.bincount(path[counted], minlength=len(start.largest))
            self.exposures[place].add(path[counted], chance[counted])
        self.standing = end


def _reached_by(models: Models, wanted: int, many: int) -> Floats:
    """Return the size of the model in a place from the largest, 0 where there are fewer."""
    order = np.lexsort((-models.size, models.path))
    sizes, paths = models.size[order], models.path[order]
    spots = np.searchsorted(paths, np.arange(many)) + wanted - 1
    has = np.bincount(paths, minlength=many) >= wanted
    found = np.zeros(many)
    found[has] = sizes[spots[has]]
    return found


def _after(standing: Standing, path: Ints, size: Floats) -> Standing:
    """Return the standing with more models."""
    largest = standing.largest.copy()
    np.maximum.at(largest, path, size)
    many, rank = standing.top.shape
    if not rank:
        return Standing(standing.year, standing.period, largest, standing.top)
    paths = np.concatenate([np.repeat(np.arange(many), rank), path])
    sizes = np.concatenate([standing.top.ravel(), size])
    order = np.lexsort((-sizes, paths))
    first = np.searchsorted(paths[order], np.arange(many))
    top = sizes[order][first[:, None] + np.arange(rank)[None, :]]
    return Standing(standing.year, standing.period, largest, top)


def count_years(
    assumed: Assumptions, history: History, options: Sequence[Option]
) -> Iterator[Mapping[str, Counted]]:
    """Draw and count what each forecast year brings, by option. Raises ForecastError."""
    factors = growth_factors(assumed)
    first = history.last_year + 1
    course = _begin(assumed, history, options)
    base = Fraction(history.base)
    for year in range(first, assumed.last_year + 1):
        compute = training_compute(assumed, base, factors, first, year)
        division = divide(assumed, year, compute)
        at = Standing(year, 0, course.standing.largest, course.standing.top)
        floor = np.minimum.reduce([one.rule.least(at) for one in options])
        counted = course.year(draw_models(assumed, division, floor))
        yield {
            option.id: _known(assumed, option, one)
            for option, one in zip(options, counted, strict=True)
        }


def count_models(
    assumed: Assumptions,
    history: History,
    options: Sequence[Option],
    years: Mapping[int, Models],
) -> Iterator[Mapping[str, Counted]]:
    """Count given models year by year, by option, as `count_years` counts drawn ones."""
    course = _begin(assumed, history, options)
    for models in years.values():
        counted = course.year(models)
        yield {option.id: one for option, one in zip(options, counted, strict=True)}


def _begin(assumed: Assumptions, history: History, options: Sequence[Option]) -> _Course:
    """Return the courses of events as they stand before the first forecast year."""
    rank = max((one.rule.rank for one in options), default=0)
    largest, top = _largest_before(assumed, history), _top(assumed, history, rank)
    standing = Standing(history.last_year, 0, largest, top)
    exposures = [_Exposure.of(history, one, assumed.simulations) for one in options]
    return _Course(assumed, options, standing, exposures)


def _known(assumed: Assumptions, option: Option, counted: Counted) -> Counted:
    """Put in the count of a year that is set for exactly this threshold."""
    known = None if option.fixed is None else assumed.known_count(counted.year, option.fixed)
    if known is None:
        return counted
    return replace(counted, new=np.full_like(counted.new, known))


def _largest_before(assumed: Assumptions, history: History) -> Floats:
    """Return the largest run before the first forecast year, recorded or drawn."""
    if assumed.near_largest_before is LargestBefore.RECORDED:
        return np.full(assumed.simulations, as_float(history.largest))
    compute = np.full(assumed.simulations, as_float(history.base))
    division = divide(assumed, history.last_year, compute, is_recorded=True)
    models = draw_models(assumed, division, division.least_largest)
    largest = np.zeros(assumed.simulations)
    np.maximum.at(largest, models.path, models.size)
    return largest


def _top(assumed: Assumptions, history: History, rank: int) -> Floats:
    """Return the largest models recorded, in falling order, the same in all courses of events."""
    sizes = sorted((as_float(one.compute) for one in history.models if one.compute), reverse=True)
    padded = [*sizes[:rank], *[0.0] * (rank - len(sizes))]
    return np.tile(np.array(padded), (assumed.simulations, 1))
