"""The policy lab: thresholds tried on a data set, and the data sets themselves."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from starlette.datastructures import UploadFile
from starlette.responses import Response

from sluicegate.core.calendars import parse_day
from sluicegate.core.cells import harmless
from sluicegate.core.exact import dump_json
from sluicegate.core.phrases import term
from sluicegate.core.problems import ProblemsError
from sluicegate.core.quantities import Exact, parse_decimal
from sluicegate.core.reasons import Term, shown
from sluicegate.rules.comparators import Comparator
from sluicegate.services.access.actions import Action
from sluicegate.services.datasets import keeping
from sluicegate.services.datasets import reading as datasets
from sluicegate.services.datasets.errors import DatasetError
from sluicegate.services.datasets.registry import REGISTRY
from sluicegate.services.lab.pictured import sentence_of
from sluicegate.services.lab.threshold import LabError, LabQuestion, Tried, try_on_data_set
from sluicegate.services.lab.threshold_rows import (
    COLUMNS,
    Rows,
    document,
    option_row,
    rows_of,
)
from sluicegate.services.lab.threshold_words import (
    about_option,
    about_the_data,
    about_the_frontier,
    label_of,
)
from sluicegate.web.dossier_parts import amount, filter_text
from sluicegate.web.problems import Problem, problem_page
from sluicegate.web.routing import Page, page, post
from sluicegate.web.visit import Visit
from sluicegate.wiring.datasets import read_table
from sluicegate.wiring.lab_pictures import options_svg

_UNFIT = 422
_MOST_TABLE = 1 << 25
_SHOWN = 20
_BETWEEN = re.compile(r"[\s,;]+")
_FIELDS = ("data", "threshold", "as_of", "known_on", "comparator", "from", "to")
_COMPARATORS = (Comparator.GREATER_THAN, Comparator.AT_LEAST)


class _BadFieldsError(ValueError):
    """Fields of the form that cannot be read, by name."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        self.faults = faults
        super().__init__(", ".join(faults))


def show_lab(visit: Visit) -> Response:
    """Show the form and, once a data set and an option are in the address, what comes of it."""
    faults: Mapping[str, str] = {}
    tried, said = None, None
    if _is_asked(visit):
        try:
            tried = _tried(visit)
        except _BadFieldsError as error:
            faults = error.faults
        except (LabError, DatasetError) as error:
            said = error.sentence
    return visit.render(
        "lab/threshold.html",
        status=_UNFIT if faults or said else 200,
        names=[(name, name) for name in datasets.names(visit.desk)],
        moving=[
            (one.id, f"{shown(Term(one.title), visit.language)} ({one.id})")
            for one in visit.served.book.moving.values()
        ],
        comparators=[(one.value, term(one.value, visit.language)) for one in _COMPARATORS],
        given={name: " ".join(visit.query.getlist(name)) for name in _FIELDS},
        chosen=visit.query.getlist("moving"),
        is_as_if=visit.query.get("as_if_always") == "yes",
        today=visit.desk.now().date(),
        faults=faults,
        said=said,
        tried=tried,
        amount=amount,
        **({} if tried is None else _shown(visit, tried)),
    )


def _is_asked(visit: Visit) -> bool:
    asked = [*visit.query.getlist("threshold"), *visit.query.getlist("moving")]
    return bool(visit.query.get("data")) and any(text.strip() for text in asked)


def _shown(visit: Visit, tried: Tried) -> dict[str, Any]:
    """Return what the page shows of an answer."""
    return {
        "picture": options_svg(tried, visit.language, stands_alone=False),
        "caption": sentence_of(tried),
        "about": (*about_the_data(tried), *about_the_frontier(tried)),
        "options": [
            (one, label_of(one.option), about_option(tried, one), option_row(one))
            for one in tried.result.options
        ],
        "asked": filter_text(visit),
        "kinds": [one.value for one in Rows],
    }


def _tried(visit: Visit) -> Tried:
    """Try what the address asks. Raises _BadFieldsError, LabError, DatasetError."""
    faults: dict[str, str] = {}
    figures = tuple(_figures(visit, faults))
    days = {name: _day(visit, name, faults) for name in ("as_of", "known_on")}
    years = {name: _year(visit, name, faults) for name in ("from", "to")}
    compared = visit.query.get("comparator") or Comparator.GREATER_THAN.value
    if compared not in {one.value for one in _COMPARATORS}:
        faults["comparator"] = visit._("Choose one of the list.")
    if faults:
        raise _BadFieldsError(faults)
    question = LabQuestion(
        figures,
        tuple(visit.query.getlist("moving")),
        days["as_of"] or visit.desk.now().date(),
        days["known_on"],
        Comparator(compared),
        years["from"],
        years["to"],
        visit.query.get("as_if_always") == "yes",
    )
    name = visit.query.get("data", "")
    return try_on_data_set(visit.desk, visit.served.book, name, question)


