"""Shapes of forecasts of model counts."""

from __future__ import annotations

from sluicegate.api.models.common import Exact, Shape


class ForecastData(Shape):
    """The snapshot that a forecast rests on; `recorded_growth` is the factor a year of its data."""

    name: str
    known_on: str
    digest: str
    source: str
    used_until: int
    models: int
    without_compute: int
    only_notable: bool
    recorded_growth: str | None


class LaterData(Shape):
    """The later snapshot that a forecast was set against."""

    name: str
    known_on: str
    digest: str


class YearRecorded(Shape):
    """What later data records of a year; `inside` the outer percentiles of its new models."""

    new: int
    cumulative: int
    whole_year: bool
    inside: bool


class ForecastYear(Shape):
    """A year under an option; every mapping is by percentile, such as p50.

    `cumulative` counts over each course of events, `added_up` adds up the percentiles
    of the years; `level` is the threshold in FLOP at the end of the year, `steady` the
    one that would catch as many new models as the first year that is not set.
    """

    year: int
    new: dict[str, int]
    cumulative: dict[str, int]
    added_up: dict[str, int]
    level: dict[str, str | None]
    developers: dict[str, int] | None
    steady: dict[str, str | None] | None
    set: bool
    beyond_paper: bool
    recorded: YearRecorded | None


class OptionForecastShown(Shape):
    """An option; `before` counts the models recorded above a fixed threshold until then."""

    option: str
    title: str
    threshold: Exact | None
    comparator: str
    before: int
    years: list[ForecastYear]


class AssumptionShown(Shape):
    """An assumption; one that was set has no reference."""

    name: str
    value: str
    title: str
    reference: str | None
    mark: str | None


class ScenarioForecastShown(Shape):
    """A scenario: what must be said of it, its options, and all that it assumes."""

    scenario: str
    title: str
    notes: list[str]
    headlines: list[str]
    options: list[OptionForecastShown]
    assumptions: list[AssumptionShown]


class ForecastShown(Shape):
    """Scenarios side by side, from one data set."""

    data: ForecastData
    later: LaterData | None
    as_of: str
    percentiles: list[str]
    scenarios: list[ScenarioForecastShown]


class ScenarioShown(Shape):
    """A scenario that may be named; `changes` are name=value."""

    scenario: str
    title: str
    changes: list[str]


class ScenarioList(Shape):
    """All scenarios, the baseline first."""

    items: list[ScenarioShown]
