"""Affiliate groups: a list, and all that is known of one: its members and why they belong."""

from __future__ import annotations

from starlette.responses import Response

from sluicegate.cases.filters import Filter
from sluicegate.services.access.actions import Action
from sluicegate.services.dossiers.group import GroupDossier, group
from sluicegate.services.dossiers.search import groups
from sluicegate.services.paging import DEFAULT_LIMIT, CursorError
from sluicegate.services.ports import LakeError
from sluicegate.services.ports.present_world import WorldFilter, WorldOrder
from sluicegate.web.dossier_parts import BadQueryError, amount, asked_day, dossier_words
from sluicegate.web.dossier_views import (
    PictureShown,
    cases_about,
    course_of,
    holdings_of,
    known_at,
    own_parts,
)
from sluicegate.web.paging import cursor_of, steps
from sluicegate.web.problems import Problem, problem_page
from sluicegate.web.routing import Page, page
from sluicegate.web.visit import Visit
from sluicegate.wiring.dossier_pictures import Words, bars_picture

_MOST_BARS = 15


def list_groups(visit: Visit) -> Response:
    """Show a page of the groups."""
    query = visit.query
    order = WorldOrder.NAME if query.get("order") == WorldOrder.NAME.value else WorldOrder.AMOUNT
    wanted = WorldFilter(text=query.get("text", "").strip(), order=order)
    try:
        found = groups(visit.desk, wanted, cursor_of(visit), DEFAULT_LIMIT)
    except CursorError as error:
        return problem_page(visit, Problem.UNFIT, reasons=[str(error)], back="/groups")
    return visit.render(
        "dossiers/groups.html",
        rows=found.rows,
        chosen={name: query.get(name, "") for name in ("text", "order")},
        steps=steps(visit, found.next_cursor),
        **dossier_words(visit),
    )


def show_group(visit: Visit) -> Response:
    """Show all that is known of a group; the reading is an act."""
    try:
        found = group(
            visit.desk,
            own_parts(visit),
            visit.path["group"],
            asked_day(visit, "as_of"),
            known_at(visit),
        )
    except BadQueryError as error:
        return problem_page(visit, Problem.UNFIT, reasons=[str(error)], back="/groups")
    except LakeError:
        return problem_page(visit, Problem.UNAVAILABLE, back="/groups")
    return visit.render(
        "dossiers/group.html",
        found=found,
        course=course_of(visit, found.name, found.series, found.found.findings, found.as_of),
        holdings=holdings_of(visit, found.name, found.ownership),
        bars=_bars(visit, found),
        cases=cases_about(visit, Filter(subject=f"group:{found.group_id}", has_all_states=True)),
        chosen={name: visit.query.get(name, "") for name in ("as_of", "known_on")},
        **dossier_words(visit),
    )


def _bars(visit: Visit, found: GroupDossier) -> PictureShown | None:
    """Return a picture of what each member used, the largest first."""
    used = [(one.name, one.estimate) for one in found.members if one.estimate is not None]
    if not used:
        return None
    name, largest = used[0]
    said = visit._(
        "%(name)s used the most: %(amount)s FLOP.", name=name, amount=amount(largest.central)
    )
    title = visit._("Compute of the members of %(name)s", name=found.name)
    words = Words(title, said, visit.language)
    return PictureShown(bars_picture(used[:_MOST_BARS], words), (said,))


PAGES: tuple[Page, ...] = (
    page("/groups", list_groups, Action.CUSTOMER_READ),
    page("/groups/{group:path}", show_group, Action.CUSTOMER_READ),
)
