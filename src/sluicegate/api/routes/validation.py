"""Validation of screening: pairs to review, and changes that a second person activates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from sluicegate.api.instants import written
from sluicegate.api.models.common import Line
from sluicegate.api.models.ownership import ReasonBody
from sluicegate.api.models.screening import CheckBody
from sluicegate.api.models.validation import (
    SampledPairs,
    ScreeningChangeList,
    ScreeningChangeRow,
    ScreeningChangeShown,
    VerdictBody,
    VerdictGiven,
)
from sluicegate.api.parts import DeskOf, PartsOf
from sluicegate.api.rendering import single, told
from sluicegate.api.routing import ChangingRoute, ExactRoute
from sluicegate.services.access.actions import Action
from sluicegate.services.casework.own_hand import acting_names
from sluicegate.services.ports.validation import Proposal
from sluicegate.services.screening.validation.changed_sections import (
    moment_row,
    named_shifts,
    proposal_row,
)
from sluicegate.services.screening.validation.changes import (
    decide,
    proposal_at,
    proposals,
    withdraw,
)
from sluicegate.services.screening.validation.sampling import judge, samples_shown
from sluicegate.services.screening.validation.sections import Coded
from sluicegate.wiring.validation import installed_algorithm, past_now

reading = APIRouter(prefix="/v1", tags=["validation"], route_class=ExactRoute)
changing = APIRouter(prefix="/v1", tags=["validation"], route_class=ChangingRoute)

SampleId = Annotated[str, Path(max_length=100, description="Id of a sampled pair.")]
ChangeId = Annotated[str, Path(max_length=100, description="Id of a proposed change.")]


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
        "moments": [_plain(moment_row(one, moment)) for moment in one.moments],
        "shifts": named_shifts(desk.store, [one]),
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
