"""Validation of screening: pairs to review, and changes that a second person activates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from sluicegate.api.instants import written
from sluicegate.api.models.common import Day, Identifier, Line, Reason
from sluicegate.api.models.ownership import ReasonBody
from sluicegate.api.models.screening import CheckBody
from sluicegate.api.models.validation import (
    PackBody,
    PackList,
    SampledPairs,
    ScreeningChangeBody,
    ScreeningChangeList,
    ScreeningChangeRow,
    ScreeningChangeShown,
    VerdictBody,
    VerdictGiven,
)
from sluicegate.api.models.work import JobShown
from sluicegate.api.parts import DeskOf, LanguageOf, PartsOf
from sluicegate.api.rendering import single, told
from sluicegate.api.routes.work import accepted
from sluicegate.api.routing import STREAMED, ChangingRoute, ExactRoute
from sluicegate.api.uploads import UPLOAD, kept_body
from sluicegate.services.access.actions import Action
from sluicegate.services.casework.own_hand import acting_names
from sluicegate.services.ports.validation import Proposal
from sluicegate.services.screening.engine import score_text
from sluicegate.services.screening.validation.changed_sections import (
    moment_rows,
    proposal_row,
    shift_rows,
)
from sluicegate.services.screening.validation.changes import (
    decide,
    proposal_at,
    proposals,
    threshold_of,
    withdraw,
)
from sluicegate.services.screening.validation.sampling import (
    Reviewed,
    judge,
    reviews,
    samples_shown,
)
from sluicegate.services.screening.validation.sections import Coded
from sluicegate.services.work.jobs import ask_job
from sluicegate.services.work.kinds import ScreeningChangeJob, ValidationJob
from sluicegate.wiring.validation import (
    installed_algorithm,
    pack_archive,
    packs_on_node,
    past_now,
)

reading = APIRouter(prefix="/v1", tags=["validation"], route_class=ExactRoute)
changing = APIRouter(prefix="/v1", tags=["validation"], route_class=ChangingRoute)

SampleId = Annotated[str, Path(max_length=100, description="Id of a sampled pair.")]
ChangeId = Annotated[str, Path(max_length=100, description="Id of a proposed change.")]
PackId = Annotated[str, Path(max_length=100, description="Id of a validation pack.")]
_ZIP = {"application/zip": {"schema": {"type": "string"}}}


@reading.get("/screening/packs", response_model=PackList, operation_id="list_validation_packs")
def list_packs(desk: DeskOf, parts: PartsOf) -> Response:
    """List the validation packs that were made, the newest first, with the result of reviews."""
    here = packs_on_node(parts.served.node, desk)
    found = reviews(desk.store.validation)
    return told({"items": [_pack(one, one.pack.pack_id in here) for one in found]})


def _pack(one: Reviewed, on_node: bool) -> dict[str, Any]:
    kept = one.pack
    return {
        "pack": kept.pack_id,
        "made_at": written(kept.at),
        "made_by": kept.by,
        "as_of": kept.as_of.isoformat(),
        "seed": kept.seed,
        "algorithm": kept.algorithm,
        "threshold": score_text(kept.threshold),
        "lists": dict(kept.versions),
        "figures": dict(kept.figures),
        "manifest": kept.manifest,
        "drawn": one.drawn,
        "waiting": one.waiting,
        "unclear": one.unclear,
        "decided": one.missed.of,
        "missed": one.missed.hits,
        "on_node": on_node,
    }


@reading.get(
    "/screening/packs/{pack}",
    operation_id="get_validation_pack",
    response_class=Response,
    responses={200: {"content": _ZIP}},
)
def get_pack(pack: PackId, desk: DeskOf, parts: PartsOf) -> Response:
    """Give a validation pack as one zip: pages, JSON, CSV and digests. It names customers; an act.

    A pack that was written outside the node is not given.
    """
    given = pack_archive(parts.served.node, desk, pack)
    headers = {"Content-Disposition": f'attachment; filename="{given.name}"'}
    return Response(given.content, headers=headers, media_type="application/zip")


@changing.post(
    "/screening/packs",
    response_model=JobShown,
    operation_id="make_validation_pack",
    status_code=202,
)
def make_pack(body: PackBody, desk: DeskOf, language: LanguageOf) -> Response:
    """Measure what screening finds, misses and covers, and make a validation pack, as a job."""
    return accepted(ask_job(desk, ValidationJob(body.seed, body.names, body.sample)), language)


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row as JSON: codes as text, instants as ISO text."""
    return {name: _value(value) for name, value in row.items()}


def _value(value: Any) -> Any:
    if isinstance(value, Coded):
        return value.code
    return written(value) if isinstance(value, datetime) else value


