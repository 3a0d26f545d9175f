"""The policy lab: forecasts of how many models thresholds will catch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from sluicegate.api.models.common import Day, Identifier, Line
from sluicegate.api.models.lab_forecast import ForecastShown, ScenarioList
from sluicegate.api.parts import DeskOf, LanguageOf, Parts, PartsOf
from sluicegate.api.rendering import CSV, NDJSON, stream, told
from sluicegate.api.routing import ExactRoute
from sluicegate.rules.comparators import Comparator
from sluicegate.services.desk import Desk
from sluicegate.services.lab.forecast import (
    ForecastQuestion,
    Forecasts,
    forecast_data_set,
    scenarios,
)
from sluicegate.services.lab.forecast_options import MOST_OPTIONS, Tried
from sluicegate.services.lab.forecast_rows import (
    columns_of,
    document_of,
    rows_of,
    scenario_rows,
)
from sluicegate.wiring.forecast_pictures import forecast_svg

reading = APIRouter(prefix="/v1", tags=["policy lab"], route_class=ExactRoute)

_MOST_CHANGES = 40


@dataclass(frozen=True)
class Asks:
    """What is to be forecast, as a query says it."""

    data: str
    later: str | None
    question: ForecastQuestion

    def of(self, desk: Desk, parts: Parts) -> Forecasts:
        """Forecast it. Raises ForecastError, UnknownDatasetError, RefusedError."""
        return forecast_data_set(desk, parts.served.book, self.data, self.question, self.later)


@dataclass(frozen=True)
class OptionsAsked:
    """The options that a query names."""

    tried: Tried


def options(
    threshold: Annotated[
        list[Line],
        Query(max_length=MOST_OPTIONS, description="Fixed thresholds in FLOP.", examples=["3e26"]),
    ] = [],  # noqa: B006 - FastAPI copies it
    near: Annotated[
        list[Line],
        Query(max_length=MOST_OPTIONS, description="Orders of magnitude below the largest run."),
    ] = [],  # noqa: B006 - FastAPI copies it
    rank: Annotated[
        list[Line], Query(max_length=MOST_OPTIONS, description="Places from the largest model.")
    ] = [],  # noqa: B006 - FastAPI copies it
    moving: Annotated[
        list[Line], Query(max_length=MOST_OPTIONS, description="Ids of thresholds that move.")
    ] = [],  # noqa: B006 - FastAPI copies it
    comparator: Annotated[
        str,
        Query(pattern="^(greater_than|at_least)$", description="How fixed thresholds compare."),
    ] = Comparator.GREATER_THAN.value,
) -> OptionsAsked:
    """Read the options; none at all stands for those of the paper."""
    named = (tuple(one) for one in (near, rank, moving))
    return OptionsAsked(Tried(tuple(threshold), Comparator(comparator), *named))


def asks(
    desk: DeskOf,
    named: Annotated[OptionsAsked, Depends(options)],
    data: Annotated[Identifier, Query(description="Name of a data set, or registry.")],
    scenario: Annotated[
        list[Line], Query(max_length=MOST_OPTIONS, description="Scenarios side by side; baseline.")
    ] = [],  # noqa: B006 - FastAPI copies it
    change: Annotated[
        list[Line],
        Query(
            alias="set",
            max_length=_MOST_CHANGES,
            description="Assumptions as name=value.",
            examples=["growth_sd=0.3"],
        ),
    ] = [],  # noqa: B006 - FastAPI copies it
    later: Annotated[
        Identifier | None, Query(description="A data set to set the years against.")
    ] = None,
    as_of: Annotated[Day | None, Query(description="Day of the assumptions; today.")] = None,
    known_on: Annotated[Day | None, Query(description="Data known by then; the newest.")] = None,
) -> Asks:
    """Read what is to be forecast."""
    day = as_of or desk.now().date()
    question = ForecastQuestion(day, named.tried, tuple(scenario), tuple(change), known_on)
    return Asks(data, later, question)


AsksOf = Annotated[Asks, Depends(asks)]


@reading.get("/lab/scenarios", response_model=ScenarioList, operation_id="list_forecast_scenarios")
def list_scenarios(desk: DeskOf, parts: PartsOf, language: LanguageOf) -> Response:
    """List the scenarios of a forecast with the assumptions that each changes."""
    found = scenarios(desk, parts.served.book)
    return told({"items": scenario_rows(found, language)}, headers={"Vary": "Accept-Language"})


@reading.get(
    "/lab/forecast",
    response_model=ForecastShown,
    operation_id="forecast_models",
    responses={
        200: {
            "content": {
                NDJSON: {"schema": {"type": "string"}},
                "text/csv": {"schema": {"type": "string"}},
            }
        }
    },
)
def forecast_models(
    asked: AsksOf,
    desk: DeskOf,
    parts: PartsOf,
    language: LanguageOf,
    form: Annotated[
        str, Query(alias="format", pattern="^(json|csv|ndjson)$", description="json, csv, ndjson.")
    ] = "json",
) -> Response:
    """Forecast how many models lie above thresholds, by year and percentile.

    Options and scenarios stand side by side over the same random numbers. Without
    options, those of the published forecast are taken. The same query gives the same
    figures until the data or the rules change.
    """
    found = asked.of(desk, parts)
    if form == "json":
        return told(document_of(found, language), headers={"Vary": "Accept-Language"})
    return stream(rows_of(found), columns_of(found), CSV if form == "csv" else NDJSON)


@reading.get(
    "/lab/forecast/picture",
    operation_id="get_forecast_picture",
    response_class=Response,
    responses={200: {"content": {"image/svg+xml": {"schema": {"type": "string"}}}}},
)
def get_picture(
    asked: AsksOf,
    desk: DeskOf,
    parts: PartsOf,
    language: LanguageOf,
    per_year: Annotated[
        bool, Query(description="The models of each year, not all so far.")
    ] = False,
) -> Response:
    """Draw a fan for each option and scenario, as SVG."""
    drawn = forecast_svg(asked.of(desk, parts), language, is_per_year=per_year)
    headers = {"Content-Disposition": "attachment", "Vary": "Accept-Language"}
    return Response(drawn, headers=headers, media_type="image/svg+xml")
