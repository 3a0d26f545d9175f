"""Long work: what was asked for, how far it is, what came of it, and its files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from starlette.responses import FileResponse, Response

from sluicegate.core.phrases import Language, term
from sluicegate.services.access.actions import Action
from sluicegate.services.access.authority import NotFoundError
from sluicegate.services.ports.work import Job, JobKind, JobState, Told
from sluicegate.services.work.jobs import (
    cancel_job,
    list_jobs,
    may_cancel,
    read_files,
    read_job,
)
from sluicegate.web.case_parts import people_named
from sluicegate.web.dossier_parts import dossier_words
from sluicegate.web.routing import Page, page, post
from sluicegate.web.visit import Visit
from sluicegate.wiring.works import work_files

ROWS = 50
_STATES = {one.value: one for one in JobState}
_KINDS = {one.value: one for one in JobKind}


def _(text: str) -> str:
    """Mark a text for the catalogue; the page translates it."""
    return text


STEPS: Mapping[str, str] = {
    "begin": _("begins"),
    "registry": _("reads the registry"),
    "roll-up": _("sums up the usage"),
    "totals": _("adds up the totals"),
    "runs": _("puts runs together"),
    "daily totals": _("adds up the days"),
    "rules": _("reads the rules"),
    "report": _("writes the report"),
    "rows": _("asks about each row"),
    "cases": _("acts on each case"),
    "reading": _("reads the file"),
    "lists": _("reads the lists"),
    "fetching": _("fetches the lists"),
    "screening": _("screens names"),
    "test names": _("screens test names"),
    "records": _("follows each record"),
    "replay": _("does a run again"),
    "links": _("finds what links customers"),
    "duplicates": _("looks for duplicates"),
    "blinding": _("blinds what is compared"),
}
"""Steps of long work by name; any other step is a rule that is asked, or a file that is read."""


LIST_STATES: Mapping[str, str] = {
    "taken in": _("taken in"),
    "would be taken in": _("would be taken in"),
    "unchanged": _("unchanged"),
    "refused": _("refused"),
    "failed": _("not fetched"),
}
"""What became of a list, as a job keeps it."""


@dataclass(frozen=True, slots=True)
class JobShown:
    """A job with what a page says of it."""

    job: Job
    step: str
    problem: str
    asked_by: str
    files: tuple[str, ...]

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens to it."""
        return self.job.state.is_over


def list_all(visit: Visit) -> Response:
    """Show a page of the jobs, the newest first."""
    state, kind = visit.query.get("state", ""), visit.query.get("kind", "")
    found = list_jobs(
        visit.desk,
        states=(_STATES[state],) if state in _STATES else (),
        kinds=(_KINDS[kind],) if kind in _KINDS else (),
        before=visit.query.get("before") or None,
        limit=ROWS + 1,
    )
    rows = found[:ROWS]
    language = visit.language
    return visit.render(
        "jobs/list.html",
        rows=_shown(visit, rows),
        states=[(one.value, term(one.code, language)) for one in JobState],
        kinds=[(one.value, term(one.code, language)) for one in JobKind],
        chosen={"state": state, "kind": kind},
        is_moving=any(not one.state.is_over for one in rows),
        newest=visit.url(before=None) if visit.query.get("before") else None,
        following=visit.url(before=rows[-1].job_id) if len(found) > ROWS else None,
    )


def _shown(visit: Visit, jobs: Sequence[Job]) -> list[JobShown]:
    may_name = visit.may(Action.CASE_READ)
    named = people_named(visit, [one.asked_by for one in jobs]) if may_name else str
    return [
        JobShown(
            one, _step(visit, one), _told(visit, one.problem), named(one.asked_by), _files(one)
        )
        for one in jobs
    ]


def _step(visit: Visit, job: Job) -> str:
    known = STEPS.get(job.step)
    return job.step if known is None else visit._(known)


def _told(visit: Visit, told: Told | None) -> str:
    if told is None:
        return ""
    return told.zh if visit.language is Language.ZH else told.en


def _files(job: Job) -> tuple[str, ...]:
    """Return the names of the files that a job made for whoever asked for it."""
    result = job.result or {}
    if job.kind in (JobKind.INTAKE, JobKind.LIST_IMPORT, JobKind.OWNERSHIP):
        return tuple(result.get("rejects", ()))
    makes = (JobKind.ASK_MANY, JobKind.EXCHANGE)
    return tuple(result.get("files", ())) if job.kind in makes else ()


def show_job(visit: Visit) -> Response:
    """Show how far a job is, and what came of it."""
    job = read_job(visit.desk, visit.path["job"])
    return visit.render(
        "jobs/show.html",
        shown=_shown(visit, [job])[0],
        job=job,
        result=job.result or {},
        reports=_reports(job),
        refused=_refused(visit, job),
        lang=visit.language.value,
        list_states={state: visit._(text) for state, text in LIST_STATES.items()},
        may_cancel=not (job.state.is_over or job.is_cancel_asked) and may_cancel(visit.desk, job),
        **dossier_words(visit),
    )


def _reports(job: Job) -> list[tuple[str, str]]:
    """Return the files of a report as an address and a name."""
    if job.kind is not JobKind.REPORT or job.result is None:
        return []
    named = [str(one).split("/") for one in job.result.get("files", ())]
    return [
        (f"/reports/{quote(parts[1], safe='')}/{quote(parts[2], safe='')}", parts[2])
        for parts in named
        if len(parts) == len(("reports", "day", "file"))
    ]


def _refused(visit: Visit, job: Job) -> list[tuple[str, str]]:
    """Return the cases of a bulk that were refused, each with why."""
    if job.kind is not JobKind.BULK_ACTS or job.result is None:
        return []
    refused: Sequence[Mapping[str, Any]] = job.result.get("refused", ())
    return [(one["case"], one["reason"][visit.language.value]) for one in refused]


def stop_job(visit: Visit) -> Response:
    """Cancel a job: a waiting one at once, a running one at its next step."""
    job = cancel_job(visit.desk, visit.path["job"])
    said = visit._("It is cancelled.")
    if job.state is JobState.RUNNING:
        said = visit._("It ends at its next step.")
    elif job.state is not JobState.CANCELLED:
        said = visit._("It was over already.")
    return visit.redirect(f"/jobs/{quote(job.job_id, safe='')}", said)


def give_result(visit: Visit) -> Response:
    """Give a file that a job made, always as a download."""
    job = read_files(visit.desk, visit.path["job"])
    found = work_files(visit.served.node).result(job.job_id, visit.path["file"])
    if found is None:
        raise NotFoundError("result", visit.path["file"])
    return FileResponse(found, media_type="application/octet-stream", filename=found.name)


PAGES: tuple[Page, ...] = (
    page("/jobs", list_all, Action.JOB_READ),
    page("/jobs/{job}", show_job, Action.JOB_READ),
    post("/jobs/{job}/cancel", stop_job, Action.JOB_READ),
    page("/jobs/{job}/results/{file}", give_result, Action.JOB_READ),
)
