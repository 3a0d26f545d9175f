"""A case taken out: for paper, as one HTML file, as PDF and as JSON, each with its digest."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from urllib.parse import quote

from starlette.responses import HTMLResponse, Response

from sluicegate.services.access.actions import Action
from sluicegate.services.casework.exporting import export_case
from sluicegate.services.casework.grounds import grounds
from sluicegate.services.casework.reading import CaseFile, read_case
from sluicegate.services.ports.casework import CaseRow
from sluicegate.web.assets import assets
from sluicegate.web.case_forms import duty_named
from sluicegate.web.case_parts import people_named
from sluicegate.web.case_story import Story, actors_of
from sluicegate.web.pages.case import (
    case_filings,
    case_words,
    clocks_in_order,
    compared_with,
    erased_in,
    picture_of,
)
from sluicegate.web.problems import Problem, problem_page
from sluicegate.web.rendering import render
from sluicegate.web.routing import Page, page
from sluicegate.web.visit import Visit
from sluicegate.wiring.paper import PdfUnavailableError, paper_pdf


@dataclass(frozen=True, slots=True)
class Paper:
    """A case as a page of its own; `digest` is the SHA-256 of the case's document."""

    page: str
    digest: str

    def as_file(self, case_id: str, ending: str) -> dict[str, str]:
        """Return the headers under which it is saved; the tag tells language and content apart."""
        tag = hashlib.sha256(f"{ending}:{self.page}".encode()).hexdigest()[:32]
        return {**_named(case_id, ending), "ETag": f'"{tag}"'}


def print_case(visit: Visit) -> Response:
    """Show a case for paper: everything, and no forms."""
    return HTMLResponse(_paper(visit, is_file=False).page)


def give_html(visit: Visit) -> Response:
    """Give a case as one HTML file that needs nothing else, with the digest at its end."""
    made = _paper(visit, is_file=True)
    headers = made.as_file(visit.path["case"], "html")
    return Response(made.page.encode(), media_type="text/html; charset=utf-8", headers=headers)


def give_pdf(visit: Visit) -> Response:
    """Give a case as PDF, where the node can make one."""
    case_id = visit.path["case"]
    made = _paper(visit, is_file=True)
    try:
        body = paper_pdf(made.page, f"case {case_id}")
    except PdfUnavailableError:
        said = visit._("No PDF can be made on this node: its extra for PDF is not installed.")
        return problem_page(visit, Problem.UNAVAILABLE, reasons=[said], back=f"/cases/{case_id}")
    headers = made.as_file(case_id, "pdf")
    return Response(body, media_type="application/pdf", headers=headers)


def give_json(visit: Visit) -> Response:
    """Give a case as one JSON document with its digest."""
    made = export_case(visit.desk, visit.path["case"], book=visit.served.book)
    said = {**made.document, "digest": made.digest}
    body = json.dumps(said, ensure_ascii=False, indent=1).encode()
    headers = _named(visit.path["case"], "json")
    return Response(body, media_type="application/json", headers=headers)


def _paper(visit: Visit, *, is_file: bool) -> Paper:
    """Return a case for paper, in the language of the reader; the export is an act."""
    book = visit.served.book
    made = export_case(visit.desk, visit.path["case"], book=book)
    file = read_case(visit.desk, visit.path["case"], book=book)
    named = people_named(visit, _people(file))
    why = grounds(file, book)
    compared = compared_with(why, visit)
    context = {
        "visit": visit,
        "case": file.case,
        "grounds": why,
        "compared": compared,
        "picture": picture_of(visit, file.case, compared, stands_alone=is_file),
        "lines": tuple(reversed(Story(visit, file, named).lines())),
        "clocks": clocks_in_order(file),
        "duty": duty_named(visit),
        "erased": erased_in(file),
        "filings": case_filings(visit, file.case).made,
        "related": _related(file),
        "rules_of": {one.alert_id: one.rule for one in file.case.alerts},
        "digest": made.digest,
        "made_at": visit.desk.now(),
        "is_file": is_file,
        "style": _style() if is_file else "",
        **case_words(visit, named),
    }
    return Paper(render("cases/document.html", visit.language, context), made.digest)


def _people(file: CaseFile) -> list[str | None]:
    """Return everybody whom the paper names."""
    case = file.case
    makers = [one.by for one in case.proposals] + [one.by for one in case.attachments]
    return [*actors_of(case, file.timeline), *makers]


def _related(file: CaseFile) -> tuple[CaseRow, ...]:
    """Return the related cases that may stand on the paper of a case.

    Paper leaves the hands of who printed it: a sealed file stands on no paper
    but that of a case with the same seal.
    """
    seals = (None, file.case.sealed_for)
    return tuple(one for one in file.related if one.sealed_for in seals)


def _style() -> str:
    """Return the style of pages, for a file that stands alone."""
    return assets()["console.css"].content.decode()


def _named(case_id: str, ending: str) -> dict[str, str]:
    name = quote(f"{case_id}.{ending}", safe="")
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}


PAGES: tuple[Page, ...] = (
    page("/cases/{case}/print", print_case, Action.CASE_EXPORT),
    page("/cases/{case}/export.json", give_json, Action.CASE_EXPORT),
    page("/cases/{case}/export.html", give_html, Action.CASE_EXPORT),
    page("/cases/{case}/export.pdf", give_pdf, Action.CASE_EXPORT),
)
