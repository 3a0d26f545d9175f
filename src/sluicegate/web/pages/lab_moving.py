"""The policy lab: thresholds that move, on a day and over time, with what they rest on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from starlette.responses import Response

from sluicegate.core.calendars import parse_day
from sluicegate.core.exact import dump_json
from sluicegate.core.phrases import term
from sluicegate.core.reasons import Sentence
from sluicegate.frontier.moving import Series
from sluicegate.services.access.actions import Action
from sluicegate.services.access.authority import NotFoundError
from sluicegate.services.datasets import reading as datasets
from sluicegate.services.datasets.errors import DatasetError
from sluicegate.services.lab import moving as lab
from sluicegate.services.lab import moving_rows as rows
from sluicegate.services.lab.threshold import LabError
from sluicegate.web.dossier_parts import filter_text
from sluicegate.web.problems import Problem, problem_page
from sluicegate.web.routing import Page, page
from sluicegate.web.visit import Visit
from sluicegate.wiring.lab_pictures import moving_svg

_UNFIT = 422
_FIELDS = ("as_of", "known_on", "from", "to", "data", "then")
_DAYS = ("as_of", "known_on", "from", "to")


@dataclass(frozen=True, slots=True)
class Looked:
    """The days and the data that the address asks for, and what is wrong with them."""

    as_of: date
    known_on: date | None
    first: date | None
    last: date | None
    data: str | None
    as_known_then: bool
    faults: Mapping[str, str]

    @classmethod
    def of(cls, visit: Visit) -> Looked:
        """Read the address; what cannot be read is told and left out."""
        faults: dict[str, str] = {}
        days: dict[str, date | None] = {}
        for name in _DAYS:
            text = visit.query.get(name, "").strip()
            try:
                days[name] = parse_day(text) if text else None
            except ValueError:
                days[name] = None
                faults[name] = visit._("This is no day; write e.g. 2026-01-31.")
        return cls(
            days["as_of"] or visit.desk.now().date(),
            days["known_on"],
            days["from"],
            days["to"],
            visit.query.get("data") or None,
            visit.query.get("then") == "yes",
            faults,
        )


def list_moving(visit: Visit) -> Response:
    """List the thresholds that move, each with its level on the day."""
    looked, book = Looked.of(visit), visit.served.book
    ids = lab.moving_ids(book)
    found, said = [], None
    try:
        known = lab.known_at(visit.desk, book, ids, looked.data)
        for one in ids:
            moving = lab.moving_of(book, one)
            value = lab.moving_value(moving, looked.as_of, looked.known_on, known)
            found.append((value, rows.list_row(value, visit.language)))
    except (LabError, DatasetError) as error:
        said = error.sentence
    return visit.render(
        "lab/moving.html",
        status=_UNFIT if looked.faults or said else 200,
        found=found,
        said=said,
        bounds=lambda value: rows.bound_words(value, visit.language),
        **_form(visit, looked),
    )


def show_moving(visit: Visit) -> Response:
    """Show one threshold: its level with its trace, and how it moves."""
    looked, book = Looked.of(visit), visit.served.book
    moving = lab.moving_of(book, _rule(visit))
    said: Sentence | None = None
    shown: dict[str, Any] = {"value": None}
    try:
        known = lab.known_at(visit.desk, book, (moving.rule.id,), looked.data)
        value = lab.moving_value(moving, looked.as_of, looked.known_on, known)
        found = _series(visit, looked)
        shown = {
            "value": value,
            "told": rows.told(value, visit.language),
            "rests": rows.rest_rows(value, visit.language),
            "picture": moving_svg(found, visit.language, stands_alone=False),
            "caption": rows.picture_words(found, visit.language)[1],
            "steps": [rows.shortened(rows.step_row(s, visit.language)) for s in found.steps],
            "is_gliding": found.is_gliding,
            "asked": filter_text(visit),
        }
    except (LabError, DatasetError) as error:
        said = error.sentence
    return visit.render(
        "lab/moving_rule.html",
        status=_UNFIT if looked.faults or said else 200,
        moving=moving,
        title=rows.title_of(moving.rule.title, visit.language),
        said=said,
        **shown,
        **_form(visit, looked),
    )


def export_json(visit: Visit) -> Response:
    """Give a series as JSON."""
    found = _answered(visit)
    if isinstance(found, Response):
        return found
    text = dump_json(rows.series_document(found, visit.language), indent=2)
    return _file("moving.json", text, "application/json")


def export_svg(visit: Visit) -> Response:
    """Give the picture of a series as a file of its own."""
    found = _answered(visit)
    if isinstance(found, Response):
        return found
    return _file("moving.svg", moving_svg(found, visit.language), "image/svg+xml")


def _form(visit: Visit, looked: Looked) -> dict[str, Any]:
    """Return what the form of either page shows."""
    return {
        "names": [(name, name) for name in datasets.names(visit.desk)],
        "given": {name: visit.query.get(name, "") for name in _FIELDS},
        "faults": looked.faults,
        "looked": looked,
        "form_label": lambda form: term(form.code, visit.language),
    }


def _rule(visit: Visit) -> str:
    identifier: str = visit.path["rule"]
    if identifier not in visit.served.book.moving:
        raise NotFoundError("moving", identifier[:100])
    return identifier


def _series(visit: Visit, looked: Looked) -> Series:
    """Compute the series that the address asks for. Raises LabError, DatasetError."""
    book, rule = visit.served.book, _rule(visit)
    known = lab.known_at(visit.desk, book, (rule,), looked.data)
    today = visit.desk.now().date()
    span = lab.span_of(today, looked.first, looked.last, then=looked.as_known_then)
    return lab.moving_series(lab.moving_of(book, rule), span, looked.known_on, known)


def _answered(visit: Visit) -> Series | Response:
    """Compute what an address of a file asks; what cannot be done is a page that says why."""
    looked = Looked.of(visit)
    reasons: list[Any] = list(looked.faults.values())
    if not reasons:
        try:
            return _series(visit, looked)
        except (LabError, DatasetError) as error:
            reasons = [error.sentence]
    return problem_page(visit, Problem.UNFIT, reasons=reasons, back="/lab/moving")


def _file(name: str, text: str, media_type: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, headers=headers, media_type=media_type)


PAGES: tuple[Page, ...] = (
    page("/lab/moving", list_moving, Action.LAB_READ),
    page("/lab/moving/{rule}/series.json", export_json, Action.LAB_READ),
    page("/lab/moving/{rule}/series.svg", export_svg, Action.LAB_READ),
    page("/lab/moving/{rule}", show_moving, Action.LAB_READ),
)
