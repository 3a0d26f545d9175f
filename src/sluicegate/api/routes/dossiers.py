"""Customers, groups, runs, sources and reports: what is known of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from sluicegate.api.lists import LIMIT, CursorOf, LimitOf
from sluicegate.api.models.common import Day, Line, Shape
from sluicegate.api.models.shapes import Shaped, shape_of
from sluicegate.api.parts import DeskOf, LanguageOf, PartsOf
from sluicegate.api.rendering import page, single, told
from sluicegate.api.routes.meter import known_at
from sluicegate.api.routing import ExactRoute
from sluicegate.core.estimates import Estimate
from sluicegate.core.phrases import Language
from sluicegate.services.desk import Desk
from sluicegate.services.dossiers.customer import CustomerDossier
from sluicegate.services.dossiers.customer import customer as dossier_of_customer
from sluicegate.services.dossiers.group import GroupDossier
from sluicegate.services.dossiers.group import group as dossier_of_group
from sluicegate.services.dossiers.reports import report_file, reports
from sluicegate.services.dossiers.run import RunDossier
from sluicegate.services.dossiers.run import run as dossier_of_run
from sluicegate.services.dossiers.search import (
    GroupSummary,
    Hits,
    customers,
    groups,
    runs,
    search,
)
from sluicegate.services.dossiers.shared import CustomerSummary, RunSummary
from sluicegate.services.dossiers.sources import SourceFile, SourcesSummary, files, sources
from sluicegate.services.paging import Page
from sluicegate.services.parts import NodeParts
from sluicegate.services.ports.present_world import WorldFilter, WorldOrder
from sluicegate.services.ports.reports import ReportMade

router = APIRouter(prefix="/v1", tags=["dossiers"], route_class=ExactRoute)

AsOf = Annotated[Day | None, Query(description="That of the last pass if left out.")]
KnownOn = Annotated[Day | None, Query(description="Only what was recorded by this day.")]

CUSTOMER, GROUP, RUN = shape_of(CustomerDossier), shape_of(GroupDossier), shape_of(RunDossier)
SOURCES, FILE = shape_of(SourcesSummary), shape_of(SourceFile)
GROUP_ROW, RUN_ROW, ESTIMATE = shape_of(GroupSummary), shape_of(RunSummary), shape_of(Estimate)
HITS, REPORT = shape_of(Hits, "SearchHits"), shape_of(ReportMade)

_Estimate: Any = ESTIMATE.model
_Group: Any = GROUP_ROW.model
_Run: Any = RUN_ROW.model
_File: Any = FILE.model
_Report: Any = REPORT.model


class CustomerRow(Shape):
    """A customer in a list, as the last pass measured it."""

    id: str
    name: str
    country: str | None
    group: str | None
    standing: str
    estimate: _Estimate | None


def _customer_row(one: CustomerSummary, language: Language) -> dict[str, Any]:
    row = one.row
    return {
        "id": row.id,
        "name": row.name,
        "country": row.country,
        "group": row.owner,
        "standing": row.standing.value,
        "estimate": None if one.estimate is None else ESTIMATE.convert(one.estimate, language),
    }


class CustomerPage(Shape):
    """A page of customers."""

    items: list[CustomerRow]
    next: str | None


class GroupPage(Shape):
    """A page of affiliate groups."""

    items: list[_Group]
    next: str | None


class RunPage(Shape):
    """A page of training runs."""

    items: list[_Run]
    next: str | None


class FilePage(Shape):
    """A page of files that were taken in, the last in front."""

    items: list[_File]
    next: str | None


class ReportList(Shape):
    """Reports made on the node."""

    items: list[_Report]


async def filter_of(
    text: Annotated[Line, Query(description="Beginning of a name; of a run, its id.")] = "",
    owner: Annotated[
        Line | None, Query(description="A customer's group, a run's customer.")
    ] = None,
    order: Annotated[WorldOrder, Query(description="How they come.")] = WorldOrder.AMOUNT,
) -> WorldFilter:
    """Return the filter that a query gives."""
    return WorldFilter(text, owner, None, order)


FilterOf = Annotated[WorldFilter, Depends(filter_of)]


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads dossiers, in which language, and the node over their own store."""

    request: Request
    desk: Desk
    parts: NodeParts
    language: Language

    def one(self, shaped: Shaped, found: Any) -> Response:
        """Answer with one dossier and its tag."""
        return single(self.request, shaped.convert(found, self.language))

    def page(self, shaped: Shaped, found: Page[Any]) -> Response:
        """Answer with a page of a list."""
        return page(self.request, found, lambda row: shaped.convert(row, self.language))


