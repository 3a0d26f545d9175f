"""A forecast as a document, and as rows for tables and files."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any

from sluicegate.core.phrases import Language
from sluicegate.core.quantities import flop_text, scientific
from sluicegate.core.reasons import Term, shown
from sluicegate.frontier.forecast.assumptions import Assumed, Assumptions
from sluicegate.frontier.forecast.backtest import Recorded
from sluicegate.frontier.forecast.forecasting import OptionForecast, YearForecast
from sluicegate.frontier.forecast.options import Option
from sluicegate.frontier.forecast.reading import Scenario
from sluicegate.services.lab.forecast import Forecasts, ScenarioForecast, headlines, middle_of
from sluicegate.services.lab.forecast_words import option_words

_DIGITS = 4


class Column(Enum):
    """Columns of the rows for reading."""

    SCENARIO = "scenario"
    OPTION = "option"
    YEAR = "year"
    NEW = "new_models"
    ALL = "models_so_far"
    DEVELOPERS = "developers_so_far"
    LEVEL = "level_flop"
    RECORDED = "recorded_models"


def names_of(assumed: Assumptions) -> tuple[str, ...]:
    """Return what the quantiles are called: p5 is passed by 95 of 100 courses of events.

    Their figures are in the same order.
    """
    return tuple(f"p{flop_text(100 * one)}" for one in assumed.quantiles)


def document_of(found: Forecasts, language: Language = Language.EN) -> dict[str, Any]:
    """Return everything that a forecast says, as a document."""
    snapshot, history = found.snapshot, found.scenarios[0].forecast.history
    return {
        "data": {
            "name": snapshot.name,
            "known_on": snapshot.known_on.isoformat(),
            "digest": snapshot.digest,
            "source": snapshot.source,
            "used_until": history.last_year,
            "models": len(history.models),
            "without_compute": history.without_compute,
            "only_notable": history.only_notable,
            "recorded_growth": _rounded(history.growth),
        },
        "later": None
        if found.later is None
        else {
            "name": found.later.name,
            "known_on": found.later.known_on.isoformat(),
            "digest": found.later.digest,
        },
        "as_of": found.question.as_of.isoformat(),
        "percentiles": list(names_of(found.assumed)),
        "scenarios": [_scenario(one, language) for one in found.scenarios],
    }


def _scenario(found: ScenarioForecast, language: Language) -> dict[str, Any]:
    assumed = found.forecast.assumed
    return {
        "scenario": found.name,
        "title": shown(Term(found.title), language),
        "notes": [note.text(language) for note in found.notes],
        "headlines": [
            said.text(language)
            for one in found.forecast.options
            for said in headlines(one, assumed, option_words(one.option).text(language))
        ],
        "options": [_option(found, one, language) for one in found.forecast.options],
        "assumptions": [assumption_row(one, language) for one in assumed.used],
    }


def scenario_rows(found: Mapping[str, Scenario], language: Language) -> list[dict[str, Any]]:
    """Return scenarios as columns."""
    return [
        {
            "scenario": one.name,
            "title": shown(Term(one.title), language),
            "changes": list(one.changes),
        }
        for one in found.values()
    ]


def assumption_row(one: Assumed, language: Language) -> dict[str, Any]:
    """Return an assumption as columns; one that was set has no reference."""
    cited = one.citation
    return {
        "name": one.name,
        "value": one.value,
        "title": shown(Term(one.title), language),
        "reference": None if cited is None else cited.text,
        "mark": None if cited is None else cited.mark.value,
    }


def _option(found: ScenarioForecast, one: OptionForecast, language: Language) -> dict[str, Any]:
    value = one.option.fixed
    return {
        "option": one.option.id,
        "title": option_words(one.option).text(language),
        "threshold": None if value is None else flop_text(value),
        "comparator": one.option.comparator.value,
        "before": one.before,
        "years": [_year(found, one, year) for year in one.years],
    }


def _year(found: ScenarioForecast, one: OptionForecast, year: YearForecast) -> dict[str, Any]:
    assumed = found.forecast.assumed
    recorded = found.recorded_of(one.option.id, year.year)
    return {
        "year": year.year,
        "new": _named(assumed, year.new),
        "cumulative": _named(assumed, year.cumulative),
        "added_up": _named(assumed, year.added_up),
        "level": _named(assumed, [level_text(level) for level in year.level]),
        "developers": None if year.developers is None else _named(assumed, year.developers),
        "steady": None
        if year.steady is None
        else _named(assumed, [level_text(level) for level in year.steady]),
        "set": year.is_set,
        "beyond_paper": year.is_beyond_paper,
        "recorded": None if recorded is None else _recorded(recorded, year),
    }


def _recorded(recorded: Recorded, year: YearForecast) -> dict[str, Any]:
    return {
        "new": recorded.new,
        "cumulative": recorded.cumulative,
        "whole_year": recorded.is_whole_year,
        "inside": is_inside(recorded, year),
    }


def is_inside(recorded: Recorded, year: YearForecast) -> bool:
    """Say whether the new models recorded lie between the outer percentiles."""
    return min(year.new) <= recorded.new <= max(year.new)


def rows_of(found: Forecasts) -> Iterator[dict[str, Any]]:
    """Yield a row for each scenario, option and year, a column for each percentile."""
    for scenario in found.scenarios:
        names = names_of(scenario.forecast.assumed)
        blank = (math.inf,) * len(names)
        for option in scenario.forecast.options:
            for year in option.years:
                recorded = scenario.recorded_of(option.option.id, year.year)
                yield {
                    "scenario": scenario.name,
                    "option": option.option.id,
                    "year": year.year,
                    **_columns("new", names, year.new),
                    **_columns("cumulative", names, year.cumulative),
                    **_columns("added_up", names, year.added_up),
                    **_columns("level", names, [level_text(one) for one in year.level]),
                    **_columns("developers", names, year.developers or (None,) * len(names)),
                    **_columns("steady", names, [level_text(one) for one in year.steady or blank]),
                    "recorded": None if recorded is None else recorded.new,
                    "set": year.is_set,
                    "beyond_paper": year.is_beyond_paper,
                }


def _columns(start: str, names: Sequence[str], values: Sequence[Any]) -> dict[str, Any]:
    return {f"{start}_{name}": value for name, value in zip(names, values, strict=True)}


def columns_of(found: Forecasts) -> list[str]:
    """Return the columns of the rows in order."""
    return list(next(rows_of(found)))


def short_rows(found: Forecasts) -> Iterator[dict[str, Any]]:
    """Yield rows for reading: a count with its outer percentiles in one cell."""
    for scenario in found.scenarios:
        assumed = scenario.forecast.assumed
        for option in scenario.forecast.options:
            for year in option.years:
                recorded = scenario.recorded_of(option.option.id, year.year)
                yield {
                    "scenario": scenario.name,
                    "option": option.option.id,
                    "year": year.year,
                    "new_models": spread(assumed, year.new),
                    "models_so_far": spread(assumed, year.cumulative),
                    "developers_so_far": ""
                    if year.developers is None
                    else spread(assumed, year.developers),
                    "level_flop": level_text(middle_of(assumed, year.level)),
                    "recorded_models": None if recorded is None else recorded.new,
                }


def beside_columns(found: Forecasts, language: Language | None = None) -> list[str]:
    """Return the columns that set options, and scenarios, beside each other.

    They are ids or, with a language, words.
    """
    is_one = len(found.scenarios) == 1

    def named(scenario: ScenarioForecast, option: Option) -> str:
        name = option.id if language is None else option_words(option).text(language)
        return name if is_one else f"{scenario.name} {name}"

    return [
        named(scenario, one.option)
        for scenario in found.scenarios
        for one in scenario.forecast.options
    ]


def beside_rows(
    found: Forecasts, *, is_per_year: bool, language: Language | None = None
) -> Iterator[dict[str, Any]]:
    """Yield a row for each year, with the counts of every option and scenario beside each other.

    Counts are all so far or, where asked for, of each year.
    """
    every = [
        (scenario.forecast.assumed, {year.year: year for year in one.years})
        for scenario in found.scenarios
        for one in scenario.forecast.options
    ]
    columns = beside_columns(found, language)
    for year in sorted({year for _, years in every for year in years}):
        cells = [
            spread(assumed, years[year].new if is_per_year else years[year].cumulative)
            if year in years
            else ""
            for assumed, years in every
        ]
        yield {Column.YEAR.value: year, **dict(zip(columns, cells, strict=True))}


def spread(assumed: Assumptions, values: Sequence[int]) -> str:
    """Write a count with its outer percentiles.

    One that is the same in all of them stands alone.
    """
    middle = middle_of(assumed, values)
    if min(values) == max(values):
        return str(middle)
    return f"{middle} ({min(values)}–{max(values)})"


def level_text(level: float) -> str | None:
    """Write a level in FLOP with few digits; None for no threshold."""
    if not 0 < level < math.inf:
        return None
    return scientific(Fraction(Decimal(repr(level))), _DIGITS)


def _named(assumed: Assumptions, values: Sequence[Any]) -> Mapping[str, Any]:
    return dict(zip(names_of(assumed), values, strict=True))


def _rounded(growth: float | None) -> str | None:
    return None if growth is None else f"{growth:.2f}"
