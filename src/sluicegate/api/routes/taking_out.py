"""Saved views, exports of the queue and of one case, and due days as a calendar."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from starlette.responses import StreamingResponse

from sluicegate.api.models.common import Line, Shape
from sluicegate.api.parts import DeskOf, LanguageOf, PartsOf
from sluicegate.api.rendering import CSV, NDJSON, TABLE_TYPES, body_of, stream, told
from sluicegate.api.routes.cases import (
    Assignee,
    CaseId,
    Customer,
    DueBefore,
    Kinds,
    Places,
    Priorities,
    Rule,
    States,
    Subject,
    SubjectKind,
    Text,
    YesNo,
    filter_of,
)
from sluicegate.api.routing import ChangingRoute, ExactRoute
from sluicegate.services.casework.exporting import COLUMNS, export_case, export_rows
from sluicegate.services.casework.queue import View, drop_view, save_view, views
from sluicegate.wiring.work import calendar

reading = APIRouter(prefix="/v1", tags=["cases"], route_class=ExactRoute)
changing = APIRouter(prefix="/v1", tags=["cases"], route_class=ChangingRoute)


class ViewShown(Shape):
    """A filter of the queue under a name; `query` is what stands in the address of a list."""

    name: str
    query: dict[str, str]


class ViewList(Shape):
    """The views that the caller saved."""

    items: list[ViewShown]


class ViewBody(Shape):
    """A view to be saved; one of the same name is replaced."""

    name: Line
    query: dict[Line, Line]


class ViewNameBody(Shape):
    """The name of a view."""

    name: Line


class CaseExport(Shape):
    """A case as one document, and the SHA-256 of its canonical JSON."""

    digest: str
    document: dict[str, Any]


def _view(one: View) -> dict[str, Any]:
    return {"name": one.name, "query": dict(one.query)}


@reading.get("/views", response_model=ViewList, operation_id="list_views")
def list_views(desk: DeskOf) -> Response:
    """List the views of the queue that the caller saved."""
    return told({"items": [_view(one) for one in views(desk)]})


@changing.post("/views", response_model=ViewShown, operation_id="save_view")
def save(body: ViewBody, desk: DeskOf) -> Response:
    """Save a filter of the queue under a name."""
    return told(_view(save_view(desk, body.name, body.query)))


@changing.post("/views/remove", response_model=ViewNameBody, operation_id="remove_view")
def remove(body: ViewNameBody, desk: DeskOf) -> Response:
    """Forget one of the caller's own views."""
    drop_view(desk, body.name)
    return told({"name": body.name})


@reading.get(
    "/cases/export",
    operation_id="export_cases",
    response_class=StreamingResponse,
    responses={200: {"content": TABLE_TYPES}},
)
def export_view(
    request: Request,
    desk: DeskOf,
    form: Annotated[
        str, Query(alias="format", pattern="^(csv|ndjson)$", description="csv or ndjson.")
    ] = "csv",
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
) -> Response:
    """Give the whole of a view as rows, in the order of the queue; the export is an act."""
    rows = export_rows(desk, filter_of(request))
    return stream(rows, list(COLUMNS), CSV if form == "csv" else NDJSON)


@reading.get("/cases/{case}/export", response_model=CaseExport, operation_id="export_case")
def export_one(case: CaseId, desk: DeskOf, parts: PartsOf) -> Response:
    """Give a case as one document with its digest; the export is an act."""
    found = export_case(desk, case, book=parts.served.book)
    body = body_of({"digest": found.digest, "document": found.document})
    headers = {"Content-Disposition": f'attachment; filename="case-{found.digest[:16]}.json"'}
    return Response(body, headers=headers, media_type="application/json")


@reading.get(
    "/calendar.ics",
    operation_id="calendar",
    response_class=Response,
    responses={200: {"content": {"text/calendar": {"schema": {"type": "string"}}}}},
)
def due_days(
    desk: DeskOf,
    parts: PartsOf,
    language: LanguageOf,
    scope: Annotated[
        str, Query(pattern="^(own|all)$", description="own: the caller's cases; all: the queue.")
    ] = "own",
) -> Response:
    """Give the due days of cases as iCalendar (RFC 5545); sealed cases are in none."""
    body = calendar(
        desk,
        is_whole_queue=scope == "all",
        language=language,
        public_url=parts.served.public_url,
    )
    return Response(body, media_type="text/calendar; charset=utf-8")