async def reader_of(request: Request, desk: DeskOf, parts: PartsOf, language: LanguageOf) -> Reader:
    """Return who reads."""
    return Reader(request, desk, parts.served.node.parts.of(desk.store), language)


ReaderOf = Annotated[Reader, Depends(reader_of)]


@router.get("/customers", response_model=CustomerPage, operation_id="list_customers")
def list_customers(
    reader: ReaderOf, wanted: FilterOf, limit: LimitOf = LIMIT, cursor: CursorOf = None
) -> Response:
    """List customers as the last pass measured them."""
    found = customers(reader.desk, wanted, cursor, limit)
    return page(reader.request, found, lambda row: _customer_row(row, reader.language))


@router.get("/groups", response_model=GroupPage, operation_id="list_groups")
def list_groups(
    reader: ReaderOf, wanted: FilterOf, limit: LimitOf = LIMIT, cursor: CursorOf = None
) -> Response:
    """List affiliate groups as the last pass measured them."""
    return reader.page(GROUP_ROW, groups(reader.desk, wanted, cursor, limit))


@router.get("/runs", response_model=RunPage, operation_id="list_runs")
def list_runs(
    reader: ReaderOf, wanted: FilterOf, limit: LimitOf = LIMIT, cursor: CursorOf = None
) -> Response:
    """List training runs, declared or found in the usage."""
    return reader.page(RUN_ROW, runs(reader.desk, wanted, cursor, limit))


@router.get("/search", response_model=HITS.model, operation_id="search")
def find(
    reader: ReaderOf,
    text: Annotated[Line, Query(description="An id, or the beginning of a name.")],
) -> Response:
    """Find customers, groups and runs by id or name."""
    return told(HITS.convert(search(reader.desk, text), reader.language))


@router.get("/customers/{customer}", response_model=CUSTOMER.model, operation_id="get_customer")
def get_customer(
    customer: Annotated[str, Path(max_length=300, description="Id of a customer.")],
    reader: ReaderOf,
    as_of: AsOf = None,
    known_on: KnownOn = None,
) -> Response:
    """Show a customer: identity, ownership, compute against thresholds, duties; an act."""
    known = known_at(known_on)
    return reader.one(
        CUSTOMER, dossier_of_customer(reader.desk, reader.parts, customer, as_of, known)
    )


@router.get("/groups/{group}", response_model=GROUP.model, operation_id="get_group")
def get_group(
    group: Annotated[str, Path(max_length=300, description="Id of a group.")],
    reader: ReaderOf,
    as_of: AsOf = None,
    known_on: KnownOn = None,
) -> Response:
    """Show an affiliate group: its members, why they belong together, compute, duties."""
    known = known_at(known_on)
    return reader.one(GROUP, dossier_of_group(reader.desk, reader.parts, group, as_of, known))


@router.get("/runs/{run:path}", response_model=RUN.model, operation_id="get_run")
def get_run(
    run: Annotated[str, Path(max_length=300, description="Key of a run: CUSTOMER/RUN.")],
    reader: ReaderOf,
    as_of: AsOf = None,
) -> Response:
    """Show a training run: what was declared, what was metered, what was found."""
    return reader.one(RUN, dossier_of_run(reader.desk, reader.parts, run, as_of))


@router.get("/sources", response_model=SOURCES.model, operation_id="get_sources")
def get_sources(reader: ReaderOf) -> Response:
    """Say what each source gave, from when to when, and what nobody could place."""
    return told(SOURCES.convert(sources(reader.desk, reader.parts), reader.language))


@router.get("/sources/files", response_model=FilePage, operation_id="list_source_files")
def list_files(reader: ReaderOf, limit: LimitOf = LIMIT, cursor: CursorOf = None) -> Response:
    """List the files that were taken in, the last in front."""
    return reader.page(FILE, files(reader.desk, reader.parts, cursor, limit))


@router.get("/reports", response_model=ReportList, operation_id="list_reports")
def list_reports(reader: ReaderOf) -> Response:
    """List the reports made on the node."""
    found = reports(reader.desk, reader.parts)
    return told({"items": [REPORT.convert(one, reader.language) for one in found]})


@router.get(
    "/reports/{report}/{file}",
    operation_id="get_report_file",
    response_class=Response,
    responses={200: {"content": {"application/octet-stream": {"schema": {"type": "string"}}}}},
)
def get_report_file(
    report: Annotated[str, Path(max_length=100, description="Name of a report.")],
    file: Annotated[str, Path(max_length=200, description="Name of a file of it.")],
    reader: ReaderOf,
) -> Response:
    """Give a file of a report, as a download."""
    content = report_file(reader.desk, reader.parts, report, file)
    headers = {"Content-Disposition": "attachment"}
    return Response(content, headers=headers, media_type="application/octet-stream")
