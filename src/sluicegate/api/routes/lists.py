"""Lists of parties: versions and what changed, taken in and fetched, designations by hand."""

from __future__ import annotations

from itertools import islice
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from sluicegate.api.lists import LIMIT, CursorOf, LimitOf, after_id, id_page
from sluicegate.api.models.common import Day, Identifier, Line, Note
from sluicegate.api.models.lists import (
    DesignationBody,
    DesignationList,
    DesignationMade,
    DesignationRow,
    FetchBody,
    JoinBody,
    Joined,
    ListChangePage,
    ListedPartyShown,
    ListsInUse,
    ListVersions,
    Split,
    SplitBody,
)
from sluicegate.api.models.ownership import ReasonBody
from sluicegate.api.models.work import JobShown
from sluicegate.api.parts import DeskOf, LanguageOf, Parts, PartsOf
from sluicegate.api.rendering import page, single, told
from sluicegate.api.routes.work import accepted
from sluicegate.api.routing import STREAMED, ChangingRoute, ExactRoute
from sluicegate.api.uploads import UPLOAD, kept_body
from sluicegate.screening.entries import Identifier as Number
from sluicegate.services.access.actions import Action
from sluicegate.services.desk import Desk
from sluicegate.services.lists import showing
from sluicegate.services.lists.designating import (
    NewDesignation,
    designate,
    list_designations,
    withdraw,
)
from sluicegate.services.lists.parts import ListParts
from sluicegate.services.lists.rows import (
    changes_document,
    designation_row,
    list_row,
    party_document,
    version_row,
)
from sluicegate.services.lists.uniting import join_by_hand, split_by_hand
from sluicegate.services.work.jobs import ask_job
from sluicegate.services.work.kinds import ListFetchJob, ListImportJob
from sluicegate.wiring.lists import lists_at

reading = APIRouter(prefix="/v1", tags=["lists"], route_class=ExactRoute)
changing = APIRouter(prefix="/v1", tags=["lists"], route_class=ChangingRoute)

ListId = Annotated[str, Path(max_length=300, description="Id of a list.", examples=["us_sdn"])]
VersionOf = Annotated[
    Line | None, Query(description="A version by name, id or checksum; or FILE_LIST@VERSION.")
]


def _readable(parts: Parts, desk: Desk) -> ListParts:
    return lists_at(parts.served.node, desk, Action.LIST_READ)


def _decidable(parts: Parts, desk: Desk) -> ListParts:
    return lists_at(parts.served.node, desk, Action.LIST_DECIDE)


@reading.get("/lists", response_model=ListsInUse, operation_id="list_lists")
def list_all(desk: DeskOf, parts: PartsOf) -> Response:
    """List the lists in use: version, day, entries, how old they are and may be."""
    rows = showing.list_rows(_readable(parts, desk))
    return told({"items": [list_row(one) for one in rows]})


@reading.get(
    "/lists/designations", response_model=DesignationList, operation_id="list_designations"
)
def list_entered(desk: DeskOf, parts: PartsOf) -> Response:
    """List what was entered by hand before a list carried it, at its last version."""
    own = _readable(parts, desk)
    return told({"items": [designation_row(own, one) for one in list_designations(own)]})


@changing.post(
    "/lists/designations",
    response_model=DesignationMade,
    operation_id="add_designation",
    status_code=201,
)
def add_designation(body: DesignationBody, desk: DeskOf, parts: PartsOf) -> Response:
    """Enter a designation before its list carries it; it is screened at once.

    When a version of the list carries it, the two become one party and the designation is closed.
    """
    own = _decidable(parts, desk)
    new = NewDesignation(
        names=tuple(body.names),
        schema=body.schema_,
        expected_list=body.expected,
        document=body.document,
        dated=body.dated,
        url=body.url,
        weak_names=tuple(body.weak_names),
        countries=tuple(one.upper() for one in body.countries),
        birth_dates=tuple(body.birth_dates),
        identifiers=tuple(
            Number(one.kind, one.value, one.country.upper()) for one in body.identifiers
        ),
        addresses=tuple(body.addresses),
        reason=body.reason,
    )
    made = designate(own, new)
    row = designation_row(own, made.designation)
    return told({**row, "joins": [str(one.reason) for one in made.joins]}, 201)


@changing.post(
    "/lists/designations/{designation}/withdraw",
    response_model=DesignationRow,
    operation_id="withdraw_designation",
)
def withdraw_designation(
    designation: Annotated[str, Path(max_length=100, description="Id of a designation.")],
    body: ReasonBody,
    desk: DeskOf,
    parts: PartsOf,
) -> Response:
    """Take a designation back; it is kept, and screened no more."""
    own = _decidable(parts, desk)
    return told(designation_row(own, withdraw(own, designation, body.reason)))


