"""Cases: the queue, one case, what is done to it, and its files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from sluicegate.api.lists import LIMIT, CursorOf, LimitOf
from sluicegate.api.models.casework import (
    ABILITY,
    CASE,
    CASE_ROW,
    CLOCK,
    FACETS,
    BulkBody,
    BulkDone,
    CaseCounts,
    CasePage,
    CaseShown,
    CaseStanding,
    EraseBody,
    LargeBulkBody,
    NewCaseBody,
    NextCase,
    SealedBody,
)
from sluicegate.api.models.commands import CaseAct, command_of
from sluicegate.api.models.common import Identifier, Line
from sluicegate.api.models.work import JobShown
from sluicegate.api.parts import DeskOf, LanguageOf, PartsOf
from sluicegate.api.rendering import page, single, told, version_of
from sluicegate.api.routes.work import accepted
from sluicegate.api.routing import STREAMED, ChangingRoute, ExactRoute
from sluicegate.api.uploads import BYTES, UPLOAD, whole_body
from sluicegate.cases.case import Case, Priority
from sluicegate.core.exact import load_json
from sluicegate.core.phrases import Language
from sluicegate.services.casework.acting import act, bulk
from sluicegate.services.casework.files import attach, attachment, erase_attachment
from sluicegate.services.casework.opening import NewCase, open_case
from sluicegate.services.casework.queue import Filter, counts, next_case, queue
from sluicegate.services.casework.reading import CaseFile, Entry, read_case
from sluicegate.services.casework.sealed import SealedAbout, open_sealed
from sluicegate.services.kept_words import in_language
from sluicegate.services.work.acts import act_document
from sluicegate.services.work.jobs import ask_job
from sluicegate.services.work.kinds import BulkActsJob

reading = APIRouter(prefix="/v1", tags=["cases"], route_class=ExactRoute)
changing = APIRouter(prefix="/v1", tags=["cases"], route_class=ChangingRoute)

CaseId = Annotated[str, Path(max_length=100, description="Id of a case.")]
FileId = Annotated[str, Path(max_length=100, description="Id of an attachment.")]
IfMatch = Annotated[
    str | None,
    Header(max_length=200, description="The tag of the case as it was read; else 412."),
]
_MOST_ATTACHED = 32 << 20


def filter_of(request: Request) -> Filter:
    """Return the filter of the query: all of its parts but those of the page."""
    own = ("cursor", "limit", "after", "format")
    query: dict[str, list[str]] = {}
    for name, text in request.query_params.multi_items():
        if name not in own:
            query.setdefault(name, []).append(text)
    given: Mapping[str, str | list[str]] = query
    return Filter.from_query(given)


States = Annotated[
    list[Line] | None,
    Query(max_length=50, description="new, open, waiting, pending, snoozed, closed, or all."),
]
Kinds = Annotated[
    list[Line] | None, Query(max_length=50, description="oversight, manual or suspicion.")
]
Priorities = Annotated[
    list[Line] | None, Query(max_length=50, description="urgent, high, normal or low.")
]
Places = Annotated[list[Line] | None, Query(max_length=50, description="Jurisdictions.")]
Text = Annotated[Line | None, Query(description="In the subject's name; or an id.")]
Assignee = Annotated[Line | None, Query(description="A principal's id, me or nobody.")]
Rule = Annotated[Line | None, Query(description="Id of the rule of an alert.")]
SubjectKind = Annotated[Line | None, Query(description="customer, group, run, …")]
Subject = Annotated[Line | None, Query(description="A subject as findings write it.")]
Customer = Annotated[Line | None, Query(description="Id of a customer.")]
DueBefore = Annotated[Line | None, Query(description="A day after the last one wanted.")]
OrderOf = Annotated[
    Line | None, Query(description="priority, or due: the soonest first, without a day last.")
]
YesNo = Annotated[Line | None, Query(description="yes or no.")]


@reading.get("/cases", response_model=CasePage, operation_id="list_cases")
def list_cases(
    request: Request,
    desk: DeskOf,
    language: LanguageOf,
    state: States = None,  # noqa: ARG001 - the filter reads the query itself
    kind: Kinds = None,  # noqa: ARG001
    priority: Priorities = None,  # noqa: ARG001
    jurisdiction: Places = None,  # noqa: ARG001
    assignee: Assignee = None,  # noqa: ARG001
    rule: Rule = None,  # noqa: ARG001
    subject_kind: SubjectKind = None,  # noqa: ARG001
    subject: Subject = None,  # noqa: ARG001
    customer: Customer = None,  # noqa: ARG001
    due_before: DueBefore = None,  # noqa: ARG001
    escalated: YesNo = None,  # noqa: ARG001
    to_check: YesNo = None,  # noqa: ARG001
    text: Text = None,  # noqa: ARG001
    order: OrderOf = None,  # noqa: ARG001
    limit: LimitOf = LIMIT,
    cursor: CursorOf = None,
) -> Response:
    """List cases: without a filter, what wants work now."""
    found = queue(desk, filter_of(request), cursor, limit)
    return page(request, found, lambda row: in_language(CASE_ROW.convert(row, language), language))


@reading.get("/cases/counts", response_model=CaseCounts, operation_id="count_cases")
def count_cases(
    request: Request,
    desk: DeskOf,
    language: LanguageOf,
    state: States = None,  # noqa: ARG001 - as above
    text: Text = None,  # noqa: ARG001
) -> Response:
    """Count what a filter keeps, and under each value; it takes every filter of the list."""
    return told(FACETS.convert(counts(desk, filter_of(request)), language))


@reading.get("/cases/next", response_model=NextCase, operation_id="next_case")
def get_next(
    request: Request,
    desk: DeskOf,
    order: OrderOf = None,  # noqa: ARG001 - as above
    after: Annotated[Line | None, Query(description="The case that it follows.")] = None,
) -> Response:
    """Name the case that follows one in the queue; it takes every filter and order of the list."""
    return told({"case": next_case(desk, filter_of(request), after)})


@changing.post("/cases", response_model=CaseStanding, operation_id="open_case", status_code=201)
def open_new(body: NewCaseBody, desk: DeskOf, parts: PartsOf, language: LanguageOf) -> Response:
    """Open a case by hand; about a finding whose case is closed, open that one again."""
    given = body.model_dump(exclude={"priority"})
    priority = None if body.priority is None else Priority[body.priority.upper()]
    new = NewCase(**given, priority=priority)
    return _opened(open_case(desk, new, book=parts.served.book), language)


@changing.post(
    "/cases/sealed", response_model=CaseStanding, operation_id="open_sealed_case", status_code=201
)
def open_sealed_file(
    body: SealedBody, desk: DeskOf, parts: PartsOf, language: LanguageOf
) -> Response:
    """Open a sealed file for a group; nobody outside it learns that it exists."""
    about: str | SealedAbout = body.case or SealedAbout(
        body.subject_kind,
        body.subject_id,
        body.subject_name,
        body.customer_id,
        body.jurisdiction,
    )
    case = open_sealed(desk, about, body.group, body.reason, book=parts.served.book)
    return _opened(case, language)


@changing.post("/cases/acts", response_model=BulkDone, operation_id="act_on_cases")
def act_on_many(body: BulkBody, desk: DeskOf, parts: PartsOf, language: LanguageOf) -> Response:
    """Do the same to many cases; what one refuses does not keep the others from it."""
    result = bulk(desk, body.cases, command_of(body.act), body.reason, book=parts.served.book)
    return told(
        {
            "done": list(result.done),
            "refused": [
                {"case": one.case_id, "reason": one.reason.text(language)} for one in result.refused
            ],
            "proposed": list(result.proposed),
        }
    )


@changing.post(
    "/cases/acts/jobs", response_model=JobShown, operation_id="act_on_cases_later", status_code=202
)
def act_on_many_later(body: LargeBulkBody, desk: DeskOf, language: LanguageOf) -> Response:
    """Do the same to very many cases, as a job; its result names those that refused it."""
    document = act_document(command_of(body.act))
    if body.reason and "reason" in document:
        document["reason"] = body.reason
    asked = BulkActsJob(tuple(dict.fromkeys(body.cases)), document)
    return accepted(ask_job(desk, asked), language)


@reading.get("/cases/{case}", response_model=CaseShown, operation_id="get_case")
def get_case(
    case: CaseId, request: Request, desk: DeskOf, parts: PartsOf, language: LanguageOf
) -> Response:
    """Show a case: why it is here, what happened, what may be done now and why not.

    The tag names the version; send it back in `If-Match` with an act.
    """
    found = read_case(desk, case, book=parts.served.book)
    return single(request, _file(found, language), version=found.case.version)


@changing.post("/cases/{case}/acts", response_model=CaseStanding, operation_id="act_on_case")
def act_on_one(
    case: CaseId,
    body: CaseAct,
    desk: DeskOf,
    parts: PartsOf,
    language: LanguageOf,
    if_match: IfMatch = None,
) -> Response:
    """Do something to a case: `act` names it. With `If-Match`, only to the version read."""
    after = act(
        desk,
        case,
        command_of(body),
        expected_version=version_of(if_match),
        book=parts.served.book,
    )
    return told(CASE.convert(after, language))


@changing.post(
    "/cases/{case}/attachments",
    response_model=CaseStanding,
    operation_id="attach",
    status_code=201,
    openapi_extra=UPLOAD,
)
async def attach_file(
    case: CaseId,
    request: Request,
    desk: DeskOf,
    parts: PartsOf,
    language: LanguageOf,
    name: Annotated[Identifier, Query(description="Name of the file.", examples=["memo.pdf"])],
) -> Response:
    """Attach a file; the body is its content, and its digest is kept for ever."""
    content = await whole_body(request, _MOST_ATTACHED)
    media_type = request.headers.get("content-type", "")
    after = await run_in_threadpool(
        attach, desk, case, name, media_type, content, book=parts.served.book
    )
    return told(CASE.convert(after, language), 201)


STREAMED.add("/v1/cases/{case}/attachments")


@reading.get(
    "/cases/{case}/attachments/{attachment}",
    operation_id="get_attachment",
    response_class=Response,
    responses={200: {"content": BYTES}},
)
def get_attachment(case: CaseId, attachment: FileId, desk: DeskOf) -> Response:
    """Give a file of a case, always as a download, with its digest in the headers."""
    return _download(desk, case, attachment)


def _download(desk: Any, case: str, identifier: str) -> Response:
    import base64
    from urllib.parse import quote

    found = attachment(desk, case, identifier)
    digest = base64.b64encode(bytes.fromhex(found.file.sha256)).decode()
    headers = {
        "Content-Digest": f"sha-256=:{digest}:",
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.file.name)}",
        "ETag": f'"{found.file.sha256[:32]}"',
    }
    return Response(found.content, headers=headers, media_type="application/octet-stream")


@changing.post(
    "/cases/{case}/attachments/{attachment}/erase",
    response_model=CaseStanding,
    operation_id="erase_attachment",
)
def erase(
    case: CaseId,
    attachment: FileId,
    body: EraseBody,
    desk: DeskOf,
    parts: PartsOf,
    language: LanguageOf,
) -> Response:
    """Erase the content of a file; its name and digest stay."""
    after = erase_attachment(desk, case, attachment, body.reason, book=parts.served.book)
    return told(CASE.convert(after, language))


def _opened(case: Case, language: Language) -> Response:
    headers = {"Location": f"/v1/cases/{case.case_id}"}
    return told(CASE.convert(case, language), 201, headers)


def _file(found: CaseFile, language: Language) -> dict[str, Any]:
    return {
        "case": in_language(CASE.convert(found.case, language), language),
        "timeline": [_entry(one) for one in found.timeline],
        "clocks": [CLOCK.convert(one, language) for one in found.clocks],
        "findings": {name: dict(one) for name, one in found.findings.items()},
        "obligations": {name: dict(one) for name, one in found.obligations.items()},
        "related": [
            in_language(CASE_ROW.convert(one, language), language) for one in found.related
        ],
        "abilities": [ABILITY.convert(one, language) for one in found.abilities],
    }


def _entry(one: Entry) -> dict[str, Any]:
    event = one.event
    return {
        "id": event.event_id,
        "kind": event.kind,
        "at": event.at.isoformat(),
        "by": event.by,
        "reason": event.reason,
        "data": load_json(event.data),
    }
