"""Links between customers: their groups, why they belong together, and what people decide."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from sluicegate.api.lists import LIMIT, CursorOf, LimitOf, after_id, id_page
from sluicegate.api.models.common import Line
from sluicegate.api.models.links import (
    FindLinksBody,
    LinkBody,
    LinkDecided,
    LinkDecisionList,
    LinkedGroupPage,
    LinkedGroupShown,
    LinksCut,
    LinksNotUsed,
    SuggestedLinkList,
)
from sluicegate.api.models.work import JobShown
from sluicegate.api.parts import DeskOf, LanguageOf, PartsOf
from sluicegate.api.rendering import page, single, told
from sluicegate.api.routes.work import accepted
from sluicegate.api.routing import ChangingRoute, ExactRoute
from sluicegate.services.linkage import deciding
from sluicegate.services.linkage import reading as links
from sluicegate.services.linkage.finding import PREFIX
from sluicegate.services.ports.links import KeptGroup
from sluicegate.services.work.jobs import ask_job
from sluicegate.services.work.kinds import LinksJob

reading = APIRouter(prefix="/v1", tags=["links"], route_class=ExactRoute)
changing = APIRouter(prefix="/v1", tags=["links"], route_class=ChangingRoute)


def _row(one: KeptGroup) -> dict[str, Any]:
    return {"group": one.group_id, "members": one.members, "links": one.links}


@reading.get("/links/groups", response_model=LinkedGroupPage, operation_id="list_linked_groups")
def list_groups(
    request: Request, desk: DeskOf, limit: LimitOf = LIMIT, cursor: CursorOf = None
) -> Response:
    """List the groups of linked customers as they were last found, in order of their ids."""
    most = min(limit, links.MOST_GROUPS - 1)
    found = links.groups(desk, after=after_id(cursor, {}) or "", limit=most + 1)
    mark = found.mark
    return page(
        request,
        id_page(found.groups, most, lambda one: one.group_id, {}),
        _row,
        as_of=None if mark is None else mark.as_of.isoformat(),
        policy=None if mark is None else mark.version,
    )


@reading.get(
    "/links/groups/{group:path}", response_model=LinkedGroupShown, operation_id="get_linked_group"
)
def get_group(
    group: Annotated[str, Path(max_length=400, description="A group, or a customer in it.")],
    request: Request,
    desk: DeskOf,
    language: LanguageOf,
) -> Response:
    """Show what links the customers of a group and what was decided about them; an act."""
    return single(request, links.group(desk, group).as_json(language))


@reading.get(
    "/links/decisions", response_model=LinkDecisionList, operation_id="list_link_decisions"
)
def list_decisions(desk: DeskOf) -> Response:
    """List everything that people decided about links, oldest first."""
    return told({"items": [links.decision_row(one) for one in links.decisions(desk)]})


@reading.get("/links/unused", response_model=LinksNotUsed, operation_id="list_links_not_used")
def list_not_used(
    request: Request,
    desk: DeskOf,
    language: LanguageOf,
    customer: Annotated[
        Line | None, Query(description="One customer, which is an act; without it all.")
    ] = None,
    limit: LimitOf = LIMIT,
) -> Response:
    """List what was found and links nobody, and why: too many share it, or it would join too many.

    At most `limit` of each, what most customers share first.
    """
    return single(request, links.not_used(desk, customer, limit=limit).as_json(language))


@reading.get(
    "/links/suggestions", response_model=SuggestedLinkList, operation_id="list_suggested_links"
)
def list_suggestions(desk: DeskOf) -> Response:
    """List pairs that a model takes for one customer, until somebody accepts or cuts them."""
    return told({"items": [links.suggestion_row(one) for one in links.suggestions(desk)]})


@changing.post("/links/find", response_model=JobShown, operation_id="find_links", status_code=202)
def find(body: FindLinksBody, desk: DeskOf, language: LanguageOf) -> Response:
    """Find what links customers and draw the groups anew, as a job; a pass does the same.

    With `suggest` a model of the batch (extra linkage) also suggests duplicates.
    """
    least = body.least_per_mille if body.suggest else None
    return accepted(ask_job(desk, LinksJob(body.as_of, least)), language)


@changing.post("/links/cut", response_model=LinksCut, operation_id="cut_link")
def cut(body: LinkBody, desk: DeskOf, parts: PartsOf) -> Response:
    """Cut the link between two customers, or between one and a group, for a reason; it stays cut.

    The answer says through whom the two still stand together, where other links hold them.
    """
    book = parts.served.book
    if body.other.startswith(PREFIX):
        done = deciding.cut_out(desk, book, body.one, body.other, body.reason)
    else:
        done = (deciding.cut(desk, book, body.one, body.other, body.reason),)
    return told({"items": [one.as_json() for one in done]})


@changing.post("/links/restore", response_model=LinkDecided, operation_id="restore_link")
def restore(body: LinkBody, desk: DeskOf, parts: PartsOf) -> Response:
    """Take a cut back: the links between the two count again as they are found."""
    done = deciding.restore(desk, parts.served.book, body.one, body.other, body.reason)
    return told(done.as_json())


@changing.post("/links/accept", response_model=LinkDecided, operation_id="accept_link")
def accept(body: LinkBody, desk: DeskOf, parts: PartsOf) -> Response:
    """Hold two customers together that belong together, such as a suggested pair."""
    done = deciding.accept(desk, parts.served.book, body.one, body.other, body.reason)
    return told(done.as_json())
