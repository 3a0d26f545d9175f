"""Thresholds that move: what they are, what they come to on a day, and over time."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from sluicegate.api.models.common import Day, Identifier
from sluicegate.api.models.lab_moving import (
    MovingComputed,
    MovingList,
    MovingOverTime,
    MovingShown,
)
from sluicegate.api.parts import DeskOf, LanguageOf, PartsOf
from sluicegate.api.rendering import told
from sluicegate.api.routing import ExactRoute
from sluicegate.frontier.moving import Moving
from sluicegate.services.access.actions import Action
from sluicegate.services.lab import moving as lab
from sluicegate.services.lab import moving_rows as rows
from sluicegate.wiring.lab_pictures import moving_svg

router = APIRouter(prefix="/v1", tags=["policy lab"], route_class=ExactRoute)

RuleId = Annotated[
    str,
    Path(
        max_length=200,
        description="Id of a threshold that moves.",
        examples=["us.eccn_4e091.control_level"],
    ),
]
AsOf = Annotated[Day | None, Query(description="The day asked about; today if left out.")]
KnownOn = Annotated[
    Day | None, Query(description="Only snapshots and values known on this day; all if left out.")
]
Data = Annotated[
    Identifier | None,
    Query(description="A data set of the node, or registry, in place of the rule's own."),
]


@router.get("/lab/moving", response_model=MovingList, operation_id="list_moving")
def list_moving(
    desk: DeskOf,
    parts: PartsOf,
    language: LanguageOf,
    as_of: AsOf = None,
    known_on: KnownOn = None,
    data: Data = None,
) -> Response:
    """List the thresholds that move, each with its level on a day."""
    book, day = parts.served.book, as_of or desk.now().date()
    ids = lab.moving_ids(book)
    known = lab.known_at(desk, book, ids, data)
    values = [lab.moving_value(lab.moving_of(book, one), day, known_on, known) for one in ids]
    return told(
        {
            "as_of": day.isoformat(),
            "known_on": None if known_on is None else known_on.isoformat(),
            "items": [rows.list_row(one, language) for one in values],
        }
    )


@router.get("/lab/moving/{rule}", response_model=MovingShown, operation_id="get_moving")
def get_moving(rule: RuleId, desk: DeskOf, parts: PartsOf) -> Response:
    """Show a threshold that moves as it is declared, with its dated parameters."""
    desk.must(Action.LAB_READ)
    return told(rows.rule_document(Moving.of(parts.served.book, rule)))


@router.get(
    "/lab/moving/{rule}/value", response_model=MovingComputed, operation_id="get_moving_value"
)
def get_value(
    rule: RuleId,
    desk: DeskOf,
    parts: PartsOf,
    language: LanguageOf,
    as_of: AsOf = None,
    known_on: KnownOn = None,
    data: Data = None,
) -> Response:
    """Compute a threshold that moves on a day, as known on another, with its trace."""
    desk.must(Action.LAB_READ)
    moving = Moving.of(parts.served.book, rule)
    known = lab.known_at(desk, moving.book, (rule,), data)
    day = as_of or desk.now().date()
    value = lab.moving_value(moving, day, known_on, known)
    return told(rows.value_document(value, language))


@router.get(
    "/lab/moving/{rule}/series",
    response_model=MovingOverTime,
    operation_id="get_moving_series",
    responses={200: {"content": {"image/svg+xml": {"schema": {"type": "string"}}}}},
)
def get_series(
    rule: RuleId,
    desk: DeskOf,
    parts: PartsOf,
    language: LanguageOf,
    first: Annotated[Day | None, Query(alias="from", description="First day.")] = None,
    last: Annotated[Day | None, Query(alias="to", description="Last day; today.")] = None,
    known_on: KnownOn = None,
    as_known_then: Annotated[
        bool, Query(description="Answer each day by what was known on it.")
    ] = False,
    data: Data = None,
    form: Annotated[
        str, Query(alias="format", pattern="^(json|svg)$", description="json or svg.")
    ] = "json",
) -> Response:
    """Compute a threshold that moves over time, as steps or as a picture."""
    desk.must(Action.LAB_READ)
    moving = Moving.of(parts.served.book, rule)
    known = lab.known_at(desk, moving.book, (rule,), data)
    span = lab.span_of(desk.now().date(), first, last, then=as_known_then)
    found = lab.moving_series(moving, span, known_on, known)
    if form == "svg":
        headers = {"Content-Disposition": "attachment", "Vary": "Accept-Language"}
        drawn = moving_svg(found, language)
        return Response(drawn, headers=headers, media_type="image/svg+xml")
    return told(rows.series_document(found, language))
