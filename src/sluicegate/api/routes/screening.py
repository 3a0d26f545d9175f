"""Screening: names that are typed, matches of the node's parties, allowances and runs."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from sluicegate.api.lists import LIMIT, CursorOf, LimitOf
from sluicegate.api.models.common import Line
from sluicegate.api.models.ownership import ReasonBody
from sluicegate.api.models.screening import (
    AllowanceBody,
    AllowanceList,
    AllowanceShown,
    CheckBody,
    MatchPage,
    MatchShown,
    NamesBody,
    NamesScreened,
    RunBody,
    RunList,
    RunShown,
    ScreeningStanding,
)
from sluicegate.api.models.work import JobShown
from sluicegate.api.parts import DeskOf, LanguageOf, PartsOf
from sluicegate.api.rendering import page, single, told
from sluicegate.api.routes.work import accepted
from sluicegate.api.routing import ChangingRoute, ExactRoute
from sluicegate.services.casework.own_hand import acting_names
from sluicegate.services.ports.matches import MatchOrder, MatchQuery, MatchState
from sluicegate.services.screening import reading as screening
from sluicegate.services.screening.allowing import (
    NewAllowance,
    allow,
    check_allowance,
    list_allowances,
    revoke,
)
from sluicegate.services.screening.listing import list_matches
from sluicegate.services.screening.names import screen_typed
from sluicegate.services.screening.showing import (
    allowance_document,
    condition_document,
    match_row,
    run_document,
)
from sluicegate.services.screening.standing import ALERTS
from sluicegate.services.work.jobs import ask_job
from sluicegate.services.work.kinds import ScreeningJob
from sluicegate.wiring.screening import lists_of

reading = APIRouter(prefix="/v1", tags=["screening"], route_class=ExactRoute)
changing = APIRouter(prefix="/v1", tags=["screening"], route_class=ChangingRoute)

MatchId = Annotated[str, Path(max_length=100, description="Id of a match.")]
RunId = Annotated[str, Path(max_length=100, description="Id of a run of screening.")]
AllowanceId = Annotated[str, Path(max_length=100, description="Id of an allowance.")]


@reading.post("/screening/names", response_model=NamesScreened, operation_id="screen_names")
def screen_names(body: NamesBody, desk: DeskOf, parts: PartsOf, language: LanguageOf) -> Response:
    """Screen names against the lists in use: the nearest listed parties of each, without a cut-off.

    Nothing of it is kept. Where no list is loaded, or one is too old, nothing is screened.
    """
    at_hand = parts.served.names.at(parts.served.node, desk, allow_stale=body.allow_stale)
    queries = [
        {
            "name": one.name,
            "schema": "" if one.schema_ is None else one.schema_.value,
            "birth_date": one.birth_date,
            "country": one.country.upper(),
        }
        for one in body.names
    ]
    return told(screen_typed(desk, at_hand, queries, body.limit).as_json(language))


@reading.get("/screening/matches", response_model=MatchPage, operation_id="list_matches")
def list_all_matches(
    request: Request,
    desk: DeskOf,
    state: Annotated[
        list[MatchState] | None,
        Query(max_length=4, description="How they stand; open and confirmed if left out."),
    ] = None,
    list_id: Annotated[Line, Query(alias="list", description="On a list.")] = "",
    text: Annotated[Line, Query(description="In a name of either party; or an id.")] = "",
    party: Annotated[Line, Query(description="The screened party.")] = "",
    weak: Annotated[bool | None, Query(description="Whether the alias is a weak one.")] = None,
    order: Annotated[MatchOrder, Query(description="How they come.")] = MatchOrder.SCORE,
    limit: LimitOf = LIMIT,
    cursor: CursorOf = None,
) -> Response:
    """List matches of customers, owners and directors with listed parties, the best score first."""
    wanted = MatchQuery(frozenset(state or ALERTS), list_id, text, weak, order, party)
    found = list_matches(desk, wanted, cursor, limit)
    return page(request, found.page, match_row, total=found.total)


@reading.get("/screening/matches/{match}", response_model=MatchShown, operation_id="get_match")
def get_match(match: MatchId, request: Request, desk: DeskOf, language: LanguageOf) -> Response:
    """Show a match: both names, what each part gave, lists, and all that became of it; an act."""
    return single(request, screening.match_shown(desk, match, language))


@reading.get(
    "/screening/status", response_model=ScreeningStanding, operation_id="get_screening_status"
)
def get_status(desk: DeskOf, parts: PartsOf) -> Response:
    """Say when the node was screened last, with which lists, and whether that is in order."""
    served = parts.served
    lists = lists_of(served.node.node, desk.store, desk.clock)
    found = screening.standing(desk, lists.versions(), lists.stale(), served.settings)
    return told(condition_document(found))


@reading.get("/screening/runs", response_model=RunList, operation_id="list_screening_runs")
def list_runs(
    desk: DeskOf,
    limit: Annotated[
        int, Query(ge=1, le=screening.MOST_RUNS, description="How many, the newest first.")
    ] = LIMIT,
) -> Response:
    """List runs of screening, the newest first: with what, over whom, and what they changed."""
    return told({"items": [run_document(one) for one in screening.runs(desk, limit=limit)]})


@reading.get("/screening/runs/{run}", response_model=RunShown, operation_id="get_screening_run")
def get_run(run: RunId, request: Request, desk: DeskOf) -> Response:
    """Show a run of screening."""
    return single(request, screening.run_shown(desk, run))


@changing.post(
    "/screening/runs", response_model=JobShown, operation_id="run_screening", status_code=202
)
def run_screening(body: RunBody, desk: DeskOf, language: LanguageOf) -> Response:
    """Screen customers, their owners and directors, as a job: what changed, or everyone."""
    return accepted(ask_job(desk, ScreeningJob(is_full=body.full)), language)


@reading.get("/screening/allowances", response_model=AllowanceList, operation_id="list_allowances")
def list_allowed(desk: DeskOf) -> Response:
    """List allowances, oldest first: who is not whom, until when, and why."""
    return told({"items": [allowance_document(one) for one in list_allowances(desk)]})


@changing.post(
    "/screening/allowances",
    response_model=AllowanceShown,
    operation_id="add_allowance",
    status_code=201,
)
def add_allowance(body: AllowanceBody, desk: DeskOf, parts: PartsOf) -> Response:
    """Enter that the two parties of a match are not one; the next run of screening clears it.

    Where the clearing of the alert would need a second person, it waits as proposed.
    """
    new = NewAllowance(body.match, body.reason, body.expires)
    return told(allowance_document(allow(desk, new, parts.served.book)), 201)


@changing.post(
    "/screening/allowances/{allowance}/check",
    response_model=AllowanceShown,
    operation_id="check_allowance",
)
def check(allowance: AllowanceId, body: CheckBody, desk: DeskOf) -> Response:
    """Approve or reject an allowance that another person entered."""
    after = check_allowance(
        desk,
        allowance,
        is_approved=body.is_approved,
        reason=body.reason,
        known_as=acting_names(desk),
    )
    return told(allowance_document(after))


@changing.post(
    "/screening/allowances/{allowance}/revoke",
    response_model=AllowanceShown,
    operation_id="revoke_allowance",
)
def revoke_allowance(allowance: AllowanceId, body: ReasonBody, desk: DeskOf) -> Response:
    """End an allowance before its day; the next run of screening opens the match again."""
    return told(allowance_document(revoke(desk, allowance, body.reason)))
