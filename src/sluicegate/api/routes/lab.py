"""The policy lab: data sets about models, and thresholds tried on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from sluicegate.api.models.common import Day, Identifier, Line, Reason
from sluicegate.api.models.lab import (
    DatasetShown,
    SnapshotList,
    SnapshotTaken,
    ThresholdsTried,
)
from sluicegate.api.parts import DeskOf, LanguageOf, Parts, PartsOf
from sluicegate.api.problems import bad_field
from sluicegate.api.rendering import CSV, NDJSON, single, stream, told
from sluicegate.api.routing import STREAMED, ChangingRoute, ExactRoute
from sluicegate.api.uploads import UPLOAD, whole_body
from sluicegate.core.problems import ProblemsError
from sluicegate.core.quantities import Exact, parse_decimal
from sluicegate.rules.comparators import Comparator
from sluicegate.services.access.actions import Action
from sluicegate.services.datasets import keeping
from sluicegate.services.datasets import reading as datasets
from sluicegate.services.desk import Desk
from sluicegate.services.lab.threshold import LabQuestion, Tried, try_on_data_set
from sluicegate.services.lab.threshold_rows import COLUMNS, Rows, document, rows_of
from sluicegate.wiring.datasets import read_table
from sluicegate.wiring.lab_pictures import options_svg

reading = APIRouter(prefix="/v1", tags=["policy lab"], route_class=ExactRoute)
changing = APIRouter(prefix="/v1", tags=["policy lab"], route_class=ChangingRoute)

_MOST_TABLE = 1 << 25
_SHOWN = 100

DatasetName = Annotated[
    str, Path(max_length=60, description="Name of a data set.", examples=["registry"])
]
Known = Annotated[Day | None, Query(description="The snapshot of this day or before.")]


@reading.get("/lab/data", response_model=SnapshotList, operation_id="list_datasets")
def list_data(desk: DeskOf) -> Response:
    """List the snapshots of data sets; `names` has the node's own registry too."""
    rows = [datasets.snapshot_row(one) for one in datasets.kept_snapshots(desk)]
    return told({"items": rows, "names": list(datasets.names(desk))})


@reading.get("/lab/data/{name}", response_model=DatasetShown, operation_id="get_dataset")
def get_data(name: DatasetName, request: Request, desk: DeskOf, known_on: Known = None) -> Response:
    """Show the models of a data set as known on a day; `registry` is the node's own."""
    found = datasets.snapshot_of(desk, name, known_on)
    return single(
        request,
        {
            "name": found.name,
            "known_on": found.known_on.isoformat(),
            "digest": found.digest,
            "source": found.source,
            "models": [datasets.model_row(one) for one in found.models],
        },
    )


@changing.post(
    "/lab/data",
    response_model=SnapshotTaken,
    operation_id="import_dataset",
    status_code=201,
    openapi_extra=UPLOAD,
)
async def import_data(
    request: Request,
    desk: DeskOf,
    file: Annotated[Identifier, Query(description="Name of the file.", examples=["models.csv"])],
    name: Annotated[Identifier, Query(description="Name of the data set.", examples=["own"])],
    known_on: Annotated[Day, Query(description="Day on which it was known.")],
    source: Annotated[Reason, Query(description="Whom to credit, and under which licence.")],
) -> Response:
    """Take a table of models in as a snapshot; the same bytes for the same day change nothing.

    The body is CSV, plain or in gzip: a table of Epoch AI, or one with the columns name,
    developers, published and flop. Bad rows are told and left out, good ones are kept.
    """
    await run_in_threadpool(desk.must, Action.LAB_LOAD)
    content = await whole_body(request, _MOST_TABLE)
    about = (file, name, known_on, source)
    return await run_in_threadpool(_imported, desk, content, about)


def _imported(desk: Desk, content: bytes, about: tuple[str, str, date, str]) -> Response:
    try:
        read = read_table(content, *about)
    except ProblemsError as error:
        raise bad_field("body", str(error)[:2_000]) from error
    done = keeping.import_snapshot(desk, read, about[0])
    body = {
        "snapshot": datasets.snapshot_row(done.kept),
        "is_new": done.is_new,
        "told": [str(one) for one in done.problems[:_SHOWN]],
    }
    return told(body, 201)


