"""Sources: what was taken in, what it covers, what nobody could place, and new files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import IO

from starlette.datastructures import UploadFile
from starlette.responses import Response

from sluicegate.core.calendars import parse_day
from sluicegate.registry.kinds import KINDS
from sluicegate.services.access.actions import Action
from sluicegate.services.dossiers.sources import files, sources
from sluicegate.services.paging import DEFAULT_LIMIT, CursorError
from sluicegate.services.ports import LakeError
from sluicegate.services.work.jobs import ask_job
from sluicegate.services.work.kinds import AssessJob, IntakeJob
from sluicegate.web.dossier_parts import dossier_words
from sluicegate.web.dossier_views import own_parts
from sluicegate.web.paging import cursor_of, steps
from sluicegate.web.problems import Problem, problem_page
from sluicegate.web.routing import Page, page, post
from sluicegate.web.visit import Visit
from sluicegate.wiring.works import work_files

UPLOAD_LIMIT = 1 << 28
"""Bytes of all files of one form, as much as the API takes for one file."""

USAGE = "usage"
_BLOCK = 1 << 16
_UNFIT = 422
_LONGEST = 100


def _(text: str) -> str:
    """Mark a text for the catalogue; the page translates it."""
    return text


NAMES: Mapping[str, str] = {
    "customers": _("customers"),
    "ownership": _("ownership"),
    "facilities": _("facilities"),
    "clusters": _("clusters"),
    "runs": _("runs"),
    "account_map": _("map of accounts"),
    "account_signals": _("devices and payment instruments"),
    USAGE: _("usage"),
}
"""Kinds of files, as the page calls them."""


def show_sources(visit: Visit) -> Response:
    """Show what the figures rest on, and a page of the files."""
    return _sources_page(visit)


def _sources_page(visit: Visit, faults: Mapping[str, str] | None = None) -> Response:
    parts = own_parts(visit)
    try:
        summary = sources(visit.desk, parts)
        found = files(visit.desk, parts, cursor_of(visit), DEFAULT_LIMIT)
    except CursorError as error:
        return problem_page(visit, Problem.UNFIT, reasons=[str(error)], back="/sources")
    except LakeError:
        return problem_page(visit, Problem.UNAVAILABLE, back="/")
    return visit.render(
        "sources/show.html",
        status=_UNFIT if faults else 200,
        summary=summary,
        rows=found.rows,
        kind_named=lambda kind: visit._(NAMES[kind]) if kind in NAMES else kind,
        kinds=[(one, visit._(NAMES.get(one, one))) for one in (*KINDS, USAGE)],
        given=visit.text,
        faults=faults or {},
        may_take_in=visit.may(Action.INTAKE_WRITE),
        may_assess=visit.may(Action.ASSESS_RUN),
        today=visit.desk.now().date(),
        steps=steps(visit, found.next_cursor),
        **dossier_words(visit),
    )


def take_in(visit: Visit) -> Response:
    """Keep the files of a form and ask for the job that takes them in."""
    given = [one for one in visit.form.getlist("files") if isinstance(one, UploadFile)]
    named = [one for one in given if one.filename]
    faults = {}
    if not named:
        faults["files"] = visit._("Choose one file or more.")
    kind, source, offset = (visit.text(name) for name in ("kind", "source", "offset"))
    if kind and kind not in (*KINDS, USAGE):
        faults["kind"] = visit._("There is no such kind of file.")
    if len(source) > _LONGEST:
        faults["source"] = visit._("This is too long.")
    if len(offset) > _LONGEST:
        faults["offset"] = visit._("This is too long.")
    if faults:
        return _sources_page(visit, faults)
    kept = work_files(visit.served.node)
    asked = IntakeJob(
        tuple(kept.keep(one.filename or "", blocks(one.file)) for one in named),
        kind=kind or None,
        source=source or "default",
        offset=offset or None,
        is_dry_run=visit.text("dry_run") == "yes",
    )
    job = ask_job(visit.desk, asked)
    return visit.redirect(f"/jobs/{job.job_id}", visit._("The files wait to be taken in."))


def blocks(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield the bytes of a file of a form, some at a time."""
    while block := stream.read(_BLOCK):
        yield block


def run_pass(visit: Visit) -> Response:
    """Ask for the job that runs a pass."""
    try:
        day = read_day(visit.text("as_of"))
    except ValueError:
        return _sources_page(visit, {"as_of": visit._("This is no day; write e.g. 2026-01-31.")})
    job = ask_job(visit.desk, AssessJob(day))
    return visit.redirect(f"/jobs/{job.job_id}", visit._("The pass waits to be run."))


def read_day(text: str) -> date | None:
    """Return a day of a form, None for none. Raises ValueError."""
    return parse_day(text) if text else None


PAGES: tuple[Page, ...] = (
    page("/sources", show_sources, Action.SOURCE_READ),
    post("/sources", take_in, Action.INTAKE_WRITE, body_limit=UPLOAD_LIMIT),
    post("/sources/pass", run_pass, Action.ASSESS_RUN),
)