@changing.post("/lists/parties/join", response_model=Joined, operation_id="join_listed_parties")
def join_parties(body: JoinBody, desk: DeskOf, parts: PartsOf) -> Response:
    """Make one listed party of two; the older id answers for both."""
    union = join_by_hand(_decidable(parts, desk), body.first, body.second, body.reason)
    return told({"party": union.party_id, "into": union.into})


@changing.post("/lists/parties/split", response_model=Split, operation_id="split_listed_party")
def split_party(body: SplitBody, desk: DeskOf, parts: PartsOf) -> Response:
    """Take entries out of a listed party; no rule joins them with it again."""
    keys = [showing.key_of(one) for one in body.entries]
    return told({"parted": split_by_hand(_decidable(parts, desk), body.party, keys, body.reason)})


@reading.get(
    "/lists/parties/{party:path}", response_model=ListedPartyShown, operation_id="get_listed_party"
)
def get_party(
    party: Annotated[
        str, Path(max_length=400, description="A listed party, or an entry as LIST:ENTRY.")
    ],
    request: Request,
    desk: DeskOf,
    parts: PartsOf,
) -> Response:
    """Show a listed party with its entries over all lists, and why they are one."""
    found = showing.show_party(_readable(parts, desk), party)
    return single(request, party_document(found))


@changing.post(
    "/lists/import",
    response_model=JobShown,
    operation_id="import_list",
    status_code=202,
    openapi_extra=UPLOAD,
)
async def import_list(
    request: Request,
    desk: DeskOf,
    parts: PartsOf,
    language: LanguageOf,
    name: Annotated[Identifier, Query(description="Name of the file.", examples=["sdn.zip"])],
    list_id: Annotated[
        Line | None,
        Query(alias="list", description="Id of the list, where the file does not tell."),
    ] = None,
    published: Annotated[
        Day | None, Query(description="The issuer's day, where the file lacks it.")
    ] = None,
    accept_smaller: Annotated[
        Note, Query(description="Why many entries are gone; it is kept.")
    ] = "",
    dry_run: Annotated[bool, Query(description="Keep nothing of it.")] = False,
) -> Response:
    """Take lists in, as a job; each becomes the version in use, and the old one is kept.

    The body is the file; what an issuer gives in several files comes as one zip. A list that
    is empty, cut off, older or much smaller than the one in use is refused.
    """
    await run_in_threadpool(desk.must, Action.LIST_LOAD)
    kept = await kept_body(request, parts, name)
    asked = ListImportJob(kept, list_id, published, accept_smaller, dry_run)
    return accepted(await run_in_threadpool(ask_job, desk, asked), language)


STREAMED.add("/v1/lists/import")


@changing.post("/lists/fetch", response_model=JobShown, operation_id="fetch_lists", status_code=202)
def fetch(body: FetchBody, desk: DeskOf, language: LanguageOf) -> Response:
    """Fetch lists from their issuers, as a job; what fails leaves the old version in use."""
    asked = ListFetchJob(tuple(body.lists), body.accept_smaller)
    return accepted(ask_job(desk, asked), language)


@reading.get(
    "/lists/{list}/versions", response_model=ListVersions, operation_id="list_list_versions"
)
def list_versions(
    list_id: Annotated[str, Path(alias="list", max_length=300, description="Id of a list.")],
    desk: DeskOf,
    parts: PartsOf,
) -> Response:
    """List the versions of a list that were taken in, oldest first."""
    found = showing.versions_of(_readable(parts, desk), list_id)
    return told({"list": list_id, "versions": [version_row(one) for one in found]})


@reading.get(
    "/lists/{list}/changes", response_model=ListChangePage, operation_id="list_list_changes"
)
def list_changes(
    list_id: Annotated[str, Path(alias="list", max_length=300, description="Id of a list.")],
    request: Request,
    desk: DeskOf,
    parts: PartsOf,
    earlier: VersionOf = None,
    later: VersionOf = None,
    limit: LimitOf = LIMIT,
    cursor: CursorOf = None,
) -> Response:
    """Compare two versions of a list, the one in use with the one before unless told.

    Entries come as they were added, removed, renamed or changed, with the fields that differ.
    """
    asked = {"list": list_id, "earlier": earlier, "later": later}
    after = after_id(cursor, asked)
    changes = showing.diff_versions(_readable(parts, desk), list_id, earlier, later)
    document = changes_document(changes)
    rows = sorted(
        ({"change": kind, **row} for kind, of_kind in document.items() for row in of_kind),
        key=_place,
    )
    left = (row for row in rows if after is None or _place(row) > after)
    counts = {kind: len(of_kind) for kind, of_kind in document.items()}
    found = id_page(list(islice(left, limit + 1)), limit, _place, asked)
    return page(request, found, dict, counts=counts)


def _place(row: dict[str, Any]) -> str:
    return f"{row['change']} {row['list']} {row['entry']}"