STREAMED.add("/v1/lab/data")


@dataclass(frozen=True)
class Tries:
    """What is to be tried, as a query says it."""

    data: str
    question: LabQuestion

    def on(self, desk: Desk, parts: Parts) -> Tried:
        """Try it. Raises LabError, UnknownDatasetError, RefusedError."""
        return try_on_data_set(desk, parts.served.book, self.data, self.question)


def tries(
    desk: DeskOf,
    data: Annotated[Identifier, Query(description="Name of a data set, or registry.")],
    threshold: Annotated[
        list[Line], Query(max_length=12, description="Fixed thresholds in FLOP.", examples=["2e25"])
    ] = [],  # noqa: B006 - FastAPI copies it
    moving: Annotated[
        list[Line], Query(max_length=12, description="Ids of thresholds that move.")
    ] = [],  # noqa: B006 - FastAPI copies it
    as_of: Annotated[Day | None, Query(description="The day asked about; today.")] = None,
    known_on: Annotated[Day | None, Query(description="Data known by then; `as_of`.")] = None,
    comparator: Annotated[
        str,
        Query(pattern="^(greater_than|at_least)$", description="How fixed thresholds compare."),
    ] = Comparator.GREATER_THAN.value,
    first: Annotated[
        int | None, Query(alias="from", ge=1, le=9999, description="First year shown.")
    ] = None,
    last: Annotated[
        int | None, Query(alias="to", ge=1, le=9999, description="Last year shown.")
    ] = None,
    as_if_always: Annotated[
        bool, Query(description="Let rules that move hold before they began.")
    ] = False,
) -> Tries:
    """Read what is to be tried."""
    day = as_of or desk.now().date()
    figures = tuple(map(_figure, threshold))
    compared = Comparator(comparator)
    question = LabQuestion(
        figures, tuple(moving), day, known_on, compared, first, last, as_if_always
    )
    return Tries(data, question)


def _figure(text: str) -> Exact:
    try:
        return parse_decimal(text.strip())
    except ValueError as error:
        raise bad_field("threshold", str(error)) from error


TriesOf = Annotated[Tries, Depends(tries)]


@reading.get(
    "/lab/threshold",
    response_model=ThresholdsTried,
    operation_id="try_thresholds",
    responses={
        200: {
            "content": {
                NDJSON: {"schema": {"type": "string"}},
                "text/csv": {"schema": {"type": "string"}},
            }
        }
    },
)
def try_thresholds(
    asked: TriesOf,
    desk: DeskOf,
    parts: PartsOf,
    language: LanguageOf,
    form: Annotated[
        str, Query(alias="format", pattern="^(json|csv|ndjson)$", description="json, csv, ndjson.")
    ] = "json",
    rows: Annotated[
        str,
        Query(
            pattern="^(options|years|models|burdened|missed|splitting)$",
            description="Which rows to write as csv or ndjson.",
        ),
    ] = "years",
) -> Response:
    """Try thresholds on a data set: whom each would have caught, burdened and missed.

    Several options stand side by side; `said` puts into sentences what the figures mean,
    what is not known, what evasion by splitting costs, and which way an option should move.
    """
    tried = asked.on(desk, parts)
    if form == "json":
        return told(document(tried, language), headers={"Vary": "Accept-Language"})
    wanted = Rows(rows)
    return stream(rows_of(tried, wanted), list(COLUMNS[wanted]), CSV if form == "csv" else NDJSON)


@reading.get(
    "/lab/threshold/picture",
    operation_id="get_thresholds_picture",
    response_class=Response,
    responses={200: {"content": {"image/svg+xml": {"schema": {"type": "string"}}}}},
)
def get_picture(asked: TriesOf, desk: DeskOf, parts: PartsOf, language: LanguageOf) -> Response:
    """Draw models over time with the thresholds, and the counts of each year, as SVG."""
    drawn = options_svg(asked.on(desk, parts), language)
    headers = {"Content-Disposition": "attachment", "Vary": "Accept-Language"}
    return Response(drawn, headers=headers, media_type="image/svg+xml")
