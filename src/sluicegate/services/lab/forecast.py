"""Forecasting what thresholds will catch: options and scenarios side by side, from a data set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from sluicegate.core.reasons import Sentence, say
from sluicegate.frontier.forecast.assumptions import Assumptions, ForecastError
from sluicegate.frontier.forecast.backtest import Recorded, recorded_years
from sluicegate.frontier.forecast.forecasting import Forecast, OptionForecast, forecast
from sluicegate.frontier.forecast.history import history_of
from sluicegate.frontier.forecast.reading import (
    BASELINE,
    Scenario,
    assumptions_of,
    read_change,
    scenarios_of,
)
from sluicegate.frontier.moving import WrongRuleError
from sluicegate.frontier.records import Snapshot
from sluicegate.rules.book import RuleBook
from sluicegate.rules.instruments import Title
from sluicegate.rules.law import Law
from sluicegate.services.access.actions import Action
from sluicegate.services.datasets.reading import snapshot_of
from sluicegate.services.desk import Desk
from sluicegate.services.lab.forecast_options import Tried, options_of
from sluicegate.services.lab.threshold_words import counted_models

MOST_SCENARIOS = 4


@dataclass(frozen=True, slots=True)
class ForecastQuestion:
    """What to forecast: options, scenarios, and assumptions set by hand as name=value.

    `as_of` is the day whose rules give the assumptions; `known_on` the day by which
    the data was known, None for the newest snapshot.
    """

    as_of: date
    tried: Tried = field(default_factory=Tried)
    scenarios: tuple[str, ...] = (BASELINE,)
    changes: tuple[str, ...] = ()
    known_on: date | None = None


@dataclass(frozen=True, slots=True)
class ScenarioForecast:
    """One scenario: its title, its forecast, and what a later snapshot records, by option."""

    title: Title
    forecast: Forecast
    recorded: Mapping[str, Sequence[Recorded]]
    notes: tuple[Sentence, ...]

    @property
    def name(self) -> str:
        """The scenario's name."""
        return self.forecast.assumed.scenario

    def recorded_of(self, option: str, year: int) -> Recorded | None:
        """Return what is recorded of a year, or None."""
        return next((one for one in self.recorded.get(option, ()) if one.year == year), None)


@dataclass(frozen=True, slots=True)
class Forecasts:
    """Scenarios side by side; `later` is the snapshot that they were set against."""

    question: ForecastQuestion
    snapshot: Snapshot
    scenarios: tuple[ScenarioForecast, ...]
    later: Snapshot | None

    @property
    def assumed(self) -> Assumptions:
        """The assumptions of the first scenario."""
        return self.scenarios[0].forecast.assumed


def scenarios(desk: Desk, book: RuleBook) -> Mapping[str, Scenario]:
    """Return the scenarios that may be named, by name; the baseline first.

    Raises RefusedError.
    """
    desk.must(Action.LAB_READ)
    return scenarios_of(Law(book, desk.now().date()))


def forecast_data_set(
    desk: Desk, book: RuleBook, name: str, question: ForecastQuestion, later: str | None = None
) -> Forecasts:
    """Forecast from a data set of the node; `later` names one to set the years against.

    Raises ForecastError, UnknownDatasetError, RefusedError.
    """
    desk.must(Action.LAB_READ)
    snapshot = snapshot_of(desk, name, question.known_on)
    newest = None if later is None else snapshot_of(desk, later)
    return forecast_snapshot(snapshot, book, question, newest)


def forecast_snapshot(
    snapshot: Snapshot, book: RuleBook, question: ForecastQuestion, later: Snapshot | None = None
) -> Forecasts:
    """Forecast from a snapshot, under each scenario. Raises ForecastError."""
    asked = tuple(dict.fromkeys(question.scenarios)) or (BASELINE,)
    if len(asked) > MOST_SCENARIOS:
        raise ForecastError(
            say("At most {most} scenarios stand side by side; name fewer.", most=MOST_SCENARIOS)
        )
    law = Law(book, question.as_of)
    changes = dict(map(read_change, question.changes))
    titles = scenarios_of(law)
    found = []
    for scenario in asked:
        assumed = assumptions_of(law, scenario, changes)
        title = titles[scenario].title
        found.append(_under(snapshot, book, question.tried, assumed, title, later))
    return Forecasts(question, snapshot, tuple(found), later)


