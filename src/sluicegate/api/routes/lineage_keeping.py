"""Lineages that a node keeps: taken in, and what people state of them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from sluicegate.api.models.common import Identifier, Line, Note
from sluicegate.api.models.lineage import (
    LineageRow,
    LineageStatementBody,
    LineageWithdrawBody,
)
from sluicegate.api.models.work import JobShown
from sluicegate.api.parts import DeskOf, LanguageOf, PartsOf
from sluicegate.api.rendering import told
from sluicegate.api.routes.lineage_queries import LineageId
from sluicegate.api.routes.work import accepted
from sluicegate.api.routing import STREAMED, ChangingRoute
from sluicegate.api.uploads import UPLOAD, kept_body
from sluicegate.services.access.actions import Action
from sluicegate.services.lineage import keeping
from sluicegate.services.lineage.rows import version_row
from sluicegate.services.work.jobs import ask_job
from sluicegate.services.work.kinds import LineageJob

changing = APIRouter(prefix="/v1", tags=["lineages"], route_class=ChangingRoute)

OF = "/lineages/{lineage}"


@changing.post(
    "/lineages/import",
    response_model=JobShown,
    operation_id="import_lineage",
    status_code=202,
    openapi_extra=UPLOAD,
)
async def import_lineage(
    request: Request,
    desk: DeskOf,
    parts: PartsOf,
    language: LanguageOf,
    name: Annotated[Identifier, Query(description="Name of the file.", examples=["heron.json"])],
    source: Annotated[Identifier, Query(description="Who states it.")] = "default",
    lineage: Annotated[
        Line, Query(description="What a lineage without a name of its own is called.")
    ] = "",
    reason: Annotated[Note, Query(description="Why it changed, for a new version.")] = "",
    dry_run: Annotated[bool, Query(description="Keep nothing of it.")] = False,
) -> Response:
    """Take lineages in, as a job: lineage.json, PROV-JSON or OpenLineage events.

    The body is the file. The same file changes nothing, a change is a new version; a bad
    graph is refused for itself.
    """
    await run_in_threadpool(desk.must, Action.LINEAGE_WRITE)
    kept = await kept_body(request, parts, name)
    asked = LineageJob(kept, source, lineage, reason, dry_run)
    return accepted(await run_in_threadpool(ask_job, desk, asked), language)


STREAMED.add("/v1/lineages/import")


@changing.post(f"{OF}/statements", response_model=LineageRow, operation_id="state_of_lineage")
def state(lineage: LineageId, body: LineageStatementBody, desk: DeskOf) -> Response:
    """State independence or a human's change, with reason and evidence: a new version has it."""
    stating = keeping.Stating(
        body.statement, body.cause, body.target, body.reason, body.evidence, body.on
    )
    return told(version_row(keeping.state(desk, lineage, stating)))


@changing.post(
    f"{OF}/statements/withdraw",
    response_model=LineageRow,
    operation_id="withdraw_lineage_statement",
)
def withdraw(lineage: LineageId, body: LineageWithdrawBody, desk: DeskOf) -> Response:
    """Take back what was stated by hand; the version that had it stays."""
    made = keeping.withdraw(desk, lineage, body.statement, body.cause, body.target, body.reason)
    return told(version_row(made))