def _row(one: Proposal) -> dict[str, Any]:
    return _plain(proposal_row(one))


@reading.get("/screening/samples", response_model=SampledPairs, operation_id="list_sampled_pairs")
def list_samples(
    desk: DeskOf,
    parts: PartsOf,
    pack: Annotated[Line | None, Query(description="Of this pack; else the newest.")] = None,
) -> Response:
    """List the pairs just below the score of an alert that were drawn for review."""
    desk.must(Action.VALIDATION_READ)
    now = past_now(parts.served.node, desk)
    found = samples_shown(desk, now.screened, now.lists, pack or None)
    return told({"items": [one.row() for one in found]})


@changing.post(
    "/screening/samples/{sample}/judge",
    response_model=VerdictGiven,
    operation_id="judge_sampled_pair",
)
def judge_sample(sample: SampleId, body: VerdictBody, desk: DeskOf) -> Response:
    """Say of a sampled pair whether the two are one; the next pack counts it."""
    given = judge(desk, sample, body.verdict, body.reason)
    document = {
        "sample": given.sample_id,
        "verdict": given.verdict.value,
        "reason": given.reason,
        "at": written(given.at),
        "by": given.by,
    }
    return told(document)


@reading.get(
    "/screening/changes", response_model=ScreeningChangeList, operation_id="list_screening_changes"
)
def list_changes(desk: DeskOf) -> Response:
    """List the changes of screening that were proposed, the last one first."""
    return told({"items": [_row(one) for one in proposals(desk)]})


@changing.post(
    "/screening/changes",
    response_model=JobShown,
    operation_id="propose_screening_change",
    status_code=202,
)
def propose_change(body: ScreeningChangeBody, desk: DeskOf, language: LanguageOf) -> Response:
    """Replay another score of an alert, or the installed algorithm, and propose it, as a job."""
    threshold = None if body.threshold is None else threshold_of(body.threshold)
    return accepted(ask_job(desk, ScreeningChangeJob(body.reason, threshold)), language)


@changing.post(
    "/screening/changes/list",
    response_model=JobShown,
    operation_id="propose_list_change",
    status_code=202,
    openapi_extra=UPLOAD,
)
async def propose_list_change(
    request: Request,
    desk: DeskOf,
    parts: PartsOf,
    language: LanguageOf,
    name: Annotated[Identifier, Query(description="Name of the file.", examples=["sdn.zip"])],
    reason: Annotated[Reason, Query(description="Why; it is kept.")],
    list_id: Annotated[
        Line | None,
        Query(alias="list", description="Id of the list, where the file does not tell."),
    ] = None,
    published: Annotated[
        Day | None, Query(description="The issuer's day, where the file lacks it.")
    ] = None,
) -> Response:
    """Replay a file of a list before it is taken in, and propose it, as a job; the body is it.

    Nothing of the file comes into use: it is taken in on trial and let go.
    """
    await run_in_threadpool(desk.must, Action.VALIDATION_WORK)
    kept = await kept_body(request, parts, name)
    asked = ScreeningChangeJob(reason, file=kept, list_id=list_id, published=published)
    return accepted(await run_in_threadpool(ask_job, desk, asked), language)


STREAMED.add("/v1/screening/changes/list")


@reading.get(
    "/screening/changes/{change}",
    response_model=ScreeningChangeShown,
    operation_id="get_screening_change",
)
def get_change(change: ChangeId, request: Request, desk: DeskOf) -> Response:
    """Show a proposed change: its replays, and each alert gained or lost with both names."""
    one = proposal_at(desk, change)
    document = {
        **_row(one),
        "moments": [_plain(row) for row in moment_rows(one)],
        "shifts": [_plain(row) for row in shift_rows(desk.store, one)],
    }
    return single(request, document)


@changing.post(
    "/screening/changes/{change}/check",
    response_model=ScreeningChangeRow,
    operation_id="check_screening_change",
)
def check_change(change: ChangeId, body: CheckBody, desk: DeskOf, parts: PartsOf) -> Response:
    """Activate or reject a change that another person proposed; the next run screens with it."""
    desk.must(Action.VALIDATION_DECIDE)
    after = decide(
        *(desk, change),
        is_activated=body.is_approved,
        installed=installed_algorithm(parts.served.node, desk),
        reason=body.reason,
        known_as=acting_names(desk),
    )
    return told(_row(after))


@changing.post(
    "/screening/changes/{change}/withdraw",
    response_model=ScreeningChangeRow,
    operation_id="withdraw_screening_change",
)
def withdraw_change(change: ChangeId, body: ReasonBody, desk: DeskOf) -> Response:
    """Take a proposed change back before anybody decided about it."""
    desk.must(Action.VALIDATION_WORK)
    return told(_row(withdraw(desk, change, body.reason)))
