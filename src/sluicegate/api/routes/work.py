"""Long work: asked for, looked at, cancelled; and the files that go with it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse

from sluicegate.api.instants import instant_text, written
from sluicegate.api.lists import LIMIT, CursorOf, LimitOf, after_id, id_page
from sluicegate.api.models.common import Day, Identifier, Line
from sluicegate.api.models.work import AssessBody, IntakeColumns, JobPage, JobShown
from sluicegate.api.parts import DeskOf, LanguageOf, PartsOf
from sluicegate.api.readings import readings_of
from sluicegate.api.rendering import page, single, told
from sluicegate.api.routing import STREAMED, ChangingRoute, ExactRoute
from sluicegate.api.uploads import UPLOAD, kept_body
from sluicegate.core.phrases import Language
from sluicegate.registry.native import native_kinds, schema_of
from sluicegate.services.access.actions import Action
from sluicegate.services.access.authority import NotFoundError
from sluicegate.services.asking import question_named
from sluicegate.services.ports.work import Job, JobKind, JobState
from sluicegate.services.work.jobs import ask_job, cancel_job, list_jobs, read_files, read_job
from sluicegate.services.work.kinds import (
    AskManyJob,
    AssessJob,
    IntakeJob,
    ReportJob,
)
from sluicegate.wiring.works import work_files

reading = APIRouter(prefix="/v1", tags=["work"], route_class=ExactRoute)
changing = APIRouter(prefix="/v1", tags=["work"], route_class=ChangingRoute)

JobId = Annotated[str, Path(max_length=100, description="Id of a job.")]


def job_document(job: Job, language: Language) -> dict[str, Any]:
    """Return a job as a document."""
    problem = job.problem
    said = None
    if problem is not None:
        said = problem.zh if language is Language.ZH else problem.en
    return {
        "id": job.job_id,
        "kind": job.kind.value,
        "state": job.state.value,
        "asked_by": job.asked_by,
        "created_at": written(job.created_at),
        "started_at": instant_text(job.started_at),
        "finished_at": instant_text(job.finished_at),
        "step": job.step,
        "done": job.done,
        "total": job.total,
        "attempts": job.attempts,
        "is_cancel_asked": job.is_cancel_asked,
        "parameters": dict(job.parameters),
        "result": None if job.result is None else dict(job.result),
        "problem": said,
    }


@reading.get("/intake/columns/{kind}", response_model=IntakeColumns, operation_id="intake_columns")
def intake_columns(
    kind: Annotated[str, Path(max_length=100, examples=["usage"])], desk: DeskOf
) -> Response:
    """Say which columns a kind of file has, and what may stand in each."""
    desk.must(Action.SOURCE_READ)
    if kind not in native_kinds():
        raise NotFoundError("kind of file", kind)
    return told(schema_of(kind))


@reading.get("/jobs", response_model=JobPage, operation_id="list_jobs")
def list_all(
    request: Request,
    desk: DeskOf,
    language: LanguageOf,
    state: Annotated[JobState | None, Query(description="Where they stand.")] = None,
    kind: Annotated[JobKind | None, Query(description="What they do.")] = None,
    limit: LimitOf = LIMIT,
    cursor: CursorOf = None,
) -> Response:
    """List long work, the newest first: one's own, and others' where the policies let."""
    asked = {"state": state and state.value, "kind": kind and kind.value}
    found = list_jobs(
        desk,
        states=() if state is None else (state,),
        kinds=() if kind is None else (kind,),
        before=after_id(cursor, asked),
        limit=min(limit, 199) + 1,
    )
    rows = id_page(found, min(limit, 199), lambda job: job.job_id, asked)
    return page(request, rows, lambda job: job_document(job, language))


@reading.get("/jobs/{job}", response_model=JobShown, operation_id="get_job")
def get_job(job: JobId, request: Request, desk: DeskOf, language: LanguageOf) -> Response:
    """Show how far a job is, and what came of it."""
    return single(request, job_document(read_job(desk, job), language))


@reading.get(
    "/jobs/{job}/results/{name}",
    operation_id="get_job_result",
    response_class=Response,
    responses={200: {"content": {"application/octet-stream": {"schema": {"type": "string"}}}}},
)
def get_job_result(
    job: JobId, name: Annotated[str, Path(max_length=200)], desk: DeskOf, parts: PartsOf
) -> Response:
    """Give a file that a job made."""
    read_files(desk, job)
    found = work_files(parts.served.node).result(job, name)
    if found is None:
        raise NotFoundError("result", name)
    return FileResponse(found, media_type="application/octet-stream", filename=found.name)


@changing.post(
    "/jobs/{job}/cancel", response_model=JobShown, operation_id="cancel_job", status_code=202
)
def cancel(job: JobId, desk: DeskOf, language: LanguageOf) -> Response:
    """Cancel a job: a waiting one at once, a running one at its next step."""
    return told(job_document(cancel_job(desk, job), language), 202)


@changing.post("/assess", response_model=JobShown, operation_id="assess", status_code=202)
def assess(body: AssessBody, desk: DeskOf, language: LanguageOf) -> Response:
    """Run a pass on a day, as a job."""
    return accepted(ask_job(desk, AssessJob(body.as_of)), language)


@changing.post("/reports", response_model=JobShown, operation_id="make_report", status_code=202)
def make_report(body: AssessBody, desk: DeskOf, language: LanguageOf) -> Response:
    """Run a pass and write it as a report, as a job."""
    return accepted(ask_job(desk, ReportJob(body.as_of)), language)


@changing.post(
    "/intake",
    response_model=JobShown,
    operation_id="intake",
    status_code=202,
    openapi_extra=UPLOAD,
)
async def intake(
    request: Request,
    desk: DeskOf,
    parts: PartsOf,
    language: LanguageOf,
    name: Annotated[Identifier, Query(description="Name of the file.", examples=["usage.csv"])],
    kind: Annotated[Line | None, Query(description="What the file holds; else it tells.")] = None,
    source: Annotated[Identifier, Query(description="Who the rows are from.")] = "default",
    offset: Annotated[Line | None, Query(description="Offset of instants without one.")] = None,
) -> Response:
    """Take a file into the node, as a job; the body is the file.

    A `Content-Digest: sha-256=:BASE64:` (RFC 9530) is checked when it is sent.
    """
    await run_in_threadpool(desk.must, Action.INTAKE_WRITE)
    kept = await kept_body(request, parts, name)
    asked = IntakeJob((kept,), kind=kind, source=source, offset=offset)
    return accepted(await run_in_threadpool(ask_job, desk, asked), language)


STREAMED.add("/v1/intake")


@changing.post(
    "/ask/{question}/jobs",
    response_model=JobShown,
    operation_id="ask_many_later",
    status_code=202,
    openapi_extra=UPLOAD,
)
async def ask_many_later(
    question: Annotated[str, Path(max_length=200, description="Name of a question.")],
    request: Request,
    desk: DeskOf,
    parts: PartsOf,
    language: LanguageOf,
    name: Annotated[Identifier, Query(description="Name of the file.", examples=["runs.csv"])],
    as_of: Annotated[Day | None, Query(description="The day asked about.")] = None,
    reading: Annotated[
        list[Line], Query(description="Choose a reading: NAME=VALUE.", max_length=50)
    ] = [],  # noqa: B006 - FastAPI copies the default of a query parameter
) -> Response:
    """Ask a question about every row of a CSV or Parquet file, as a job; the body is the file.

    The job's result `answers.csv` has a row of answer for each row of facts.
    """
    await run_in_threadpool(desk.must, Action.QUESTION_ASK)
    known = question_named(question, parts.served.book)
    kept = await kept_body(request, parts, name)
    asked = AskManyJob(known.name, kept, as_of, readings_of(reading))
    return accepted(await run_in_threadpool(ask_job, desk, asked), language)


STREAMED.add("/v1/ask/{question}/jobs")


def accepted(job: Job, language: Language) -> Response:
    """Return the answer to who asked for long work: where to look how far it is."""
    return told(job_document(job, language), 202, {"Location": f"/v1/jobs/{job.job_id}"})
