"""The policy lab: forecasts of how many models thresholds will catch."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from starlette.responses import Response

from sluicegate.core.calendars import parse_day
from sluicegate.core.cells import harmless
from sluicegate.core.exact import dump_json
from sluicegate.core.phrases import term
from sluicegate.core.reasons import Sentence, Term, shown
from sluicegate.frontier.forecast.assumptions import ForecastError
from sluicegate.frontier.forecast.reading import BASELINE
from sluicegate.services.access.actions import Action
from sluicegate.services.datasets import reading as datasets
from sluicegate.services.datasets.errors import DatasetError
from sluicegate.services.lab.forecast import (
    ForecastQuestion,
    Forecasts,
    forecast_data_set,
    headlines,
    middle_of,
    scenarios,
)
from sluicegate.services.lab.forecast_options import COMPARATORS, Tried
from sluicegate.services.lab.forecast_rows import (
    beside_rows,
    columns_of,
    document_of,
    level_text,
    rows_of,
    spread,
)
from sluicegate.services.lab.forecast_words import option_words
from sluicegate.web.dossier_parts import filter_text
from sluicegate.web.problems import Problem, problem_page
from sluicegate.web.routing import Page, page
from sluicegate.web.visit import Visit
from sluicegate.wiring.forecast_pictures import forecast_svg

_UNFIT = 422
_BETWEEN = re.compile(r"[\s,;]+")
_LINES = re.compile(r"[\r\n;]+")
_FIELDS = ("data", "known_on", "threshold", "near", "rank", "comparator", "set", "later", "draw")
PER_YEAR = "year"
_NO_DAY = "This is no day; write e.g. 2026-01-31."


class _NoDayError(ValueError):
    """A day of knowledge that cannot be read."""


def show_forecast(visit: Visit) -> Response:
    """Show the form and, once a data set is in the address, the forecast from it."""
    found: Forecasts | None = None
    said: Sentence | None = None
    faults: dict[str, str] = {}
    if visit.query.get("data"):
        try:
            found = _forecast(visit)
        except _NoDayError:
            faults["known_on"] = visit._(_NO_DAY)
        except (ForecastError, DatasetError) as error:
            said = error.sentence
    names = [(name, name) for name in datasets.names(visit.desk)]
    return visit.render(
        "lab/forecast.html",
        status=_UNFIT if said or faults else 200,
        names=names,
        moving=[
            (one.id, f"{shown(Term(one.title), visit.language)} ({one.id})")
            for one in visit.served.book.moving.values()
        ],
        scenarios=_scenarios(visit),
        comparators=[(one.value, term(one.value, visit.language)) for one in COMPARATORS],
        given={
            name: ("\n" if name == "set" else " ").join(visit.query.getlist(name))
            for name in _FIELDS
        },
        chosen=visit.query.getlist("moving"),
        chosen_scenarios=visit.query.getlist("scenario") or [BASELINE],
        faults=faults,
        said=said,
        found=found,
        **({} if found is None else _shown(visit, found)),
    )


def _scenarios(visit: Visit) -> list[tuple[str, str]]:
    """Return the scenarios for the form, by name."""
    found = scenarios(visit.desk, visit.served.book).values()
    return [(one.name, shown(Term(one.title), visit.language)) for one in found]


def _shown(visit: Visit, found: Forecasts) -> dict[str, Any]:
    """Return what the page shows of a forecast."""
    is_per_year = visit.query.get("draw") == PER_YEAR
    drawn = forecast_svg(found, visit.language, is_per_year=is_per_year, stands_alone=False)
    return {
        "picture": drawn,
        "is_per_year": is_per_year,
        "beside": list(beside_rows(found, is_per_year=is_per_year)),
        "asked": filter_text(visit),
        "option_words": option_words,
        "headlines": headlines,
        "spread": spread,
        "level": lambda assumed, year: level_text(middle_of(assumed, year.level)),
        "title": lambda title: shown(Term(title), visit.language),
    }


def _forecast(visit: Visit) -> Forecasts:
    """Forecast what the address asks.

    Raises _NoDayError, ForecastError, DatasetError, RefusedError.
    """
    compared = visit.query.get("comparator")
    comparator = next((one for one in COMPARATORS if one.value == compared), COMPARATORS[0])
    tried = Tried(
        _several(visit, "threshold"),
        comparator,
        _several(visit, "near"),
        _several(visit, "rank"),
        tuple(visit.query.getlist("moving")),
    )
    question = ForecastQuestion(
        visit.desk.now().date(),
        tried,
        tuple(visit.query.getlist("scenario")) or (BASELINE,),
        tuple(filter(None, _LINES.split("\n".join(visit.query.getlist("set"))))),
        _known_on(visit),
    )
    data, later = visit.query.get("data", ""), visit.query.get("later") or None
    return forecast_data_set(visit.desk, visit.served.book, data, question, later)


def _known_on(visit: Visit) -> date | None:
    text = visit.query.get("known_on", "").strip()
    try:
        return parse_day(text) if text else None
    except ValueError as error:
        raise _NoDayError(text) from error


def _several(visit: Visit, name: str) -> tuple[str, ...]:
    """Return what a field holds, several with spaces between."""
    return tuple(filter(None, _BETWEEN.split(" ".join(visit.query.getlist(name)))))


def _answered(visit: Visit) -> Forecasts | Response:
    """Forecast what an address of a file asks; what cannot be done is a page that says why."""
    reason: Sentence | str
    try:
        return _forecast(visit)
    except _NoDayError:
        reason = visit._(_NO_DAY)
    except (ForecastError, DatasetError) as error:
        reason = error.sentence
    return problem_page(visit, Problem.UNFIT, reasons=[reason], back="/lab/forecast")


def export_csv(visit: Visit) -> Response:
    """Give every scenario, option and year as a row of CSV."""
    found = _answered(visit)
    if isinstance(found, Response):
        return found
    text = io.StringIO()
    written = csv.writer(text, lineterminator="\r\n")
    columns = columns_of(found)
    written.writerow(columns)
    for row in rows_of(found):
        written.writerow(_cells([row[name] for name in columns]))
    return _file("forecast.csv", text.getvalue(), "text/csv; charset=utf-8")


def _cells(values: Sequence[object]) -> list[str]:
    return [harmless("" if one is None else str(one)) for one in values]


def export_json(visit: Visit) -> Response:
    """Give all of a forecast as JSON, its assumptions too."""
    found = _answered(visit)
    if isinstance(found, Response):
        return found
    text = dump_json(document_of(found, visit.language), indent=2)
    return _file("forecast.json", text, "application/json")


def export_svg(visit: Visit) -> Response:
    """Give the picture as a file of its own."""
    found = _answered(visit)
    if isinstance(found, Response):
        return found
    is_per_year = visit.query.get("draw") == PER_YEAR
    drawn = forecast_svg(found, visit.language, is_per_year=is_per_year)
    return _file("forecast.svg", drawn, "image/svg+xml")


def _file(name: str, text: str, media_type: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, headers=headers, media_type=media_type)


PAGES: tuple[Page, ...] = (
    page("/lab/forecast", show_forecast, Action.LAB_READ),
    page("/lab/forecast.csv", export_csv, Action.LAB_READ),
    page("/lab/forecast.json", export_json, Action.LAB_READ),
    page("/lab/forecast.svg", export_svg, Action.LAB_READ),
)
