"""What another product found, beside our matches; nothing of its file is kept."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from starlette.datastructures import UploadFile
from starlette.responses import Response

from sluicegate.core.calendars import parse_day
from sluicegate.core.phrases import term
from sluicegate.core.problems import Problem as FileProblem
from sluicegate.core.problems import ProblemsError
from sluicegate.services.access.actions import Action
from sluicegate.services.kept_words import problems_sentence
from sluicegate.services.ports.lists import ListFilesError, VendorRead
from sluicegate.services.screening.beside import (
    Beside,
    Comparison,
    Side,
    Vendor,
    compare_results,
)
from sluicegate.web.listed_words import listed_words
from sluicegate.web.pages.sources import UPLOAD_LIMIT
from sluicegate.web.problems import Problem, problem_page
from sluicegate.web.routing import Page, page, post
from sluicegate.web.visit import Visit
from sluicegate.wiring.lists import read_results
from sluicegate.wiring.screening import screening_of

_UNFIT = 422
_LONGEST = 100
SHOWN = 500
"""Pairs that a page shows of each side."""


def show_form(visit: Visit) -> Response:
    """Show the form for the results of another product."""
    return _page(visit, {})


def compare(visit: Visit) -> Response:
    """Compare the file of the form with the matches that stand."""
    faults, dated = _faults(visit)
    given = [one for one in visit.form.getlist("file") if isinstance(one, UploadFile)]
    named = [one for one in given if one.filename]
    if len(named) != 1:
        faults["file"] = visit._("Choose one file.")
    if faults:
        return _page(visit, faults)
    try:
        read = _read(named[0])
    except ProblemsError as error:
        faults["file"] = problems_sentence(error.problems).text(visit.language)
        return _page(visit, faults)
    vendor = Vendor(visit.text("vendor"), visit.text("version"), dated)
    served = visit.served
    screening = screening_of(served.node.node, visit.desk.store, served.node.clock)
    try:
        found = compare_results(visit.desk, screening, vendor, read.results)
    except ListFilesError:
        return problem_page(visit, Problem.UNAVAILABLE, back="/screening/matches")
    return _page(visit, {}, found, read)


def _faults(visit: Visit) -> tuple[dict[str, str], date | None]:
    faults, dated = dict[str, str](), None
    if not visit.text("vendor"):
        faults["vendor"] = visit._("This is needed.")
    for name in ("vendor", "version"):
        if len(visit.text(name)) > _LONGEST:
            faults[name] = visit._("This is too long.")
    try:
        dated = parse_day(visit.text("dated")) if visit.text("dated") else None
    except ValueError:
        faults["dated"] = visit._("This is no day; write e.g. 2026-01-31.")
    return faults, dated


def _read(given: UploadFile) -> VendorRead:
    """Read a file of a form; it is gone again when it was read. Raises ProblemsError."""
    with tempfile.TemporaryDirectory(prefix="sluicegate-results-") as folder:
        place = Path(folder) / (Path(given.filename or "").name or "results")
        with place.open("wb") as out:
            shutil.copyfileobj(given.file, out)
        try:
            return read_results(place)
        except ProblemsError as error:
            raise ProblemsError(_without(one, folder) for one in error.problems) from error


def _without(problem: FileProblem, folder: str) -> FileProblem:
    return replace(problem, file=problem.file.replace(f"{folder}/", ""))


def _of(found: Comparison, side: Side) -> list[Beside]:
    return [one for one in found.rows if one.side is side]


def _page(
    visit: Visit,
    faults: Mapping[str, str],
    found: Comparison | None = None,
    read: VendorRead | None = None,
) -> Response:
    sides = {side: [] if found is None else _of(found, side) for side in Side}
    return visit.render(
        "screening/beside.html",
        status=_UNFIT if faults else 200,
        faults=faults,
        given=visit.text,
        found=found,
        problems=() if read is None else read.problems,
        sides=[(side, term(side.code, visit.language), rows) for side, rows in sides.items()],
        shown=SHOWN,
        **listed_words(visit),
    )


PAGES: tuple[Page, ...] = (
    page("/screening/beside", show_form, Action.CASE_READ),
    post("/screening/beside", compare, Action.CASE_READ, body_limit=UPLOAD_LIMIT),
)
