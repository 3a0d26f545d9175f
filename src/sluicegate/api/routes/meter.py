"""The meter, and the audit: what was computed, and who did what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from sluicegate.api.instants import read_instant, written
from sluicegate.api.lists import LIMIT, CursorOf, LimitOf
from sluicegate.api.models.common import Day, Line
from sluicegate.api.models.system import ActPage, EstimateBody, Estimates, MeterRows
from sluicegate.api.parts import DeskOf, Parts, PartsOf
from sluicegate.api.problems import bad_field
from sluicegate.api.rendering import CSV, NDJSON, page, stream, told
from sluicegate.api.routing import ExactRoute
from sluicegate.core.exact import load_json
from sluicegate.core.quantities import flop_text
from sluicegate.metering.estimates import RowEstimate, estimate_row
from sluicegate.metering.windows import Window
from sluicegate.rules.law import Law
from sluicegate.services.access.actions import Action
from sluicegate.services.auditing import list_acts
from sluicegate.services.desk import Desk
from sluicegate.services.measuring import Measure, priors
from sluicegate.services.meter import Dimension, MeterRow, meter, rates_of
from sluicegate.services.ports.audit import ActFilter, ActRow

router = APIRouter(prefix="/v1", tags=["meter and audit"], route_class=ExactRoute)

BOUNDS = ("low", "central", "high", "ceiling")
_AFTER = ("start", "end", *BOUNDS, "method", "convention", "record_days")


def known_at(known_on: date | None) -> datetime | None:
    """Return the instant that ends a day of knowledge, in UTC."""
    if known_on is None:
        return None
    return datetime.combine(known_on + timedelta(days=1), time(), UTC)


def measure(parts: Parts, desk: Desk, as_of: date | None, known_on: date | None) -> Measure:
    """Return what measuring the caller's tenant needs."""
    served = parts.served
    return Measure(
        store=desk.store,
        lake=served.node.lake,
        catalogue=served.catalogue,
        book=served.book,
        country=served.settings.country,
        as_of=as_of or desk.now().date(),
        known_on=known_at(known_on),
    )


@router.get(
    "/meter",
    response_model=MeterRows,
    operation_id="meter",
    responses={
        200: {
            "content": {
                NDJSON: {"schema": {"type": "string"}},
                "text/csv": {"schema": {"type": "string"}},
            }
        }
    },
)
def read_meter(
    desk: DeskOf,
    parts: PartsOf,
    by: Annotated[Line, Query(description="Dimensions.", examples=["cluster"])] = "customer",
    window: Annotated[Window, Query(description="Stretch of legal days.")] = Window.LIFETIME,
    as_of: Annotated[Day | None, Query(description="Usage up to this day.")] = None,
    known_on: Annotated[Day | None, Query(description="Only what was recorded by then.")] = None,
    form: Annotated[
        str, Query(alias="format", pattern="^(json|csv|ndjson)$", description="json, csv, ndjson.")
    ] = "json",
) -> Response:
    """Add up compute by dimensions and window, with low, central, high and ceiling."""
    dimensions = _dimensions(by)
    desk.must(Action.USAGE_READ)
    rows = [_row(row) for row in _metered(parts, desk, dimensions, window, (as_of, known_on))]
    if form == "json":
        return told({"items": rows})
    columns = [*(dimension.value for dimension in dimensions), *_AFTER]
    return stream(rows, columns, CSV if form == "csv" else NDJSON)


def _metered(
    parts: Parts,
    desk: Desk,
    dimensions: Sequence[Dimension],
    window: Window,
    days: tuple[date | None, date | None],
) -> list[MeterRow]:
    as_of, known_on = days
    measured = measure(parts, desk, as_of, known_on)
    groups = measured.groups() if Dimension.GROUP in dimensions else None
    return list(
        meter(
            measured.lake,
            measured.store,
            measured.settings(groups),
            by=dimensions,
            window=window,
            as_of=as_of,
            known_on=measured.known_on,
        )
    )


def _dimensions(text: str) -> list[Dimension]:
    known = {dimension.value: dimension for dimension in Dimension}
    found = []
    for name in text.split(","):
        if name.strip() not in known:
            raise bad_field("by", f"{name.strip()!r} is none of {', '.join(known)}")
        found.append(known[name.strip()])
    return list(dict.fromkeys(found))


def _row(row: MeterRow) -> dict[str, Any]:
    return {
        **row.dims,
        "start": row.start.isoformat(),
        "end": row.end.isoformat(),
        **{bound: flop_text(getattr(row.estimate, bound)) for bound in BOUNDS},
        "method": row.estimate.method.value,
        "convention": row.estimate.convention.value,
        "record_days": row.records,
    }


@router.post("/meter/estimate", response_model=Estimates, operation_id="estimate")
def estimate(body: EstimateBody, desk: DeskOf, parts: PartsOf) -> Response:
    """Estimate the compute of runs from hardware and hours, or from parameters and tokens.

    Figures of a row are text; a row that cannot be estimated is named with its fault.
    """
    desk.must(Action.QUESTION_ASK)
    catalogue = parts.served.catalogue
    law = Law(parts.served.book, body.as_of or desk.now().date())
    rates, assumed = rates_of(catalogue), priors(law)
    items, faults = [], []
    for number, row in enumerate(body.rows, 1):
        try:
            items.append(_estimated(estimate_row(row.model_dump(), catalogue, rates, assumed)))
        except ValueError as error:
            faults.append({"row": number, "id": row.id, "problem": str(error)})
    return told({"items": items, "faults": faults})


def _estimated(row: RowEstimate) -> dict[str, Any]:
    return {
        "id": row.id,
        "low": flop_text(row.low),
        "central": flop_text(row.central),
        "high": flop_text(row.high),
        "ceiling": None if row.ceiling is None else flop_text(row.ceiling),
        "method": row.method.value,
        "convention": row.convention.value,
        "note": row.note,
    }


@router.get("/audit", response_model=ActPage, operation_id="list_acts")
def audit(
    request: Request,
    desk: DeskOf,
    name: Annotated[Line, Query(description="What was done, e.g. assessed.")] = "",
    by: Annotated[Line, Query(description="Who did it.")] = "",
    about: Annotated[Line, Query(description="An id that the record names.")] = "",
    since: Annotated[Line | None, Query(description="From this instant on.")] = None,
    until: Annotated[Line | None, Query(description="Before this instant.")] = None,
    limit: LimitOf = LIMIT,
    cursor: CursorOf = None,
) -> Response:
    """List acts, the newest first: who did what, when and why; the reading is an act itself."""
    wanted = ActFilter(name, by, read_instant(since, "since"), read_instant(until, "until"), about)
    return page(request, list_acts(desk, wanted, cursor=cursor, limit=limit), _act)


def _act(row: ActRow) -> dict[str, Any]:
    return {
        "id": row.act_id,
        "name": row.name,
        "at": written(row.at),
        "by": row.by,
        "reason": row.reason,
        "digest": row.digest,
        "record": load_json(row.canonical.decode())["record"],
    }
