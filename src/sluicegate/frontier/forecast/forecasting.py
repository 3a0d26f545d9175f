"""The forecast: percentiles of counts by option and year, beside what is recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sluicegate.core.reasons import say
from sluicegate.frontier.forecast.assumptions import Assumptions, ForecastError
from sluicegate.frontier.forecast.counting import Counted, count_years
from sluicegate.frontier.forecast.history import History, history_of
from sluicegate.frontier.forecast.options import Option
from sluicegate.frontier.forecast.paths import Floats, Ints
from sluicegate.frontier.records import Snapshot


@dataclass(frozen=True, slots=True)
class YearForecast:
    """What a forecast says of one year under one option; every tuple is by percentile.

    `new` counts the year's models, `cumulative` all so far, over the courses of
    events; `added_up` adds up the percentiles of the years, as the paper does, which
    is wider, as no course of events is low or high in every year. `level` is the
    threshold at the end of the year in FLOP, `developers` counts those who made a
    model above it so far, None where the data names none. `steady` is the threshold in
    FLOP that would catch as many new models as the first year that is not set; 0 where
    no year has as many, None where the option is not fixed. `is_set` says that the
    count was set and not forecast, `is_beyond_paper` that the paper has no such year.
    """

    year: int
    new: tuple[int, ...]
    cumulative: tuple[int, ...]
    added_up: tuple[int, ...]
    level: tuple[float, ...]
    developers: tuple[int, ...] | None
    steady: tuple[float, ...] | None
    is_set: bool
    is_beyond_paper: bool


@dataclass(frozen=True, slots=True)
class OptionForecast:
    """The years of one option; `before` counts the models recorded above it until then."""

    option: Option
    before: int
    years: tuple[YearForecast, ...]

    def of(self, year: int) -> YearForecast | None:
        """Return a year, or None."""
        return next((one for one in self.years if one.year == year), None)


@dataclass(frozen=True, slots=True)
class Forecast:
    """A forecast under one set of assumptions."""

    assumed: Assumptions
    history: History
    options: tuple[OptionForecast, ...]

    @property
    def first_year(self) -> int:
        """The first year forecast."""
        return self.history.last_year + 1


def forecast(snapshot: Snapshot, assumed: Assumptions, options: Sequence[Option]) -> Forecast:
    """Forecast the counts of models under options, from a snapshot and assumptions.

    Raises ForecastError when there is nothing to forecast or assumptions do not fit.
    """
    if not options:
        raise ForecastError(say("No threshold is named; name one, e.g. 1e26."))
    history = history_of(snapshot, assumed)
    counted: dict[str, list[Counted]] = {one.id: [] for one in options}
    for year in count_years(assumed, history, list({one.id: one for one in options}.values())):
        for name, found in year.items():
            counted[name].append(found)
    return Forecast(
        assumed,
        history,
        tuple(
            _option(assumed, history, option, counted[option.id])
            for option in {one.id: one for one in options}.values()
        ),
    )


def _option(
    assumed: Assumptions, history: History, option: Option, counted: Sequence[Counted]
) -> OptionForecast:
    before = 0 if option.fixed is None else history.count(option.fixed, option.comparator)
    so_far = np.full(assumed.simulations, before, dtype=np.int64)
    added = (before,) * len(assumed.quantiles)
    years = []
    for one in counted:
        so_far = so_far + one.new
        new = _counts(assumed, one.new)
        added = tuple(a + b for a, b in zip(added, new, strict=True))
        years.append(
            YearForecast(
                one.year,
                new,
                _counts(assumed, so_far),
                added,
                _levels(assumed, one.level),
                None if one.developers is None else _counts(assumed, one.developers),
                None if one.steady is None else _levels(assumed, one.steady),
                option.fixed is not None
                and assumed.known_count(one.year, option.fixed) is not None,
                one.year > assumed.paper_ends,
            )
        )
    return OptionForecast(option, before, tuple(years))


def _points(assumed: Assumptions) -> list[float]:
    return [float(one) for one in assumed.quantiles]


def _levels(assumed: Assumptions, values: Floats) -> tuple[float, ...]:
    """Return quantiles of levels, each one that was drawn, so that infinite ones do no harm."""
    return tuple(np.quantile(values, _points(assumed), method="nearest").tolist())


def _counts(assumed: Assumptions, values: Ints | Floats) -> tuple[int, ...]:
    """Return percentiles of counts, rounded to whole models, half to even."""
    return tuple(round(one) for one in np.quantile(values, _points(assumed)).tolist())
