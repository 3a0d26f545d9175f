"""The policy lab: forecasts of how many models thresholds will catch."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal, TypedDict, Unpack

from sluicegate.client.calls import Calls
from sluicegate.client.shapes import ForecastShown, ScenarioList


class Forecasts(TypedDict, total=False):
    """What else is asked of a forecast; `changes` are assumptions as name=value."""

    near: Sequence[str]
    rank: Sequence[str]
    moving: Sequence[str]
    comparator: Literal["greater_than", "at_least"]
    scenario: Sequence[str]
    changes: Sequence[str]
    later: str
    as_of: date
    known_on: date


class LabForecasts(Calls):
    """Forecasts as a program asks for them."""

    def forecast_scenarios(self) -> ScenarioList:
        """List the scenarios of a forecast with the assumptions that each changes."""
        return self._read(ScenarioList, "/v1/lab/scenarios")

    def forecast_models(
        self, data: str, thresholds: Sequence[str] = (), **more: Unpack[Forecasts]
    ) -> ForecastShown:
        """Say how many models will lie above thresholds, by year and percentile."""
        query = _query(data, thresholds, more)
        return self._read(ForecastShown, "/v1/lab/forecast", query)

    def forecast_picture(
        self, data: str, thresholds: Sequence[str] = (), **more: Unpack[Forecasts]
    ) -> bytes:
        """Return a fan for each option and scenario, as SVG."""
        return self._file("/v1/lab/forecast/picture", _query(data, thresholds, more))


def _query(data: str, thresholds: Sequence[str], more: Forecasts) -> dict[str, object]:
    asked: dict[str, object] = {"data": data, "threshold": list(thresholds), **more}
    if "changes" in asked:
        asked["set"] = asked.pop("changes")
    return asked