def _figures(visit: Visit, faults: dict[str, str]) -> list[Exact]:
    found = []
    for text in _BETWEEN.split(" ".join(visit.query.getlist("threshold")).strip()):
        try:
            found += [parse_decimal(text)] if text else []
        except ValueError:
            faults["threshold"] = visit._("These are no amounts; write e.g. 1e25 1e26.")
    return found


def _day(visit: Visit, name: str, faults: dict[str, str]) -> date | None:
    text = visit.query.get(name, "").strip()
    try:
        return parse_day(text) if text else None
    except ValueError:
        faults[name] = visit._("This is no day; write e.g. 2026-01-31.")
        return None


def _year(visit: Visit, name: str, faults: dict[str, str]) -> int | None:
    text = visit.query.get(name, "").strip()
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{4}", text):
        faults[name] = visit._("This is no year; write e.g. 2024.")
        return None
    return int(text)


def _answered(visit: Visit) -> Tried | Response:
    """Try what an address of a file asks; what cannot be done is a page that says why."""
    try:
        return _tried(visit)
    except _BadFieldsError as error:
        reasons: list[Any] = list(error.faults.values())
    except (LabError, DatasetError) as error:
        reasons = [error.sentence]
    return problem_page(visit, Problem.UNFIT, reasons=reasons, back="/lab")


def export_csv(visit: Visit) -> Response:
    """Give the rows of an answer as CSV; `rows` says which."""
    tried = _answered(visit)
    if isinstance(tried, Response):
        return tried
    wanted = {one.value: one for one in Rows}.get(visit.query.get("rows", ""), Rows.YEARS)
    text = io.StringIO()
    written = csv.writer(text, lineterminator="\r\n")
    written.writerow(COLUMNS[wanted])
    for row in rows_of(tried, wanted):
        written.writerow([harmless(_cell(row[name])) for name in COLUMNS[wanted]])
    return _file(f"lab-{wanted.value}.csv", text.getvalue(), "text/csv; charset=utf-8")


def _cell(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


def export_json(visit: Visit) -> Response:
    """Give all of an answer as JSON."""
    tried = _answered(visit)
    if isinstance(tried, Response):
        return tried
    text = dump_json(document(tried, visit.language), indent=2)
    return _file("lab-threshold.json", text, "application/json")


def export_svg(visit: Visit) -> Response:
    """Give the picture as a file of its own."""
    tried = _answered(visit)
    if isinstance(tried, Response):
        return tried
    return _file("lab-threshold.svg", options_svg(tried, visit.language), "image/svg+xml")


def _file(name: str, text: str, media_type: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, headers=headers, media_type=media_type)


def show_data(visit: Visit) -> Response:
    """Show the snapshots of data sets, and the form that takes one in."""
    return _data_page(visit, {})


def _data_page(visit: Visit, faults: Mapping[str, Any], problems: tuple[str, ...] = ()) -> Response:
    return visit.render(
        "lab/data.html",
        status=_UNFIT if faults else 200,
        rows=tuple(reversed(datasets.kept_snapshots(visit.desk))),
        has_registry=REGISTRY in datasets.names(visit.desk),
        registry=REGISTRY,
        may_load=visit.may(Action.LAB_LOAD),
        given=visit.text,
        faults=faults,
        problems=problems,
    )


def take_in(visit: Visit) -> Response:
    """Keep the table of a form as a snapshot."""
    files = [one for one in visit.form.getlist("file") if isinstance(one, UploadFile)]
    named = [one for one in files if one.filename]
    faults: dict[str, Any] = {}
    if len(named) != 1:
        faults["file"] = visit._("Choose one file.")
    try:
        day = parse_day(visit.text("known_on"))
    except ValueError:
        faults["known_on"] = visit._("This is no day; write e.g. 2026-01-31.")
    if faults:
        return _data_page(visit, faults)
    name = named[0].filename or ""
    about = (name, visit.text("name"), day, visit.text("source"))
    try:
        read = read_table(named[0].file.read(), *about)
        done = keeping.import_snapshot(visit.desk, read, name)
    except ProblemsError as error:
        told = tuple(str(one) for one in error.problems[:_SHOWN])
        return _data_page(visit, {"file": visit._("Nothing in the file can be used.")}, told)
    except DatasetError as error:
        return _data_page(visit, {"name": error.sentence})
    if done.problems:
        return _data_page(visit, {}, tuple(str(one) for one in done.problems[:_SHOWN]))
    kept = visit._("The snapshot is kept.") if done.is_new else visit._("It was there already.")
    return visit.redirect("/lab/data", kept)


PAGES: tuple[Page, ...] = (
    page("/lab", show_lab, Action.LAB_READ),
    page("/lab/options.csv", export_csv, Action.LAB_READ),
    page("/lab/options.json", export_json, Action.LAB_READ),
    page("/lab/options.svg", export_svg, Action.LAB_READ),
    page("/lab/data", show_data, Action.LAB_READ),
    post("/lab/data", take_in, Action.LAB_LOAD, body_limit=_MOST_TABLE),
)
