"""Reports that were made on the node: read in a page of their own, taken as files, made anew."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping

from starlette.responses import Response

from sluicegate.services.access.actions import Action
from sluicegate.services.dossiers.reports import report_file, reports
from sluicegate.services.work.jobs import ask_job
from sluicegate.services.work.kinds import ReportJob
from sluicegate.web.dossier_views import own_parts
from sluicegate.web.pages.sources import read_day
from sluicegate.web.routing import Page, page, post
from sluicegate.web.visit import Visit

_UNFIT = 422
_NOTHING = "'none'"
_STYLE = re.compile(rb"<style[^>]*>(.*?)</style>", re.DOTALL)
_TYPES = {"json": "application/json", "csv": "text/csv; charset=utf-8"}


def list_reports(visit: Visit) -> Response:
    """Show the reports, the last made in front."""
    return _reports_page(visit)


def _reports_page(visit: Visit, faults: Mapping[str, str] | None = None) -> Response:
    return visit.render(
        "reports/list.html",
        status=_UNFIT if faults else 200,
        reports=reports(visit.desk, own_parts(visit)),
        given=visit.text,
        faults=faults or {},
        may_make=visit.may(Action.ASSESS_RUN),
        today=visit.desk.now().date(),
    )


def make_report(visit: Visit) -> Response:
    """Ask for the job that runs a pass and writes its report."""
    try:
        day = read_day(visit.text("as_of"))
    except ValueError:
        return _reports_page(visit, {"as_of": visit._("This is no day; write e.g. 2026-01-31.")})
    job = ask_job(visit.desk, ReportJob(day))
    return visit.redirect(f"/jobs/{job.job_id}", visit._("The report waits to be made."))


def give_file(visit: Visit) -> Response:
    """Give a file of a report: its page to be read by itself, the others as downloads."""
    name = visit.path["file"]
    content = report_file(visit.desk, own_parts(visit), visit.path["report"], name)
    ending = name.rpartition(".")[2]
    if ending == "html":
        headers = {"Content-Security-Policy": _own_policy(content)}
        return Response(content, headers=headers, media_type="text/html; charset=utf-8")
    headers = {"Content-Disposition": "attachment"}
    return Response(content, headers=headers, media_type=_TYPES.get(ending, "text/plain"))


def _own_policy(content: bytes) -> str:
    """Return a policy under which a report runs nothing and shows its own style alone.

    A report is a file that stands alone, so its style is in it; only a style with
    the digest of that one is let through. The sandbox takes it out of the console.
    """
    styles = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(style).digest()).decode()}'"
        for style in _STYLE.findall(content)
    )
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src {styles or _NOTHING}",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
            "sandbox allow-downloads",
        )
    )


PAGES: tuple[Page, ...] = (
    page("/reports", list_reports, Action.REPORT_READ),
    post("/reports", make_report, Action.ASSESS_RUN),
    page("/reports/{report}/{file}", give_file, Action.REPORT_READ),
)