def _under(
    snapshot: Snapshot,
    book: RuleBook,
    tried: Tried,
    assumed: Assumptions,
    title: Title,
    later: Snapshot | None,
) -> ScenarioForecast:
    """Forecast under one scenario. Raises ForecastError."""
    history = history_of(snapshot, assumed)
    try:
        options = options_of(tried, book, snapshot, assumed, history.last_year + 1)
    except WrongRuleError as error:
        raise ForecastError(
            say("A moving threshold has no value by its parameters; check its rule file.")
        ) from error
    made = forecast(snapshot, assumed, options.options)
    recorded: Mapping[str, Sequence[Recorded]] = {}
    if later is not None:
        recorded = recorded_years(later, assumed, history, options.options)
    notes = (*options.notes, *_notes(made), *_checked(made, recorded))
    return ScenarioForecast(title, made, recorded, notes)


def _notes(made: Forecast) -> list[Sentence]:
    """Say what a reader must know of a forecast before using it."""
    history, assumed = made.history, made.assumed
    notes = [
        say(
            "The forecast rests on {models} models of {data} up to {year}; {without} models"
            " without training compute are not in it.",
            models=len(history.models),
            data=history.snapshot.name,
            year=str(history.last_year),
            without=history.without_compute,
        )
    ]
    if assumed.last_year > assumed.paper_ends:
        notes.append(
            say(
                "Years after {year} are extrapolated here; the paper ends with it.",
                year=str(assumed.paper_ends),
            )
        )
    if any(year.is_set for option in made.options for year in option.years):
        notes.append(
            say(
                "Counts of {years} are set to what is known, and not forecast.",
                years=sorted({str(one.year) for one in assumed.known_counts}),
            )
        )
    return notes


def _checked(made: Forecast, recorded: Mapping[str, Sequence[Recorded]]) -> list[Sentence]:
    """Say how often what was recorded of whole years lies within the outer percentiles.

    A year whose count was set is left out.
    """
    pairs = [
        (one, year)
        for option in made.options
        for one in recorded.get(option.option.id, ())
        for year in option.years
        if year.year == one.year and one.is_whole_year and not year.is_set
    ]
    if not pairs:
        return []
    return [
        say(
            "Of {count} counts of whole years recorded later, {inside} lie within the outer"
            " percentiles, {below} below and {above} above.",
            count=len(pairs),
            inside=sum(min(year.new) <= one.new <= max(year.new) for one, year in pairs),
            below=sum(one.new < min(year.new) for one, year in pairs),
            above=sum(one.new > max(year.new) for one, year in pairs),
        )
    ]


def headline(found: OptionForecast, assumed: Assumptions, name: str) -> Sentence:
    """Say in one sentence what an option will have caught by the last year.

    `name` is how the option is called where the sentence stands.
    """
    last = found.years[-1]
    points = sorted(zip(assumed.quantiles, last.cumulative, strict=True))
    low, high = points[0], points[-1]
    return say(
        "{option}: {models} by the end of {year}, in {share} of 100 courses of events from"
        " {low} to {high}.",
        option=name,
        models=counted_models(middle_of(assumed, last.cumulative)),
        year=str(last.year),
        share=100 * (high[0] - low[0]),
        low=low[1],
        high=high[1],
    )


def headlines(found: OptionForecast, assumed: Assumptions, name: str) -> tuple[Sentence, ...]:
    """Say what an option will have caught and, of a fixed one, how it would have to move."""
    told = headline(found, assumed, name)
    counted = [one for one in found.years if one.steady is not None]
    if len(counted) <= 1:
        return (told,)
    first, last = counted[0], counted[-1]
    steady = last.steady or (0.0,)
    if min(steady) <= 0:
        return (told,)
    move = say(
        "To catch no more new models in {last} than in {first} ({count}), it would have to stand"
        " at {level:sci} FLOP by then ({low:sci} to {high:sci}).",
        last=str(last.year),
        first=str(first.year),
        count=middle_of(assumed, first.new),
        level=Fraction(middle_of(assumed, steady)),
        low=Fraction(min(steady)),
        high=Fraction(max(steady)),
    )
    return (told, move)


def middle_of(assumed: Assumptions, values: Sequence[Any]) -> Any:
    """Return the value at the quantile nearest to the middle of those told."""
    points = assumed.quantiles
    middle = (min(points) + max(points)) / 2
    place = min(range(len(points)), key=lambda one: abs(points[one] - middle))
    return values[place]
