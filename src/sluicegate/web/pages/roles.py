"""Roles and actions as the policies give them, and why I may not do something."""

from __future__ import annotations

from starlette.responses import Response

from sluicegate.core.reasons import Sentence
from sluicegate.services.access.actions import Action
from sluicegate.services.access.roles import grants
from sluicegate.web.routing import Page, page
from sluicegate.web.visit import Visit


def show_roles(visit: Visit) -> Response:
    """Show which role permits what, and what I may do myself with the reasons if not."""
    desk = visit.desk
    mine: list[tuple[Action, bool, tuple[Sentence, ...]]] = []
    for action in Action:
        verdict = desk.may(action)
        mine.append((action, verdict.is_allowed, verdict.reasons))
    return visit.render(
        "roles.html",
        roles=visit.served.roles,
        grants=grants(desk.authority, visit.served.roles),
        mine=mine,
    )


PAGES: tuple[Page, ...] = (page("/roles", show_roles),)
